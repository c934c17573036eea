/* SPDX-License-Identifier: MIT */
#include "format_oracle.h"

#include <stdio.h>
#include <stdlib.h>

static const char lower_hex[] = "0123456789abcdef";
static const char any_hex[] = "0123456789abcdefABCDEF";
static const char decimal[] = "0123456789";

/* A copy as a string, without the blanks at its ends. A NUL becomes another control character,
 * which is just as invalid in every format. */
static char *text_of(const char *from, size_t length) {
    char *copy = malloc(length + 1);
    if (copy == NULL) {
        abort();
    }
    for (size_t i = 0; i < length; i++) {
        copy[i] = from[i] != '\0' ? from[i] : '\1';
    }
    copy[length] = '\0';
    return copy;
}

static char *trim(char *text) {
    text += strspn(text, " \t");
    size_t length = strlen(text);
    while (length != 0 && strchr(" \t", text[length - 1]) != NULL) {
        text[--length] = '\0';
    }
    return text;
}

/* Splits a string in place. Stores the first `most` parts, and returns the number of all parts. */
static size_t split(char *text, char separator, char **parts, size_t most) {
    size_t count = 0;
    for (;;) {
        char *end = strchr(text, separator);
        if (end != NULL) {
            *end = '\0';
        }
        if (count++ < most) {
            parts[count - 1] = trim(text);
        }
        if (end == NULL) {
            return count;
        }
        text = end + 1;
    }
}

/* Returns 0 for a valid id, 1 for a wrong length, 2 for an invalid character, 3 for zero. The
 * statuses of each id are in this order. */
static int judge_hex(const char *text, const char *digits, size_t least, size_t most, char *id,
                     size_t width) {
    size_t length = strlen(text);
    if (length < least || length > most) {
        return 1;
    }
    if (strspn(text, digits) != length) {
        return 2;
    }
    if (strspn(text, "0") == length) {
        return 3;
    }
    sprintf(id, "%.*s%s", (int)(width - length), "00000000000000000000000000000000", text);
    for (char *at = id; *at != '\0'; at++) {
        *at = *at >= 'A' && *at <= 'F' ? lower_hex[*at - 'A' + 10] : *at;
    }
    return 0;
}

static int judge_decimal(const char *text, char id[17]) {
    if (strspn(text, decimal) != strlen(text)) {
        return 2;
    }
    if (*text == '\0') {
        return 1;
    }
    text += strspn(text, "0");
    if (strlen(text) > 20 || (strlen(text) == 20 && strcmp(text, "18446744073709551615") > 0)) {
        return 1;
    }
    sprintf(id, "%016llx", strtoull(text, NULL, 10));
    return *text == '\0' ? 3 : 0;
}

static void judge_ids(oracle_reading *reading, int trace_id, int span_id) {
    static const spanlink_status of_trace_id[] = {SPANLINK_OK, SPANLINK_ERR_TRACE_ID_LENGTH,
                                                  SPANLINK_ERR_TRACE_ID_DIGIT,
                                                  SPANLINK_ERR_TRACE_ID_ZERO};
    static const spanlink_status of_span_id[] = {SPANLINK_OK, SPANLINK_ERR_SPAN_ID_LENGTH,
                                                 SPANLINK_ERR_SPAN_ID_DIGIT,
                                                 SPANLINK_ERR_SPAN_ID_ZERO};
    reading->status = trace_id != 0 ? of_trace_id[trace_id] : of_span_id[span_id];
}

/* A field of a traceparent; the leftmost error decides, also between a bad digit and the end. */
typedef struct parent_field {
    size_t at, length;
    spanlink_status bad_digit, zero;
} parent_field;

static const parent_field parent_fields[] = {
    {0, 2, SPANLINK_ERR_TRACEPARENT_VERSION, SPANLINK_OK},
    {3, 32, SPANLINK_ERR_TRACEPARENT_TRACE_ID, SPANLINK_ERR_TRACEPARENT_TRACE_ID_ZERO},
    {36, 16, SPANLINK_ERR_TRACEPARENT_SPAN_ID, SPANLINK_ERR_TRACEPARENT_SPAN_ID_ZERO},
    {53, 2, SPANLINK_ERR_TRACEPARENT_FLAGS, SPANLINK_OK},
};

