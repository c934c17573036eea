/* SPDX-License-Identifier: MIT */
#include <spanlink/factory.h>

#include "internal/names.h"

/* Links over the caller's storage */

static spanlink_attribute text_attribute(spanlink_str key, const char *value) {
    return spanlink_attribute_strn(key, spanlink_str_from(value));
}

static spanlink_attribute integer_attribute(spanlink_str key, int64_t value) {
    spanlink_attribute attribute = {.key = key, .value = {.type = SPANLINK_VALUE_INT}};
    attribute.value.as.integer = value;
    return attribute;
}

/* Each factory adds its attributes to a bare link; without storage there are none. */
static spanlink_link start(const spanlink_context *context, const spanlink_attribute *storage) {
    spanlink_link link = {.attributes = storage};
    if (context != NULL) {
        link.context = *context;
    }
    return link;
}

static void put_text(spanlink_link *link, spanlink_attribute *storage, spanlink_str key,
                     const char *value) {
    if (storage != NULL && value != NULL) {
        storage[link->attribute_count++] = text_attribute(key, value);
    }
}

static void put_integer(spanlink_link *link, spanlink_attribute *storage, spanlink_str key,
                        int64_t value) {
    if (storage != NULL) {
        storage[link->attribute_count++] = integer_attribute(key, value);
    }
}

spanlink_link spanlink_factory_custom(const spanlink_context *context, const char *type,
                                      spanlink_attribute storage[2]) {
    spanlink_link link = start(context, storage);
    put_text(&link, storage, SPANLINK_NAME(link_type), type);
    return link;
}

spanlink_link spanlink_factory_typed(const spanlink_context *context, spanlink_link_type type,
                                     spanlink_attribute storage[2]) {
    return spanlink_factory_custom(context, spanlink_link_type_name(type), storage);
}

spanlink_link spanlink_factory_batch_item(const spanlink_context *context, int64_t index,
                                          spanlink_attribute storage[2]) {
    spanlink_link link = start(context, storage);
    put_text(&link, storage, SPANLINK_NAME(link_type), spanlink_names.batch_item);
    put_integer(&link, storage, SPANLINK_NAME(batch_index), index);
    return link;
}

spanlink_link spanlink_factory_retry(const spanlink_context *context, int64_t attempt,
                                     spanlink_attribute storage[2]) {
    spanlink_link link = start(context, storage);
    put_text(&link, storage, SPANLINK_NAME(link_type), spanlink_names.retry_of);
    put_integer(&link, storage, SPANLINK_NAME(retry_attempt), attempt);
    return link;
}

spanlink_link spanlink_factory_aggregate(const spanlink_context *context, const char *source,
                                         spanlink_attribute storage[2]) {
    spanlink_link link = start(context, storage);
    put_text(&link, storage, SPANLINK_NAME(link_type), spanlink_names.aggregates);
    put_text(&link, storage, SPANLINK_NAME(aggregate_source), source);
    return link;
}

spanlink_link spanlink_factory_causal(const spanlink_context *context, const char *reason,
                                      spanlink_attribute storage[2]) {
    spanlink_link link = start(context, storage);
    put_text(&link, storage, SPANLINK_NAME(link_type), spanlink_names.caused_by);
    put_text(&link, storage, SPANLINK_NAME(causal_reason), reason);
    return link;
}

/* Straight into a list */

spanlink_status spanlink_list_add_custom(spanlink_list *list, const spanlink_context *context,
                                         const char *type) {
    spanlink_attribute storage[SPANLINK_FACTORY_ATTRIBUTES];
    if (context == NULL || type == NULL) {
        return SPANLINK_ERR_ARGUMENT;
    }
    spanlink_link link = spanlink_factory_custom(context, type, storage);
    return spanlink_list_add(list, &link);
}

spanlink_status spanlink_list_add_typed(spanlink_list *list, const spanlink_context *context,
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
    return spanlink_list_add(list, &link);
}

spanlink_status spanlink_list_add_retry(spanlink_list *list, const spanlink_context *context,
                                        int64_t attempt) {
    spanlink_attribute storage[SPANLINK_FACTORY_ATTRIBUTES];
    if (context == NULL) {
        return SPANLINK_ERR_ARGUMENT;
    }
    spanlink_link link = spanlink_factory_retry(context, attempt, storage);
    return spanlink_list_add(list, &link);
}

spanlink_status spanlink_list_add_aggregate(spanlink_list *list, const spanlink_context *context,
                                            const char *source) {
    spanlink_attribute storage[SPANLINK_FACTORY_ATTRIBUTES];
    if (context == NULL || source == NULL) {
        return SPANLINK_ERR_ARGUMENT;
    }
    spanlink_link link = spanlink_factory_aggregate(context, source, storage);
    return spanlink_list_add(list, &link);
}

spanlink_status spanlink_list_add_causal(spanlink_list *list, const spanlink_context *context,
                                         const char *reason) {
    spanlink_attribute storage[SPANLINK_FACTORY_ATTRIBUTES];
    if (context == NULL || reason == NULL) {
        return SPANLINK_ERR_ARGUMENT;
    }
    spanlink_link link = spanlink_factory_causal(context, reason, storage);
    return spanlink_list_add(list, &link);
}
