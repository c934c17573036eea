/* SPDX-License-Identifier: MIT */
/* A context as three fields of hex digits, as sent by systems without W3C headers. */
#ifndef EXAMPLES_HEX_FIELDS_H
#define EXAMPLES_HEX_FIELDS_H

#include <spanlink/propagation.h>

/* Passes trace_id, span_id and trace_flags to the setter; the values are in `text`. */
spanlink_status hex_fields_inject(const spanlink_context *context, const spanlink_setter *setter,
                                  char text[53]);

/*
 * Reads them. SPANLINK_ERR_NO_CONTEXT if one is missing, SPANLINK_ERR_FORMAT_SYNTAX if one occurs
 * twice or the flags are not two hex digits, a status ..._ZERO for an id of zeros; otherwise the
 * status of spanlink_context_from_hex_str(). Written on success only.
 */
spanlink_status hex_fields_extract(const spanlink_getter *getter, spanlink_context *context);

#endif