/* The dash at a place of a string, or the end of the string there. */
static spanlink_status judge_dash(char found) {
    return found == '-'    ? SPANLINK_OK
           : found == '\0' ? SPANLINK_ERR_TRACEPARENT_LENGTH
                           : SPANLINK_ERR_TRACEPARENT_DELIMITER;
}

static spanlink_status judge_parent_field(const char *text, const parent_field *field) {
    const char *digits = text + field->at;
    spanlink_status before = field->at == 0 ? SPANLINK_OK : judge_dash(digits[-1]);
    if (before != SPANLINK_OK) {
        return before;
    }
    size_t valid = strspn(digits, lower_hex);
    if (valid < field->length) {
        return digits[valid] == '\0' ? SPANLINK_ERR_TRACEPARENT_LENGTH : field->bad_digit;
    }
    if (field->at == 0 && strncmp(digits, "ff", 2) == 0) {
        return SPANLINK_ERR_TRACEPARENT_VERSION;
    }
    return strspn(digits, "0") >= field->length ? field->zero : SPANLINK_OK;
}

oracle_reading oracle_traceparent(const char *header, size_t length) {
    oracle_reading reading = {.status = SPANLINK_OK};
    char *copy = text_of(header, length), *text = trim(copy);
    for (size_t i = 0; i < 4 && reading.status == SPANLINK_OK; i++) {
        reading.status = judge_parent_field(text, &parent_fields[i]);
    }
    if (reading.status == SPANLINK_OK && strlen(text) > 55) {
        bool old = strncmp(text, "00", 2) == 0;
        reading.status = old ? SPANLINK_ERR_TRACEPARENT_LENGTH : judge_dash(text[55]);
    }
    if (reading.status == SPANLINK_OK) {
        char flags[] = {text[53], text[54], '\0'};
        sprintf(reading.trace_id, "%.32s", text + 3);
        sprintf(reading.span_id, "%.16s", text + 36);
        reading.flags = (uint8_t)strtoul(flags, NULL, 16);
    }
    free(copy);
    return reading;
}

static void judge_b3_ids(oracle_reading *reading, const char *trace_id, const char *span_id) {
    size_t length = strlen(trace_id);
    int trace = length == 16 || length == 32
                    ? judge_hex(trace_id, lower_hex, 16, 32, reading->trace_id, 32)
                    : 1;
    judge_ids(reading, trace, judge_hex(span_id, lower_hex, 16, 16, reading->span_id, 16));
}

oracle_reading oracle_b3(const char *header, size_t length) {
    oracle_reading reading = {.status = SPANLINK_ERR_FORMAT_SYNTAX};
    char *copy = text_of(header, length), *text = trim(copy), *parts[4];
    if (*text == '\0' || (strlen(text) == 1 && strpbrk(text, "01d") != NULL)) {
        reading.status = SPANLINK_ERR_NO_CONTEXT;
    } else {
        size_t count = split(text, '-', parts, 4);
        if (count >= 2 && count <= 4) {
            judge_b3_ids(&reading, parts[0], parts[1]);
            reading.flags = count > 2 && (strcmp(parts[2], "1") == 0 || strcmp(parts[2], "d") == 0);
        }
    }
    free(copy);
    return reading;
}

/* Whether a text is "true", in any case. */
static bool says_true(const char *text) {
    return strlen(text) == 4 && strchr("tT", text[0]) != NULL && strchr("rR", text[1]) != NULL &&
           strchr("uU", text[2]) != NULL && strchr("eE", text[3]) != NULL;
}

void oracle_cut_lines(const char *text, size_t length, spanlink_str values[4]) {
    for (size_t i = 0; i < 4; i++) {
        const char *end = i < 3 && length != 0 ? memchr(text, '\n', length) : NULL;
        values[i] = (spanlink_str){text, end != NULL ? (size_t)(end - text) : length};
        if (end != NULL) {
            length -= values[i].len + 1;
            text = end + 1;
        } else {
            text = NULL;
            length = 0;
        }
    }
}

