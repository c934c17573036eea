/* SPDX-License-Identifier: MIT */
#include "test.h"

#include <spanlink/binary.h>

static void what_is_read_is_written_back(void **state) {
    (void)state;
    spanlink_context context;
    uint8_t text[29];
    assert_status(SPANLINK_OK,
                  spanlink_binary_decode(
                      (const uint8_t *)"\0\0abcdefghijklmnop\001abcdefgh\002\001", 29, &context));
    assert_status(SPANLINK_OK, spanlink_binary_encode(&context, text));
    assert_memory_equal("\0\0abcdefghijklmnop\001abcdefgh\002\001", text, 29);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_read_is_written_back),
    };
    return cmocka_run_group_tests_name("binary", tests, NULL, NULL);
}
