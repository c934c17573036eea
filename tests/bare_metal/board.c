/* SPDX-License-Identifier: MIT */
/*
 * What a device does: a header becomes a context, a bounded list links it, and the links become
 * OTLP, all in static memory. The stack is painted first, so that it shows how deep the work went.
 *
 * Prints "stack BYTES" and "ram BYTES"; exits with 0 if the bytes are what they must be.
 */
#include <spanlink/spanlink.h>

#include <stdio.h>

enum { STACK = 4096, PAINT = 0x5a, LINKS = 8, SENDERS = 20 };

extern char __stack[]; /* the linker script's: one past the highest byte */

static uint64_t memory[SPANLINK_LIST_POOL_BOUND(LINKS, 2, 64) / sizeof(uint64_t) + 1];
static uint8_t encoded[1024];
static size_t written;

static void paint_stack(void) {
    volatile char here = 0;
    for (volatile char *at = __stack - STACK; at < &here - 64; at++) {
        *at = PAINT;
    }
}

static size_t stack_used(void) {
    const volatile char *at = __stack - STACK;
    while (*at == PAINT) {
        at++;
    }
    return (size_t)(__stack - at);
}

static spanlink_status add_sender(spanlink_list *links, unsigned sender) {
    char header[] = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203300-01";
    header[50] = "0123456789abcdef"[sender / 16 + 3];
    header[51] = "0123456789abcdef"[sender % 16];
    spanlink_context context;
    spanlink_status status = spanlink_traceparent_parse(spanlink_str_from(header), &context);
    return status != SPANLINK_OK ? status : spanlink_list_add_batch_item(links, &context, sender);
}

static spanlink_status work(void) {
    spanlink_pool pool;
    spanlink_list_options options = {.struct_size = sizeof options, .unique = true};
    options.allocator = spanlink_pool_init(&pool, memory, sizeof memory);
    options.limits.max_links = LINKS;
    spanlink_list *links;
    spanlink_status status = spanlink_list_create(&options, &links);
    for (unsigned sender = 0; status == SPANLINK_OK && sender < SENDERS; sender++) {
        status = add_sender(links, sender);
    }
    if (status == SPANLINK_OK) {
        status = spanlink_otlp_encode_list(links, encoded, sizeof encoded, &written);
    }
    return status;
}

int main(void) {
    paint_stack();
    spanlink_status status = work();
    size_t used = stack_used();
    printf("stack %u\nram %u\n", (unsigned)used, (unsigned)sizeof memory);
    /* Field 13 first; field 14 last: 12 of the 20 senders were cut. */
    bool right = written > 2 && encoded[0] == 0x6a && encoded[written - 2] == 0x70 &&
                 encoded[written - 1] == SENDERS - LINKS;
    if (status != SPANLINK_OK || !right) {
        printf("%s\n", spanlink_status_text(status));
        return 1;
    }
    return 0;
}
