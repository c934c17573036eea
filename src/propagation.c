/* SPDX-License-Identifier: MIT */
#include <spanlink/propagation.h>

#include "internal/text.h"

static const spanlink_str traceparent_name = {"traceparent", sizeof "traceparent" - 1};
static const spanlink_str tracestate_name = {"tracestate", sizeof "tracestate" - 1};
static const spanlink_str no_tracestate = {NULL, 0};

enum { TRACEPARENT_SIZE = SPANLINK_TRACEPARENT_LENGTH + 1, MOST_LINES = 32 };

/* The tracestate to keep: empty where it is not valid or has no members. */
static spanlink_str valid_tracestate(spanlink_str tracestate) {
    spanlink_tracestate_member members[SPANLINK_TRACESTATE_MEMBERS];
    size_t count = 0;
    spanlink_str state = slnk_text_trim(tracestate);
    if (spanlink_tracestate_parse(state, members, &count) != SPANLINK_OK || count == 0) {
        return no_tracestate;
    }
    return state;
}

spanlink_status spanlink_context_from_headers(spanlink_str traceparent, spanlink_str tracestate,
                                              spanlink_context *context) {
    if (context == NULL || slnk_text_is_broken(traceparent) || slnk_text_is_broken(tracestate)) {
        return SPANLINK_ERR_ARGUMENT;
    }
    if (traceparent.len == 0) {
        return SPANLINK_ERR_NO_CONTEXT;
    }
    spanlink_status status = spanlink_traceparent_parse(traceparent, context);
    if (status == SPANLINK_OK) {
        context->trace_state = valid_tracestate(tracestate);
    }
    return status;
}

/* Extracting */

static spanlink_status extract_traceparent(const spanlink_getter *getter,
                                           spanlink_context *context) {
    spanlink_str line = {NULL, 0}, second;
    size_t cursor = 0;
    if (!getter->next(getter->state, traceparent_name, &cursor, &line)) {
        return SPANLINK_ERR_NO_CONTEXT;
    }
    if (getter->next(getter->state, traceparent_name, &cursor, &second)) {
        return SPANLINK_ERR_MULTIPLE_TRACEPARENT;
    }
    return spanlink_traceparent_parse(line, context);
}

/*
 * Lines joined by commas. The first is borrowed until a second one comes; then they are copied
 * member by member, without spaces and empty members, so that no sender's spaces can use up the
 * text.
 */
typedef struct line_joiner {
    char *text;
    size_t capacity, length;
    spanlink_str first;
    bool copied;
} line_joiner;

static bool append_piece(line_joiner *to, spanlink_str piece) {
    size_t comma = to->length != 0 ? 1 : 0;
    size_t room = to->capacity - to->length;
    if (room < comma || room - comma < piece.len) {
        return false;
    }
    memcpy(to->text + to->length, ",", comma);
    memcpy(to->text + to->length + comma, piece.ptr, piece.len);
    to->length += comma + piece.len;
    return true;
}

/* Takes what stands before the next comma, and the comma, from a line. */
static spanlink_str cut_piece(spanlink_str *line) {
    const char *comma = memchr(line->ptr, ',', line->len);
    size_t length = comma != NULL ? (size_t)(comma - line->ptr) : line->len;
    size_t taken = comma != NULL ? length + 1 : length;
    spanlink_str piece = {line->ptr, length};
    line->ptr += taken;
    line->len -= taken;
    return slnk_text_trim(piece);
}

static bool append_line(line_joiner *to, spanlink_str line) {
    while (line.len != 0) {
        spanlink_str piece = cut_piece(&line);
        if (piece.len != 0 && !append_piece(to, piece)) {
            return false;
        }
    }
    return true;
}

static bool join_line(line_joiner *to, spanlink_str line) {
    if (to->first.len == 0) {
        to->first = line;
        return true;
    }
    if (!to->copied && !append_line(to, to->first)) {
        return false;
    }
    to->copied = true;
    return append_line(to, line);
}

static spanlink_str extract_tracestate(const spanlink_getter *getter, char *text, size_t capacity) {
    line_joiner joiner = {text, capacity, 0, {NULL, 0}, false};
    spanlink_str value = {NULL, 0};
    size_t cursor = 0;
    for (size_t lines = 0; getter->next(getter->state, tracestate_name, &cursor, &value); lines++) {
        if (lines == MOST_LINES || slnk_text_is_broken(value)) {
            return no_tracestate;
        }
        spanlink_str line = slnk_text_trim(value);
        if (line.len != 0 && !join_line(&joiner, line)) {
            return no_tracestate;
        }
    }
    return valid_tracestate(joiner.copied ? (spanlink_str){text, joiner.length} : joiner.first);
}

