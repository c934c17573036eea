/* SPDX-License-Identifier: MIT */
/* Shared by the tests of propagation. */
#ifndef TEST_PROPAGATIONS_H
#define TEST_PROPAGATIONS_H

#include "test.h"
#include "test_environment.h"
#include "test_fixtures.h"
#include <spanlink/propagation.h>
#include <stdio.h>
#include <stdlib.h>

static const char parent[] = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

static inline spanlink_status extract(spanlink_header *items, size_t count, char *text,
                                      size_t capacity, spanlink_context *context) {
    spanlink_headers headers = {items, count, count};
    spanlink_getter getter = spanlink_headers_getter(&headers);
    return spanlink_extract(&getter, NULL, text, capacity, context);
}

#endif
