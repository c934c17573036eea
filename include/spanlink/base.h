/* SPDX-License-Identifier: MIT */
/**
 * @file base.h
 * Status codes, string views, allocators, the pool, the version and the features of the library.
 *
 * The library has no global state, allocates only through allocators, and ignores the locale.
 *
 * A struct that begins with a `struct_size` may be that of an older or newer version. In options a
 * field that is not wholly inside struct_size has its default, and the bytes after the fields that
 * the library knows must be 0. Where the library fills a struct, it sets both to 0, up to
 * struct_size.
 *
 * @code
 * static uint64_t memory[2048];
 * spanlink_pool pool;
 * spanlink_list_options options = SPANLINK_LIST_OPTIONS_INIT;
 * options.allocator = spanlink_pool_init(&pool, memory, sizeof memory);
 * @endcode
 *
 * @snippet concepts/base.c base
 */
#ifndef SPANLINK_BASE_H
#define SPANLINK_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/**
 * @def SPANLINK_API
 * Marks exported symbols. Define SPANLINK_SHARED when building or using the shared library (the
 * CMake and pkg-config packages do). In a static or vendored build nothing is exported, so two
 * copies of spanlink can coexist in one process.
 */
/**
 * @def SPANLINK_INLINE_API
 * Marks an inline function. The library exports a copy of each, for FFI bindings.
 */
#if defined(_WIN32) && defined(SPANLINK_SHARED) && defined(SPANLINK_BUILDING)
#define SPANLINK_API        __declspec(dllexport)
#define SPANLINK_INLINE_API __declspec(dllexport)
#elif defined(_WIN32) && defined(SPANLINK_SHARED)
#define SPANLINK_API __declspec(dllimport)
#define SPANLINK_INLINE_API
#elif defined(SPANLINK_SHARED) && defined(__GNUC__)
#define SPANLINK_API        __attribute__((visibility("default")))
#define SPANLINK_INLINE_API __attribute__((visibility("default")))
#else
#define SPANLINK_API
#define SPANLINK_INLINE_API
#endif

/**
 * @def SPANLINK_MUST_USE
 * Marks a function whose result must not be ignored: compilers warn if it is. Must be first in a
 * declaration.
 */
#if (defined(__cplusplus) && __cplusplus >= 201703L) ||                                            \
    (defined(__STDC_VERSION__) && __STDC_VERSION__ >= 202311L)
#define SPANLINK_MUST_USE [[nodiscard]]
#elif defined(__GNUC__)
#define SPANLINK_MUST_USE __attribute__((warn_unused_result))
#else
#define SPANLINK_MUST_USE
#endif

