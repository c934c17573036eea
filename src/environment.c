/* SPDX-License-Identifier: MIT */
#include <spanlink/environment.h>

#include "internal/env.h"
#include "internal/memory.h"
#include "internal/text.h"

/* The name of the variable for a header. */
typedef struct variable_name {
    spanlink_str header;
    size_t prefix; /* 1 if "_" precedes it */
} variable_name;

static bool is_name_digit(char c) {
    return c >= '0' && c <= '9';
}

static variable_name variable_of(spanlink_str header) {
    bool prefixed = header.len == 0 || is_name_digit(header.ptr[0]);
    return (variable_name){header, prefixed ? 1 : 0};
}

static size_t variable_length(variable_name name) {
    return name.prefix + name.header.len;
}

static char variable_character(variable_name name, size_t index) {
    char c = index < name.prefix ? '_' : name.header.ptr[index - name.prefix];
    if (c >= 'a' && c <= 'z') {
        return (char)(c - 'a' + 'A');
    }
    return (c >= 'A' && c <= 'Z') || is_name_digit(c) ? c : '_';
}

/* Writes a name, and returns its length. */
static size_t write_variable(variable_name name, char *text) {
    size_t length = variable_length(name);
    for (size_t i = 0; i < length; i++) {
        text[i] = variable_character(name, i);
    }
    return length;
}

/* The value of a NAME=value string if it has that name, otherwise NULL. */
static const char *value_of_entry(const char *entry, variable_name name) {
    size_t length = variable_length(name);
    for (size_t i = 0; i < length; i++) {
        if (entry[i] != variable_character(name, i)) { /* the NUL is none of these characters */
            return NULL;
        }
    }
    return entry[length] == '=' ? entry + length + 1 : NULL;
}

/* Getter */

static const char *find_in_array(char *const *envp, variable_name name) {
    const char *value = NULL;
    for (; *envp != NULL && value == NULL; envp++) {
        value = value_of_entry(*envp, name);
    }
    return value;
}

enum { GETENV_NAME = 256 };

static const char *find_in_process(variable_name name) {
    char text[GETENV_NAME];
    if (variable_length(name) >= sizeof text) {
        return NULL;
    }
    text[write_variable(name, text)] = '\0';
    return slnk_env_get(text);
}

/* A variable is one line: the cursor is 0 until it has been read. */
static bool next_variable(void *state, spanlink_str name, size_t *cursor, spanlink_str *value) {
    char *const *envp = state;
    if ((*cursor)++ != 0 || slnk_text_is_broken(name)) {
        return false;
    }
    const char *found =
        envp != NULL ? find_in_array(envp, variable_of(name)) : find_in_process(variable_of(name));
    if (found != NULL) {
        *value = spanlink_str_from(found);
    }
    return found != NULL;
}

spanlink_getter spanlink_environment_getter(char *const *envp) {
    return (spanlink_getter){(void *)(uintptr_t)envp, next_variable};
}

/* Setter */

static bool is_variable_entry(const char *entry, variable_name name) {
    return entry != NULL && value_of_entry(entry, name) != NULL;
}

/* The number of entries left after removing those with a name. */
static size_t count_others(const spanlink_environment *environment, variable_name name) {
    size_t others = 0;
    for (size_t i = 0; i < environment->count; i++) {
        others += is_variable_entry(environment->entries[i], name) ? 0 : 1;
    }
    return others;
}

/* Puts an entry in the place of the first one with that name, or at the end, and removes the
 * others. NULL removes all of them. */
static void replace_entries(spanlink_environment *environment, variable_name name, char *entry) {
    char **entries = environment->entries;
    size_t kept = 0;
    for (size_t i = 0; i < environment->count; i++) {
        if (!is_variable_entry(entries[i], name)) {
            entries[kept++] = entries[i];
        } else if (entry != NULL) {
            entries[kept++] = entry;
            entry = NULL;
        }
    }
    if (entry != NULL) {
        entries[kept++] = entry;
    }
    entries[kept] = NULL;
    environment->count = kept;
}

static char *write_entry(char *text, variable_name name, spanlink_str value) {
    size_t length = write_variable(name, text);
    text[length] = '=';
    slnk_bytes_copy(text + length + 1, value.ptr, value.len);
    text[length + 1 + value.len] = '\0';
    return text;
}

static bool has_nul(spanlink_str value) {
    return value.len != 0 && memchr(value.ptr, '\0', value.len) != NULL;
}

/* Whether an array that should exist is NULL. */
static bool lacks_memory(const spanlink_environment *environment) {
    return (environment->text == NULL && environment->capacity != 0) ||
           (environment->entries == NULL &&
            (environment->max_entries != 0 || environment->count != 0));
}

static spanlink_status set_variable(void *state, spanlink_str name, spanlink_str value) {
    spanlink_environment *environment = state;
    if (slnk_text_is_broken(name) || slnk_text_is_broken(value) || has_nul(value) ||
        lacks_memory(environment)) {
        return SPANLINK_ERR_ARGUMENT;
    }
    variable_name variable = variable_of(name);
    size_t left =
        environment->used < environment->capacity ? environment->capacity - environment->used : 0;
    size_t size = slnk_size_add(variable_length(variable) + sizeof "=", value.len);
    if (size > left || count_others(environment, variable) + 1 >= environment->max_entries) {
        return SPANLINK_ERR_CAPACITY;
    }
    char *entry = write_entry(environment->text + environment->used, variable, value);
    environment->used += size;
    replace_entries(environment, variable, entry);
    return SPANLINK_OK;
}

/* An environment without entries and capacity stays empty; otherwise the NULL needs a place. */
static spanlink_status remove_variable(void *state, spanlink_str name) {
    spanlink_environment *environment = state;
    if (slnk_text_is_broken(name) || lacks_memory(environment)) {
        return SPANLINK_ERR_ARGUMENT;
    }
    if (environment->count == 0 && environment->max_entries == 0) {
        return SPANLINK_OK;
    }
    if (count_others(environment, variable_of(name)) >= environment->max_entries) {
        return SPANLINK_ERR_CAPACITY;
    }
    replace_entries(environment, variable_of(name), NULL);
    return SPANLINK_OK;
}

spanlink_setter spanlink_environment_setter(spanlink_environment *environment) {
    if (environment == NULL) {
        return (spanlink_setter){NULL, NULL, NULL};
    }
    return (spanlink_setter){environment, set_variable, remove_variable};
}