spanlink_status spanlink_extract(const spanlink_getter *getter, char *text, size_t capacity,
                                 spanlink_context *context) {
    if (getter == NULL || getter->next == NULL || (text == NULL && capacity != 0) ||
        context == NULL) {
        return SPANLINK_ERR_ARGUMENT;
    }
    spanlink_status status = extract_traceparent(getter, context);
    if (status == SPANLINK_OK) {
        context->trace_state = extract_tracestate(getter, text, capacity);
    }
    return status;
}

/* Injecting */

/* The tidy tracestate behind the traceparent's place; none, and `*length` as it was, if it is not
 * valid. OK or CAPACITY. */
static spanlink_status write_tracestate(spanlink_str state, char *text, size_t capacity,
                                        size_t *length) {
    spanlink_status status =
        spanlink_tracestate_limit(state, SPANLINK_UNLIMITED, text, capacity, length);
    return status == SPANLINK_ERR_CAPACITY ? status : SPANLINK_OK;
}

spanlink_status spanlink_inject(const spanlink_context *context, const spanlink_setter *setter,
                                char *text, size_t capacity) {
    char traceparent[TRACEPARENT_SIZE];
    size_t length = 0;
    if (context == NULL || setter == NULL || setter->set == NULL ||
        (text == NULL && capacity != 0) || slnk_text_is_broken(context->trace_state)) {
        return SPANLINK_ERR_ARGUMENT;
    }
    spanlink_status status = spanlink_traceparent_format(context, traceparent);
    if (status == SPANLINK_OK && capacity < TRACEPARENT_SIZE) {
        status = SPANLINK_ERR_CAPACITY;
    }
    if (status == SPANLINK_OK) {
        status = write_tracestate(context->trace_state, text + TRACEPARENT_SIZE,
                                  capacity - TRACEPARENT_SIZE, &length);
    }
    if (status != SPANLINK_OK) {
        return status;
    }
    memcpy(text, traceparent, TRACEPARENT_SIZE);
    status =
        setter->set(setter->state, traceparent_name, (spanlink_str){text, TRACEPARENT_SIZE - 1});
    if (status == SPANLINK_OK && length != 0) {
        status = setter->set(setter->state, tracestate_name,
                             (spanlink_str){text + TRACEPARENT_SIZE, length});
    }
    return status;
}

/* The ready carrier */

static char lower_letter(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool same_header_name(spanlink_str a, spanlink_str b) {
    if (a.len != b.len) {
        return false;
    }
    for (size_t i = 0; i < a.len; i++) {
        if (lower_letter(a.ptr[i]) != lower_letter(b.ptr[i])) {
            return false;
        }
    }
    return true;
}

/* The first header of a name from `index` on; the count or more if there is none. */
static size_t find_header(const spanlink_headers *headers, spanlink_str name, size_t index) {
    while (index < headers->count && !same_header_name(headers->items[index].name, name)) {
        index++;
    }
    return index;
}

static bool next_header(void *state, spanlink_str name, size_t *cursor, spanlink_str *value) {
    const spanlink_headers *headers = state;
    size_t index = find_header(headers, name, *cursor);
    if (index >= headers->count) {
        return false;
    }
    *value = headers->items[index].value;
    *cursor = index + 1;
    return true;
}

static void remove_headers(spanlink_headers *headers, spanlink_str name, size_t from) {
    size_t kept = from;
    for (size_t i = from; i < headers->count; i++) {
        if (!same_header_name(headers->items[i].name, name)) {
            headers->items[kept++] = headers->items[i];
        }
    }
    headers->count = kept;
}

static spanlink_status set_header(void *state, spanlink_str name, spanlink_str value) {
    spanlink_headers *headers = state;
    size_t index = find_header(headers, name, 0);
    if (index < headers->count) {
        headers->items[index].value = value;
        remove_headers(headers, name, index + 1);
        return SPANLINK_OK;
    }
    if (headers->count >= headers->capacity) {
        return SPANLINK_ERR_CAPACITY;
    }
    headers->items[headers->count++] = (spanlink_header){name, value};
    return SPANLINK_OK;
}

spanlink_getter spanlink_headers_getter(const spanlink_headers *headers) {
    return (spanlink_getter){(void *)(uintptr_t)headers, headers != NULL ? next_header : NULL};
}

spanlink_setter spanlink_headers_setter(spanlink_headers *headers) {
    return (spanlink_setter){headers, headers != NULL ? set_header : NULL};
}
