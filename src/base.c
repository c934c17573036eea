/* SPDX-License-Identifier: MIT */
#include <spanlink/base.h>

#include "internal/memory.h"

#ifndef SPANLINK_NO_HEAP
#include <stdlib.h>
#endif

#if SIZE_MAX == UINT64_MAX
_Static_assert(sizeof(spanlink_pool) == 32, "frozen");
#endif

/* The exported copies of the inline functions. */
SPANLINK_INLINE_API extern inline spanlink_str spanlink_str_from(const char *text);
SPANLINK_INLINE_API extern inline spanlink_str spanlink_str_make(const char *ptr, size_t len);

const char *spanlink_version(void) {
    return SPANLINK_VERSION;
}

uint32_t spanlink_features(void) {
    uint32_t features = 0;
#ifndef SPANLINK_NO_THREADS
    features |= SPANLINK_FEATURE_THREADS;
#endif
#ifndef SPANLINK_NO_OTLP
    features |= SPANLINK_FEATURE_OTLP;
#endif
#ifndef SPANLINK_NO_FORMATS
    features |= SPANLINK_FEATURE_FORMATS;
#endif
#ifndef SPANLINK_NO_HEAP
    features |= SPANLINK_FEATURE_HEAP;
#endif
#ifndef SPANLINK_NO_CLOCK
    features |= SPANLINK_FEATURE_CLOCK;
#endif
    return features;
}

/* Each row contains its text, not a pointer to it, which would need a relocation. A test compares
 * the rows with the enumerators. */
typedef struct status_row {
    uint8_t status;
    char text[79];
} status_row;

