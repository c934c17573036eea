/* SPDX-License-Identifier: MIT */
#include "internal/hash.h"

#if defined(SPANLINK_NO_CLOCK)

static uint64_t read_time(void) {
    return 0;
}

#else

#include <time.h>

/*
 * clock() may be a system call, which takes 0.8 us; so it is used only if nothing else is finer
 * than a second. Older Android and Apple systems declare timespec_get() without providing it.
 */
static uint64_t read_time(void) {
#if defined(TIME_UTC) && !defined(__ANDROID__) && !defined(__APPLE__)
    struct timespec now = {0};
    (void)timespec_get(&now, TIME_UTC);
    return (uint64_t)now.tv_sec ^ (uint64_t)now.tv_nsec << 32;
#else
    return (uint64_t)time(NULL) ^ (uint64_t)clock() << 32;
#endif
}

#endif

slnk_hash_seed slnk_hash_seed_secret(const uint64_t given[2], const void *address) {
    uint64_t first = (given[0] | given[1]) != 0 ? given[0] : read_time();
    return slnk_hash_seed_from(first, given[1] ^ (uintptr_t)address);
}