/* Four values as trimmed strings. */
typedef struct four_texts {
    char *copy[4], *text[4];
} four_texts;

static four_texts open_texts(const spanlink_str values[4]) {
    four_texts texts;
    for (size_t i = 0; i < 4; i++) {
        texts.copy[i] = text_of(values[i].ptr, values[i].len);
        texts.text[i] = trim(texts.copy[i]);
    }
    return texts;
}

static void close_texts(four_texts *texts) {
    for (size_t i = 0; i < 4; i++) {
        free(texts->copy[i]);
    }
}

oracle_reading oracle_b3_multi(const spanlink_str values[4]) {
    oracle_reading reading = {.status = SPANLINK_ERR_NO_CONTEXT};
    four_texts texts = open_texts(values);
    if (*texts.text[0] != '\0' && *texts.text[1] != '\0') {
        judge_b3_ids(&reading, texts.text[0], texts.text[1]);
        reading.flags = strcmp(texts.text[2], "1") == 0 || says_true(texts.text[2]) ||
                        strcmp(texts.text[3], "1") == 0;
    }
    close_texts(&texts);
    return reading;
}

/* The status of a root; the digits are those without its version and dashes. */
static void judge_xray_ids(oracle_reading *reading, const char *root, const char *parent) {
    char digits[36];
    int trace_id = 1;
    const char *dash = strncmp(root, "1-", 2) == 0 ? strchr(root + 2, '-') : NULL;
    if (dash == NULL) {
        reading->status = SPANLINK_ERR_FORMAT_SYNTAX;
        return;
    }
    if (dash == root + 10 && strlen(root) == 35) {
        sprintf(digits, "%.8s%s", root + 2, root + 11);
        trace_id = judge_hex(digits, any_hex, 32, 32, reading->trace_id, 32);
    }
    judge_ids(reading, trace_id, judge_hex(parent, any_hex, 16, 16, reading->span_id, 16));
}

oracle_reading oracle_xray(const char *header, size_t length) {
    oracle_reading reading = {.status = SPANLINK_ERR_NO_CONTEXT};
    char *copy = text_of(header, length), *sampled = copy + length;
    char *root = NULL, *parent = NULL, **fields = malloc((length + 1) * sizeof *fields);
    if (fields == NULL) {
        abort();
    }
    size_t count = split(copy, ';', fields, length + 1);
    bool all_fields = true;
    for (size_t i = 0; i < count; i++) {
        char *equals = strchr(fields[i], '=');
        if (equals == NULL) {
            all_fields = all_fields && *fields[i] == '\0';
            continue;
        }
        *equals = '\0';
        const char *name = trim(fields[i]);
        char **kept = strcmp(name, "Root") == 0      ? &root
                      : strcmp(name, "Parent") == 0  ? &parent
                      : strcmp(name, "Sampled") == 0 ? &sampled
                                                     : &fields[i];
        *kept = trim(equals + 1);
    }
    if (!all_fields) {
        reading.status = SPANLINK_ERR_FORMAT_SYNTAX;
    } else if (root != NULL && parent != NULL) {
        judge_xray_ids(&reading, root, parent);
        reading.flags = strcmp(sampled, "1") == 0;
    }
    free(fields);
    free(copy);
    return reading;
}

/* Reads the first 16 digits from the last valid tag. */
static void read_tags(char *tags, char high[17]) {
    strcpy(high, "0000000000000000");
    for (char *tag = tags, *end; tag != NULL; tag = end) {
        end = strchr(tag, ',');
        if (end != NULL) {
            *end++ = '\0';
        }
        tag = trim(tag);
        if (strncmp(tag, "_dd.p.tid=", 10) == 0) {
            judge_hex(trim(tag + 10), any_hex, 16, 16, high, 16);
        }
    }
}

