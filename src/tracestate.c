/* SPDX-License-Identifier: MIT */
#include <spanlink/tracestate.h>

#include "internal/compiler.h"
#include "internal/scan.h"
#include "internal/text.h"

enum {
    MAX_MEMBERS = SPANLINK_TRACESTATE_MEMBERS,
    MAX_KEY = 256,
    MAX_VALUE = 256,
    LONG_MEMBER = 128, /* longer members are dropped first */
};

typedef spanlink_tracestate_member state_member;

/* Classes of characters: bits of the following table. */
enum { OF_KEY_START = 1, OF_KEY = 2, OF_VALUE = 4, BETWEEN_MEMBERS = 8 };

static const uint8_t member_classes[256] = {
    0,  0, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, /* \t */
    0,  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, /* */
    12, 4, 4, 4, 4, 4, 4, 4, 4, 4, 6, 4, 8, 6, 4, 6, /* space * , - / */
    7,  7, 7, 7, 7, 7, 7, 7, 7, 7, 4, 4, 4, 0, 4, 4, /* 0 to 9, = */
    6,  4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, /* @ */
    4,  4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 6, /* _ */
    4,  7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, /* a to o */
    7,  7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 4, 4, 4, 4, 0, /* p to z; not DEL */
};

static bool is_of(char character, uint8_t class) {
    return (member_classes[(uint8_t)character] & class) != 0;
}

/* The rest of the text. */
typedef struct member_reader {
    const char *at, *end;
} member_reader;

/* Takes the next run of characters of a class. */
static spanlink_str take_run(member_reader *from, uint8_t class) {
    spanlink_str taken = {from->at, 0};
    while (from->at != from->end && is_of(*from->at, class)) {
        from->at++;
    }
    taken.len = (size_t)(from->at - taken.ptr);
    return taken;
}

static void skip_space(member_reader *from) {
    while (from->at != from->end && slnk_text_is_space(*from->at)) {
        from->at++;
    }
}

static bool at_member_end(const member_reader *from) {
    return from->at == from->end || *from->at == ',';
}

static spanlink_status read_member_key(member_reader *from, spanlink_str *key) {
    bool starts = is_of(*from->at, OF_KEY_START);
    *key = take_run(from, OF_KEY);
    if (!starts || key->len > MAX_KEY) {
        return SPANLINK_ERR_TRACESTATE_KEY;
    }
    if (from->at != from->end && *from->at == '=') {
        from->at++;
        return SPANLINK_OK;
    }
    skip_space(from);
    return at_member_end(from) ? SPANLINK_ERR_TRACESTATE_EQUALS : SPANLINK_ERR_TRACESTATE_KEY;
}

static spanlink_status read_member_value(member_reader *from, spanlink_str *value) {
    *value = take_run(from, OF_VALUE);
    while (value->len != 0 && value->ptr[value->len - 1] == ' ') {
        value->len--;
    }
    skip_space(from);
    bool valid = value->len != 0 && value->len <= MAX_VALUE && at_member_end(from);
    return valid ? SPANLINK_OK : SPANLINK_ERR_TRACESTATE_VALUE;
}

static spanlink_status read_member(member_reader *from, state_member *read) {
    if (SLNK_UNLESS_SMALL(is_of(*from->at, OF_KEY_START)) &&
        slnk_scan_member(from->at, (size_t)(from->end - from->at), &read->key.len,
                         &read->value.len)) {
        read->key.ptr = from->at;
        read->value.ptr = from->at + read->key.len + 1;
        from->at = read->value.ptr + read->value.len;
        return SPANLINK_OK;
    }
    spanlink_status status = read_member_key(from, &read->key);
    return status == SPANLINK_OK ? read_member_value(from, &read->value) : status;
}

static size_t find_key(const state_member *members, size_t count, spanlink_str key) {
    size_t at = 0;
    while (at != count && !slnk_text_equal(members[at].key, key)) {
        at++;
    }
    return at;
}

/*
 * The keys so far: for each key one bit of 512, and a sample. A key whose bit is not set is new and
 * need not be compared with the others; comparing takes four times as long for 32 members. Keys
 * chosen to share the bit and the sample cost at most 496 comparisons.
 */
typedef struct key_set {
    uint64_t bits[8];
    uint32_t samples[MAX_MEMBERS];
} key_set;

static uint32_t sample_of(spanlink_str key) {
    const uint8_t *bytes = (const uint8_t *)key.ptr;
    return (uint32_t)bytes[0] | (uint32_t)bytes[key.len / 2] << 8 |
           (uint32_t)bytes[key.len - 1] << 16 | (uint32_t)key.len << 24;
}

