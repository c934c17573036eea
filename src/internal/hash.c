/* SPDX-License-Identifier: MIT */
#include "hash.h"

#include <time.h>

/* Every list begins with this. clock() may be a call of the system, which takes 0.8 us; so it is
 * asked only where there is nothing else finer than a second. */
static uint64_t read_time(void) {
#ifdef TIME_UTC
    struct timespec now = {0};
    (void)timespec_get(&now, TIME_UTC);
    return (uint64_t)now.tv_sec ^ (uint64_t)now.tv_nsec << 32;
#else
    return (uint64_t)time(NULL) ^ (uint64_t)clock() << 32;
#endif
}

spanlink_hash_seed spanlink_hash_seed_secret(const void *address) {
    return spanlink_hash_seed_from(read_time(), (uint64_t)(uintptr_t)address);
}

spanlink_hash_seed spanlink_hash_seed_renew(spanlink_hash_seed old, const void *address) {
    spanlink_hash_seed secret = spanlink_hash_seed_secret(address);
    return (spanlink_hash_seed){old.a ^ secret.a, old.b ^ secret.b};
}
