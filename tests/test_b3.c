/* SPDX-License-Identifier: MIT */
#include "test.h"

#include <spanlink/b3.h>

static void what_is_read_is_written_back(void **state) {
    (void)state;
    spanlink_context context;
    char text[52];
    assert_status(
        SPANLINK_OK,
        spanlink_b3_parse(spanlink_str_from("80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-1"),
                          &context));
    assert_status(SPANLINK_OK, spanlink_b3_format(&context, text));
    assert_string_equal("80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-1", text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_read_is_written_back),
    };
    return cmocka_run_group_tests_name("b3", tests, NULL, NULL);
}
