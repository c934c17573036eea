/* SPDX-License-Identifier: MIT */
#include "internal/list/link_copy.h"

#include "internal/memory.h"
#include "internal/names.h"
#include "internal/utf8.h"

#include <assert.h>

/* In front of the elements of an array or map. 64 bits everywhere, so that elements stay aligned.
 */
typedef struct group {
    uint64_t length_and_kind; /* length * 2 + (1 for a map) */
} group;

static bool is_container(const spanlink_value *value) {
    return value->type == SPANLINK_VALUE_ARRAY || value->type == SPANLINK_VALUE_MAP;
}

static bool is_map(const spanlink_value *value) {
    return value->type == SPANLINK_VALUE_MAP;
}

static size_t container_length(const spanlink_value *value) {
    return is_map(value) ? value->map_value.len : value->array_value.len;
}

static size_t element_size(bool map) {
    return map ? sizeof(spanlink_attribute) : sizeof(spanlink_value);
}

static bool key_is_usable(spanlink_str key) {
    return key.len != 0 && (slnk_name_owned(key.ptr) || slnk_utf8_valid(key.ptr, key.len));
}

static size_t text_size(const char *text, size_t length) {
    return slnk_name_owned(text) ? 0 : length;
}

/* The bytes of a value's own text, cut to the limit. */
static spanlink_str value_text(const spanlink_value *value, size_t max_length) {
    if (value->type == SPANLINK_VALUE_STRING) {
        spanlink_str text = value->string_value;
        return (spanlink_str){text.ptr, slnk_utf8_prefix(text.ptr, text.len, max_length)};
    }
    if (value->type == SPANLINK_VALUE_BYTES) {
        size_t length = value->bytes_value.len;
        return (spanlink_str){(const char *)value->bytes_value.ptr,
                              length < max_length ? length : max_length};
    }
    return (spanlink_str){NULL, 0};
}

static size_t value_text_size(const spanlink_value *value, size_t max_length) {
    spanlink_str text = value_text(value, max_length);
    return text_size(text.ptr, text.len);
}

static uint32_t add_dropped(uint32_t dropped, size_t more) {
    return more > UINT32_MAX - dropped ? UINT32_MAX : dropped + (uint32_t)more;
}

/*
 * Planning: the walk through a value of the caller's, which may be nested as deep as the limit
 * allows and the limit may be none. It keeps the arrays and maps that it has entered in the
 * scratch.
 */

typedef struct level {
    const spanlink_value *value; /* an array or map */
    size_t next;
} level;

typedef struct measure {
    const spanlink_limits *limits;
    const spanlink_allocator *allocator;
    slnk_copy_scratch *scratch;
    size_t structure, text;
    size_t dropped;
} measure;

static spanlink_status enter(measure *m, const spanlink_value *value, size_t *depth) {
    if (*depth >= m->limits->max_value_depth) {
        return SPANLINK_ERR_VALUE_DEPTH;
    }
    size_t have = m->scratch->levels_bytes;
    if (*depth * sizeof(level) == have) {
        size_t wanted = have == 0 ? 8 * sizeof(level) : slnk_size_multiply(have, 2);
        void *levels = slnk_memory_resize(m->allocator, m->scratch->levels, have, wanted);
        if (levels == NULL) {
            return SPANLINK_ERR_NO_MEMORY;
        }
        m->scratch->levels = levels;
        m->scratch->levels_bytes = wanted;
    }
    ((level *)m->scratch->levels)[(*depth)++] = (level){value, 0};
    if (container_length(value) != 0) {
        m->structure = slnk_size_add(m->structure, sizeof(group));
    }
    return SPANLINK_OK;
}

/* The next element of an array or map, counted with its key; NULL for one that is left out. */
static const spanlink_value *next_element(measure *m, level *top) {
    size_t index = top->next++;
    const spanlink_value *element;
    if (is_map(top->value)) {
        const spanlink_attribute *attribute = &top->value->map_value.ptr[index];
        if (!key_is_usable(attribute->key)) {
            m->dropped++;
            return NULL;
        }
        m->text = slnk_size_add(m->text, text_size(attribute->key.ptr, attribute->key.len));
        element = &attribute->value;
    } else {
        element = &top->value->array_value.ptr[index];
    }
    m->structure = slnk_size_add(m->structure, element_size(is_map(top->value)));
    return element;
}

