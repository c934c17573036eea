/* SPDX-License-Identifier: MIT */
#include "internal/options.h"

static bool is_struct_size(size_t size) {
    return size != 0 && size <= SLNK_OPTIONS_LARGEST;
}

/* Copies the fields that are wholly inside the first `size` bytes. */
static void copy_fields(const slnk_options_layout *layout, const void *from, void *to,
                        size_t size) {
    for (size_t i = 0; i < layout->count; i++) {
        slnk_options_field field = layout->fields[i];
        if (field.offset + field.size <= size) {
            memcpy((uint8_t *)to + field.offset, (const uint8_t *)from + field.offset, field.size);
        }
    }
}

/* Whether the bytes from `from` to `size` are zero; true if there are none. */
static bool is_zero_from(const void *bytes, size_t from, size_t size) {
    const uint8_t *all = (const uint8_t *)bytes;
    while (from < size && all[from] == 0) {
        from++;
    }
    return from >= size;
}

bool slnk_options_read(const slnk_options_layout *layout, const void *given, void *options) {
    size_t size;
    memset(options, 0, layout->size);
    if (given == NULL) {
        return true;
    }
    memcpy(&size, given, sizeof size);
    if (!is_struct_size(size)) {
        return false;
    }
    copy_fields(layout, given, options, size);
    return is_zero_from(given, layout->size, size);
}

void slnk_options_write(const slnk_options_layout *layout, const void *values, void *to,
                        size_t struct_size) {
    if (to == NULL || !is_struct_size(struct_size) || struct_size < sizeof struct_size) {
        return;
    }
    memset(to, 0, struct_size);
    copy_fields(layout, values, to, struct_size);
    memcpy(to, &struct_size, sizeof struct_size);
}
