/* SPDX-License-Identifier: MIT */
/*
 * Resolves the limits of options. In options 0 is the default and SPANLINK_NONE is nothing; in a
 * resolved limit 0 is nothing and SPANLINK_UNLIMITED no limit.
 */
#ifndef SPANLINK_INTERNAL_LIST_LIMITS_H
#define SPANLINK_INTERNAL_LIST_LIMITS_H

#include "internal/list/link_copy.h"
#include "internal/memory.h"
#include "internal/options.h"

#include <spanlink/list.h>

/* The fields of a member `limits`. */
#define SLNK_LIMITS_FIELDS(type)                                                                   \
    SLNK_OPTIONS_FIELD(type, limits.max_links), SLNK_OPTIONS_FIELD(type, limits.max_attributes),   \
        SLNK_OPTIONS_FIELD(type, limits.max_value_length),                                         \
        SLNK_OPTIONS_FIELD(type, limits.max_value_depth),                                          \
        SLNK_OPTIONS_FIELD(type, limits.reserved)

/* Whether limits have no field that this version does not know. */
static inline bool slnk_limits_are_known(const spanlink_limits *limits) {
    const size_t *reserved = limits->reserved;
    return (reserved[0] | reserved[1] | reserved[2] | reserved[3]) == 0;
}

static inline spanlink_limits slnk_limits_resolve(spanlink_limits given) {
    const spanlink_limits defaults = SPANLINK_LIMITS_INIT;
    spanlink_limits resolved = given;
    resolved.max_links = slnk_options_number(given.max_links, defaults.max_links);
    resolved.max_attributes = slnk_options_number(given.max_attributes, defaults.max_attributes);
    resolved.max_value_length =
        slnk_options_number(given.max_value_length, defaults.max_value_length);
    resolved.max_value_depth = slnk_size_least(
        slnk_options_number(given.max_value_depth, defaults.max_value_depth), SLNK_COPY_MAX_DEPTH);
    return resolved;
}

/* Whether a copy that was made under some limits stays as it is under other ones. */
static inline bool slnk_limits_hold(const spanlink_limits *copied, const spanlink_limits *now) {
    return copied->max_attributes <= now->max_attributes &&
           copied->max_value_length <= now->max_value_length &&
           copied->max_value_depth <= now->max_value_depth;
}

#endif
