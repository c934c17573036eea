/* SPDX-License-Identifier: MIT */
/* Shared by the tests of the tracestate. */
#ifndef TEST_TRACESTATES_H
#define TEST_TRACESTATES_H

#include "test.h"
#include "test_links.h"
#include "test_tracestate_oracle.h"
#include <spanlink/tracestate.h>
#include <stdio.h>
#include <stdlib.h>

typedef spanlink_tracestate_member member;

static inline void expect_parse(const char *text, size_t length) {
    char *copy = test_copy(text, length);
    test_tracestate wanted = test_tracestate_read(copy, length);
    member members[33], before[33];
    size_t count = 77;
    memset(members, 0x5a, sizeof members);
    memset(before, 0x5a, sizeof before);
    assert_status(wanted.status,
                  spanlink_tracestate_parse((spanlink_str){copy, length}, members, &count));
    if (wanted.status == SPANLINK_OK) {
        assert_int_equal(wanted.count, count);
        for (size_t i = 0; i < count; i++) {
            assert_ptr_equal(wanted.members[i].key.ptr, members[i].key.ptr);
            assert_int_equal(wanted.members[i].key.len, members[i].key.len);
            assert_ptr_equal(wanted.members[i].value.ptr, members[i].value.ptr);
            assert_int_equal(wanted.members[i].value.len, members[i].value.len);
        }
    } else {
        assert_int_equal(77, count);
    }
    size_t untouched = wanted.status == SPANLINK_OK ? count : 0;
    assert_memory_equal(&before[untouched], &members[untouched],
                        (33 - untouched) * sizeof *members);
    free(copy);
}

static inline size_t many_members(size_t count, char *text) {
    size_t length = 0;
    for (size_t i = 0; i < count; i++) {
        length += (size_t)snprintf(text + length, 32, "%sk%lu=%lu", i == 0 ? "" : ",",
                                   (unsigned long)i, (unsigned long)(i * i));
    }
    return length;
}

/* A tracestate that is usually valid, with few different keys, so that they repeat. */
static inline size_t random_tracestate(uint64_t *random, char *text) {
    static const char *const separators[] = {",", ", ", " ,", ",\t,", ","};
    static const size_t lengths[] = {1, 2, 3, 8, 15, 16, 17, 30, 31, 32, 40, 120, 128, 256};
    size_t length = 0;
    for (size_t members = test_random_below(random, 35); members > 0; members--) {
        size_t key = lengths[test_random_below(random, 8)];
        size_t value = lengths[test_random_below(random, members % 8 == 0 ? 14 : 8)];
        memset(text + length, 'a' + (int)test_random_below(random, 6), key);
        length += key;
        text[length++] = '=';
        memset(text + length, 'A' + (int)test_random_below(random, 26), value);
        length += value;
        length +=
            (size_t)snprintf(text + length, 8, "%s", separators[test_random_below(random, 5)]);
    }
    return length;
}

#endif