static const status_row status_rows[] = {
    {SPANLINK_OK, "success"},
#ifdef SPANLINK_NO_HEAP
    {SPANLINK_ERR_ARGUMENT,
     "an invalid argument, or no allocator in a build with SPANLINK_NO_HEAP"},
#else
    {SPANLINK_ERR_ARGUMENT,
     "an argument is NULL or out of range, or a field of the options is invalid"},
#endif
    {SPANLINK_ERR_NO_MEMORY, "memory allocation failed"},
    {SPANLINK_ERR_CAPACITY, "the output buffer is too small"},
    {SPANLINK_ERR_LOCK, "the system could not create a lock"},
    {SPANLINK_ERR_TRACE_ID_LENGTH, "the trace id is too short or too long"},
    {SPANLINK_ERR_TRACE_ID_DIGIT, "the trace id has a character that its format does not allow"},
    {SPANLINK_ERR_TRACE_ID_ZERO, "the trace id is all zeros"},
    {SPANLINK_ERR_SPAN_ID_LENGTH, "the span id is too short or too long"},
    {SPANLINK_ERR_SPAN_ID_DIGIT, "the span id has a character that its format does not allow"},
    {SPANLINK_ERR_SPAN_ID_ZERO, "the span id is all zeros"},
    {SPANLINK_ERR_TRACEPARENT_LENGTH, "the traceparent is too short, or too long for version 00"},
    {SPANLINK_ERR_TRACEPARENT_VERSION,
     "the version in the traceparent is not two lowercase hex digits, or is ff"},
    {SPANLINK_ERR_TRACEPARENT_DELIMITER, "a dash is missing in the traceparent"},
    {SPANLINK_ERR_TRACEPARENT_TRACE_ID, "the trace id in the traceparent is not lowercase hex"},
    {SPANLINK_ERR_TRACEPARENT_TRACE_ID_ZERO, "the trace id in the traceparent is all zeros"},
    {SPANLINK_ERR_TRACEPARENT_SPAN_ID, "the span id in the traceparent is not lowercase hex"},
    {SPANLINK_ERR_TRACEPARENT_SPAN_ID_ZERO, "the span id in the traceparent is all zeros"},
    {SPANLINK_ERR_TRACEPARENT_FLAGS,
     "the flags in the traceparent are not two lowercase hex digits"},
    {SPANLINK_ERR_TRACESTATE_KEY,
     "a tracestate key is empty, too long, or has an invalid character"},
    {SPANLINK_ERR_TRACESTATE_EQUALS, "a tracestate member has no equals sign"},
    {SPANLINK_ERR_TRACESTATE_VALUE,
     "a tracestate value is empty, too long, or has an invalid character"},
    {SPANLINK_ERR_TRACESTATE_MEMBERS, "the tracestate has more than 32 members"},
    {SPANLINK_ERR_NO_CONTEXT, "no header contains a complete trace context"},
    {SPANLINK_ERR_MULTIPLE_TRACEPARENT, "there is more than one traceparent header"},
    {SPANLINK_ERR_FORMAT_SYNTAX,
     "the parts or separators of the header are not those of its format"},
    {SPANLINK_ERR_VALUE_TYPE, "an attribute value has an unknown type"},
    {SPANLINK_ERR_LINK_INVALID, "the link has a zero id and neither attributes nor a tracestate"},
    {SPANLINK_ERR_CACHE_RECURSION, "the create function of a cache looked up its own key"},
    {SPANLINK_ERR_CACHE_NO_LINK, "the create function of a cache emitted no link"},
    {SPANLINK_ERR_CACHE_MULTIPLE_LINKS,
     "the create function of a cache emitted more than one link"},
    {SPANLINK_ERR_OTLP_SIZE, "an OTLP message would be larger than 2147483647 bytes"},
    {SPANLINK_ERR_OTLP_TRUNCATED, "the OTLP bytes end inside a field"},
    {SPANLINK_ERR_OTLP_VARINT, "an OTLP varint is longer than ten bytes or than 64 bits"},
    {SPANLINK_ERR_OTLP_FIELD, "an OTLP field number is out of range, or a group has no start"},
    {SPANLINK_ERR_OTLP_WIRE_TYPE, "an OTLP field has a wire type that does not exist"},
    {SPANLINK_ERR_OTLP_TRACE_ID, "an OTLP trace id is not 16 bytes long"},
    {SPANLINK_ERR_OTLP_SPAN_ID, "an OTLP span id is not 8 bytes long"},
    {SPANLINK_ERR_OTLP_UTF8, "an OTLP string is not UTF-8"},
    {SPANLINK_ERR_OTLP_GROUPS, "unknown OTLP groups are nested deeper than 64"},
};

const char *spanlink_status_text(spanlink_status status) {
    for (size_t i = 0; i < sizeof status_rows / sizeof status_rows[0]; i++) {
        if (status_rows[i].status == (unsigned)status) {
            return status_rows[i].text;
        }
    }
    return "unknown status";
}

/* The default allocator, if this build has a heap. */

#ifndef SPANLINK_NO_HEAP

static void *heap_allocate(void *state, size_t size) {
    (void)state;
    return malloc(size);
}

static void *heap_resize(void *state, void *block, size_t old_size, size_t new_size) {
    (void)state;
    (void)old_size;
    return realloc(block, new_size);
}

static void heap_release(void *state, void *block, size_t size) {
    (void)state;
    (void)size;
    free(block);
}

#endif

bool slnk_memory_complete(spanlink_allocator *allocator) {
#ifndef SPANLINK_NO_HEAP
    if (allocator->allocate == NULL && allocator->resize == NULL && allocator->release == NULL) {
        *allocator = (spanlink_allocator){NULL, heap_allocate, heap_resize, heap_release};
    }
#endif
    return allocator->allocate != NULL && allocator->resize != NULL && allocator->release != NULL;
}

/*
 * The pool. Its free blocks are in a list ordered by address, each with its size and its successor
 * in its own first bytes, so that a released block finds its neighbours and is joined with them. A
 * block in use has no header: release and resize are given the size.
 */

typedef struct spanlink_pool_block {
    size_t size;
    struct spanlink_pool_block *next;
} free_block;