static spanlink_status measure_value(measure *m, const spanlink_value *value, size_t *depth) {
    if (value->type > SPANLINK_VALUE_MAP) {
        return SPANLINK_ERR_VALUE_TYPE;
    }
    if (is_container(value)) {
        return enter(m, value, depth);
    }
    m->text = slnk_size_add(m->text, value_text_size(value, m->limits->max_value_length));
    return SPANLINK_OK;
}

/* Adds what a value takes beside its own struct. OK, VALUE_TYPE, NO_MEMORY or VALUE_DEPTH, for
 * which it is to be dropped. */
static spanlink_status measure_whole(measure *m, const spanlink_value *value) {
    size_t depth = 0;
    spanlink_status status = measure_value(m, value, &depth);
    while (status == SPANLINK_OK && depth != 0) {
        level *top = &((level *)m->scratch->levels)[depth - 1];
        if (top->next == container_length(top->value)) {
            depth--;
            continue;
        }
        const spanlink_value *element = next_element(m, top);
        if (element != NULL) {
            status = measure_value(m, element, &depth);
        }
    }
    return status;
}

/*
 * Planning: which attributes stay. With few, each key is compared with those before it; with many,
 * a table finds them, so that the work stays linear.
 */

typedef struct chooser {
    measure *measure;
    const spanlink_attribute **chosen;
    size_t count;
    uint32_t *table; /* numbers of chosen attributes, from 1; 0: free. NULL: no table */
    size_t table_size;
} chooser;

static bool same_key(spanlink_str a, spanlink_str b) {
    return a.len == b.len && (a.ptr == b.ptr || memcmp(a.ptr, b.ptr, a.len) == 0);
}

/* Where the table has a key, or the free slot where it would be. */
static uint32_t *table_slot(const chooser *c, spanlink_str key) {
    uint64_t hash = slnk_hash_text(c->measure->scratch->seed, key.ptr, key.len);
    size_t slot = (size_t)hash & (c->table_size - 1);
    while (c->table[slot] != 0 && !same_key(c->chosen[c->table[slot] - 1]->key, key)) {
        slot = (slot + 1) & (c->table_size - 1);
    }
    return &c->table[slot];
}

/* The number of the chosen attribute with that key; c->count if there is none. */
static size_t find_chosen(const chooser *c, spanlink_str key) {
    if (c->table != NULL) {
        uint32_t number = *table_slot(c, key);
        return number != 0 ? number - 1 : c->count;
    }
    size_t i = 0;
    while (i < c->count && !same_key(c->chosen[i]->key, key)) {
        i++;
    }
    return i;
}

static void choose(chooser *c, const spanlink_attribute *attribute) {
    size_t place = find_chosen(c, attribute->key);
    if (place == c->count && c->count >= c->measure->limits->max_attributes) {
        c->measure->dropped++;
        return;
    }
    c->chosen[place] = attribute;
    if (place == c->count) {
        c->count++;
        if (c->table != NULL) {
            *table_slot(c, attribute->key) = (uint32_t)c->count;
        }
    }
}

/* Whether an array or map may stay. Its size is not kept: a later attribute may take its place. */
static spanlink_status check_container(const measure *m, const spanlink_value *value) {
    measure thrown_away = *m;
    return measure_whole(&thrown_away, value);
}

static spanlink_status choose_all(chooser *c, const spanlink_link *link) {
    for (size_t i = 0; i < link->attribute_count; i++) {
        const spanlink_attribute *attribute = &link->attributes[i];
        spanlink_status status = SPANLINK_OK;
        if (attribute->value.type >= SPANLINK_VALUE_ARRAY) {
            status = check_container(c->measure, &attribute->value);
        }
        if (status != SPANLINK_OK && status != SPANLINK_ERR_VALUE_DEPTH) {
            return status;
        }
        if (status == SPANLINK_ERR_VALUE_DEPTH || !key_is_usable(attribute->key)) {
            c->measure->dropped++;
        } else {
            choose(c, attribute);
        }
    }
    return SPANLINK_OK;
}

