/* SPDX-License-Identifier: MIT */
/**
 * @file base.h
 * Status codes, string views, allocators, the pool, the version and the features of the library.
 *
 * Nothing here allocates on its own, nothing is global, nothing depends on the locale.
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
 * Marks exported symbols. Define SPANLINK_SHARED to use the shared library; the CMake and
 * pkg-config packages do. A static library and a copied single file export nothing from the shared
 * library that they become part of, so two copies of spanlink can be in one process.
 */
/**
 * @def SPANLINK_INLINE_API
 * Marks an inline function. The library has an exported copy of each, for other languages.
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
 * Marks a function whose result must be looked at: compilers warn if it is ignored. It comes first
 * in a declaration.
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

/** The version of these headers by semantic versioning: incremented for changes that break
 * programs. */
#define SPANLINK_VERSION_MAJOR 0
/** Incremented for additions; until 1.0 also for changes that break programs. */
#define SPANLINK_VERSION_MINOR 2
/** Incremented for repairs. */
#define SPANLINK_VERSION_PATCH 0
/** All three as text. */
#define SPANLINK_VERSION "0.2.0"

/**
 * The version of the library that runs. SPANLINK_VERSION is that of the headers.
 *
 * @return A static string: "MAJOR.MINOR.PATCH".
 *
 * Thread safety: any thread.
 * Cost: constant.
 */
SPANLINK_API const char *spanlink_version(void);

/** spanlink_features(): lists, caches and collectors of this library may be used by threads as
 * their headers say. Without it every object belongs to one thread. */
#define SPANLINK_FEATURE_THREADS 1u
/** spanlink_features(): the concepts otlp and otlp_json are in this library. */
#define SPANLINK_FEATURE_OTLP 2u
/** spanlink_features(): the header formats beside the W3C's are in this library. */
#define SPANLINK_FEATURE_FORMATS 4u
/** spanlink_features(): an allocator of NULLs means malloc(). Without it, it is an error. */
#define SPANLINK_FEATURE_HEAP 8u
/** spanlink_features(): a hash seed that is not given is made of the time, too. */
#define SPANLINK_FEATURE_CLOCK 16u

/**
 * How the library that runs was built. Its options are SPANLINK_NO_THREADS, SPANLINK_NO_OTLP,
 * SPANLINK_NO_FORMATS, SPANLINK_NO_HEAP and SPANLINK_NO_CLOCK.
 *
 * @return SPANLINK_FEATURE_ bits. Later versions add some.
 *
 * Thread safety: any thread.
 * Cost: constant.
 */
SPANLINK_API uint32_t spanlink_features(void);

/** No limit, in every limit of an options struct. There 0 is the field's default. */
#define SPANLINK_UNLIMITED SIZE_MAX
/** Nothing at all, in every limit of an options struct: what 0 is for an argument of a function. */
#define SPANLINK_NONE (SIZE_MAX - 1)

/**
 * A view of text: not owned, not NUL-terminated, any bytes. 16 bytes on 64-bit machines.
 *
 * The empty view has `len` 0, and `ptr` may then be NULL.
 */
typedef struct spanlink_str {
    const char *ptr; /**< Borrowed; NULL only if `len` is 0. */
    size_t len;      /**< In bytes. */
} spanlink_str;

/**
 * A view of a NUL-terminated string.
 *
 * @param text NULL gives the empty view.
 * @return The view, without the NUL.
 *
 * Ownership: the view borrows `text`.
 * Thread safety: any thread.
 * Cost: a strlen(), which compilers compute for a literal.
 */
SPANLINK_INLINE_API inline spanlink_str spanlink_str_from(const char *text) {
    spanlink_str view;
    view.ptr = text;
    view.len = text != NULL ? strlen(text) : 0;
    return view;
}

/**
 * A view of `len` characters.
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
 * Why a call failed. Each status names one cause; its number never changes.
 *
 * After every status but SPANLINK_OK nothing has changed: outputs are untouched and containers are
 * as they were. Two exceptions: statistics count the attempt, and the content of an output buffer
 * is unspecified. Later versions add numbers: treat an unknown one as a failure.
 */
