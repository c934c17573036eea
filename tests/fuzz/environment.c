/* SPDX-License-Identifier: MIT */
/*
 * Reads its input as an environment and calls to its getter and setter, and compares each call with
 * a model: a list of strings.
 */
#include "fuzz.h"

#include <spanlink/environment.h>

enum { MOST_ENTRIES = 12, ENTRY = 40, TEXT = 200, NAME = 8, VALUE = 16 };

typedef struct model {
    char entries[MOST_ENTRIES][ENTRY];
    size_t count, used;
} model;

/* Converts letters to upper case, and to "_" a leading digit and all but letters, digits and "_".
 */
static void write_name(spanlink_str name, char *text) {
    if (name.len == 0 || (name.ptr[0] >= '0' && name.ptr[0] <= '9')) {
        *text++ = '_';
    }
    for (size_t i = 0; i < name.len; i++) {
        int c = (unsigned char)name.ptr[i];
        c = c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c;
        *text++ = (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ? (char)c : '_';
    }
    *text = '\0';
}

static bool is_of(const char *entry, const char *name) {
    size_t length = strlen(name);
    return strncmp(entry, name, length) == 0 && entry[length] == '=';
}

static void delete_entry(model *m, size_t index) {
    m->count--;
    memmove(m->entries[index], m->entries[index + 1], (m->count - index) * ENTRY);
}

/* Deletes every entry with the name from an index on. */
static void delete_all(model *m, const char *name, size_t index) {
    while (index < m->count) {
        if (is_of(m->entries[index], name)) {
            delete_entry(m, index);
        } else {
            index++;
        }
    }
}

static size_t find(const model *m, const char *name) {
    size_t index = 0;
    while (index < m->count && !is_of(m->entries[index], name)) {
        index++;
    }
    return index;
}

static spanlink_status set_plainly(model *m, const spanlink_environment *limits, const char *name,
                                   spanlink_str value) {
    model after = *m;
    size_t index = find(&after, name), size = strlen(name) + 1 + value.len + 1;
    if (value.len != 0 && memchr(value.ptr, '\0', value.len) != NULL) {
        return SPANLINK_ERR_ARGUMENT;
    }
    delete_all(&after, name, index + 1);
    after.count += index == after.count ? 1 : 0;
    if (m->used + size > limits->capacity || after.count + 1 > limits->max_entries) {
        return SPANLINK_ERR_CAPACITY;
    }
    sprintf(after.entries[index], "%s=%.*s", name, (int)value.len, value.len != 0 ? value.ptr : "");
    after.used += size;
    *m = after;
    return SPANLINK_OK;
}

static void compare(const model *m, const spanlink_environment *environment) {
    fuzz_expect(m->count == environment->count && m->used == environment->used);
    for (size_t i = 0; i < m->count; i++) {
        fuzz_expect(strcmp(m->entries[i], environment->entries[i]) == 0);
    }
    fuzz_expect(environment->entries[m->count] == NULL);
}

static void get(const model *m, const spanlink_environment *environment, spanlink_str name,
                const char *variable) {
    spanlink_getter getter = spanlink_environment_getter(environment->entries);
    spanlink_str value = {NULL, 0};
    size_t cursor = 0, index = find(m, variable);
    bool found = getter.next(getter.state, name, &cursor, &value);
    fuzz_expect(found == (index < m->count));
    if (found) {
        const char *wanted = m->entries[index] + strlen(variable) + 1;
        fuzz_expect(fuzz_same_text(spanlink_str_from(wanted), value));
        fuzz_expect(!getter.next(getter.state, name, &cursor, &value));
    }
}

static spanlink_str take(fuzz_input *input, size_t most) {
    size_t length = fuzz_byte(input) % (most + 1);
    length = length < input->left ? length : input->left;
    spanlink_str text = {(const char *)input->at, length};
    input->at += length;
    input->left -= length;
    return text;
}

static void call(fuzz_input *input, model *m, spanlink_environment *environment) {
    char variable[NAME + 2];
    uint8_t choice = fuzz_byte(input);
    spanlink_str name = take(input, NAME);
    spanlink_setter setter = spanlink_environment_setter(environment);
    write_name(name, variable);
    if (choice % 4 != 0) {
        spanlink_str given = take(input, VALUE);
        spanlink_str value = {fuzz_copy(given.ptr, given.len), given.len};
        fuzz_expect(setter.set(setter.state, name, value) ==
                    set_plainly(m, environment, variable, value));
        free((char *)(uintptr_t)value.ptr);
    } else {
        fuzz_expect(setter.remove(setter.state, name) == SPANLINK_OK);
        delete_all(m, variable, 0);
    }
    compare(m, environment);
    get(m, environment, name, variable);
}

/* Entries as a system may provide them, also without "=". */
static void inherit(fuzz_input *input, model *m, char **entries, size_t count) {
    for (; m->count < count; m->count++) {
        spanlink_str text = take(input, ENTRY - 1);
        memcpy(m->entries[m->count], text.ptr, text.len);
        m->entries[m->count][text.len] = '\0';
        entries[m->count] = fuzz_copy(m->entries[m->count], strlen(m->entries[m->count]) + 1);
    }
    entries[count] = NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static model m;
    fuzz_input input = {data, size};
    size_t max_entries = 1 + fuzz_byte(&input) % MOST_ENTRIES, capacity = fuzz_byte(&input) % TEXT;
    size_t count = fuzz_byte(&input) % max_entries;
    char **entries = fuzz_memory(max_entries * sizeof *entries), *inherited[MOST_ENTRIES] = {NULL};
    memset(&m, 0, sizeof m);
    inherit(&input, &m, entries, count);
    memcpy(inherited, entries, count * sizeof *entries);
    spanlink_environment environment = {
        fuzz_memory(capacity), capacity, 0, entries, count, max_entries};
    while (input.left != 0) {
        call(&input, &m, &environment);
    }
    for (size_t i = 0; i < count; i++) {
        free(inherited[i]);
    }
    free(environment.text);
    free(entries);
    return 0;
}
