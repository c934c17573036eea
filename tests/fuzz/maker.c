/* SPDX-License-Identifier: MIT */
#include "maker.h"

#include <spanlink/factory.h>

static void *keep(maker *self, void *block) {
    fuzz_expect(self->count < sizeof self->blocks / sizeof self->blocks[0]);
    return self->blocks[self->count++] = block;
}

static size_t take(size_t *left, size_t wanted) {
    size_t taken = wanted < *left ? wanted : *left;
    *left -= taken;
    return taken;
}

/* Fills a text with one of the patterns; the last one copies bytes of the input. */
static void fill(maker *self, char *text, size_t length, unsigned pattern) {
    static const char *const patterns[] = {"abcdefg",     "\xc3\xa9",  "\xf0\x9f\x94\x97",
                                           "\xff\xfe",    "a\xe2\x82", "\xed\xa0\x80\xe2\x82\xac",
                                           "\xf4\x90\x80"};
    for (size_t i = 0; i < length; i++) {
        if (pattern == 7) {
            text[i] = (char)fuzz_byte(self->input);
        } else {
            text[i] = patterns[pattern][i % strlen(patterns[pattern])];
        }
    }
}

/* One of the library's own texts, which lists need not copy; the last one is a part of one. */
static spanlink_str make_owned(maker *self, unsigned choice) {
    spanlink_attribute retry[2], batch[2];
    spanlink_factory_retry(NULL, 1, retry);
    spanlink_factory_batch_item(NULL, 1, batch);
    const char *type = spanlink_link_type_name(SPANLINK_LINK_TYPE_CAUSED_BY);
    const spanlink_str texts[] = {spanlink_str_from(type),
                                  spanlink_str_from(spanlink_status_text(SPANLINK_OK)),
                                  retry[0].key,
                                  retry[0].value.string_value,
                                  retry[1].key,
                                  batch[1].key,
                                  spanlink_str_from(type + 1)};
    spanlink_str text = texts[choice % (sizeof texts / sizeof texts[0])];
    text.len = take(&self->text, text.len);
    return text;
}

static spanlink_str make_text(maker *self) {
    uint8_t shape = fuzz_byte(self->input);
    unsigned pattern = shape % 8;
    size_t length = shape / 8u;
    if (shape == 0) {
        return (spanlink_str){NULL, 0};
    }
    if (shape < 8) {
        return make_owned(self, shape);
    }
    length = take(&self->text, length >= 24 && pattern != 7 ? (length - 23) * 40 : length);
    char *text = keep(self, fuzz_memory(length));
    fill(self, text, length, pattern);
    return (spanlink_str){text, length};
}

static spanlink_str make_named(maker *self, const char *name) {
    size_t length = take(&self->text, strlen(name));
    return (spanlink_str){keep(self, fuzz_copy(name, length)), length};
}

/* Few keys, so that they repeat; keys that differ only in the last byte; the names of markers; the
 * library's own keys. */
static spanlink_str make_key(maker *self) {
    uint8_t choice = fuzz_byte(self->input);
    char key[] = "a key that is like the others but for one character: ?";
    if (choice >= 96) {
        key[0] = (char)('a' + choice % 16);
        key[1] = '\0';
    } else if (choice >= 16) {
        key[sizeof key - 2] = (char)('!' + choice % 64);
    }
    switch (choice) {
    case 0:
        return make_text(self);
    case 1:
        return (spanlink_str){NULL, 0};
    case 2:
        return make_named(self, "\xc3");
    case 3:
        return make_named(self, "links.truncated");
    case 4:
        return make_named(self, "links.original_count");
    case 5:
        return make_owned(self, fuzz_byte(self->input));
    default:
        return make_named(self, key);
    }
}

static spanlink_value make_value(maker *self, size_t depth);

static spanlink_value make_array(maker *self, size_t wanted, size_t depth) {
    size_t length = take(&self->elements, wanted);
    spanlink_value *elements = keep(self, fuzz_memory(length * sizeof *elements));
    for (size_t i = 0; i < length; i++) {
        elements[i] = make_value(self, depth + 1);
    }
    spanlink_value value = {.type = SPANLINK_VALUE_ARRAY};
    value.array_value.ptr = elements;
    value.array_value.len = length;
    return value;
}