oracle_reading oracle_datadog(const spanlink_str values[4]) {
    oracle_reading reading = {.status = SPANLINK_ERR_NO_CONTEXT};
    four_texts texts = open_texts(values);
    if (*texts.text[0] != '\0' || *texts.text[1] != '\0') {
        char low[17] = "", high[17];
        read_tags(texts.text[3], high);
        judge_ids(&reading, judge_decimal(texts.text[0], low),
                  judge_decimal(texts.text[1], reading.span_id));
        sprintf(reading.trace_id, "%s%s", high, low);
        const char *priority = texts.text[2];
        reading.flags = strspn(priority, decimal) == strlen(priority) &&
                        strspn(priority, "0") != strlen(priority);
    }
    close_texts(&texts);
    return reading;
}

static void replace_encoded_colons(char *text) {
    char *to = text;
    while (*text != '\0') {
        bool encoded = strncmp(text, "%3A", 3) == 0 || strncmp(text, "%3a", 3) == 0;
        *to++ = encoded ? ':' : *text;
        text += encoded ? 3 : 1;
    }
    *to = '\0';
}

oracle_reading oracle_jaeger(const char *header, size_t length) {
    oracle_reading reading = {.status = SPANLINK_ERR_FORMAT_SYNTAX};
    char *copy = text_of(header, length), *text = trim(copy), *parts[4];
    if (*text == '\0') {
        reading.status = SPANLINK_ERR_NO_CONTEXT;
    } else {
        replace_encoded_colons(text);
        if (split(text, ':', parts, 4) == 4) {
            judge_ids(&reading, judge_hex(parts[0], any_hex, 1, 32, reading.trace_id, 32),
                      judge_hex(parts[1], any_hex, 1, 16, reading.span_id, 16));
            size_t digits = strlen(parts[3]);
            reading.flags = digits != 0 && strspn(parts[3], any_hex) == digits &&
                            strchr("13579bdfBDF", parts[3][digits - 1]) != NULL;
        }
    }
    free(copy);
    return reading;
}

oracle_reading oracle_cloud_trace(const char *header, size_t length) {
    oracle_reading reading = {.status = SPANLINK_ERR_NO_CONTEXT};
    char *copy = text_of(header, length), *text = trim(copy), *parts[2] = {"", ""};
    if (*text != '\0') {
        size_t count = split(text, ';', parts, 2);
        char *slash = strchr(parts[0], '/'), *option = strchr(parts[1], '=');
        bool known = *parts[1] == '\0';
        if (option != NULL) {
            *option++ = '\0';
            known = strcmp(trim(parts[1]), "o") == 0;
        }
        if (count > 2 || !known) {
            reading.status = SPANLINK_ERR_FORMAT_SYNTAX;
        } else if (*parts[0] != '\0') {
            if (slash != NULL) {
                *slash = '\0';
            }
            char *trace_id = trim(parts[0]), *span_id = slash != NULL ? trim(slash + 1) : "1";
            judge_ids(&reading, judge_hex(trace_id, any_hex, 32, 32, reading.trace_id, 32),
                      judge_decimal(span_id, reading.span_id));
            if (reading.status == SPANLINK_OK && slash == NULL) {
                reading.status = SPANLINK_ERR_NO_CONTEXT;
            }
            reading.flags = option != NULL && strcmp(trim(option), "1") == 0;
        }
    }
    free(copy);
    return reading;
}

static bool all_zero(const char *bytes, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (bytes[i] != 0) {
            return false;
        }
    }
    return true;
}

static void print_hex(const char *bytes, size_t count, char *text) {
    for (size_t i = 0; i < count; i++) {
        sprintf(text + 2 * i, "%02x", (unsigned)(uint8_t)bytes[i]);
    }
}

