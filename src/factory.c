/* SPDX-License-Identifier: MIT */
#include <spanlink/factory.h>

#include "internal/list/slots.h"
#include "internal/names.h"

/*
 * Links in the caller's array. The parts are inline, and the library's own texts have a known
 * length: 40 instructions per link, where calls and strlen() took 130.
 */

/* A link with the first `count` attributes of the array. */
static inline spanlink_link make_link(const spanlink_context *context,
                                      const spanlink_attribute *storage, size_t count) {
    static const spanlink_context none = {.trace_flags = 0};
    return (spanlink_link){
        .context = *(context != NULL ? context : &none),
        .attributes = storage,
        .attribute_count = count,
    };
}

/* Writes an attribute after `count` others, and returns the new count; without storage or text the
 * count is unchanged. */
static inline size_t put(spanlink_attribute *storage, size_t count, spanlink_str key,
                         spanlink_value value) {
    bool lacks_text = value.type == SPANLINK_VALUE_STRING && value.string_value.ptr == NULL;
    if (storage == NULL || lacks_text) {
        return count;
    }
    storage[count] = spanlink_attribute_make(key, value);
    return count + 1;
}

static inline spanlink_link with(const spanlink_context *context, spanlink_str type,
                                 spanlink_str key, spanlink_value value,
                                 spanlink_attribute storage[2]) {
    size_t count = put(storage, 0, SLNK_NAME(link_type), spanlink_value_string(type));
    count = put(storage, count, key, value);
    return make_link(context, storage, count);
}

/* The names of a factory's type and of its attribute. */
#define KIND(type, key) SLNK_NAME(type), SLNK_NAME(key)

spanlink_link spanlink_factory_batch_item(const spanlink_context *context, int64_t index,
                                          spanlink_attribute storage[2]) {
    return with(context, KIND(batch_item, batch_index), spanlink_value_int(index), storage);
}

spanlink_link spanlink_factory_custom_str(const spanlink_context *context, spanlink_str type,
                                          spanlink_attribute storage[2]) {
    size_t count = put(storage, 0, SLNK_NAME(link_type), spanlink_value_string(type));
    return make_link(context, storage, count);
}

spanlink_link spanlink_factory_custom(const spanlink_context *context, const char *type,
                                      spanlink_attribute storage[2]) {
    return spanlink_factory_custom_str(context, spanlink_str_from(type), storage);
}

spanlink_link spanlink_factory_of_type(const spanlink_context *context, spanlink_link_type type,
                                       spanlink_attribute storage[2]) {
    return spanlink_factory_custom(context, spanlink_link_type_name(type), storage);
}

spanlink_link spanlink_factory_retry(const spanlink_context *context, int64_t attempt,
                                     spanlink_attribute storage[2]) {
    return with(context, KIND(retry_of, retry_attempt), spanlink_value_int(attempt), storage);
}

spanlink_link spanlink_factory_aggregate_str(const spanlink_context *context, spanlink_str source,
                                             spanlink_attribute storage[2]) {
    return with(context, KIND(aggregates, aggregate_source), spanlink_value_string(source),
                storage);
}

spanlink_link spanlink_factory_aggregate(const spanlink_context *context, const char *source,
                                         spanlink_attribute storage[2]) {
    return spanlink_factory_aggregate_str(context, spanlink_str_from(source), storage);
}

spanlink_link spanlink_factory_causal(const spanlink_context *context, const char *reason,
                                      spanlink_attribute storage[2]) {
    return spanlink_factory_causal_str(context, spanlink_str_from(reason), storage);
}

spanlink_link spanlink_factory_causal_str(const spanlink_context *context, spanlink_str reason,
                                          spanlink_attribute storage[2]) {
    return with(context, KIND(caused_by, causal_reason), spanlink_value_string(reason), storage);
}

/* Links added to a list */

typedef spanlink_link integer_factory(const spanlink_context *context, int64_t value,
                                      spanlink_attribute storage[2]);
typedef spanlink_link text_factory(const spanlink_context *context, spanlink_str text,
                                   spanlink_attribute storage[2]);

static inline spanlink_status add_integer(spanlink_list *list, const spanlink_context *context,
                                          int64_t value, integer_factory *make) {
    spanlink_attribute storage[SPANLINK_FACTORY_ATTRIBUTES];
    if (context == NULL) {
        return SPANLINK_ERR_ARGUMENT;
    }
    spanlink_link link = make(context, value, storage);
    return slnk_list_add_static(list, &link);
}

static inline spanlink_status add_text(spanlink_list *list, const spanlink_context *context,
                                       spanlink_str text, text_factory *make) {
    spanlink_attribute storage[SPANLINK_FACTORY_ATTRIBUTES];
    if (context == NULL || text.ptr == NULL) {
        return SPANLINK_ERR_ARGUMENT;
    }
    spanlink_link link = make(context, text, storage);
    return spanlink_list_add(list, &link);
}

spanlink_status spanlink_list_add_batch_item(spanlink_list *list, const spanlink_context *context,
                                             int64_t index) {
    return add_integer(list, context, index, spanlink_factory_batch_item);
}

spanlink_status spanlink_list_add_retry(spanlink_list *list, const spanlink_context *context,
                                        int64_t attempt) {
    return add_integer(list, context, attempt, spanlink_factory_retry);
}

spanlink_status spanlink_list_add_aggregate_str(spanlink_list *list,
                                                const spanlink_context *context,
                                                spanlink_str source) {
    return add_text(list, context, source, spanlink_factory_aggregate_str);
}

spanlink_status spanlink_list_add_aggregate(spanlink_list *list, const spanlink_context *context,
                                            const char *source) {
    return spanlink_list_add_aggregate_str(list, context, spanlink_str_from(source));
}

spanlink_status spanlink_list_add_causal(spanlink_list *list, const spanlink_context *context,
                                         const char *reason) {
    return spanlink_list_add_causal_str(list, context, spanlink_str_from(reason));
}

spanlink_status spanlink_list_add_causal_str(spanlink_list *list, const spanlink_context *context,
                                             spanlink_str reason) {
    return add_text(list, context, reason, spanlink_factory_causal_str);
}

spanlink_status spanlink_list_add_of_type(spanlink_list *list, const spanlink_context *context,
                                          spanlink_link_type type) {
    return spanlink_list_add_custom(list, context, spanlink_link_type_name(type));
}

spanlink_status spanlink_list_add_custom_str(spanlink_list *list, const spanlink_context *context,
                                             spanlink_str type) {
    return add_text(list, context, type, spanlink_factory_custom_str);
}

spanlink_status spanlink_list_add_custom(spanlink_list *list, const spanlink_context *context,
                                         const char *type) {
    return spanlink_list_add_custom_str(list, context, spanlink_str_from(type));
}

#undef KIND