static spanlink_value make_map(maker *self, size_t wanted, size_t depth) {
    size_t length = take(&self->elements, wanted);
    spanlink_attribute *elements = keep(self, fuzz_memory(length * sizeof *elements));
    for (size_t i = 0; i < length; i++) {
        elements[i].key = make_key(self);
        elements[i].value = make_value(self, depth + 1);
    }
    spanlink_value value = {.type = SPANLINK_VALUE_MAP};
    value.map_value.ptr = elements;
    value.map_value.len = length;
    return value;
}

/* Alternating arrays and maps, each with one element. */
static spanlink_value make_nest(maker *self, size_t levels, size_t depth) {
    spanlink_value value = make_value(self, MAKER_DEPTH);
    for (size_t i = 0; i < levels && depth + i < MAKER_DEPTH && self->elements != 0; i++) {
        self->elements--;
        spanlink_attribute *entry = keep(self, fuzz_memory(sizeof *entry));
        *entry = (spanlink_attribute){{"k", 1}, value};
        value.type = i % 2 == 0 ? SPANLINK_VALUE_ARRAY : SPANLINK_VALUE_MAP;
        value.map_value.ptr = entry;
        value.map_value.len = 1;
        if (i % 2 == 0) {
            value.array_value.ptr = &entry->value;
            value.array_value.len = 1;
        }
    }
    return value;
}

static spanlink_value make_flat(maker *self, unsigned type) {
    spanlink_value value = {.type = type};
    uint64_t number =
        type == SPANLINK_VALUE_INT || type == SPANLINK_VALUE_DOUBLE ? fuzz_number(self->input) : 0;
    spanlink_str text;
    switch (type) {
    case SPANLINK_VALUE_STRING:
        value.string_value = make_text(self);
        break;
    case SPANLINK_VALUE_BYTES:
        text = make_text(self);
        value.bytes_value.ptr = (const uint8_t *)text.ptr;
        value.bytes_value.len = text.len;
        break;
    case SPANLINK_VALUE_BOOL:
        value.bool_value = fuzz_byte(self->input) % 2 != 0;
        break;
    case SPANLINK_VALUE_INT:
        memcpy(&value.int_value, &number, sizeof number);
        break;
    case SPANLINK_VALUE_DOUBLE:
        memcpy(&value.double_value, &number, sizeof number);
        break;
    default:
        break;
    }
    return value;
}

static spanlink_value make_value(maker *self, size_t depth) {
    uint8_t choice = fuzz_byte(self->input);
    unsigned type = choice % 8;
    if (choice == 255 && self->bad_types) {
        return (spanlink_value){.type = 8u + fuzz_byte(self->input)};
    }
    if (type < SPANLINK_VALUE_ARRAY || depth >= MAKER_DEPTH) {
        return make_flat(self, type % SPANLINK_VALUE_ARRAY);
    }
    if (choice >= 248) {
        return make_nest(self, fuzz_byte(self->input), depth);
    }
    size_t length = choice / 8u % 5;
    return type == SPANLINK_VALUE_ARRAY ? make_array(self, length, depth)
                                        : make_map(self, length, depth);
}

void maker_ids(uint8_t number, spanlink_context *context) {
    context->trace_id[15] = number / 16;
    context->span_id[number % 8] = number % 16;
}

/* The first byte gives the number of attributes, mostly small, and three bits of the context. */
spanlink_link maker_link(maker *self) {
    uint8_t shape = fuzz_byte(self->input);
    size_t count = shape % 8 == 7 ? fuzz_byte(self->input) % 40u : shape % 8u / 2;
    spanlink_link link = {.context = {.trace_flags = shape / 8 % 4, .is_remote = shape / 32 % 2}};
    self->elements = MAKER_ELEMENTS;
    self->text = MAKER_TEXT;
    maker_ids(fuzz_byte(self->input), &link.context);
    if (shape >= 192) {
        link.context.trace_state = make_text(self);
        link.dropped_attributes_count =
            fuzz_byte(self->input) == 1 ? UINT32_MAX : fuzz_byte(self->input);
    }
    count = take(&self->elements, count);
    spanlink_attribute *attributes = keep(self, fuzz_memory(count * sizeof *attributes));
    for (size_t i = 0; i < count; i++) {
        attributes[i].key = make_key(self);
        attributes[i].value = make_value(self, 0);
    }
    link.attributes = attributes;
    link.attribute_count = count;
    return link;
}

void maker_forget(maker *self) {
    for (size_t i = 0; i < self->count; i++) {
        free(self->blocks[i]);
    }
    self->count = 0;
}
