/* SPDX-License-Identifier: MIT */
#include "internal/list/link_copy.h"

#include "internal/link_rules.h"
#include "internal/memory.h"
#include "internal/names.h"
#include "internal/utf8.h"

#include <assert.h>

static bool nests(const spanlink_value *value) {
    return value->type == SPANLINK_VALUE_ARRAY || value->type == SPANLINK_VALUE_MAP;
}

static bool key_is_usable(spanlink_str key) {
    return key.len != 0 && (slnk_name_owned(key.ptr) || slnk_utf8_valid(key.ptr, key.len));
}

static size_t text_size(spanlink_str text) {
    return slnk_name_owned(text.ptr) ? 0 : text.len;
}

/* The bytes of a string or byte array, cut to the limit. */
static spanlink_str cut_text(const spanlink_value *value, size_t max_length) {
    if (value->type == SPANLINK_VALUE_STRING) {
        spanlink_str text = value->string_value;
        return (spanlink_str){text.ptr, slnk_utf8_prefix(text.ptr, text.len, max_length)};
    }
    return (spanlink_str){(const char *)value->bytes_value.ptr,
                          slnk_size_least(value->bytes_value.len, max_length)};
}

/*
 * Selects the attributes of a link, or the entries of a map: each key once, at its first position
 * and with its last value. With few attributes, each key is compared with those before it; with
 * many, a hash table finds repeated keys, so that the work stays linear.
 */

/* The maximum number of attributes of a link: the numbers must fit into 32 bits, and the size of
 * the scratch into a size_t. */
enum { MOST_ATTRIBUTES = SIZE_MAX / 128 < UINT32_MAX / 4 ? SIZE_MAX / 128 : UINT32_MAX / 4 };

typedef struct choice {
    const spanlink_attribute **chosen;
    size_t count, limit, dropped;
    slnk_copy_scratch *scratch;
    size_t table_size; /* the part of the table in use; 0: few keys, which need no table */
} choice;

static bool is_same_key(spanlink_str a, spanlink_str b) {
    return a.len == b.len && (a.ptr == b.ptr || memcmp(a.ptr, b.ptr, a.len) == 0);
}

/* The table's slot of a key, or the free slot where it would be. */
static uint32_t *table_slot(const choice *c, spanlink_str key) {
    const slnk_copy_scratch *scratch = c->scratch;
    uint64_t hash = slnk_hash_text(scratch->seed, key.ptr, key.len);
    size_t slot = (size_t)hash & (c->table_size - 1);
    while (scratch->table[slot] != 0 &&
           !is_same_key(c->chosen[scratch->table[slot] - 1]->key, key)) {
        slot = (slot + 1) & (c->table_size - 1);
    }
    return &scratch->table[slot];
}

/* The number of the chosen attribute with that key; c->count if there is none. */
static size_t find_chosen(const choice *c, spanlink_str key) {
    if (c->table_size != 0) {
        uint32_t number = *table_slot(c, key);
        return number != 0 ? number - 1 : c->count;
    }
    size_t i = 0;
    while (i < c->count && !is_same_key(c->chosen[i]->key, key)) {
        i++;
    }
    return i;
}

static void choose(choice *c, const spanlink_attribute *attribute) {
    size_t place = key_is_usable(attribute->key) ? find_chosen(c, attribute->key) : c->limit;
    if (place >= c->limit) {
        c->dropped++;
        return;
    }
    if (place == c->count) {
        c->count++;
        if (c->table_size != 0) {
            *table_slot(c, attribute->key) = (uint32_t)c->count;
        }
    }
    c->chosen[place] = attribute;
}

/* The table's size for a number of keys: a power of two, at most half full. */
static size_t table_size_for(size_t keys) {
    size_t size = (size_t)2 * SLNK_COPY_FEW;
    while (size / 2 < keys) {
        size *= 2;
    }
    return size;
}

