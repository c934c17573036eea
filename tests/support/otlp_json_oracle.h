/* SPDX-License-Identifier: MIT */
/* Reads OTLP/JSON with jansson, and compares it with links by the specification's JSON mapping. */
#ifndef OTLP_JSON_ORACLE_H
#define OTLP_JSON_ORACLE_H

#include <spanlink/link.h>

/* Fails the test unless the text is an array of exactly these links, value by value. */
void otlp_json_expect(const char *text, size_t size, const spanlink_link *links, size_t count);

#endif
