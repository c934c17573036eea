/* SPDX-License-Identifier: MIT */
#include "test.h"

#include <spanlink/sql_comment.h>

static void what_is_read_is_written_back(void **state) {
    (void)state;
    spanlink_context context;
    char text[128] = "";
    size_t length = 0;
    assert_status(
        SPANLINK_OK,
        spanlink_sql_comment_parse(
            spanlink_str_from(
                "SELECT 1 "
                "/*traceparent='00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'*/"),
            NULL, 0, &context));
    assert_status(SPANLINK_OK, spanlink_sql_comment_format(&context, text, sizeof text, &length));
    assert_string_equal("/*traceparent='00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'*/",
                        text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_read_is_written_back),
    };
    return cmocka_run_group_tests_name("sql_comment", tests, NULL, NULL);
}
