/* SPDX-License-Identifier: MIT */
/* Makes spanlink.c compile with version 0.1, for ../../builds.sh. */
#include <spanlink/spanlink.h>

#define string_value as.string
#define int_value    as.integer

#define spanlink_extract(getter, formats, text, capacity, context)                                 \
    spanlink_extract(getter, text, capacity, context)
#define spanlink_otlp_decode(span, size, list) spanlink_otlp_decode(span, size, list, NULL)

/* 0.1 has no B3. */
#define spanlink_b3_parse(header, context) ((void)(header), (void)(context), SPANLINK_OK)
