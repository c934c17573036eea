/* SPDX-License-Identifier: MIT */
/*
 * Parses its input as a tracestate, gets, sets, removes and limits members, and compares with an
 * oracle. All output goes to memory of exactly the needed size, and once over the input itself.
 */
#include "state.h"
#include "test_tracestate_oracle.h"

typedef struct request {
    state before;
    spanlink_str text, value;
    char key[512];
    size_t max_length;
} request;

static size_t find(const state *s, const char *key) {
    size_t i = 0;
    while (i < s->count && !fuzz_same_text(s->members[i].key, spanlink_str_from(key))) {
        i++;
    }
    return i;
}

static void take_out(state *s, size_t at) {
    s->count--;
    memmove(&s->members[at], &s->members[at + 1], (s->count - at) * sizeof s->members[0]);
}

/* The expected members after each operation. */

static state after_remove(const request *r) {
    state s = r->before;
    size_t at = find(&s, r->key);
    if (!test_tracestate_is_key(r->key, strlen(r->key))) {
        s.status = SPANLINK_ERR_TRACESTATE_KEY;
    } else if (at < s.count) {
        take_out(&s, at);
    }
    return s;
}

static state after_set(const request *r) {
    state s = after_remove(r);
    if (!test_tracestate_is_key(r->key, strlen(r->key))) {
        return s;
    }
    if (!test_tracestate_is_value(r->value.ptr, r->value.len)) {
        s.status = SPANLINK_ERR_TRACESTATE_VALUE;
        return s;
    }
    s.count -= s.count == 32;
    memmove(&s.members[1], &s.members[0], s.count * sizeof s.members[0]);
    s.members[0] = (spanlink_tracestate_member){spanlink_str_from(r->key), r->value};
    s.count++;
    return s;
}

static size_t length_of(const state *s) {
    size_t length = s->count == 0 ? 0 : s->count - 1;
    for (size_t i = 0; i < s->count; i++) {
        length += s->members[i].key.len + 1 + s->members[i].value.len;
    }
    return length;
}

static state after_limit(const request *r) {
    state s = r->before;
    for (size_t i = s.count; i-- > 0;) {
        size_t length = s.members[i].key.len + 1 + s.members[i].value.len;
        if (length_of(&s) > r->max_length && length > 128) {
            take_out(&s, i);
        }
    }
    while (length_of(&s) > r->max_length) {
        take_out(&s, s.count - 1);
    }
    return s;
}

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

static void compare_written(const state *wanted, const char *text, size_t length) {
    static char joined[STATE_TEXT];
    size_t size = state_write(wanted, joined);
    fuzz_expect(length == size && memcmp(text, joined, size) == 0);
    state again = state_read(text, length);
    fuzz_expect(again.status == SPANLINK_OK && again.count == wanted->count);
}

static void run_with_capacity(const request *r, operation what, const state *wanted,
                              size_t capacity) {
    char *text = fuzz_memory(capacity);
    size_t length = SIZE_MAX, needed = length_of(wanted);
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
static void run_in_place(const request *r, operation what, const state *wanted) {
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
    const state wanted[] = {
        [SET] = after_set(r), [REMOVE] = after_remove(r), [LIMIT] = after_limit(r)};
    for (operation what = SET; what <= LIMIT; what++) {
        size_t needed = length_of(&wanted[what]);
        run_with_capacity(r, what, &wanted[what], needed);
        run_with_capacity(r, what, &wanted[what], needed == 0 ? 0 : needed - 1);
        run_with_capacity(r, what, &wanted[what], 0);
        if (what != SET) {
            run_in_place(r, what, &wanted[what]);
        }
    }
}

static void expect_value(const request *r, const char *key) {
    spanlink_str value = {NULL, 77};
    size_t at = find(&r->before, key);
    bool there = r->before.status == SPANLINK_OK && at < r->before.count;
    fuzz_expect(spanlink_tracestate_get(r->text, key, &value) == there);
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
    size_t length = state_expand(input, choice % 16, text);
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
    size_t length = state_expand(&rest, rest.left, expanded);
    char *text = fuzz_copy(expanded, length);
    r.text = (spanlink_str){text, length};
    r.before = state_read(text, length);
    choose_key(&r, &input, key);
    r.value.len = state_expand(&input, value % 16, made);
    char *value_text = fuzz_copy(made, r.value.len);
    r.value.ptr = value_text;
    compare_parsed(&r);
    expect_value(&r, r.key);
    run_all(&r);
    free(value_text);
    free(text);
    return 0;
}
