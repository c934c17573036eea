/* SPDX-License-Identifier: MIT */
/*
 * The rules of otlp.h about what is encoded of a link, for all tests of otlp and otlp_json, written
 * in another way than in the library.
 */
#ifndef TEST_OTLP_RULES_H
#define TEST_OTLP_RULES_H

#include <spanlink/link.h>

/* The position of an AnyValue: the number of nested messages of a request, itself included. */
typedef struct test_otlp_place {
    unsigned messages;
} test_otlp_place;

/* The place of the values of a link's attributes, and of the elements of an array or map. */
test_otlp_place test_otlp_of_link(void);
test_otlp_place test_otlp_inside(test_otlp_place place, const spanlink_value *value);

/* The value that is written for a value at that position: itself, bytes, or an empty value. Its
 * elements are unchanged. */
spanlink_value test_otlp_written(const spanlink_value *value, test_otlp_place place);

bool test_otlp_is_utf8(spanlink_str text);
bool test_otlp_keeps_key(spanlink_str key);
bool test_otlp_keeps_trace_state(spanlink_str state);

/* The count of dropped attributes, including those that the encoders omit. */
uint32_t test_otlp_dropped(const spanlink_link *link);
uint32_t test_otlp_flags(const spanlink_context *context);

/* Whether no value that would be written is of an unknown type. */
bool test_otlp_is_encodable(const spanlink_link *link);

/* Whether a text starts with a valid character, and its length in bytes. */
bool test_utf8_starts(spanlink_str text, size_t *length);

/* Writes a character of up to four bytes and returns their number. */
size_t test_encode_utf8(uint32_t code, char *text);

#endif
