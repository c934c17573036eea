/* SPDX-License-Identifier: MIT */
/*
 * What the limits in options mean. In options 0 is the default and SPANLINK_NONE is nothing; from
 * here on a limit is a plain number, of which 0 is nothing and SPANLINK_UNLIMITED no limit.
 */
#ifndef SPANLINK_INTERNAL_LIST_LIMITS_H
#define SPANLINK_INTERNAL_LIST_LIMITS_H

#include "internal/options.h"

#include <spanlink/list.h>

/* The fields of a member `limits`. */
#define SLNK_LIMITS_FIELDS(type)                                                                   \
    SLNK_OPTIONS_FIELD(type, limits.max_links), SLNK_OPTIONS_FIELD(type, limits.max_attributes),   \
        SLNK_OPTIONS_FIELD(type, limits.max_value_length),                                         \
        SLNK_OPTIONS_FIELD(type, limits.max_value_depth)

static inline spanlink_limits slnk_limits_resolve(spanlink_limits given) {
    const spanlink_limits defaults = SPANLINK_LIMITS_INIT;
    spanlink_limits resolved = given;
    resolved.max_links = slnk_options_number(given.max_links, defaults.max_links);
    resolved.max_attributes = slnk_options_number(given.max_attributes, defaults.max_attributes);
    resolved.max_value_length =
        slnk_options_number(given.max_value_length, defaults.max_value_length);
    resolved.max_value_depth = slnk_options_number(given.max_value_depth, defaults.max_value_depth);
    return resolved;
}

#endif
