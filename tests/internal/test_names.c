/* SPDX-License-Identifier: MIT */
#include "test.h"

#include "internal/names.h"

static const spanlink_str names[] = {
    {"follows_from", 12},     {"caused_by", 9},      {"aggregates", 10},     {"batch_item", 10},
    {"retry_of", 8},          {"link.type", 9},      {"batch.index", 11},    {"retry.attempt", 13},
    {"aggregate.source", 16}, {"causal.reason", 13}, {"links.truncated", 15}};
enum { NAMES = sizeof names / sizeof names[0] };

TEST(each_name_of_8_to_16_characters_is_found) {
    for (size_t i = 0; i < NAMES; i++) {
        char copy[16];
        memcpy(copy, names[i].ptr, names[i].len);
        const char *found = slnk_name_find(copy, names[i].len);
        assert_true(slnk_name_owned(found));
        assert_memory_equal(names[i].ptr, found, names[i].len);
    }
}

/* Differs in any byte; a shorter text may be the start of a name. */
TEST(a_text_that_differs_is_left_as_it_is) {
    for (size_t i = 0; i < NAMES; i++) {
        for (size_t length = 8; length <= 16; length++) {
            for (size_t place = 0; place < length; place++) {
                for (unsigned change = 1; change < 256; change++) {
                    char text[17] = "-----------------";
                    memcpy(text, names[i].ptr, names[i].len);
                    text[place] = (char)((uint8_t)text[place] ^ change);
                    const char *found = slnk_name_find(text, length);
                    assert_memory_equal(text, found, length);
                    assert_true(found == text || slnk_name_owned(found));
                }
            }
        }
    }
}