oracle_reading oracle_binary(const char *bytes, size_t length) {
    static const size_t sizes[] = {16, 8, 1};
    const char *found[3] = {NULL, NULL, "\0"};
    oracle_reading reading = {.status = SPANLINK_ERR_NO_CONTEXT};
    if (length == 0) {
        return reading;
    }
    size_t at = 1;
    bool well = bytes[0] == 0;
    for (int field = 0; well && field < 3; field++) {
        if (at < length && bytes[at] == field) {
            found[field] = bytes + at + 1;
            at += 1 + sizes[field];
            well = at <= length;
        }
    }
    if (!well) {
        reading.status = SPANLINK_ERR_FORMAT_SYNTAX;
    } else if (found[0] != NULL && found[1] != NULL) {
        judge_ids(&reading, all_zero(found[0], 16) ? 3 : 0, all_zero(found[1], 8) ? 3 : 0);
        print_hex(found[0], 16, reading.trace_id);
        print_hex(found[1], 8, reading.span_id);
        reading.flags = (uint8_t)*found[2];
    }
    return reading;
}

bool oracle_agrees(const oracle_reading *reading, const spanlink_context *context) {
    char trace_id[33], span_id[17];
    print_hex((const char *)context->trace_id, 16, trace_id);
    print_hex((const char *)context->span_id, 8, span_id);
    return strcmp(trace_id, reading->trace_id) == 0 && strcmp(span_id, reading->span_id) == 0 &&
           context->trace_flags == reading->flags && context->is_remote &&
           !context->remote_unknown && context->trace_state.ptr == NULL &&
           context->trace_state.len == 0;
}

/* The choice among several contexts */

static uint64_t half(const uint8_t *bytes) {
    uint64_t number = 0;
    for (size_t i = 0; i < 8; i++) {
        number = number << 8 | bytes[i];
    }
    return number;
}

static bool same_span(const spanlink_context *a, const spanlink_context *b) {
    uint64_t high_a = half(a->trace_id), high_b = half(b->trace_id);
    return half(a->span_id) == half(b->span_id) && half(a->trace_id + 8) == half(b->trace_id + 8) &&
           (high_a == high_b || high_a == 0 || high_b == 0);
}

/* Of several contexts of one span the one with most points is kept: W3C first, then one with a full
 * trace id, then the last. */
static size_t points(const spanlink_extracted *found, size_t place) {
    return (found->format == SPANLINK_FORMAT_W3C ? 1000u : 0) +
           (half(found->context.trace_id) != 0 ? 100u : 0) + place;
}

static size_t best(const spanlink_extracted *valid, size_t count, size_t of) {
    size_t winner = of;
    for (size_t i = 0; i < count; i++) {
        if (same_span(&valid[i].context, &valid[of].context) &&
            points(&valid[i], i) > points(&valid[winner], winner)) {
            winner = i;
        }
    }
    return winner;
}

oracle_choice oracle_choose(const oracle_found all[ORACLE_FORMATS],
                            const spanlink_formats *formats) {
    oracle_choice w = {SPANLINK_ERR_NO_CONTEXT, {{.format = 0}}, 0};
    spanlink_extracted valid[ORACLE_FORMATS];
    size_t count = 0;
    bool seen[256] = {false}, there = false;
    for (size_t i = 0; i < formats->count; i++) {
        uint32_t format = formats->formats[i];
        const oracle_found *p = &all[format % ORACLE_FORMATS];
        if (seen[format]) {
            continue;
        }
        seen[format] = true;
        if (p->status == SPANLINK_OK) {
            valid[count++] = (spanlink_extracted){p->context, format};
        } else if (p->there && !there) {
            w.status = p->status;
            there = true;
        }
    }
    if (count == 0) {
        return w;
    }
    w.status = SPANLINK_OK;
    size_t first = best(valid, count, count - 1);
    w.found[w.count++] = valid[first];
    for (size_t i = 0; i < count; i++) {
        if (i != first && best(valid, count, i) == i) {
            w.found[w.count++] = valid[i];
        }
    }
    return w;
}

/* SQL: reads one character after the other, in states. */

typedef enum sql_place { CODE, QUOTED, LINE, BLOCK, DOLLAR } sql_place;

typedef struct sql_walk {
    const char *sql;
    size_t length, at;
    sql_place place;
    bool mysql;
    char quote;
    bool escapes;
    int depth;
    size_t from;       /* start of the comment's text */
    size_t tag, width; /* position and length of $tag$ */
} sql_walk;

