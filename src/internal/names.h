/* SPDX-License-Identifier: MIT */
/*
 * The library's own texts, in one struct, so that containers can recognise them by address and skip
 * copying.
 */
#ifndef SPANLINK_INTERNAL_NAMES_H
#define SPANLINK_INTERNAL_NAMES_H

#include "internal/bytes.h"

#include <spanlink/base.h>

/* One member per text, NUL-terminated. */
typedef struct slnk_name_table {
    char follows_from[13], caused_by[10], aggregates[11], batch_item[11], retry_of[9], lazy[5];
    char link_type[10], batch_index[12], retry_attempt[14], aggregate_source[17], causal_reason[14];
    char truncated[16], original_count[21], empty[1];
} slnk_name_table;

extern const slnk_name_table slnk_names;

#define SLNK_NAME(member) ((spanlink_str){slnk_names.member, sizeof slnk_names.member - 1})

/* Whether a text is one of the library's own. Integers, because C does not order pointers to
 * different objects. */
static inline bool slnk_name_owned(const void *text) {
    return (uintptr_t)text - (uintptr_t)&slnk_names < sizeof slnk_names;
}

/*
 * The offsets in slnk_names of the texts of 8 to 16 characters, by their length and the lowest bit
 * of their first character, which together are unique.
 */
extern const uint8_t slnk_name_places[9][2];

/* The library's own copy of a text of 8 to 16 characters, or the text itself. */
static inline const char *slnk_name_find(const char *text, size_t length) {
    const char *name = (const char *)&slnk_names + slnk_name_places[length - 8][text[0] & 1];
    bool same = memcmp(text, name, 8) == 0 && memcmp(text + length - 8, name + length - 8, 8) == 0;
    return same ? name : text;
}

#endif