static void choose_all(choice *c, const spanlink_attribute *attributes, size_t count) {
    if (count > SLNK_COPY_FEW) {
        c->table_size = table_size_for(slnk_size_least(count, c->limit));
        memset(c->scratch->table, 0, c->table_size * sizeof *c->scratch->table);
    }
    for (size_t i = 0; i < count; i++) {
        choose(c, &attributes[i]);
    }
}

/* Grows the stack of chosen attributes, to at least twice its size. */
static bool grow_chosen(slnk_copy_scratch *scratch, size_t needed,
                        const spanlink_allocator *allocator) {
    size_t room = table_size_for(needed) / 2, each = sizeof *scratch->chosen;
    void *chosen =
        slnk_memory_resize(allocator, scratch->chosen, scratch->room * each, room * each);
    if (chosen == NULL) {
        return false;
    }
    scratch->chosen = chosen;
    scratch->room = room;
    return true;
}

static bool grow_table(slnk_copy_scratch *scratch, size_t keys,
                       const spanlink_allocator *allocator) {
    size_t size = table_size_for(keys);
    uint32_t *table = slnk_memory_allocate(allocator, size * sizeof *table);
    if (table == NULL) {
        return false;
    }
    slnk_memory_release(allocator, scratch->table, scratch->table_size * sizeof *table);
    scratch->table = table;
    scratch->table_size = size;
    return true;
}

/* Capacity to choose at most `keys` of `count` attributes. */
static bool reserve_choice(slnk_copy_scratch *scratch, size_t count, size_t keys,
                           const spanlink_allocator *allocator) {
    if (keys > MOST_ATTRIBUTES) {
        return false;
    }
    if (scratch->room - scratch->used < keys &&
        !grow_chosen(scratch, scratch->used + keys, allocator)) {
        return false;
    }
    return count <= SLNK_COPY_FEW || table_size_for(keys) <= scratch->table_size ||
           grow_table(scratch, keys, allocator);
}

/* Chooses a map's entries onto the scratch's stack, which has enough capacity. The caller pops
 * them. */
static choice push_entries(slnk_copy_scratch *scratch, const spanlink_value *map) {
    choice c = {.limit = map->map_value.len, .scratch = scratch};
    if (c.limit != 0) {
        c.chosen = scratch->chosen + scratch->used;
        choose_all(&c, map->map_value.ptr, c.limit);
        scratch->used += c.count;
    }
    return c;
}

/*
 * Planning. In each walk `levels` is the number of arrays and maps that may still be entered: at 0,
 * an array or map is replaced by an empty value, and its content is not read.
 */

/* NOLINTBEGIN(misc-no-recursion): values nest, and SLNK_COPY_MAX_DEPTH bounds how deep */

static bool has_unknown_type(const spanlink_value *value, size_t levels);

static bool array_has_unknown_type(spanlink_values array, size_t levels) {
    bool found = false;
    for (size_t i = 0; levels != 0 && !found && i < array.len; i++) {
        found = has_unknown_type(&array.ptr[i], levels - 1);
    }
    return found;
}

static bool map_has_unknown_type(spanlink_attributes map, size_t levels) {
    bool found = false;
    for (size_t i = 0; levels != 0 && !found && i < map.len; i++) {
        found = key_is_usable(map.ptr[i].key) && has_unknown_type(&map.ptr[i].value, levels - 1);
    }
    return found;
}

static bool has_unknown_type(const spanlink_value *value, size_t levels) {
    switch (value->type) {
    case SPANLINK_VALUE_EMPTY:
    case SPANLINK_VALUE_STRING:
    case SPANLINK_VALUE_BOOL:
    case SPANLINK_VALUE_INT:
    case SPANLINK_VALUE_DOUBLE:
    case SPANLINK_VALUE_BYTES:
        return false;
    case SPANLINK_VALUE_ARRAY:
        return array_has_unknown_type(value->array_value, levels);
    case SPANLINK_VALUE_MAP:
        return map_has_unknown_type(value->map_value, levels);
    default:
        return true;
    }
}

