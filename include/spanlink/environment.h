/* SPDX-License-Identifier: MIT */
/**
 * @file environment.h
 * A carrier of environment variables: the context that a process received from its parent, and the
 * contexts that it passes to child processes (OpenTelemetry "Environment Variables as Context
 * Propagation Carriers").
 *
 * Header names become variable names, which match `^[A-Z_][A-Z0-9_]*$`: ASCII letters become upper
 * case, every other byte outside `[A-Z0-9_]` becomes `_`, a leading digit gets a `_` before it, and
 * the empty name is `_`. For example, `x-b3-traceid` becomes X_B3_TRACEID.
 *
 * @code
 * char text[SPANLINK_TRACESTATE_MAX];
 * spanlink_getter getter = spanlink_environment_getter(NULL);
 * spanlink_status status = spanlink_extract(&getter, NULL, text, sizeof text, &context);
 * @endcode
 *
 * @snippet concepts/environment.c environment
 */
#ifndef SPANLINK_ENVIRONMENT_H
#define SPANLINK_ENVIRONMENT_H

#include <spanlink/propagation.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Returns a getter over environment variables, for spanlink_extract(). A name has one line; of a
 * repeated name the first entry counts.
 *
 * @param envp `NAME=value` strings, terminated by NULL, as `environ` is declared. NULL: the
 *             environment of this process, by getenv(), which finds no name longer than 255
 *             characters; with SPANLINK_NO_ENV it finds nothing.
 * @return The getter, by value.
 *
 * Ownership: the getter and the contexts that it reads borrow `envp`.
 * Thread safety: any thread, while no thread changes the environment.
 * Cost: constant; each call of `next` is linear in the environment; never allocates.
 * Specification: "Environment Variables as Context Propagation Carriers", "Get".
 */
SPANLINK_API spanlink_getter spanlink_environment_getter(char *const *envp);

/** The environment of a child process, in the caller's memory. */
typedef struct spanlink_environment {
    char *text;         /**< Holds the strings that are set; must outlive their use. */
    size_t capacity;    /**< Characters of `text`. */
    size_t used;        /**< Characters in use; initially 0. */
    char **entries;     /**< `NAME=value` strings for execve(), terminated by NULL. */
    size_t count;       /**< Entries without the NULL; they may be copied from `environ`. */
    size_t max_entries; /**< Capacity of `entries`, the NULL included. */
} spanlink_environment;

/**
 * Returns a setter over the environment of a child process, for spanlink_inject().
 *
 * `set` replaces the first entry of the name and removes the others, or adds an entry at the end.
 * `remove` removes all entries of the name. The order of the other entries is kept, and
 * `entries[count]` is NULL afterwards. Strings are copied into `text`, each with a NUL; the text of
 * replaced and removed entries is not reused. For the next child, reset `used` and `count`.
 *
 * `set` and `remove` return SPANLINK_ERR_ARGUMENT if the value contains a NUL (grpc-trace-bin
 * always does), or if a view, `text` or `entries` is NULL with a length; SPANLINK_ERR_CAPACITY if
 * the string does not fit into `text`, or the entries and the NULL do not fit into `entries`. On
 * failure nothing is changed.
 *
 * @param environment NULL gives a setter without functions, which spanlink_inject() rejects.
 * @return The setter, by value.
 *
 * Ownership: the setter borrows `environment`, and the entries borrow `text`.
 * Thread safety: one thread at a time per environment.
 * Cost: constant; each call is linear in the entries and the value; never allocates.
 * Specification: "Environment Variables as Context Propagation Carriers", "Set".
 */
SPANLINK_API spanlink_setter spanlink_environment_setter(spanlink_environment *environment);

#ifdef __cplusplus
}
#endif

#endif