#ifdef __cplusplus
extern "C" {
#endif

/** Version of these headers (semantic versioning): incremented for incompatible changes. */
#define SPANLINK_VERSION_MAJOR 0
/** Incremented for additions; until 1.0 also for incompatible changes. */
#define SPANLINK_VERSION_MINOR 2
/** Incremented for backwards-compatible bug fixes. */
#define SPANLINK_VERSION_PATCH 0
/** All three numbers as text. */
#define SPANLINK_VERSION "0.2.0"

/**
 * Returns the version of the library linked at run time. SPANLINK_VERSION is that of the headers.
 *
 * @return A static string: "MAJOR.MINOR.PATCH".
 *
 * Thread safety: any thread.
 * Cost: constant.
 */
SPANLINK_API const char *spanlink_version(void);

/** spanlink_features(): threads may use lists, caches and collectors as their headers describe.
 * Without it each object must be used by one thread only. */
#define SPANLINK_FEATURE_THREADS 1u
/** spanlink_features(): the library has the concepts otlp and otlp_json. */
#define SPANLINK_FEATURE_OTLP 2u
/** spanlink_features(): the library has the header formats other than the W3C's. */
#define SPANLINK_FEATURE_FORMATS 4u
/** spanlink_features(): an allocator of NULLs means malloc(). Without it that is an error. */
#define SPANLINK_FEATURE_HEAP 8u
/** spanlink_features(): default hash seeds also depend on the time. */
#define SPANLINK_FEATURE_CLOCK 16u

/**
 * Returns the features of the library linked at run time. SPANLINK_NO_THREADS, SPANLINK_NO_OTLP,
 * SPANLINK_NO_FORMATS, SPANLINK_NO_HEAP and SPANLINK_NO_CLOCK disable them when it is built.
 *
 * @return SPANLINK_FEATURE_ bits. Later versions may add bits.
 *
 * Thread safety: any thread.
 * Cost: constant.
 */
SPANLINK_API uint32_t spanlink_features(void);

/** Disables a limit, in the limits of options structs. There 0 means the field's default. */
#define SPANLINK_UNLIMITED SIZE_MAX
/** Allows nothing, in the limits of options structs. An argument of a function has 0 for that. */
#define SPANLINK_NONE (SIZE_MAX - 1)

/** A view of text: borrowed, not NUL-terminated, any bytes. 16 bytes on 64-bit machines. As an
 * argument, a view that is NULL with a length (`ptr` is NULL, but `len` is not 0) is an error or
 * counts as empty; lists and encoders do not check the views inside a link. */
typedef struct spanlink_str {
    const char *ptr; /**< Borrowed; NULL only if `len` is 0. */
    size_t len;      /**< In bytes. */
} spanlink_str;

/**
 * Returns a view of a NUL-terminated string.
 *
 * @param text NULL gives the empty view.
 * @return The view, without the NUL.
 *
 * Ownership: the view borrows `text`.
 * Thread safety: any thread.
 * Cost: a strlen(), constant for a literal.
 */
SPANLINK_INLINE_API inline spanlink_str spanlink_str_from(const char *text) {
    spanlink_str view;
    view.ptr = text;
    view.len = text != NULL ? strlen(text) : 0;
    return view;
}

/**
 * Returns a view of `len` characters.
 *
 * @param ptr NULL only if `len` is 0.
 * @param len In bytes.
 * @return The view.
 *
 * Ownership: the view borrows the characters.
 * Thread safety: any thread.
 * Cost: constant.
 */
SPANLINK_INLINE_API inline spanlink_str spanlink_str_make(const char *ptr, size_t len) {
    spanlink_str view;
    view.ptr = ptr;
    view.len = len;
    return view;
}

/**
 * The result of a call: success, or one status per cause of failure. The numbers never change.
 *
 * On failure nothing has changed: outputs and containers are as before. There are two exceptions:
 * statistics count invalid links, and the hits and misses of a cache; and the content of an output
 * buffer is unspecified. Later versions may add numbers: treat an unknown number as a failure.
 */
typedef enum spanlink_status {
    SPANLINK_OK = 0, /**< Success. */
    /* base */
    SPANLINK_ERR_ARGUMENT = 1,  /**< A NULL, a wrong struct_size, or a value outside its range. */
    SPANLINK_ERR_NO_MEMORY = 2, /**< An allocation failed, or its size exceeds PTRDIFF_MAX. */
    SPANLINK_ERR_CAPACITY = 3,  /**< Output buffer too small; the length argument has the size. */
    SPANLINK_ERR_LOCK = 4,      /**< The system could not create a lock. */
    /* context */
    SPANLINK_ERR_TRACE_ID_LENGTH = 10, /**< A trace id is too short or too long. */
    SPANLINK_ERR_TRACE_ID_DIGIT = 11,  /**< The format does not allow a character in a trace id. */
    SPANLINK_ERR_TRACE_ID_ZERO = 12,   /**< A trace id is all zeros. */
    SPANLINK_ERR_SPAN_ID_LENGTH = 13,  /**< A span id is too short or too long. */
    SPANLINK_ERR_SPAN_ID_DIGIT = 14,   /**< The format does not allow a character in a span id. */
    SPANLINK_ERR_SPAN_ID_ZERO = 15,    /**< A span id is all zeros. */
    /* traceparent */
    SPANLINK_ERR_TRACEPARENT_LENGTH = 20,        /**< Too short, or version 00 and too long. */
    SPANLINK_ERR_TRACEPARENT_VERSION = 21,       /**< Not two lowercase hex digits, or "ff". */
    SPANLINK_ERR_TRACEPARENT_DELIMITER = 22,     /**< A dash is missing. */
    SPANLINK_ERR_TRACEPARENT_TRACE_ID = 23,      /**< The trace id is not lowercase hex. */
    SPANLINK_ERR_TRACEPARENT_TRACE_ID_ZERO = 24, /**< The trace id is all zeros. */
    SPANLINK_ERR_TRACEPARENT_SPAN_ID = 25,       /**< The span id is not lowercase hex. */
    SPANLINK_ERR_TRACEPARENT_SPAN_ID_ZERO = 26,  /**< The span id is all zeros. */
    SPANLINK_ERR_TRACEPARENT_FLAGS = 27,         /**< The flags are not two lowercase hex digits. */
    /* tracestate */
    SPANLINK_ERR_TRACESTATE_KEY = 30, /**< A key is empty, too long, or has an invalid character. */
    SPANLINK_ERR_TRACESTATE_EQUALS = 31,  /**< A member has no "=". */
    SPANLINK_ERR_TRACESTATE_VALUE = 32,   /**< As SPANLINK_ERR_TRACESTATE_KEY, for a value. */
    SPANLINK_ERR_TRACESTATE_MEMBERS = 33, /**< More than 32 members. */
    /* propagation */
    SPANLINK_ERR_NO_CONTEXT = 40,           /**< No header contains a context. */
    SPANLINK_ERR_MULTIPLE_TRACEPARENT = 41, /**< There is more than one traceparent header. */
    SPANLINK_ERR_FORMAT_SYNTAX = 42,        /**< A header does not have its format's syntax. */
    /* attribute */
    SPANLINK_ERR_VALUE_TYPE = 50, /**< A value's type is unknown. */
    /* 51 was SPANLINK_ERR_VALUE_DEPTH in 0.1; the number is not used again. */
    /* link */
    SPANLINK_ERR_LINK_INVALID = 60, /**< An id is zero, and there are neither attributes nor a
                                       tracestate. */
    /* cache */
    SPANLINK_ERR_CACHE_RECURSION = 70,      /**< create() looked up its own key. */
    SPANLINK_ERR_CACHE_NO_LINK = 71,        /**< create() succeeded without emitting a link. */
    SPANLINK_ERR_CACHE_MULTIPLE_LINKS = 72, /**< create() emitted a second link. */
    /* otlp */
    SPANLINK_ERR_OTLP_SIZE = 80,      /**< A message would be larger than INT32_MAX bytes. */
    SPANLINK_ERR_OTLP_TRUNCATED = 81, /**< The bytes end inside a field. */
    SPANLINK_ERR_OTLP_VARINT = 82,    /**< A varint is longer than ten bytes or than 64 bits. */
    SPANLINK_ERR_OTLP_FIELD = 83, /**< A field number is out of range, or a group has no start. */
    SPANLINK_ERR_OTLP_WIRE_TYPE = 84, /**< A field has wire type 6 or 7, which do not exist. */
    SPANLINK_ERR_OTLP_TRACE_ID = 85,  /**< A trace id is neither 16 bytes nor absent. */
    SPANLINK_ERR_OTLP_SPAN_ID = 86,   /**< A span id is neither 8 bytes nor absent. */
    SPANLINK_ERR_OTLP_UTF8 = 87,      /**< A string field is not UTF-8. */
    SPANLINK_ERR_OTLP_GROUPS = 88     /**< Unknown groups are nested deeper than 64. */
} spanlink_status;

/**
 * Returns a description of a status, for logs.
 *
 * @param status Any number.
 * @return A static string, never NULL, also for unknown numbers.
 *
 * Thread safety: any thread.
 * Cost: constant.
 */
SPANLINK_API const char *spanlink_status_text(spanlink_status status);

/**
 * An allocator: the source of an object's memory, also of temporary memory. Options structs are
 * copied with it.
 *
 * Leave all three functions NULL to use malloc(), realloc() and free(). Setting only some of them
 * is SPANLINK_ERR_ARGUMENT, and so is setting none in a library without SPANLINK_FEATURE_HEAP.
 *
 * Blocks must be aligned to 8 bytes. The functions must return: no longjmp(), no C++ exception, no
 * cancellation point. A list makes one call at a time; an allocator that several threads' lists
 * share must be thread-safe, and so must that of a collector or a cache.
 */
typedef struct spanlink_allocator {
    void *state; /**< Passed to each function; borrowed, must outlive the objects. */
    /** Returns a block of `size` bytes (never 0, at most PTRDIFF_MAX), or NULL. */
    void *(*allocate)(void *state, size_t size);
    /** Resizes a block (never NULL) to a new size (never 0, at most PTRDIFF_MAX) and keeps its
     * content. Returns the block, which may have moved, or NULL: the old block is unchanged. */
    void *(*resize)(void *state, void *block, size_t old_size, size_t new_size);
    /** Releases a block (never NULL) of `size` bytes. */
    void (*release)(void *state, void *block, size_t size);
} spanlink_allocator;

struct spanlink_pool_block;

/** State of a fixed-buffer allocator. The fields are private. 32 bytes on 64-bit machines. */
typedef struct spanlink_pool {
    struct spanlink_pool_block *private_free;
    void *private_reserved[3];
} spanlink_pool;

/**
 * Initialises an allocator over a caller-supplied buffer, for systems without a heap.
 *
 * Released blocks are joined with free neighbours and reused. Sizes are rounded up to a multiple of
 * two pointers (16 bytes on 64-bit machines); there is no other overhead. For the size that a list
 * needs see spanlink_list_pool_size().
 *
 * @param pool   The state; not NULL.
 * @param buffer Of any alignment: up to 7 bytes at its start are skipped. NULL counts as size 0.
 * @param size   In bytes. If the buffer is too small, every allocation fails.
 * @return The allocator, to be copied into options.
 *
 * Ownership: `pool` and `buffer` are borrowed. They must outlive all objects of the allocator, and
 * must not move.
 * Thread safety: one thread at a time, for all objects of the allocator together.
 * Cost: constant; an allocation or release is linear in the free blocks, which are few.
 */
SPANLINK_API spanlink_allocator spanlink_pool_init(spanlink_pool *pool, void *buffer, size_t size);

#ifdef __cplusplus
}
#endif

#endif