typedef struct measure {
    const spanlink_allocator *allocator;
    slnk_copy_scratch *scratch;
    size_t max_value_length;
    size_t structure, text, dropped;
} measure;

static bool measure_value(measure *m, const spanlink_value *value, size_t levels);

static bool measure_attribute(measure *m, const spanlink_attribute *attribute, size_t levels) {
    m->text = slnk_size_add(m->text, text_size(attribute->key));
    return measure_value(m, &attribute->value, levels);
}

static void add_elements(measure *m, size_t count, size_t each) {
    m->structure = slnk_size_add(m->structure, slnk_size_multiply(count, each));
}

static bool measure_array(measure *m, const spanlink_value *array, size_t levels) {
    bool done = true;
    add_elements(m, array->array_value.len, sizeof *array);
    for (size_t i = 0; done && i < array->array_value.len; i++) {
        done = measure_value(m, &array->array_value.ptr[i], levels);
    }
    return done;
}

static bool measure_map(measure *m, const spanlink_value *map, size_t levels) {
    if (!reserve_choice(m->scratch, map->map_value.len, map->map_value.len, m->allocator)) {
        return false;
    }
    bool done = true;
    size_t base = m->scratch->used;
    choice c = push_entries(m->scratch, map);
    m->dropped += c.dropped;
    add_elements(m, c.count, sizeof(spanlink_attribute));
    for (size_t i = 0; done && i < c.count; i++) {
        done = measure_attribute(m, m->scratch->chosen[base + i], levels);
    }
    m->scratch->used = base;
    return done;
}

/* Adds the size of a value of known type, without its own struct. False if an allocation failed. */
static bool measure_value(measure *m, const spanlink_value *value, size_t levels) {
    switch (value->type) {
    case SPANLINK_VALUE_STRING:
    case SPANLINK_VALUE_BYTES: {
        spanlink_str text = cut_text(value, m->max_value_length);
        m->text = slnk_size_add(m->text, text_size(text));
        return true;
    }
    case SPANLINK_VALUE_ARRAY:
        return levels == 0 || measure_array(m, value, levels - 1);
    case SPANLINK_VALUE_MAP:
        return levels == 0 || measure_map(m, value, levels - 1);
    default:
        return true;
    }
}

/* Capacity for choosing the link's attributes: in the plan if they are few, otherwise at the front
 * of the scratch. */
static bool reserve_attributes(slnk_copy_plan *plan, const spanlink_allocator *allocator) {
    size_t count = plan->link->attribute_count;
    size_t keys = slnk_size_least(count, plan->limits->max_attributes);
    plan->few = count <= SLNK_COPY_FEW;
    plan->scratch->used = 0;
    if (plan->few) {
        return true;
    }
    bool done = reserve_choice(plan->scratch, count, keys, allocator);
    plan->scratch->used = keys;
    return done;
}

static void choose_attributes(slnk_copy_plan *plan, measure *m) {
    choice c = {.chosen = plan->few ? plan->chosen : plan->scratch->chosen,
                .limit = plan->limits->max_attributes,
                .scratch = plan->scratch};
    choose_all(&c, plan->link->attributes, plan->link->attribute_count);
    plan->count = c.count;
    m->dropped = c.dropped;
}

static const spanlink_attribute *const *chosen_of(const slnk_copy_plan *plan) {
    return plan->few ? plan->chosen : plan->scratch->chosen;
}

static bool measure_plan(slnk_copy_plan *plan, measure *m) {
    bool done = true;
    m->text = text_size(plan->link->context.trace_state);
    for (size_t i = 0; done && i < plan->count; i++) {
        done = measure_attribute(m, chosen_of(plan)[i], slnk_copy_max_depth(plan->limits));
    }
    add_elements(m, plan->count, sizeof(spanlink_attribute));
    return done && slnk_size_add(m->structure, m->text) <= SIZE_MAX - 64;
}

