/* SPDX-License-Identifier: MIT */
#include "http_carrier.h"

#include <stdio.h>
#include <string.h>

struct search {
    spanlink_str name, value;
    size_t skip; /* lines of that name that were asked for before */
    bool found;
};

static bool same_name(spanlink_str wanted, const char *name) {
    return strlen(name) == wanted.len && curl_strnequal(name, wanted.ptr, wanted.len) != 0;
}

static enum MHD_Result look_at(void *state, enum MHD_ValueKind kind, const char *name,
                               const char *value) {
    struct search *search = state;
    (void)kind;
    if (same_name(search->name, name) && search->skip-- == 0) {
        search->value = spanlink_str_from(value);
        search->found = true;
        return MHD_NO; /* look no further */
    }
    return MHD_YES;
}

static bool next(void *connection, spanlink_str name, size_t *cursor, spanlink_str *value) {
    struct search search = {.name = name, .skip = *cursor};
    MHD_get_connection_values(connection, MHD_HEADER_KIND, look_at, &search);
    *cursor += 1;
    *value = search.value;
    return search.found;
}

spanlink_getter request_getter(struct MHD_Connection *connection) {
    return (spanlink_getter){connection, next};
}

static spanlink_status set(void *headers, spanlink_str name, spanlink_str value) {
    struct curl_slist **list = headers;
    char line[SPANLINK_TRACESTATE_MAX + 64];
    snprintf(line, sizeof line, "%.*s: %.*s", (int)name.len, name.ptr, (int)value.len, value.ptr);
    struct curl_slist *longer = curl_slist_append(*list, line);
    if (longer == NULL) {
        return SPANLINK_ERR_NO_MEMORY;
    }
    *list = longer;
    return SPANLINK_OK;
}

spanlink_setter header_list_setter(struct curl_slist **headers) {
    return (spanlink_setter){.state = headers, .set = set};
}
