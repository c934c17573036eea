/* SPDX-License-Identifier: MIT */
/* Messages that are JSON objects: jansson parses them, and a table lists the places of headers. */
#include "carriers.h"
#include "inputs.h"
#include "text.h"

#include <string.h>

#ifdef EXAMPLES_HAVE_JANSSON
#include <jansson.h>
#include <stdlib.h>

/* The headers of a message, each with the number of its place. They borrow the message's texts. */
struct field {
    spanlink_header header;
    size_t place;
};

struct fields {
    struct field *items;
    size_t count, capacity;
    bool out_of_memory;
};

/* For each name, the fields of the first place that has it. */
static bool next_field(void *state, spanlink_str name, size_t *cursor, spanlink_str *value) {
    const struct fields *fields = state;
    size_t place = *cursor > 0 ? fields->items[*cursor - 1].place : SIZE_MAX;
    while (*cursor < fields->count) {
        const struct field *field = &fields->items[(*cursor)++];
        if (text_is_name(field->header.name, name) &&
            (place == SIZE_MAX || place == field->place)) {
            *value = field->header.value;
            return true;
        }
    }
    return false;
}

static void add_field(struct fields *fields, size_t place, spanlink_str name, const json_t *text) {
    if (fields->count == fields->capacity && !fields->out_of_memory) {
        size_t capacity = fields->capacity == 0 ? 16 : 2 * fields->capacity;
        struct field *items = realloc(fields->items, capacity * sizeof *items);
        fields->out_of_memory = items == NULL;
        fields->items = items != NULL ? items : fields->items;
        fields->capacity = items != NULL ? capacity : fields->capacity;
    }
    if (!fields->out_of_memory) {
        spanlink_str value = {json_string_value(text), json_string_length(text)};
        fields->items[fields->count++] = (struct field){{name, value}, place};
    }
}

/* A value is a text, several texts, or an object that contains one, like the attributes of SQS. */
static void add_value(struct fields *fields, size_t place, spanlink_str name, const json_t *value) {
    static const char *const members[] = {"StringValue", "stringValue", "Value", "value"};
    json_t *item;
    size_t index;
    if (json_is_string(value)) {
        add_field(fields, place, name, value);
    }
    json_array_foreach(value, index, item) {
        if (json_is_string(item)) {
            add_field(fields, place, name, item);
        }
    }
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        const json_t *text = json_object_get(value, members[i]);
        if (json_is_string(text)) {
            add_field(fields, place, name, text);
        }
    }
}

/*
 * A CloudEvent that is one JSON object has its traceparent among its attributes. One whose
 * attributes are headers has them with a prefix; traceparent is then that of the last hop.
 */
static bool is_event(const json_t *message) {
    return json_object_get(message, "specversion") != NULL &&
           json_object_get(message, "ce-traceparent") == NULL &&
           json_object_get(message, "ce_traceparent") == NULL;
}

static const char *event_name(const char *name, bool cloudevent) {
    return !cloudevent                        ? name
           : strcmp(name, "traceparent") == 0 ? "ce-traceparent"
           : strcmp(name, "tracestate") == 0  ? "ce-tracestate"
                                              : name;
}

/* Headers are the members of an object, or alternating names and values in an array, as of kcat. */
static void add_headers(struct fields *fields, size_t place, json_t *headers, bool cloudevent) {
    const char *name;
    json_t *value;
    json_object_foreach(headers, name, value) {
        add_value(fields, place, spanlink_str_from(event_name(name, cloudevent)), value);
    }
    for (size_t i = 0; i + 1 < json_array_size(headers); i += 2) {
        const json_t *key = json_array_get(headers, i);
        spanlink_str text = {json_string_value(key), json_string_length(key)};
        add_value(fields, place, text, json_array_get(headers, i + 1));
    }
}

/* A member that is JSON in a string, like SNS's notification in the body of an SQS message. */
static json_t *open_member(json_t *object, const char *name) {
    json_t *member = json_object_get(object, name);
    if (json_is_string(member) && json_string_value(member)[0] == '{') {
        json_t *inner = json_loadb(json_string_value(member), json_string_length(member),
                                   JSON_ALLOW_NUL | JSON_DECODE_INT_AS_REAL, NULL);
        if (inner != NULL && json_object_set_new(object, name, inner) == 0) {
            member = inner;
        }
    }
    return member;
}