static bool has_unknown_types(const slnk_copy_plan *plan) {
    bool found = false;
    for (size_t i = 0; !found && i < plan->link->attribute_count; i++) {
        found =
            has_unknown_type(&plan->link->attributes[i].value, slnk_copy_max_depth(plan->limits));
    }
    return found;
}

spanlink_status slnk_copy_make_plan(slnk_copy_plan *plan, const spanlink_link *link,
                                    const spanlink_limits *limits,
                                    const spanlink_allocator *allocator,
                                    slnk_copy_scratch *scratch) {
    measure m = {
        .allocator = allocator, .scratch = scratch, .max_value_length = limits->max_value_length};
    plan->link = link;
    plan->limits = limits;
    plan->scratch = scratch;
    if (!reserve_attributes(plan, allocator)) {
        return SPANLINK_ERR_NO_MEMORY;
    }
    if (has_unknown_types(plan)) {
        return SPANLINK_ERR_VALUE_TYPE;
    }
    choose_attributes(plan, &m);
    if (!measure_plan(plan, &m)) {
        return SPANLINK_ERR_NO_MEMORY;
    }
    plan->structure = m.structure;
    plan->size = (m.structure + m.text + 7) & ~(size_t)7;
    plan->dropped = slnk_link_add_dropped(link->dropped_attributes_count, m.dropped);
    return SPANLINK_OK;
}

/* Writing */

typedef struct copy_writer {
    char *elements; /* the place of the next array or map */
    char *text;     /* the place of the next text */
    size_t max_value_length;
    slnk_copy_scratch *scratch;
} copy_writer;

static void place_value(copy_writer *w, const spanlink_value *from, size_t levels,
                        spanlink_value *to);

static const char *place_text(copy_writer *w, const char *text, size_t length) {
    if (length == 0) {
        return slnk_names.empty;
    }
    if (slnk_name_owned(text)) {
        return text;
    }
    char *copy = w->text;
    assert(copy != NULL); /* measured values have their memory */
    memcpy(copy, text, length);
    w->text += length;
    return copy;
}

static void place_attribute(copy_writer *w, const spanlink_attribute *from, size_t levels,
                            spanlink_attribute *to) {
    to->key = (spanlink_str){place_text(w, from->key.ptr, from->key.len), from->key.len};
    place_value(w, &from->value, levels, &to->value);
}

static void *take_elements(copy_writer *w, size_t count, size_t each) {
    char *elements = w->elements;
    w->elements += count * each;
    return count != 0 ? elements : NULL;
}

static void place_array(copy_writer *w, const spanlink_value *from, size_t levels,
                        spanlink_value *to) {
    size_t length = from->array_value.len;
    spanlink_value *elements = take_elements(w, length, sizeof *elements);
    *to = spanlink_value_array(elements, length);
    for (size_t i = 0; i < length; i++) {
        place_value(w, &from->array_value.ptr[i], levels, &elements[i]);
    }
}

static void place_map(copy_writer *w, const spanlink_value *from, size_t levels,
                      spanlink_value *to) {
    choice c = push_entries(w->scratch, from);
    spanlink_attribute *entries = take_elements(w, c.count, sizeof *entries);
    *to = spanlink_value_map(entries, c.count);
    for (size_t i = 0; i < c.count; i++) {
        place_attribute(w, c.chosen[i], levels, &entries[i]);
    }
    w->scratch->used -= c.count;
}

