/* SPDX-License-Identifier: MIT */
#include "export.h"

#include "request.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef EXAMPLES_HAVE_CURL
#include <curl/curl.h>
#endif

bool export_option(struct export_to *to, int argc, char **argv, int *index) {
    static const char *const names[] = {"--output", "--endpoint", "--service"};
    const char **const values[] = {&to->file, &to->endpoint, &to->service};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(argv[*index], names[i]) == 0 && *index + 1 < argc) {
            *values[i] = argv[++*index];
            return true;
        }
    }
    return false;
}

static int fail(const struct export_to *to, const char *what, const char *reason) {
    fprintf(stderr, "%s: %s: %s\n", to->program, what, reason);
    return EXIT_FAILURE;
}

bool is_protobuf_file(const char *file) {
    size_t length = strlen(file);
    return length >= 3 && strcmp(file + length - 3, ".pb") == 0;
}

/* The name of the output, for messages; NULL for standard output. */
static const char *file_of(const struct export_to *to) {
    return to->file == NULL || strcmp(to->file, "-") == 0 ? NULL : to->file;
}

static const char *service_of(const struct export_to *to) {
    return to->service != NULL ? to->service : to->program;
}

/* Writes and closes; false, and errno, if not everything could be written. */
static bool write_to(FILE *output, const struct buffer *bytes, bool line) {
    bool written = fwrite(bytes->bytes, 1, bytes->size, output) == bytes->size &&
                   (!line || putc('\n', output) != EOF);
    int flushed = output == stdout ? fflush(output) : fclose(output);
    return written && flushed == 0;
}

static int append_to_output(const struct export_to *to, const struct span *spans, size_t count) {
    const char *file = file_of(to);
    bool protobuf = file != NULL && is_protobuf_file(file);
    struct buffer out = {NULL, 0, 0, SPANLINK_OK};
    spanlink_status status = protobuf ? request_protobuf(&out, service_of(to), spans, count)
                                      : request_json(&out, service_of(to), spans, count);
    int outcome = EXIT_SUCCESS;
    if (status != SPANLINK_OK) {
        outcome = fail(to, "the request", spanlink_status_text(status));
    } else {
        FILE *output = file != NULL ? fopen(file, "ab") : stdout;
        if (output == NULL || !write_to(output, &out, !protobuf)) {
            outcome = fail(to, file != NULL ? file : "standard output", strerror(errno));
        }
    }
    free(out.bytes);
    return outcome;
}

/* Reports where the spans are that the collector has not accepted. */
static void say_where(const struct export_to *to) {
    const char *file = file_of(to);
    if (file != NULL) {
        fprintf(stderr, "; the spans are in %s\n", file);
    } else {
        fputs("; the spans were printed\n", stderr);
    }
}

#ifdef EXAMPLES_HAVE_CURL

/* The collector's answer, as far as a message shows it. */
struct answer {
    char text[256];
    size_t length;
};

static size_t keep_answer(char *bytes, size_t size, size_t count, void *state) {
    struct answer *answer = state;
    size_t left = sizeof answer->text - 1 - answer->length;
    size_t kept = size * count < left ? size * count : left;
    memcpy(answer->text + answer->length, bytes, kept);
    answer->length += kept;
    answer->text[answer->length] = '\0';
    return size * count;
}

static CURLcode post(const char *url, const struct buffer *body, struct answer *answer,
                     long *code) {
    CURL *curl = curl_easy_init();
    struct curl_slist *headers = curl_slist_append(NULL, "Content-Type: application/x-protobuf");
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body->bytes);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)body->size);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, 5L);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, keep_answer);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, answer);
    CURLcode outcome = curl_easy_perform(curl);
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, code);
    curl_slist_free_all(headers);
    curl_easy_cleanup(curl);
    return outcome;
}

static int send_to_collector(const struct export_to *to, const struct span *spans, size_t count) {
    struct buffer body = {NULL, 0, 0, SPANLINK_OK};
    struct answer answer = {{0}, 0};
    char url[1024];
    long code = 0;
    snprintf(url, sizeof url, "%s/v1/traces", to->endpoint);
    if (request_protobuf(&body, service_of(to), spans, count) != SPANLINK_OK) {
        return fail(to, "the request", spanlink_status_text(body.status));
    }
    CURLcode outcome = post(url, &body, &answer, &code);
    free(body.bytes);
    if (outcome == CURLE_OK && code / 100 == 2) {
        return EXIT_SUCCESS;
    }
    fprintf(stderr, "%s: collector %s: ", to->program, url);
    if (outcome != CURLE_OK) {
        fprintf(stderr, "%s", curl_easy_strerror(outcome));
    } else {
        fprintf(stderr, "status %ld: %s", code, answer.text);
    }
    say_where(to);
    return EXIT_FAILURE;
}

#else

static int send_to_collector(const struct export_to *to, const struct span *spans, size_t count) {
    (void)spans;
    (void)count;
    fprintf(stderr, "%s: built without libcurl, which --endpoint needs", to->program);
    say_where(to);
    return EXIT_FAILURE;
}

#endif

int export_spans(const struct export_to *to, const struct span *spans, size_t count) {
    int outcome = append_to_output(to, spans, count);
    if (outcome == EXIT_SUCCESS && to->endpoint != NULL) {
        outcome = send_to_collector(to, spans, count);
    }
    return outcome;
}

void warn_if_cut(const char *program, const spanlink_list *links) {
    spanlink_list_stats stats = SPANLINK_LIST_STATS_INIT;
    spanlink_list_get_stats(links, &stats);
    if (stats.over_limit != 0) {
        fprintf(stderr,
                "%s: %" PRIu64 " of %" PRIu64 " links were cut; %" PRIu64 " are kept, %" PRIu64
                " were duplicates\n",
                program, stats.over_limit, stats.offered, stats.kept, stats.duplicate);
    }
}
