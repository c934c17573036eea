/* SPDX-License-Identifier: MIT */
/* A context as three fields of hex digits, as systems send it that know no W3C headers. */
#ifndef EXAMPLES_HEX_FIELDS_H
#define EXAMPLES_HEX_FIELDS_H

#include <spanlink/propagation.h>

/* Hands trace_id, span_id and trace_flags to the setter; the values live in `text`. */
spanlink_status hex_fields_inject(const spanlink_context *context, const spanlink_setter *setter,
                                  char text[53]);

/*
 * Reads them again. SPANLINK_ERR_NO_CONTEXT if one is not there, SPANLINK_ERR_FORMAT_SYNTAX if one
 * comes twice or the flags are not two hex digits, a status ..._ZERO for an id of zeros; else what
 * spanlink_context_from_hex_str() says. Written on success only.
 */
spanlink_status hex_fields_extract(const spanlink_getter *getter, spanlink_context *context);

#endif