static char character_at(const sql_walk *walk, size_t at) {
    return at < walk->length ? walk->sql[at] : '\0';
}

static bool stands(const sql_walk *walk, const char *text) {
    size_t width = strlen(text);
    return walk->length - walk->at >= width && memcmp(walk->sql + walk->at, text, width) == 0;
}

static bool is_name(char c) {
    return c != '\0' &&
           (strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_", c) != NULL ||
            (c & 0x80) != 0);
}

/* The length of the $tag$ here; 0 if there is none. */
static size_t dollar_width(const sql_walk *walk) {
    size_t end = walk->at + 1;
    if (walk->at != 0 && is_name(walk->sql[walk->at - 1])) {
        return 0;
    }
    if (character_at(walk, end) >= '0' && character_at(walk, end) <= '9') {
        return 0;
    }
    while (is_name(character_at(walk, end))) {
        end++;
    }
    return character_at(walk, end) == '$' ? end + 1 - walk->at : 0;
}

static void begin_quote(sql_walk *walk) {
    char before = walk->at >= 1 ? walk->sql[walk->at - 1] : ' ';
    char before_that = walk->at >= 2 ? walk->sql[walk->at - 2] : ' ';
    walk->place = QUOTED;
    walk->quote = walk->sql[walk->at];
    walk->escapes = walk->mysql ? walk->quote != '`'
                                : walk->quote == '\'' && (before == 'e' || before == 'E') &&
                                      !is_name(before_that);
}

/* A step outside of strings and comments: detects what begins here. */
static void walk_code(sql_walk *walk) {
    char c = walk->sql[walk->at], next = character_at(walk, walk->at + 1);
    bool hash = c == '#' && !is_name(next) && (next == '\0' || strchr("#>-", next) == NULL);
    if (stands(walk, "/*")) {
        walk->place = BLOCK;
        walk->depth = 1;
        walk->at++;
        walk->from = walk->at + 1;
    } else if (stands(walk, "--") || hash) {
        walk->place = LINE;
    } else if (c == '\'' || c == '"' || c == '`') {
        begin_quote(walk);
    } else if (c == '$' && (walk->width = dollar_width(walk)) != 0) {
        walk->place = DOLLAR;
        walk->tag = walk->at;
        walk->at += walk->width - 1;
    }
    walk->at++;
}

/* A step inside a string or comment. True if a comment ends here; its text ends two characters
 * before. */
static bool walk_on(sql_walk *walk) {
    char c = walk->sql[walk->at];
    bool ends = false;
    if (walk->place == QUOTED) {
        if (c == walk->quote) {
            walk->place = CODE;
        } else if (c == '\\' && walk->escapes && walk->at + 1 < walk->length) {
            walk->at++;
        }
    } else if (walk->place == LINE) {
        walk->place = c == '\n' || c == '\r' ? CODE : LINE;
    } else if (walk->place == DOLLAR) {
        if (walk->length - walk->at >= walk->width &&
            memcmp(walk->sql + walk->at, walk->sql + walk->tag, walk->width) == 0) {
            walk->place = CODE;
            walk->at += walk->width - 1;
        }
    } else if (stands(walk, "*/")) {
        walk->at++;
        ends = --walk->depth == 0;
        walk->place = ends ? CODE : BLOCK;
    } else if (stands(walk, "/*") && !walk->mysql) {
        walk->at++;
        walk->depth++;
    }
    walk->at++;
    return ends;
}

/* Decodes %XX and \'. */
static size_t decode_text(const char *from, size_t length, char *to) {
    size_t count = 0;
    for (size_t i = 0; i < length; i++) {
        char digits[3] = "";
        if (from[i] == '%' && length - i > 2) {
            memcpy(digits, from + i + 1, 2);
        }
        if (strspn(digits, any_hex) == 2) {
            to[count++] = (char)strtoul(digits, NULL, 16);
            i += 2;
        } else if (from[i] == '\\' && i + 1 < length && from[i + 1] == '\'') {
            to[count++] = '\'';
            i++;
        } else {
            to[count++] = from[i];
        }
    }
    return count;
}