typedef enum spanlink_status {
    SPANLINK_OK = 0, /**< Done. */
    /* base */
    SPANLINK_ERR_ARGUMENT = 1,  /**< A NULL, a wrong struct_size, or a value outside its range. */
    SPANLINK_ERR_NO_MEMORY = 2, /**< The allocator has none, or no object can be that large. */
    SPANLINK_ERR_CAPACITY = 3,  /**< The output is too small; its length argument tells the need. */
    SPANLINK_ERR_LOCK = 4,      /**< The system could not make a lock. */
    /* context */
    SPANLINK_ERR_TRACE_ID_LENGTH = 10, /**< A trace id is not exactly 32 digits. */
    SPANLINK_ERR_TRACE_ID_DIGIT = 11,  /**< A trace id holds something other than hex digits. */
    SPANLINK_ERR_TRACE_ID_ZERO = 12,   /**< A trace id of all zeros names no trace. */
    SPANLINK_ERR_SPAN_ID_LENGTH = 13,  /**< A span id is not exactly 16 digits. */
    SPANLINK_ERR_SPAN_ID_DIGIT = 14,   /**< A span id holds something other than hex digits. */
    SPANLINK_ERR_SPAN_ID_ZERO = 15,    /**< A span id of all zeros names no span. */
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
    SPANLINK_ERR_TRACESTATE_KEY = 30,    /**< A key is empty, too long, or has a wrong character. */
    SPANLINK_ERR_TRACESTATE_EQUALS = 31, /**< A member has no "=". */
    SPANLINK_ERR_TRACESTATE_VALUE = 32,  /**< An empty or long value, or a wrong character. */
    SPANLINK_ERR_TRACESTATE_MEMBERS = 33, /**< More than 32 members. */
    /* propagation */
    SPANLINK_ERR_NO_CONTEXT = 40,           /**< There is no header that names a span. */
    SPANLINK_ERR_MULTIPLE_TRACEPARENT = 41, /**< There is more than one traceparent header. */
    SPANLINK_ERR_FORMAT_SYNTAX = 42, /**< The parts of a header are not those of its format. */
    /* attribute */
    SPANLINK_ERR_VALUE_TYPE = 50, /**< A value's type is none of spanlink_value_type. */
    /* 51 was SPANLINK_ERR_VALUE_DEPTH in 0.1; the number is not used again. */
    /* link */
    SPANLINK_ERR_LINK_INVALID = 60, /**< A zero id, and neither attributes nor a tracestate. */
    /* cache */
    SPANLINK_ERR_CACHE_RECURSION = 70, /**< A key was asked for from inside its own create(). */
    SPANLINK_ERR_CACHE_NO_LINK = 71,   /**< create() succeeded without emitting a link. */
    SPANLINK_ERR_CACHE_MULTIPLE_LINKS = 72, /**< create() emitted a second link. */
    /* otlp */
    SPANLINK_ERR_OTLP_SIZE = 80,      /**< A message would be larger than INT32_MAX bytes. */
    SPANLINK_ERR_OTLP_TRUNCATED = 81, /**< The bytes end inside a field. */
    SPANLINK_ERR_OTLP_VARINT = 82,    /**< A varint is longer than ten bytes or than 64 bits. */
    SPANLINK_ERR_OTLP_FIELD = 83,     /**< A field number out of range, or a lone end of group. */
    SPANLINK_ERR_OTLP_WIRE_TYPE = 84, /**< A field has wire type 6 or 7, which do not exist. */
    SPANLINK_ERR_OTLP_TRACE_ID = 85,  /**< A trace id is neither 16 bytes nor absent. */
    SPANLINK_ERR_OTLP_SPAN_ID = 86,   /**< A span id is neither 8 bytes nor absent. */
    SPANLINK_ERR_OTLP_UTF8 = 87,      /**< A string field is not UTF-8. */
    SPANLINK_ERR_OTLP_GROUPS = 88     /**< Unknown groups are nested deeper than 64. */
} spanlink_status;

/**
 * A sentence for a log that says what a status means.
 *
 * @param status Any number.
 * @return A static string, never NULL, also for numbers that are no status.
 *
 * Thread safety: any thread.
 * Cost: constant.
 */
SPANLINK_API const char *spanlink_status_text(spanlink_status status);

/**
 * Where an object's memory comes from. The struct is copied into the object that it is given to.
 *
 * Leave all three functions NULL to use malloc(), realloc() and free(). Setting only some of them
 * is SPANLINK_ERR_ARGUMENT, and so is setting none in a library without SPANLINK_FEATURE_HEAP.
 *
 * Blocks need an alignment of 8, which is enough for pointers, size_t, uint64_t and double. The
 * functions must return: no longjmp(), no C++ exception, no cancellation point. An object makes one
 * call at a time, but threads with an object each may call an allocator that they share at the same
 * time. A collector and a cache are used by many threads: see collector.h and cache.h.
 */
typedef struct spanlink_allocator {
    void *state; /**< Passed to each function; borrowed, must outlive the object. */
    /** Returns a block of `size` bytes (never 0, at most PTRDIFF_MAX), or NULL. */
    void *(*allocate)(void *state, size_t size);
    /** Moves a block (never NULL) to a new size (never 0, at most PTRDIFF_MAX) with its content.
     * NULL: there is no memory, and the old block is unchanged. */
    void *(*resize)(void *state, void *block, size_t old_size, size_t new_size);
    /** Releases a block (never NULL) of `size` bytes. */
    void (*release)(void *state, void *block, size_t size);
} spanlink_allocator;

struct spanlink_pool_block;

/** The state of an allocator over a fixed buffer. The fields are private. 32 bytes on 64-bit
 * machines. */
typedef struct spanlink_pool {
    struct spanlink_pool_block *private_free;
    void *private_reserved[3];
} spanlink_pool;

/**
 * Initialises an allocator over one buffer, for systems without a heap.
 *
 * Released blocks are joined with their free neighbours and used again. Sizes are rounded up to a
 * multiple of two pointers (16 bytes on 64-bit machines); nothing else is lost. list.h tells how
 * large a pool a list needs.
 *
 * @param pool   Its state.
 * @param buffer Of any alignment: up to 7 bytes at its start are skipped. NULL counts as size 0.
 * @param size   In bytes. If the buffer is too small, every allocation fails.
 * @return The allocator, to be copied into options.
 *
 * Ownership: `pool` and `buffer` are borrowed. They must outlive all objects of the allocator, and
 * must not move.
 * Thread safety: one thread at a time, for all objects of the allocator together.
 * Cost: constant; an allocation goes through the free blocks, which are few.
 */
SPANLINK_API spanlink_allocator spanlink_pool_init(spanlink_pool *pool, void *buffer, size_t size);

#ifdef __cplusplus
}
#endif

#endif
