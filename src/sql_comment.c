/* SPDX-License-Identifier: MIT */
#include <spanlink/sql_comment.h>

#include "internal/hex.h"
#include "internal/text.h"

static const char traceparent_key[] = "traceparent";
static const char tracestate_key[] = "tracestate";

/* Reading a comment */

/* The encoded values of a comment. A NULL view: there is none. */
typedef struct sql_members {
    spanlink_str traceparent, tracestate;
} sql_members;

/* Reads a character, which may be written as %XX or \'. */
static char take_character(spanlink_str *text) {
    char c = text->ptr[0];
    size_t width = 1;
    if (c == '\\' && text->len >= 2 && text->ptr[1] == '\'') {
        c = '\'';
        width = 2;
    } else if (c == '%' && text->len >= 3) {
        uint8_t high = slnk_hex_values[(uint8_t)text->ptr[1]];
        uint8_t low = slnk_hex_values[(uint8_t)text->ptr[2]];
        if (high < SLNK_HEX_NONE && low < SLNK_HEX_NONE) {
            c = (char)((high & 15) << 4 | (low & 15));
            width = 3;
        }
    }
    text->ptr += width;
    text->len -= width;
    return c;
}

static bool is_sql_space(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Whether an encoded key, with spaces around it, equals a name. */
static bool key_is(spanlink_str key, const char *name) {
    while (key.len != 0 && is_sql_space(key.ptr[0])) {
        key.ptr++;
        key.len--;
    }
    while (key.len != 0 && is_sql_space(key.ptr[key.len - 1])) {
        key.len--;
    }
    while (key.len != 0 && *name != '\0') {
        if (take_character(&key) != *name++) {
            return false;
        }
    }
    return key.len == 0 && *name == '\0';
}

static void keep_sql_member(sql_members *members, spanlink_str key, spanlink_str value) {
    if (key_is(key, traceparent_key)) {
        members->traceparent = value;
    } else if (key_is(key, tracestate_key)) {
        members->tracestate = value;
    }
}

/* What a character of a comment belongs to. OTHER: not to a key='value'. */
typedef enum sql_place { IN_KEY, BEHIND_EQUALS, IN_VALUE, BEHIND_VALUE, IN_OTHER } sql_place;

/* Reads key='value' pairs between commas; skips anything of another form. False if there is no
 * traceparent. */
static bool read_comment(spanlink_str text, sql_members *members) {
    spanlink_str key = {text.ptr, 0}, value = {NULL, 0};
    sql_place place = IN_KEY;
    *members = (sql_members){{NULL, 0}, {NULL, 0}};
    for (const char *at = text.ptr, *end = at + text.len; at != end; at++) {
        if (place == IN_VALUE) {
            if (*at == '\'') {
                value.len = (size_t)(at - value.ptr);
                place = BEHIND_VALUE;
            } else if (*at == '\\' && end - at >= 2 && at[1] == '\'') {
                at++;
            }
        } else if (*at == ',') {
            if (place == BEHIND_VALUE) {
                keep_sql_member(members, key, value);
            }
            key.ptr = at + 1;
            place = IN_KEY;
        } else if (place == IN_KEY && *at == '=') {
            key.len = (size_t)(at - key.ptr);
            place = BEHIND_EQUALS;
        } else if (place == BEHIND_EQUALS && *at == '\'') {
            value.ptr = at + 1;
            place = IN_VALUE;
        } else if (place != IN_KEY && !is_sql_space(*at)) {
            place = IN_OTHER;
        }
    }
    if (place == BEHIND_VALUE) {
        keep_sql_member(members, key, value);
    }
    return members->traceparent.ptr != NULL;
}

/* Finding comments */

/* A statement being read by the rules of MySQL or of PostgreSQL. `at` NULL: it ended inside a
 * string or a comment. */
typedef struct sql_reader {
    const char *start, *at, *end;
    bool is_mysql;
} sql_reader;

static bool next_is(const sql_reader *reader, const char *at, char c) {
    return reader->end - at >= 2 && at[1] == c;
}

static bool is_identifier(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           (uint8_t)c >= 0x80;
}

/* Whether the quote begins an E'string' of PostgreSQL, which has backslash escapes. */
static bool is_escape_string(const sql_reader *reader) {
    size_t before = (size_t)(reader->at - reader->start);
    return before >= 1 && (reader->at[-1] | 0x20) == 'e' &&
           (before == 1 || !is_identifier(reader->at[-2]));
}

/* The position after the closing quote. A doubled quote closes and opens again. */
static const char *skip_quoted(const sql_reader *reader) {
    char quote = *reader->at;
    bool escapes = reader->is_mysql ? quote != '`' : quote == '\'' && is_escape_string(reader);
    bool escaped = false;
    for (const char *at = reader->at + 1; at != reader->end; at++) {
        if (*at == quote && !escaped) {
            return at + 1;
        }
        escaped = escapes && !escaped && *at == '\\';
    }
    return NULL;
}

static const char *skip_line(const sql_reader *reader) {
    const char *at = reader->at;
    while (at != reader->end && *at != '\n' && *at != '\r') {
        at++;
    }
    return at;
}

/* The position after the comment; PostgreSQL's comments nest. */
static const char *skip_comment(const sql_reader *reader) {
    const char *at = reader->at + 2;
    size_t depth = 1;
    while (reader->end - at >= 2) {
        if (at[0] == '*' && at[1] == '/') {
            at += 2;
            if (--depth == 0) {
                return at;
            }
        } else if (!reader->is_mysql && at[0] == '/' && at[1] == '*') {
            at += 2;
            depth++;
        } else {
            at++;
        }
    }
    return NULL;
}

/* The length of $tag$; 0 if it is not such a quote. */
static size_t dollar_quote_length(const sql_reader *reader) {
    const char *at = reader->at + 1;
    if ((reader->at != reader->start && is_identifier(reader->at[-1])) ||
        (at != reader->end && *at >= '0' && *at <= '9')) {
        return 0;
    }
    while (at != reader->end && is_identifier(*at)) {
        at++;
    }
    return at != reader->end && *at == '$' ? (size_t)(at + 1 - reader->at) : 0;
}

/* The position after $tag$ … $tag$, or after a "$" that begins no quote. A comparison ends at the
 * next "$". */
static const char *skip_dollar(const sql_reader *reader) {
    size_t length = dollar_quote_length(reader);
    const char *at = reader->at + length;
    if (length == 0) {
        return reader->at + 1;
    }
    while ((at = memchr(at, '$', (size_t)(reader->end - at))) != NULL) {
        if ((size_t)(reader->end - at) < length) {
            return NULL;
        }
        if (memcmp(at, reader->at, length) == 0) {
            return at + length;
        }
        at++;
    }
    return NULL;
}

/* Whether "#" begins a comment to the end of the line, as in MySQL, and is neither an operator of
 * PostgreSQL nor part of a name of SQL Server. */
static bool is_hash_comment(const sql_reader *reader) {
    if (reader->end - reader->at < 2) {
        return true;
    }
    char next = reader->at[1];
    return !is_identifier(next) && next != '#' && next != '>' && next != '-';
}

static const char *skip_token(const sql_reader *reader) {
    const char *at = reader->at;
    switch (*at) {
    case '\'':
    case '"':
    case '`':
        return skip_quoted(reader);
    case '$':
        return skip_dollar(reader);
    case '-':
        return next_is(reader, at, '-') ? skip_line(reader) : at + 1;
    case '#':
        return is_hash_comment(reader) ? skip_line(reader) : at + 1;
    case '/':
        return next_is(reader, at, '*') ? skip_comment(reader) : at + 1;
    default:
        return at + 1;
    }
}

/* The last comment with a traceparent. False if the statement ends inside a string or a comment. */
static bool find_comment(spanlink_str sql, bool is_mysql, sql_members *found) {
    sql_reader reader = {sql.ptr, sql.ptr, sql.ptr + sql.len, is_mysql};
    *found = (sql_members){{NULL, 0}, {NULL, 0}};
    while (reader.at != reader.end) {
        const char *from = reader.at, *to = skip_token(&reader);
        sql_members members;
        if (to == NULL) {
            return false;
        }
        if (*from == '/' && to - from >= 4 &&
            read_comment((spanlink_str){from + 2, (size_t)(to - from) - 4}, &members)) {
            *found = members;
        }
        reader.at = to;
    }
    return true;
}

/* Values */

/* A longer traceparent is rejected. */
enum { MOST_TRACEPARENT = 128 };

/* Decodes a value into `text`. False if it does not fit. */
static bool decode_value(spanlink_str value, char *text, size_t capacity, spanlink_str *decoded) {
    size_t length = 0;
    while (value.len != 0) {
        if (length == capacity) {
            return false;
        }
        text[length++] = take_character(&value);
    }
    *decoded = (spanlink_str){text, length};
    return true;
}

/* The tracestate in `text`; empty if it does not fit or is invalid. */
static spanlink_str decode_tracestate(spanlink_str value, char *text, size_t capacity) {
    spanlink_tracestate_member members[SPANLINK_TRACESTATE_MEMBERS];
    spanlink_str state;
    size_t count = 0;
    if (!decode_value(value, text, capacity, &state)) {
        return (spanlink_str){NULL, 0};
    }
    state = slnk_text_trim(state);
    if (spanlink_tracestate_parse(state, members, &count) != SPANLINK_OK || count == 0) {
        return (spanlink_str){NULL, 0};
    }
    return state;
}

spanlink_status spanlink_sql_comment_parse(spanlink_str sql, char *text, size_t capacity,
                                           spanlink_context *context) {
    sql_members found;
    char buffer[MOST_TRACEPARENT];
    spanlink_str traceparent;
    if (context == NULL || slnk_text_is_broken(sql) || (text == NULL && capacity != 0)) {
        return SPANLINK_ERR_ARGUMENT;
    }
    if (sql.len == 0) {
        return SPANLINK_ERR_NO_CONTEXT;
    }
    if (!find_comment(sql, true, &found)) {
        find_comment(sql, false, &found);
    }
    if (found.traceparent.ptr == NULL) {
        return SPANLINK_ERR_NO_CONTEXT;
    }
    if (!decode_value(found.traceparent, buffer, sizeof buffer, &traceparent)) {
        return SPANLINK_ERR_TRACEPARENT_LENGTH;
    }
    spanlink_status status = spanlink_traceparent_parse(traceparent, context);
    if (status == SPANLINK_OK) {
        context->trace_state = decode_tracestate(found.tracestate, text, capacity);
    }
    return status;
}

/* Writing */

/* Counts all characters, writes those that fit. */
typedef struct sql_writer {
    char *text;
    size_t capacity, length;
} sql_writer;

static void put_character(sql_writer *writer, char c) {
    if (writer->length < writer->capacity) {
        writer->text[writer->length] = c;
    }
    writer->length++;
}

static void put_sql_text(sql_writer *writer, const char *text) {
    while (*text != '\0') {
        put_character(writer, *text++);
    }
}

/* Only for bytes of a valid tracestate: none is above 0x7e. */
static bool is_unreserved(char c) {
    return is_identifier(c) || c == '-' || c == '.' || c == '~';
}

static void put_encoded(sql_writer *writer, spanlink_str text) {
    static const char digits[] = "0123456789ABCDEF";
    for (size_t i = 0; i < text.len; i++) {
        uint8_t byte = (uint8_t)text.ptr[i];
        if (is_unreserved(text.ptr[i])) {
            put_character(writer, text.ptr[i]);
        } else {
            put_character(writer, '%');
            put_character(writer, digits[byte >> 4]);
            put_character(writer, digits[byte & 15]);
        }
    }
}

/* A valid tracestate, without spaces, empty members and repeated keys. */
static void put_tracestate(sql_writer *writer, spanlink_str state) {
    spanlink_tracestate_member members[SPANLINK_TRACESTATE_MEMBERS];
    size_t count = 0;
    if (spanlink_tracestate_parse(state, members, &count) != SPANLINK_OK || count == 0) {
        return;
    }
    put_sql_text(writer, "',tracestate='");
    for (size_t i = 0; i < count; i++) {
        put_sql_text(writer, i == 0 ? "" : "%2C");
        put_encoded(writer, members[i].key);
        put_sql_text(writer, "%3D");
        put_encoded(writer, members[i].value);
    }
}

spanlink_status spanlink_sql_comment_format(const spanlink_context *context, char *text,
                                            size_t capacity, size_t *length) {
    char traceparent[SPANLINK_TRACEPARENT_LENGTH + 1];
    if (context == NULL || length == NULL || (text == NULL && capacity != 0) ||
        slnk_text_is_broken(context->trace_state)) {
        return SPANLINK_ERR_ARGUMENT;
    }
    spanlink_status status = spanlink_traceparent_format(context, traceparent);
    if (status != SPANLINK_OK) {
        return status;
    }
    sql_writer writer = {text, capacity, 0};
    put_sql_text(&writer, "/*traceparent='");
    put_sql_text(&writer, traceparent);
    put_tracestate(&writer, context->trace_state);
    put_sql_text(&writer, "'*/");
    *length = writer.length;
    return writer.length > capacity ? SPANLINK_ERR_CAPACITY : SPANLINK_OK;
}
