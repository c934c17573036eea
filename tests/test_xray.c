/* SPDX-License-Identifier: MIT */
#include "test.h"

#include <spanlink/xray.h>

static void what_is_read_is_written_back(void **state) {
    (void)state;
    spanlink_context context;
    char text[75];
    assert_status(
        SPANLINK_OK,
        spanlink_xray_parse(
            spanlink_str_from(
                "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1"),
            &context));
    assert_status(SPANLINK_OK, spanlink_xray_format(&context, text));
    assert_string_equal(
        "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1", text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_read_is_written_back),
    };
    return cmocka_run_group_tests_name("xray", tests, NULL, NULL);
}
