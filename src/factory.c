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

/* Each of these functions writes an attribute after `count` others, and returns the new count;
 * without storage or text the count is unchanged. */
static inline size_t put_text(spanlink_attribute *storage, size_t count, spanlink_str key,
                              spanlink_str value) {
    if (storage == NULL || value.ptr == NULL) {
        return count;
    }
    storage[count] = spanlink_attribute_make(key, spanlink_value_string(value));
    return count + 1;
}

static inline size_t put_integer(spanlink_attribute *storage, size_t count, spanlink_str key,
                                 int64_t value) {
    if (storage == NULL) {
        return count;
    }
    storage[count] = spanlink_attribute_make(key, spanlink_value_int(value));
    return count + 1;
}

spanlink_link spanlink_factory_custom_str(const spanlink_context *context, spanlink_str type,
                                          spanlink_attribute storage[2]) {
    size_t count = put_text(storage, 0, SLNK_NAME(link_type), type);
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

static inline spanlink_link with_integer(const spanlink_context *context, spanlink_str type,
                                         spanlink_str key, int64_t value,
                                         spanlink_attribute storage[2]) {
    size_t count = put_text(storage, 0, SLNK_NAME(link_type), type);
    count = put_integer(storage, count, key, value);
    return make_link(context, storage, count);
}

static inline spanlink_link with_text(const spanlink_context *context, spanlink_str type,
                                      spanlink_str key, spanlink_str value,
                                      spanlink_attribute storage[2]) {
    size_t count = put_text(storage, 0, SLNK_NAME(link_type), type);
    count = put_text(storage, count, key, value);
    return make_link(context, storage, count);
}

spanlink_link spanlink_factory_batch_item(const spanlink_context *context, int64_t index,
                                          spanlink_attribute storage[2]) {
    return with_integer(context, SLNK_NAME(batch_item), SLNK_NAME(batch_index), index, storage);
}

spanlink_link spanlink_factory_retry(const spanlink_context *context, int64_t attempt,
                                     spanlink_attribute storage[2]) {
    return with_integer(context, SLNK_NAME(retry_of), SLNK_NAME(retry_attempt), attempt, storage);
}

spanlink_link spanlink_factory_aggregate_str(const spanlink_context *context, spanlink_str source,
                                             spanlink_attribute storage[2]) {
    return with_text(context, SLNK_NAME(aggregates), SLNK_NAME(aggregate_source), source, storage);
}

spanlink_link spanlink_factory_aggregate(const spanlink_context *context, const char *source,
                                         spanlink_attribute storage[2]) {
    return spanlink_factory_aggregate_str(context, spanlink_str_from(source), storage);
}

spanlink_link spanlink_factory_causal_str(const spanlink_context *context, spanlink_str reason,
                                          spanlink_attribute storage[2]) {
    return with_text(context, SLNK_NAME(caused_by), SLNK_NAME(causal_reason), reason, storage);
}

spanlink_link spanlink_factory_causal(const spanlink_context *context, const char *reason,
                                      spanlink_attribute storage[2]) {
    return spanlink_factory_causal_str(context, spanlink_str_from(reason), storage);
}

/* Links added to a list */

spanlink_status spanlink_list_add_custom_str(spanlink_list *list, const spanlink_context *context,
                                             spanlink_str type) {
    spanlink_attribute storage[SPANLINK_FACTORY_ATTRIBUTES];
    if (context == NULL || type.ptr == NULL) {
        return SPANLINK_ERR_ARGUMENT;
    }
    spanlink_link link = spanlink_factory_custom_str(context, type, storage);
    return spanlink_list_add(list, &link);
}

spanlink_status spanlink_list_add_custom(spanlink_list *list, const spanlink_context *context,
                                         const char *type) {
    return spanlink_list_add_custom_str(list, context, spanlink_str_from(type));
}

spanlink_status spanlink_list_add_of_type(spanlink_list *list, const spanlink_context *context,
                                          spanlink_link_type type) {
    return spanlink_list_add_custom(list, context, spanlink_link_type_name(type));
}

spanlink_status spanlink_list_add_batch_item(spanlink_list *list, const spanlink_context *context,
                                             int64_t index) {
    spanlink_attribute storage[SPANLINK_FACTORY_ATTRIBUTES];
    if (context == NULL) {
        return SPANLINK_ERR_ARGUMENT;
    }
    spanlink_link link = spanlink_factory_batch_item(context, index, storage);
    return slnk_list_add_static(list, &link);
}

spanlink_status spanlink_list_add_retry(spanlink_list *list, const spanlink_context *context,
                                        int64_t attempt) {
    spanlink_attribute storage[SPANLINK_FACTORY_ATTRIBUTES];
    if (context == NULL) {
        return SPANLINK_ERR_ARGUMENT;
    }
    spanlink_link link = spanlink_factory_retry(context, attempt, storage);
    return slnk_list_add_static(list, &link);
}

spanlink_status spanlink_list_add_aggregate_str(spanlink_list *list,
                                                const spanlink_context *context,
                                                spanlink_str source) {
    spanlink_attribute storage[SPANLINK_FACTORY_ATTRIBUTES];
    if (context == NULL || source.ptr == NULL) {
        return SPANLINK_ERR_ARGUMENT;
    }
    spanlink_link link = spanlink_factory_aggregate_str(context, source, storage);
    return spanlink_list_add(list, &link);
}

spanlink_status spanlink_list_add_aggregate(spanlink_list *list, const spanlink_context *context,
                                            const char *source) {
    return spanlink_list_add_aggregate_str(list, context, spanlink_str_from(source));
}

spanlink_status spanlink_list_add_causal_str(spanlink_list *list, const spanlink_context *context,
                                             spanlink_str reason) {
    spanlink_attribute storage[SPANLINK_FACTORY_ATTRIBUTES];
    if (context == NULL || reason.ptr == NULL) {
        return SPANLINK_ERR_ARGUMENT;
    }
    spanlink_link link = spanlink_factory_causal_str(context, reason, storage);
    return spanlink_list_add(list, &link);
}

spanlink_status spanlink_list_add_causal(spanlink_list *list, const spanlink_context *context,
                                         const char *reason) {
    return spanlink_list_add_causal_str(list, context, spanlink_str_from(reason));
}