/* Whether a key is new to the set; adds it. */
static bool add_key(key_set *set, const state_member *members, size_t count, spanlink_str key) {
    uint32_t sample = sample_of(key);
    uint64_t hash = UINT64_C(0x9e3779b1) * sample;
    uint64_t *word = &set->bits[hash >> 23 & 7];
    uint64_t before = *word;
    *word |= UINT64_C(1) << (hash >> 26 & 63);
    set->samples[count] = sample;
    if (*word != before) {
        return true;
    }
    size_t at = 0;
    while (at != count && !(set->samples[at] == sample && slnk_text_equal(members[at].key, key))) {
        at++;
    }
    return at == count;
}

static bool next_member(member_reader *from) {
    (void)take_run(from, BETWEEN_MEMBERS);
    return from->at != from->end;
}

static spanlink_status read_members(spanlink_str header, state_member members[MAX_MEMBERS],
                                    size_t *count) {
    const char *text = header.len != 0 ? header.ptr : ""; /* NULL + 0 is undefined */
    member_reader from = {text, text + header.len};
    key_set known;
    memset(known.bits, 0, sizeof known.bits);
    size_t unique = 0;
    for (size_t found = 0; next_member(&from); found++) {
        if (found == MAX_MEMBERS) {
            return SPANLINK_ERR_TRACESTATE_MEMBERS;
        }
        state_member *next = &members[unique];
        spanlink_status status = read_member(&from, next);
        if (status != SPANLINK_OK) {
            return status;
        }
        if (add_key(&known, members, unique, next->key)) {
            unique++;
        }
    }
    *count = unique;
    return SPANLINK_OK;
}

spanlink_status spanlink_tracestate_parse(spanlink_str header, state_member members[32],
                                          size_t *count) {
    if (members == NULL || count == NULL || slnk_text_is_broken(header)) {
        return SPANLINK_ERR_ARGUMENT;
    }
    state_member read[MAX_MEMBERS];
    size_t found;
    spanlink_status status = read_members(header, read, &found);
    if (status == SPANLINK_OK) {
        memcpy(members, read, found * sizeof *read);
        *count = found;
    }
    return status;
}

bool spanlink_tracestate_get_str(spanlink_str state, spanlink_str key, spanlink_str *value) {
    state_member members[MAX_MEMBERS];
    size_t count;
    if (spanlink_tracestate_parse(state, members, &count) != SPANLINK_OK) {
        return false;
    }
    size_t at = find_key(members, count, key);
    if (at == count) {
        return false;
    }
    if (value != NULL) {
        *value = members[at].value;
    }
    return true;
}

bool spanlink_tracestate_get(spanlink_str state, const char *key, spanlink_str *value) {
    return spanlink_tracestate_get_str(state, spanlink_str_from(key), value);
}

/* A member as it is in the text. */
static spanlink_str text_of(const state_member *of) {
    return (spanlink_str){of->key.ptr, of->key.len + 1 + of->value.len};
}

static void drop_member(state_member *members, size_t *count, size_t at) {
    *count -= 1;
    memmove(&members[at], &members[at + 1], (*count - at) * sizeof *members);
}

/* The length of members with commas between them. */
static size_t joined_length(const state_member *members, size_t count) {
    size_t length = 0;
    for (size_t i = 0; i < count; i++) {
        length += text_of(&members[i]).len + (i != 0);
    }
    return length;
}

/*
 * Writes members with commas between them. Each member is at or after the place where it is
 * written, so that the output may be the text that contains them.
 */
static void write_joined(const state_member *members, size_t count, char *text) {
    for (size_t i = 0; i < count; i++) {
        spanlink_str from = text_of(&members[i]);
        memmove(text, from.ptr, from.len);
        text += from.len;
        if (i + 1 != count) {
            *text++ = ',';
        }
    }
}

/* Sets the length, and checks the capacity. */
static spanlink_status reserve_text(size_t needed, size_t capacity, size_t *length) {
    *length = needed;
    return needed <= capacity ? SPANLINK_OK : SPANLINK_ERR_CAPACITY;
}

static spanlink_status write_members(const state_member *members, size_t count, char *text,
                                     size_t capacity, size_t *length) {
    spanlink_status status = reserve_text(joined_length(members, count), capacity, length);
    if (status == SPANLINK_OK) {
        write_joined(members, count, text);
    }
    return status;
}

static bool is_member_key(spanlink_str text) {
    if (text.len == 0 || text.len > MAX_KEY || !is_of(*text.ptr, OF_KEY_START)) {
        return false;
    }
    member_reader from = {text.ptr, text.ptr + text.len};
    return take_run(&from, OF_KEY).len == text.len;
}

static bool is_member_value(spanlink_str text) {
    if (text.len == 0 || text.len > MAX_VALUE || text.ptr[text.len - 1] == ' ') {
        return false;
    }
    member_reader from = {text.ptr, text.ptr + text.len};
    return take_run(&from, OF_VALUE).len == text.len;
}