static bool is_sql_space(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* The position of the first of two characters from `at` on; the length if there is none. */
static size_t find_either(const char *text, size_t length, size_t at, char one, char other) {
    while (at < length && text[at] != one && text[at] != other) {
        at++;
    }
    return at;
}

static size_t skip_spaces(const char *text, size_t length, size_t at) {
    while (at < length && is_sql_space(text[at])) {
        at++;
    }
    return at;
}

/* The end of the value that begins at `at`, after its quote. */
static size_t end_of_value(const char *text, size_t length, size_t at) {
    while (at < length && text[at] != '\'') {
        at += text[at] == '\\' && at + 1 < length && text[at + 1] == '\'' ? 2 : 1;
    }
    return at;
}

/* Decodes a key into `memory`, and stores the value if it is traceparent or tracestate. */
static void keep_member(const char *key, size_t key_length, const char *value, size_t length,
                        char *memory, oracle_comment *read) {
    while (key_length != 0 && is_sql_space(key[key_length - 1])) {
        key_length--;
    }
    size_t size = decode_text(key, key_length, memory);
    if (size == 11 && memcmp(memory, "traceparent", 11) == 0) {
        read->found = true;
        read->traceparent_length = decode_text(value, length, read->traceparent);
    } else if (size == 10 && memcmp(memory, "tracestate", 10) == 0) {
        read->tracestate_length = decode_text(value, length, read->tracestate);
    }
}

/* Reads the members: a key up to "=" or a comma, a quoted value, only spaces up to the comma. */
static void read_members(const char *text, size_t length, char *memory, oracle_comment *read) {
    size_t next;
    for (size_t at = 0; at < length; at = next + 1) {
        size_t key = skip_spaces(text, length, at);
        size_t equals = find_either(text, length, key, '=', ',');
        next = equals;
        if (equals == length || text[equals] == ',') {
            continue;
        }
        size_t quote = skip_spaces(text, length, equals + 1);
        next = find_either(text, length, quote, ',', ',');
        if (quote == length || text[quote] != '\'') {
            continue;
        }
        size_t end = end_of_value(text, length, quote + 1);
        size_t behind = skip_spaces(text, length, end + 1);
        next = find_either(text, length, behind, ',', ',');
        if (end < length && behind >= next) {
            keep_member(text + key, equals - key, text + quote + 1, end - quote - 1, memory, read);
        }
    }
}

/* Reads a comment; one with a traceparent replaces the result of earlier ones. */
static void read_block(const char *text, size_t length, oracle_comment *comment) {
    char *memory = malloc(3 * length + 1);
    if (memory == NULL) {
        abort();
    }
    oracle_comment read = {.traceparent = memory + length, .tracestate = memory + 2 * length};
    read_members(text, length, memory, &read);
    if (read.found) {
        comment->found = true;
        comment->traceparent_length = read.traceparent_length;
        comment->tracestate_length = read.tracestate_length;
        memcpy(comment->traceparent, read.traceparent, read.traceparent_length);
        memcpy(comment->tracestate, read.tracestate, read.tracestate_length);
    }
    free(memory);
}

/* False if the statement ends inside a string or a comment. */
static bool walk_statement(sql_walk walk, oracle_comment *comment) {
    comment->found = false;
    while (walk.at < walk.length) {
        if (walk.place == CODE) {
            walk_code(&walk);
        } else if (walk_on(&walk)) {
            read_block(walk.sql + walk.from, walk.at - 2 - walk.from, comment);
        }
    }
    return walk.place == CODE || walk.place == LINE;
}

void oracle_sql_comment(const char *sql, size_t length, oracle_comment *comment) {
    sql_walk walk = {.sql = sql, .length = length, .mysql = true};
    if (!walk_statement(walk, comment)) {
        walk.mysql = false;
        walk_statement(walk, comment);
    }
}