/* The most attributes of a link: their numbers fit into 32 bits, and the scratch into a size_t. */
enum { MOST_ATTRIBUTES = SIZE_MAX / 128 < UINT32_MAX / 4 ? SIZE_MAX / 128 : UINT32_MAX / 4 };

/* The table's size for so many keys: a power of two, half full at most. */
static size_t key_table_size(size_t keys) {
    size_t size = (size_t)2 * SLNK_COPY_FEW;
    while (size / 2 < keys) {
        size *= 2;
    }
    return size;
}

static size_t chosen_bytes(size_t keys) {
    return keys * sizeof(const spanlink_attribute *) + key_table_size(keys) * sizeof(uint32_t);
}

/* A table from the scratch, for as many keys as can be chosen. */
static spanlink_status start_table(chooser *c, size_t attributes) {
    measure *m = c->measure;
    size_t limit = m->limits->max_attributes;
    size_t keys = attributes < limit ? attributes : limit;
    if (keys > MOST_ATTRIBUTES) {
        return SPANLINK_ERR_NO_MEMORY;
    }
    keys = key_table_size(keys) / 2; /* few sizes, so that it grows in few steps */
    size_t bytes = chosen_bytes(keys);
    if (bytes > m->scratch->chosen_bytes) {
        void *block = slnk_memory_allocate(m->allocator, bytes);
        if (block == NULL) {
            return SPANLINK_ERR_NO_MEMORY;
        }
        slnk_memory_release(m->allocator, m->scratch->chosen, m->scratch->chosen_bytes);
        m->scratch->chosen = block;
        m->scratch->chosen_bytes = bytes;
    }
    c->chosen = m->scratch->chosen;
    c->table = (uint32_t *)(void *)(c->chosen + keys);
    c->table_size = key_table_size(keys);
    memset(c->table, 0, c->table_size * sizeof *c->table);
    return SPANLINK_OK;
}

/* Cannot fail: each was walked through before it was chosen. */
static void measure_chosen(measure *m, const chooser *c) {
    for (size_t i = 0; i < c->count; i++) {
        const spanlink_attribute *attribute = c->chosen[i];
        m->text = slnk_size_add(m->text, text_size(attribute->key.ptr, attribute->key.len));
        spanlink_status status = measure_whole(m, &attribute->value);
        assert(status == SPANLINK_OK);
        (void)status;
    }
    m->structure = slnk_size_add(m->structure, c->count * sizeof(spanlink_attribute));
}

spanlink_status slnk_copy_make_plan(slnk_copy_plan *plan, const spanlink_link *link,
                                    const spanlink_limits *limits,
                                    const spanlink_allocator *allocator,
                                    slnk_copy_scratch *scratch) {
    measure m = {.limits = limits, .allocator = allocator, .scratch = scratch};
    chooser c = {.measure = &m, .chosen = plan->few};
    spanlink_status status = SPANLINK_OK;
    if (link->attribute_count > SLNK_COPY_FEW) {
        status = start_table(&c, link->attribute_count);
    }
    if (status == SPANLINK_OK) {
        status = choose_all(&c, link);
    }
    if (status != SPANLINK_OK) {
        return status;
    }
    m.text = link->context.trace_state.len;
    measure_chosen(&m, &c);
    size_t size = slnk_size_add(m.structure, m.text);
    if (size > SIZE_MAX - 64) {
        return SPANLINK_ERR_NO_MEMORY;
    }
    plan->link = link;
    plan->max_value_length = limits->max_value_length;
    plan->chosen = c.chosen;
    plan->count = c.count;
    plan->structure = m.structure;
    plan->size = (size + 7) & ~(size_t)7;
    plan->dropped = add_dropped(link->dropped_attributes_count, m.dropped);
    return SPANLINK_OK;
}

/* Writing: elements are copied group by group; those that own a group of their own come to it
 * later. */

typedef struct copier {
    char *group; /* where the next group goes */
    char *text;  /* where the next text goes */
    size_t max_value_length;
} copier;