/* Checks the common arguments of set, remove and limit. */
static bool arguments_are_valid(spanlink_str state, const char *text, size_t capacity,
                                const size_t *length) {
    return !slnk_text_is_broken(state) && (text != NULL || capacity == 0) && length != NULL;
}

/* Reads all members except that of a key. */
static spanlink_status read_others(spanlink_str state, spanlink_str key,
                                   state_member others[MAX_MEMBERS], size_t *count) {
    spanlink_status status = read_members(state, others, count);
    if (status != SPANLINK_OK) {
        return status;
    }
    size_t at = find_key(others, *count, key);
    if (at != *count) {
        drop_member(others, count, at);
    }
    return SPANLINK_OK;
}

static void write_first(spanlink_str key, spanlink_str value, char *text) {
    memcpy(text, key.ptr, key.len);
    text[key.len] = '=';
    memcpy(text + key.len + 1, value.ptr, value.len);
}

/* Writes a member, then the others, of which the last is dropped if there is no room. */
static spanlink_status write_set(spanlink_str key, spanlink_str value, const state_member *others,
                                 size_t count, char *text, size_t capacity, size_t *length) {
    count -= count == MAX_MEMBERS;
    size_t first = key.len + 1 + value.len;
    size_t rest = count != 0 ? 1 + joined_length(others, count) : 0;
    spanlink_status status = reserve_text(first + rest, capacity, length);
    if (status == SPANLINK_OK) {
        write_first(key, value, text);
        if (count != 0) {
            text[first] = ',';
            write_joined(others, count, text + first + 1);
        }
    }
    return status;
}

/* Sets the value of a key, or removes it where there is no value. */
static spanlink_status change_member(spanlink_str state, spanlink_str key,
                                     const spanlink_str *value, char *text, size_t capacity,
                                     size_t *length) {
    state_member others[MAX_MEMBERS];
    size_t count;
    if (slnk_text_is_broken(key) || !arguments_are_valid(state, text, capacity, length)) {
        return SPANLINK_ERR_ARGUMENT;
    }
    if (!is_member_key(key)) {
        return SPANLINK_ERR_TRACESTATE_KEY;
    }
    if (value != NULL && !is_member_value(*value)) {
        return SPANLINK_ERR_TRACESTATE_VALUE;
    }
    spanlink_status status = read_others(state, key, others, &count);
    if (status != SPANLINK_OK) {
        return status;
    }
    return value == NULL ? write_members(others, count, text, capacity, length)
                         : write_set(key, *value, others, count, text, capacity, length);
}

spanlink_status spanlink_tracestate_set_str(spanlink_str state, spanlink_str key,
                                            spanlink_str value, char *text, size_t capacity,
                                            size_t *length) {
    return slnk_text_is_broken(value) ? SPANLINK_ERR_ARGUMENT
                                      : change_member(state, key, &value, text, capacity, length);
}

spanlink_status spanlink_tracestate_set(spanlink_str state, const char *key, spanlink_str value,
                                        char *text, size_t capacity, size_t *length) {
    return key == NULL ? SPANLINK_ERR_ARGUMENT
                       : spanlink_tracestate_set_str(state, spanlink_str_from(key), value, text,
                                                     capacity, length);
}

spanlink_status spanlink_tracestate_remove_str(spanlink_str state, spanlink_str key, char *text,
                                               size_t capacity, size_t *length) {
    return change_member(state, key, NULL, text, capacity, length);
}

spanlink_status spanlink_tracestate_remove(spanlink_str state, const char *key, char *text,
                                           size_t capacity, size_t *length) {
    return key == NULL ? SPANLINK_ERR_ARGUMENT
                       : spanlink_tracestate_remove_str(state, spanlink_str_from(key), text,
                                                        capacity, length);
}

/* Drops members from the end until the rest fits; only members longer than `shorter_stay`. */
static void drop_until_fits(state_member *members, size_t *count, size_t shorter_stay,
                            size_t max_length) {
    for (size_t i = *count; i-- > 0 && joined_length(members, *count) > max_length;) {
        if (text_of(&members[i]).len > shorter_stay) {
            drop_member(members, count, i);
        }
    }
}

spanlink_status spanlink_tracestate_limit(spanlink_str state, size_t max_length, char *text,
                                          size_t capacity, size_t *length) {
    if (!arguments_are_valid(state, text, capacity, length)) {
        return SPANLINK_ERR_ARGUMENT;
    }
    state_member members[MAX_MEMBERS];
    size_t count, most = max_length == SPANLINK_NONE ? 0 : max_length;
    spanlink_status status = read_members(state, members, &count);
    if (status != SPANLINK_OK) {
        return status;
    }
    drop_until_fits(members, &count, LONG_MEMBER, most);
    drop_until_fits(members, &count, 0, most);
    return write_members(members, count, text, capacity, length);
}