static void place_value(copy_writer *w, const spanlink_value *from, size_t levels,
                        spanlink_value *to) {
    if (from->type == SPANLINK_VALUE_STRING) {
        spanlink_str text = cut_text(from, w->max_value_length);
        text.ptr = place_text(w, text.ptr, text.len);
        *to = spanlink_value_string(text);
    } else if (from->type == SPANLINK_VALUE_BYTES) {
        spanlink_str text = cut_text(from, w->max_value_length);
        const char *copy = place_text(w, text.ptr, text.len);
        *to = spanlink_value_bytes((const uint8_t *)copy, text.len);
    } else if (!nests(from)) {
        *to = *from;
    } else if (levels == 0) {
        *to = spanlink_value_empty();
    } else if (from->type == SPANLINK_VALUE_ARRAY) {
        place_array(w, from, levels - 1, to);
    } else {
        place_map(w, from, levels - 1, to);
    }
}

void slnk_copy_write(const slnk_copy_plan *plan, void *block, spanlink_link *copy) {
    const spanlink_link *link = plan->link;
    spanlink_attribute *attributes = block;
    spanlink_str state = link->context.trace_state;
    copy_writer w = {.max_value_length = plan->limits->max_value_length, .scratch = plan->scratch};
    if (plan->size != 0) {
        w.elements = (char *)block + plan->count * sizeof *attributes;
        w.text = (char *)block + plan->structure;
    }
    for (size_t i = 0; i < plan->count; i++) {
        place_attribute(&w, chosen_of(plan)[i], slnk_copy_max_depth(plan->limits), &attributes[i]);
    }
    copy->context = link->context;
    copy->context.trace_state.ptr = place_text(&w, state.ptr, state.len);
    copy->attributes = plan->count != 0 ? attributes : NULL;
    copy->attribute_count = plan->count;
    copy->dropped_attributes_count = plan->dropped;
}

/* Moving: each pointer into the block moves with it; pointers to static texts do not. */

typedef struct move {
    uintptr_t from;
    size_t size;
    char *to;
} move;

static const void *moved(const move *m, const void *pointer) {
    uintptr_t offset = (uintptr_t)pointer - m->from;
    return offset < m->size ? m->to + offset : pointer;
}

static void move_value(const move *m, spanlink_value *value);

static void move_attributes(const move *m, const spanlink_attribute *from, size_t count) {
    spanlink_attribute *attributes = (spanlink_attribute *)(uintptr_t)from;
    for (size_t i = 0; i < count; i++) {
        attributes[i].key.ptr = moved(m, attributes[i].key.ptr);
        move_value(m, &attributes[i].value);
    }
}

static void move_array(const move *m, spanlink_value *array) {
    array->array_value.ptr = moved(m, array->array_value.ptr);
    spanlink_value *elements = (spanlink_value *)(uintptr_t)array->array_value.ptr;
    for (size_t i = 0; i < array->array_value.len; i++) {
        move_value(m, &elements[i]);
    }
}

static void move_value(const move *m, spanlink_value *value) {
    switch (value->type) {
    case SPANLINK_VALUE_STRING:
        value->string_value.ptr = moved(m, value->string_value.ptr);
        break;
    case SPANLINK_VALUE_BYTES:
        value->bytes_value.ptr = moved(m, value->bytes_value.ptr);
        break;
    case SPANLINK_VALUE_ARRAY:
        move_array(m, value);
        break;
    case SPANLINK_VALUE_MAP:
        value->map_value.ptr = moved(m, value->map_value.ptr);
        move_attributes(m, value->map_value.ptr, value->map_value.len);
        break;
    default:
        break;
    }
}

void slnk_copy_moved(spanlink_link *copy, const void *from, size_t size, void *to) {
    const move m = {(uintptr_t)from, size, to};
    copy->context.trace_state.ptr = moved(&m, copy->context.trace_state.ptr);
    copy->attributes = moved(&m, copy->attributes);
    move_attributes(&m, copy->attributes, copy->attribute_count);
}

/* Content */

typedef struct digest {
    slnk_hash_seed seed;
    uint64_t hash;
    size_t max_value_length;
    slnk_copy_scratch *scratch;
} digest;

static void digest_value(digest *d, const spanlink_value *value, size_t levels);

