/* SPDX-License-Identifier: MIT */
/* yyjson: builds a document of the links and writes it. Texts are validated but not copied. */
#include "links.h"

#include <yyjson.h>

static peers_link links[BATCH];
static char *json;
static size_t written;

static void add_hex(yyjson_mut_doc *doc, yyjson_mut_val *to, const char *key, const uint8_t *id,
                    size_t size) {
    static const char digits[] = "0123456789abcdef";
    char text[32];
    for (size_t i = 0; i < size; i++) {
        text[2 * i] = digits[id[i] >> 4];
        text[2 * i + 1] = digits[id[i] & 15];
    }
    yyjson_mut_obj_add_strncpy(doc, to, key, text, 2 * size);
}

static void add_link(yyjson_mut_doc *doc, yyjson_mut_val *to, const peers_link *link) {
    yyjson_mut_val *object = yyjson_mut_arr_add_obj(doc, to);
    add_hex(doc, object, "traceId", link->trace_id, 16);
    add_hex(doc, object, "spanId", link->span_id, 8);
    yyjson_mut_val *attributes = yyjson_mut_obj_add_arr(doc, object, "attributes");
    for (size_t i = 0; i < link->count; i++) {
        yyjson_mut_val *attribute = yyjson_mut_arr_add_obj(doc, attributes);
        yyjson_mut_obj_add_str(doc, attribute, "key", link->attributes[i].key);
        yyjson_mut_val *value = yyjson_mut_obj_add_obj(doc, attribute, "value");
        if (link->attributes[i].text != NULL) {
            yyjson_mut_obj_add_str(doc, value, "stringValue", link->attributes[i].text);
        } else {
            char number[24];
            snprintf(number, sizeof number, "%" PRId64, link->attributes[i].number);
            yyjson_mut_obj_add_strcpy(doc, value, "intValue", number);
        }
    }
    yyjson_mut_obj_add_uint(doc, object, "flags", OTLP_FLAGS);
}

static void encode(void *state) {
    (void)state;
    yyjson_mut_doc *doc = yyjson_mut_doc_new(NULL);
    yyjson_mut_val *root = yyjson_mut_arr(doc);
    yyjson_mut_doc_set_root(doc, root);
    for (int i = 0; i < BATCH; i++) {
        add_link(doc, root, &links[i]);
    }
    free(json);
    json = yyjson_mut_write(doc, YYJSON_WRITE_NOFLAG, &written);
    peers_require(json != NULL, "json");
    yyjson_mut_doc_free(doc);
}

static uint64_t keep(void *work) {
    peers_keep(work, "C yyjson", json, written);
    return 0;
}

static void measure(const char *work) {
    peers_measure(&(peers_work){.work = work,
                                .peer = "C yyjson",
                                .operations = 1,
                                .pass = encode,
                                .answer = keep,
                                .state = (void *)work});
}

int main(int argc, char **argv) {
    peers_start(argc, argv);
    peers_fill(links, false);
    measure("json");
    peers_fill(links, true);
    measure("json_texts");
    free(json);
    return EXIT_SUCCESS;
}
