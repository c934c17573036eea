/* SPDX-License-Identifier: MIT */
/*
 * Parses its input as a tracestate, gets, sets, removes and limits members, and compares with an
 * oracle. All output goes to memory of exactly the needed size, and once over the input itself.
 */
#include "fuzz.h"

#include "test_tracestate_oracle.h"

enum { STATE_TEXT = 20000 };

/* Expands few bytes to a long text, into STATE_TEXT bytes: a byte below 0x80 is itself, others are
 * a run of one significant character, or a member. Returns the length. */
static size_t expand(fuzz_input *input, size_t bytes, char *text) {
    size_t length = 0;
    unsigned members = 0;
    for (size_t i = 0; i < bytes && input->left != 0 && length + 512 < STATE_TEXT; i++) {
        uint8_t byte = fuzz_byte(input);
        size_t run = (size_t)(byte / 8 % 16) * (byte / 8 % 16) + 1;
        if (byte < 0x80) {
            text[length++] = (char)byte;
        } else if (byte % 8 == 7) {
            length += (size_t)sprintf(text + length, "k%u=%u,", members, byte);
            members++;
        } else {
            memset(text + length, "a=, \tz~"[byte % 8], run);
            length += run;
        }
    }
    return length;
}

typedef struct request {
    test_tracestate before;
    spanlink_str text, value;
    char key[512];
    size_t max_length;
} request;

/* The operations */

typedef enum operation { SET, REMOVE, LIMIT } operation;

static spanlink_status run(const request *r, operation what, spanlink_str from, char *text,
                           size_t capacity, size_t *length) {
    switch (what) {
    case SET:
        return spanlink_tracestate_set(from, r->key, r->value, text, capacity, length);
    case REMOVE:
        return spanlink_tracestate_remove(from, r->key, text, capacity, length);
    default:
        return spanlink_tracestate_limit(from, r->max_length, text, capacity, length);
    }
}

static void compare_written(const test_tracestate *wanted, const char *text, size_t length) {
    static char joined[TEST_TRACESTATE_MOST + 1];
    size_t size = test_tracestate_write(wanted, joined);
    fuzz_expect(length == size && memcmp(text, joined, size) == 0);
    test_tracestate again = test_tracestate_read(text, length);
    fuzz_expect(again.status == SPANLINK_OK && again.count == wanted->count);
}

static void run_with_capacity(const request *r, operation what, const test_tracestate *wanted,
                              size_t capacity) {
    char *text = fuzz_memory(capacity);
    size_t length = SIZE_MAX, needed = test_tracestate_length(wanted);
    spanlink_status status = run(r, what, r->text, capacity == 0 ? NULL : text, capacity, &length);
    if (wanted->status != SPANLINK_OK) {
        fuzz_expect(status == wanted->status && length == SIZE_MAX);
    } else if (capacity < needed) {
        fuzz_expect(status == SPANLINK_ERR_CAPACITY && length == needed);
    } else {
        fuzz_expect(status == SPANLINK_OK);
        compare_written(wanted, text, length);
    }
    free(text);
}

/* Writes over the input itself; a failure leaves the text unchanged. */
static void run_in_place(const request *r, operation what, const test_tracestate *wanted) {
    char *text = fuzz_copy(r->text.ptr, r->text.len);
    size_t length = SIZE_MAX;
    spanlink_str from = {text, r->text.len};
    spanlink_status status = run(r, what, from, text, r->text.len, &length);
    fuzz_expect(status == wanted->status);
    if (status == SPANLINK_OK) {
        compare_written(wanted, text, length);
    } else {
        fuzz_expect(length == SIZE_MAX && memcmp(text, r->text.ptr, r->text.len) == 0);
    }
    free(text);
}

static void run_all(const request *r) {
    spanlink_str key = spanlink_str_from(r->key);
    const test_tracestate wanted[] = {[SET] = test_tracestate_set(r->before, key, r->value),
                                      [REMOVE] = test_tracestate_remove(r->before, key),
                                      [LIMIT] = test_tracestate_limit(r->before, r->max_length)};
    for (operation what = SET; what <= LIMIT; what++) {
        size_t needed = test_tracestate_length(&wanted[what]);
        run_with_capacity(r, what, &wanted[what], needed);
        run_with_capacity(r, what, &wanted[what], needed == 0 ? 0 : needed - 1);
        run_with_capacity(r, what, &wanted[what], 0);
        if (what != SET) {
            run_in_place(r, what, &wanted[what]);
        }
    }
}

static void expect_value(const request *r) {
    spanlink_str value = {NULL, 77};
    size_t at = test_tracestate_find(&r->before, spanlink_str_from(r->key));
    bool there = r->before.status == SPANLINK_OK && at < r->before.count;
    fuzz_expect(spanlink_tracestate_get(r->text, r->key, &value) == there);
    fuzz_expect(there ? fuzz_same_text(value, r->before.members[at].value) : value.len == 77);
}

static void compare_parsed(const request *r) {
    spanlink_tracestate_member members[32];
    size_t count = 99;
    fuzz_expect(spanlink_tracestate_parse(r->text, members, &count) == r->before.status);
    if (r->before.status != SPANLINK_OK) {
        fuzz_expect(count == 99);
        return;
    }
    fuzz_expect(count == r->before.count);
    for (size_t i = 0; i < count; i++) {
        fuzz_expect(fuzz_same_text(members[i].key, r->before.members[i].key));
        fuzz_expect(members[i].value.ptr == r->before.members[i].value.ptr);
        fuzz_expect(members[i].value.len == r->before.members[i].value.len);
    }
}

/* Half of the choices name an existing member, which random keys would rarely hit. */
static void choose_key(request *r, fuzz_input *input, uint8_t choice) {
    char text[STATE_TEXT];
    size_t length = expand(input, choice % 16, text);
    memcpy(r->key, text, length < sizeof r->key - 1 ? length : sizeof r->key - 1);
    if (choice >= 128 && r->before.status == SPANLINK_OK && r->before.count != 0) {
        spanlink_str key = r->before.members[choice % r->before.count].key;
        memset(r->key, 0, sizeof r->key);
        memcpy(r->key, key.ptr, key.len);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static char expanded[STATE_TEXT], made[STATE_TEXT];
    fuzz_input input = {data, size};
    uint8_t key = fuzz_byte(&input), value = fuzz_byte(&input);
    request r = {.max_length = (size_t)fuzz_byte(&input) * 8};
    fuzz_input rest = {input.at + (input.left < 32 ? 0 : 32),
                       input.left < 32 ? input.left : input.left - 32};
    size_t length = expand(&rest, rest.left, expanded);
    char *text = fuzz_copy(expanded, length);
    r.text = (spanlink_str){text, length};
    r.before = test_tracestate_read(text, length);
    choose_key(&r, &input, key);
    r.value.len = expand(&input, value % 16, made);
    char *value_text = fuzz_copy(made, r.value.len);
    r.value.ptr = value_text;
    compare_parsed(&r);
    expect_value(&r);
    run_all(&r);
    free(value_text);
    free(text);
    return 0;
}