/* Follows a path such as "Body.MessageAttributes". */
static json_t *find_place(json_t *message, const char *path) {
    char name[64];
    const char *dot = strchr(path, '.');
    if (dot == NULL) {
        return path[0] == '\0' || strcmp(path, CLOUDEVENT) == 0 ? message
                                                                : json_object_get(message, path);
    }
    snprintf(name, sizeof name, "%.*s", (int)(dot - path), path);
    return find_place(open_member(message, name), dot + 1);
}

static spanlink_status hand_on(const struct input_kind *kind, json_t *message, uint64_t line,
                               const struct message_sink *sink) {
    struct fields fields = {NULL, 0, 0, false};
    for (size_t i = 0; i < INPUT_PLACES && kind->places[i] != NULL; i++) {
        const char *path = kind->places[i];
        add_headers(&fields, i, find_place(message, path),
                    strcmp(path, CLOUDEVENT) == 0 && is_event(message));
    }
    spanlink_getter all = {&fields, next_field}, last = last_getter(&all);
    spanlink_status status =
        fields.out_of_memory ? SPANLINK_ERR_NO_MEMORY
                             : sink->message(sink->state, line, kind->last_counts ? &last : &all);
    free(fields.items);
    return status;
}

/* The messages of a document: its elements, those in one of these members, or itself. */
static json_t *messages_in(json_t *document) {
    static const char *const members[] = {"Messages", "Records", "receivedMessages"};
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        json_t *messages = json_object_get(document, members[i]);
        if (json_is_array(messages)) {
            return messages;
        }
    }
    return document;
}

static spanlink_status hand_on_object(const struct input_kind *kind, json_t *message, uint64_t line,
                                      const struct message_sink *sink) {
    if (!json_is_object(message)) {
        sink->fault(sink->state, line, "this is no message", (spanlink_str){NULL, 0}, kind->what);
        return SPANLINK_OK;
    }
    return hand_on(kind, message, line, sink);
}

static spanlink_status hand_on_document(const struct input_kind *kind, json_t *document,
                                        uint64_t line, const struct message_sink *sink) {
    json_t *messages = messages_in(document), *message;
    size_t index;
    spanlink_status status = SPANLINK_OK;
    if (!json_is_array(messages)) {
        return hand_on_object(kind, messages, line, sink);
    }
    json_array_foreach(messages, index, message) {
        status = hand_on_object(kind, message, line, sink);
        if (status != SPANLINK_OK) {
            break;
        }
    }
    return status;
}

static void refuse(const struct input_kind *kind, const struct input *input,
                   const json_error_t *error, const struct message_sink *sink) {
    char fault[JSON_ERROR_TEXT_LENGTH + 32];
    snprintf(fault, sizeof fault, "this is not JSON: %s", error->text);
    sink->fault(sink->state, input->first_line,
                input->too_long ? "the document is too long" : fault,
                (spanlink_str){input->text, input->length},
                input->too_long ? "at most 16 MiB" : kind->what);
}

spanlink_status read_json(const struct input_kind *kind, struct input *input,
                          const struct message_sink *sink) {
    spanlink_status status = SPANLINK_OK;
    while (status == SPANLINK_OK && input_json(input)) {
        json_error_t error = {.text = "it is too long"};
        json_t *document = input->too_long
                               ? NULL
                               : json_loadb(input->text, input->length,
                                            JSON_ALLOW_NUL | JSON_DECODE_INT_AS_REAL, &error);
        if (document != NULL) {
            status = hand_on_document(kind, document, input->first_line, sink);
        } else {
            refuse(kind, input, &error, sink);
        }
        json_decref(document);
    }
    return status;
}

#else

spanlink_status read_json(const struct input_kind *kind, struct input *input,
                          const struct message_sink *sink) {
    (void)kind;
    while (input_json(input)) {
        sink->fault(sink->state, input->first_line, "built without jansson, which reads JSON",
                    (spanlink_str){NULL, 0}, "a program that was built with libjansson-dev");
    }
    return SPANLINK_OK;
}

#endif
