/* SPDX-License-Identifier: MIT */
#include "hash.h"

#include <time.h>

spanlink_hash_seed spanlink_hash_seed_choose(const uint64_t given[2], const void *address) {
    if ((given[0] | given[1]) != 0) {
        return spanlink_hash_seed_from(given[0], given[1]);
    }
    return spanlink_hash_seed_from((uint64_t)time(NULL) ^ (uint64_t)clock() << 32,
                                   (uint64_t)(uintptr_t)address);
}

spanlink_hash_seed spanlink_hash_seed_renew(spanlink_hash_seed old, const void *address) {
    const uint64_t none[2] = {0, 0};
    spanlink_hash_seed fresh = spanlink_hash_seed_choose(none, address);
    return (spanlink_hash_seed){old.a ^ fresh.a, old.b ^ fresh.b};
}