static const char *copy_text(copier *c, const char *text, size_t length) {
    if (length == 0) {
        return slnk_names.empty;
    }
    if (slnk_name_owned(text)) {
        return text;
    }
    char *copy = c->text;
    memcpy(copy, text, length);
    c->text += length;
    return copy;
}

/* Copies a value, but for the elements of an array or map, which stay the caller's until expand().
 */
static void copy_value(copier *c, const spanlink_value *from, spanlink_value *to) {
    *to = *from;
    spanlink_str text = value_text(from, c->max_value_length);
    if (from->type == SPANLINK_VALUE_STRING) {
        to->string_value.ptr = copy_text(c, text.ptr, text.len);
        to->string_value.len = text.len;
    } else if (from->type == SPANLINK_VALUE_BYTES) {
        to->bytes_value.ptr = (const uint8_t *)copy_text(c, text.ptr, text.len);
        to->bytes_value.len = text.len;
    } else if (is_container(from) && container_length(from) == 0) {
        *to = (spanlink_value){.type = from->type}; /* NULL: it has no group */
    }
}

static void copy_attribute(copier *c, spanlink_str key, const spanlink_value *value,
                           spanlink_attribute *to) {
    to->key = (spanlink_str){copy_text(c, key.ptr, key.len), key.len};
    copy_value(c, value, &to->value);
}

static void expand_array(copier *c, spanlink_value *value) {
    size_t length = value->array_value.len;
    spanlink_value *elements = (spanlink_value *)(void *)(c->group + sizeof(group));
    for (size_t i = 0; i < length; i++) {
        copy_value(c, &value->array_value.ptr[i], &elements[i]);
    }
    *(group *)(void *)c->group = (group){(uint64_t)length * 2};
    value->array_value.ptr = elements;
    c->group = (char *)(elements + length);
}

static void expand_map(copier *c, spanlink_value *value) {
    size_t length = 0;
    spanlink_attribute *elements = (spanlink_attribute *)(void *)(c->group + sizeof(group));
    for (size_t i = 0; i < value->map_value.len; i++) {
        const spanlink_attribute *from = &value->map_value.ptr[i];
        if (key_is_usable(from->key)) {
            copy_attribute(c, from->key, &from->value, &elements[length++]);
        }
    }
    *(group *)(void *)c->group = (group){(uint64_t)length * 2 + 1};
    value->map_value.ptr = elements;
    value->map_value.len = length;
    c->group = (char *)(elements + length);
}

static void expand(copier *c, spanlink_value *value) {
    if (is_map(value) && value->map_value.len != 0) {
        expand_map(c, value);
    } else if (is_container(value) && container_length(value) != 0) {
        expand_array(c, value);
    }
}

static bool is_map_group(const group *at) {
    return at->length_and_kind % 2 != 0;
}

static size_t group_length(const group *at) {
    return (size_t)(at->length_and_kind / 2);
}

static spanlink_value *group_value(group *at, size_t index) {
    char *element = (char *)(at + 1) + index * element_size(is_map_group(at));
    return is_map_group(at) ? &((spanlink_attribute *)(void *)element)->value
                            : (spanlink_value *)(void *)element;
}

static group *group_behind(group *at) {
    return (group *)(void *)((char *)(at + 1) + group_length(at) * element_size(is_map_group(at)));
}

static void copy_groups(copier *c, spanlink_attribute *attributes, size_t count) {
    for (size_t i = 0; i < count; i++) {
        expand(c, &attributes[i].value);
    }
    for (group *at = (group *)(void *)(attributes + count); (char *)at != c->group;
         at = group_behind(at)) {
        for (size_t i = 0; i < group_length(at); i++) {
            expand(c, group_value(at, i));
        }
    }
}

void slnk_copy_write(const slnk_copy_plan *plan, void *block, spanlink_link *copy) {
    const spanlink_link *link = plan->link;
    spanlink_attribute *attributes = block;
    copier c = {.text = (char *)block + plan->structure,
                .max_value_length = plan->max_value_length};
    for (size_t i = 0; i < plan->count; i++) {
        copy_attribute(&c, plan->chosen[i]->key, &plan->chosen[i]->value, &attributes[i]);
    }
    if (plan->structure != plan->count * sizeof *attributes) {
        c.group = (char *)(attributes + plan->count);
        copy_groups(&c, attributes, plan->count);
    }
    spanlink_str state = link->context.trace_state;
    copy->context = link->context;
    copy->context.trace_state.ptr = copy_text(&c, state.ptr, state.len);
    copy->attributes = plan->count != 0 ? attributes : NULL;
    copy->attribute_count = plan->count;
    copy->dropped_attributes_count = plan->dropped;
}

