/* SPDX-License-Identifier: MIT */
/* A Cortex-M's vectors. Newlib does not have them: its start-up expects a loader to call it. */
extern char __stack[];
void _start(void);

extern void *const vectors[];
__attribute__((section(".vectors"))) void *const vectors[] = {__stack, (void *)_start};
