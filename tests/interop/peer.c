/* SPDX-License-Identifier: MIT */
/*
 * spanlink's side of the comparison with other software, over standard input and output:
 *
 *     peer decode     reads an encoded Span, writes a Span with only its links as OTLP/JSON
 *     peer encode     reads an encoded Span, writes its links as fields to append to a Span
 *     peer headers    reads lines of `traceparent<TAB>tracestate`, writes for each the headers to
 *                     propagate, or `-<TAB>` and the reason
 */
#include <spanlink/spanlink.h>

#include <stdio.h>
#include <stdlib.h>

enum { MAX_INPUT = 1 << 24, MAX_LINE = 1 << 16 };

static int fail(const char *what, spanlink_status status) {
    fprintf(stderr, "peer: %s: %s\n", what, spanlink_status_text(status));
    return EXIT_FAILURE;
}

/* JSON is enclosed in braces, so that the output is valid JSON. */
static int write_list(spanlink_list *list, bool json) {
    size_t size = json ? spanlink_otlp_json_list_size(list) : spanlink_otlp_list_size(list);
    uint8_t *out = size != SIZE_MAX ? malloc(size + 1) : NULL;
    size_t written = 0;
    if (out == NULL) {
        return fail("size", SPANLINK_ERR_NO_MEMORY);
    }
    spanlink_status status = json
                                 ? spanlink_otlp_json_encode_list(list, (char *)out, size, &written)
                                 : spanlink_otlp_encode_list(list, out, size, &written);
    printf("%s", json ? "{" : "");
    bool wrote = fwrite(out, 1, written, stdout) == written && written == size;
    printf("%s", json ? "}" : "");
    free(out);
    return status == SPANLINK_OK && wrote ? EXIT_SUCCESS : fail("encode", status);
}

static int transcode(bool json) {
    static uint8_t input[MAX_INPUT];
    size_t size = fread(input, 1, sizeof input, stdin);
    spanlink_list *list = NULL;
    spanlink_list_options options = SPANLINK_LIST_OPTIONS_INIT;
    options.limits.max_links = SPANLINK_UNLIMITED;
    spanlink_status status = spanlink_list_create(&options, &list);
    if (status == SPANLINK_OK) {
        status = spanlink_otlp_decode(input, size, list);
    }
    int outcome = status == SPANLINK_OK ? write_list(list, json) : fail("decode", status);
    spanlink_list_destroy(list);
    return outcome;
}

static void send_on(const char *traceparent, const char *tracestate) {
    spanlink_header items[2];
    spanlink_headers out = {items, 0, 2};
    spanlink_setter setter = spanlink_headers_setter(&out);
    char text[56 + SPANLINK_TRACESTATE_MAX];
    spanlink_context context;
    spanlink_status status = spanlink_context_from_headers(spanlink_str_from(traceparent),
                                                           spanlink_str_from(tracestate), &context);
    if (status == SPANLINK_OK) {
        status = spanlink_inject(&context, NULL, &setter, text, sizeof text);
    }
    if (status != SPANLINK_OK) {
        printf("-\t%s\n", spanlink_status_text(status));
        return;
    }
    spanlink_str state = out.count > 1 ? items[1].value : spanlink_str_from("");
    printf("%.*s\t%.*s\n", (int)items[0].value.len, items[0].value.ptr, (int)state.len, state.ptr);
}

static int headers(void) {
    static char line[MAX_LINE];
    while (fgets(line, sizeof line, stdin) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        char *tab = strchr(line, '\t');
        if (tab != NULL) {
            *tab = '\0';
        }
        send_on(line, tab != NULL ? tab + 1 : "");
    }
    return EXIT_SUCCESS;
}

int main(int argc, char **argv) {
    const char *command = argc == 2 ? argv[1] : "";
    if (strcmp(command, "decode") == 0 || strcmp(command, "encode") == 0) {
        return transcode(command[0] == 'd');
    }
    if (strcmp(command, "headers") == 0) {
        return headers();
    }
    fputs("usage: peer decode|encode|headers\n", stderr);
    return 2;
}