enum { POOL_GRANULE = SLNK_MEMORY_GRANULE, POOL_ALIGNMENT = SLNK_MEMORY_ALIGNMENT };

_Static_assert(sizeof(free_block) <= POOL_GRANULE, "a free block fits where the smallest one was");

/* A size that cannot be rounded up stays too large to allocate. */
static size_t round_to_granule(size_t size) {
    return slnk_size_add(size, POOL_GRANULE - 1) & ~(size_t)(POOL_GRANULE - 1);
}

/* Takes `size` bytes from the front of the free block to which *slot points. */
static void take_front(free_block **slot, size_t size) {
    free_block *block = *slot;
    free_block *rest = block->next;
    if (block->size > size) {
        rest = (free_block *)(void *)((char *)block + size);
        rest->size = block->size - size;
        rest->next = block->next;
    }
    *slot = rest;
}

static free_block **first_slot(void *state) {
    return &((spanlink_pool *)state)->private_free;
}

static void *pool_allocate(void *state, size_t size) {
    size_t needed = round_to_granule(size);
    for (free_block **slot = first_slot(state); *slot != NULL; slot = &(*slot)->next) {
        if ((*slot)->size >= needed) {
            void *block = *slot;
            take_front(slot, needed);
            return block;
        }
    }
    return NULL;
}

static bool ends_at(const free_block *block, const void *address) {
    return (const char *)block + block->size == (const char *)address;
}

/* The slot that points, or would point, to the first free block after an address. */
static free_block **slot_behind(void *state, const void *address, free_block **before) {
    free_block **slot = first_slot(state);
    *before = NULL;
    while (*slot != NULL && (uintptr_t)*slot < (uintptr_t)address) {
        *before = *slot;
        slot = &(*slot)->next;
    }
    return slot;
}

static void pool_release(void *state, void *released, size_t size) {
    free_block *before;
    free_block **slot = slot_behind(state, released, &before);
    free_block *block = (free_block *)released;
    block->size = round_to_granule(size);
    block->next = *slot;
    if (block->next != NULL && ends_at(block, block->next)) {
        block->size += block->next->size;
        block->next = block->next->next;
    }
    if (before != NULL && ends_at(before, block)) {
        before->size += block->size;
        before->next = block->next;
    } else {
        *slot = block;
    }
}

/* Grows a block into the free block after it, if there is one and it is large enough. */
static bool grow_in_place(void *state, void *block, size_t old_size, size_t new_size) {
    free_block *before;
    free_block **slot = slot_behind(state, block, &before);
    size_t more = new_size - old_size;
    if (*slot == NULL || (char *)block + old_size != (char *)*slot || (*slot)->size < more) {
        return false;
    }
    take_front(slot, more);
    return true;
}

static void *pool_resize(void *state, void *block, size_t old_size, size_t new_size) {
    size_t had = round_to_granule(old_size);
    size_t needed = round_to_granule(new_size);
    if (needed < had) {
        pool_release(state, (char *)block + needed, had - needed);
        return block;
    }
    if (needed == had || grow_in_place(state, block, had, needed)) {
        return block;
    }
    void *moved = pool_allocate(state, new_size);
    if (moved != NULL) {
        memcpy(moved, block, old_size);
        pool_release(state, block, old_size);
    }
    return moved;
}

spanlink_allocator spanlink_pool_init(spanlink_pool *pool, void *buffer, size_t size) {
    size_t skipped = (POOL_ALIGNMENT - (uintptr_t)buffer % POOL_ALIGNMENT) % POOL_ALIGNMENT;
    size_t usable = size < skipped ? 0 : (size - skipped) / POOL_GRANULE * POOL_GRANULE;
    memset(pool, 0, sizeof *pool);
    if (buffer != NULL && usable != 0) {
        free_block *all = (free_block *)(void *)((char *)buffer + skipped);
        all->size = usable;
        all->next = NULL;
        pool->private_free = all;
    }
    return (spanlink_allocator){pool, pool_allocate, pool_resize, pool_release};
}
