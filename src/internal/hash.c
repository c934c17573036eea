/* SPDX-License-Identifier: MIT */
#include "internal/hash.h"

#include <time.h>

/*
 * Every list begins with this. clock() may be a call of the system, which takes 0.8 us; so it is
 * asked only where there is nothing else finer than a second. Older systems of Android and Apple
 * have no timespec_get(), though their headers have.
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

slnk_hash_seed slnk_hash_seed_secret(const uint64_t known[2], const void *address) {
    return slnk_hash_seed_from(known[0] ^ read_time(), known[1] ^ (uintptr_t)address);
}

slnk_hash_seed slnk_hash_seed_renew(slnk_hash_seed old, const void *address) {
    const uint64_t known[2] = {old.a, old.b};
    return slnk_hash_seed_secret(known, address);
}