/*
 * Moving: every pointer into the block moves with it. Texts of the library's own stay where they
 * are.
 */

typedef struct move {
    const char *from;
    char *to;
} move;

static const void *moved_pointer(const move *m, const void *pointer) {
    return m->to + ((uintptr_t)pointer - (uintptr_t)m->from);
}

static const char *moved_text(const move *m, const char *text) {
    return slnk_name_owned(text) ? text : moved_pointer(m, text);
}

/* True if the value has a group of its own. */
static bool move_value(const move *m, spanlink_value *value) {
    if (value->type == SPANLINK_VALUE_STRING) {
        value->string_value.ptr = moved_text(m, value->string_value.ptr);
    } else if (value->type == SPANLINK_VALUE_BYTES) {
        const char *bytes = (const char *)value->bytes_value.ptr;
        value->bytes_value.ptr = (const uint8_t *)moved_text(m, bytes);
    } else if (is_map(value) && value->map_value.ptr != NULL) {
        value->map_value.ptr = moved_pointer(m, value->map_value.ptr);
        return true;
    } else if (is_container(value) && value->array_value.ptr != NULL) {
        value->array_value.ptr = moved_pointer(m, value->array_value.ptr);
        return true;
    }
    return false;
}

static bool move_attribute(const move *m, spanlink_attribute *attribute) {
    attribute->key.ptr = moved_text(m, attribute->key.ptr);
    return move_value(m, &attribute->value);
}

static bool move_element(const move *m, group *at, size_t index) {
    if (is_map_group(at)) {
        return move_attribute(m, &((spanlink_attribute *)(void *)(at + 1))[index]);
    }
    return move_value(m, &((spanlink_value *)(void *)(at + 1))[index]);
}

void slnk_copy_moved(spanlink_link *copy, const void *from, void *to) {
    move m = {from, to};
    size_t groups = 0; /* met, but not walked over yet */
    copy->context.trace_state.ptr = moved_text(&m, copy->context.trace_state.ptr);
    if (copy->attribute_count == 0) {
        return;
    }
    spanlink_attribute *attributes = to;
    copy->attributes = attributes;
    for (size_t i = 0; i < copy->attribute_count; i++) {
        groups += move_attribute(&m, &attributes[i]);
    }
    group *at = (group *)(void *)(attributes + copy->attribute_count);
    for (; groups != 0; groups--, at = group_behind(at)) {
        for (size_t i = 0; i < group_length(at); i++) {
            groups += move_element(&m, at, i);
        }
    }
}

void slnk_copy_release_scratch(slnk_copy_scratch *scratch, const spanlink_allocator *allocator) {
    slnk_memory_release(allocator, scratch->chosen, scratch->chosen_bytes);
    slnk_memory_release(allocator, scratch->levels, scratch->levels_bytes);
}

size_t slnk_copy_bound(size_t attributes, size_t text) {
    size_t each = sizeof(spanlink_attribute) + sizeof(group);
    size_t size = slnk_size_add(slnk_size_multiply(attributes, each), text);
    return size > SIZE_MAX - 64 ? SIZE_MAX : (size + 7) & ~(size_t)7;
}

/* A value that is nested deeper than its link may hold elements is walked into before it is
 * dropped. */
enum { LEAST_DEPTH = 64 };

size_t slnk_copy_scratch_bound(size_t attributes, size_t granule) {
    if (attributes > MOST_ATTRIBUTES) {
        return SIZE_MAX;
    }
    /* Both grow by doubling: all sizes together are less than twice the last one. */
    size_t keys = key_table_size(attributes) / 2;
    size_t levels = attributes < LEAST_DEPTH / 2 ? LEAST_DEPTH : 2 * attributes;
    return 2 * (chosen_bytes(keys) + levels * sizeof(level)) + (size_t)64 * granule;
}