static void digest_number(digest *d, uint64_t number) {
    d->hash = slnk_hash_number(d->seed, d->hash ^ number);
}

static void digest_text(digest *d, spanlink_str text) {
    digest_number(d, slnk_hash_text(d->seed, text.ptr, text.len));
}

static void digest_attribute(digest *d, const spanlink_attribute *attribute, size_t levels) {
    digest_text(d, attribute->key);
    digest_value(d, &attribute->value, levels);
}

static void digest_array(digest *d, const spanlink_value *array, size_t levels) {
    digest_number(d, array->array_value.len);
    for (size_t i = 0; i < array->array_value.len; i++) {
        digest_value(d, &array->array_value.ptr[i], levels);
    }
}

static void digest_map(digest *d, const spanlink_value *map, size_t levels) {
    size_t base = d->scratch->used;
    choice c = push_entries(d->scratch, map);
    digest_number(d, c.count);
    for (size_t i = 0; i < c.count; i++) {
        digest_attribute(d, c.chosen[i], levels);
    }
    d->scratch->used = base;
}

static void digest_value(digest *d, const spanlink_value *value, size_t levels) {
    bool too_deep = nests(value) && levels == 0;
    uint32_t type = too_deep ? SPANLINK_VALUE_EMPTY : value->type;
    digest_number(d, type);
    switch (type) {
    case SPANLINK_VALUE_STRING:
    case SPANLINK_VALUE_BYTES:
        digest_text(d, cut_text(value, d->max_value_length));
        break;
    case SPANLINK_VALUE_BOOL:
        digest_number(d, value->bool_value);
        break;
    case SPANLINK_VALUE_INT:
    case SPANLINK_VALUE_DOUBLE: /* its bits */
        digest_number(d, (uint64_t)value->int_value);
        break;
    case SPANLINK_VALUE_ARRAY:
        digest_array(d, value, levels - 1);
        break;
    case SPANLINK_VALUE_MAP:
        digest_map(d, value, levels - 1);
        break;
    default:
        break;
    }
}

uint64_t slnk_copy_digest(const slnk_copy_plan *plan, slnk_hash_seed seed) {
    digest d = {
        .seed = seed, .max_value_length = plan->limits->max_value_length, .scratch = plan->scratch};
    digest_text(&d, plan->link->context.trace_state);
    for (size_t i = 0; i < plan->count; i++) {
        digest_attribute(&d, chosen_of(plan)[i], slnk_copy_max_depth(plan->limits));
    }
    return d.hash;
}

/* NOLINTEND(misc-no-recursion): the end of what calls itself for nested values */

/* Memory */

void slnk_copy_release_scratch(slnk_copy_scratch *scratch, const spanlink_allocator *allocator) {
    slnk_memory_release(allocator, scratch->chosen, scratch->room * sizeof *scratch->chosen);
    slnk_memory_release(allocator, scratch->table, scratch->table_size * sizeof *scratch->table);
}

size_t slnk_copy_bound(size_t attributes, size_t text) {
    size_t size = slnk_size_add(slnk_size_multiply(attributes, sizeof(spanlink_attribute)), text);
    return size > SIZE_MAX - 64 ? SIZE_MAX : (size + 7) & ~(size_t)7;
}

size_t slnk_copy_scratch_bound(size_t attributes) {
    if (attributes > MOST_ATTRIBUTES) {
        return SIZE_MAX;
    }
    size_t size = table_size_for(attributes);
    size_t chosen = attributes < 2 ? 0 : size / 2; /* a map and an entry are two */
    size_t table = attributes <= SLNK_COPY_FEW ? 0 : size;
    return slnk_size_add(
        slnk_memory_growth(SLNK_COPY_FEW, chosen, sizeof(const spanlink_attribute *)),
        slnk_memory_growth((size_t)2 * SLNK_COPY_FEW, table, sizeof(uint32_t)));
}
