/* SPDX-License-Identifier: MIT */
/**
 * @file environment.h
 * A carrier of environment variables: the context of a process that was started by another one, and
 * of those that it starts (OpenTelemetry "Environment Variables as Context Propagation Carriers").
 *
 * Names of headers become names of variables, which match `^[A-Z_][A-Z0-9_]*$`: ASCII letters
 * become upper case, every other byte outside `[A-Z0-9_]` becomes `_`, a leading digit gets `_`
 * before it, and the empty name is `_`. So `x-b3-traceid` is X_B3_TRACEID, and nothing else is.
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
 * A getter over environment variables. Each has one line: of a repeated name the first counts.
 *
 * @param envp `NAME=value` strings with a NULL behind the last, as `environ` is declared; borrowed
 * as long as the getter and the contexts read by it are used. NULL: the environment of this
 * process, by getenv(), which finds no name of more than 255 characters; with SPANLINK_NO_ENV it
 * finds nothing.
 * @return By value. Each call of `next` costs linear time in the environment; it may be called from
 * any thread while no thread changes the environment, and never allocates. "Environment Variables
 * as Context Propagation Carriers", "Get".
 */
SPANLINK_API spanlink_getter spanlink_environment_getter(char *const *envp);

/** The environment of a child process, in memory of the caller. */
typedef struct spanlink_environment {
    char *text;         /**< Holds the strings that are set; must outlive their use. */
    size_t capacity;    /**< Characters of `text`. */
    size_t used;        /**< Characters that are in use; 0 at first. */
    char **entries;     /**< `NAME=value` strings for execve(), with a NULL behind the last. */
    size_t count;       /**< Entries, without the NULL; they may be copied from `environ`. */
    size_t max_entries; /**< Entries that fit, with the NULL. */
} spanlink_environment;

/**
 * A setter over the environment of a child process.
 *
 * `set` replaces the first entry of the name and removes the others, or adds one at the end.
 * `remove` removes all of the name. The order of the other entries stays, and `entries[count]` is
 * NULL afterwards. Strings are copied into `text`, the NUL included; the text of an entry that is
 * replaced or removed is not used again. For the next child, set `used` and `count` back.
 *
 * `set` returns SPANLINK_ERR_ARGUMENT if the value holds a NUL (grpc-trace-bin always does), or if
 * a view, `text` or `entries` is NULL with a length; SPANLINK_ERR_CAPACITY if the string does not
 * fit into `text` or the entry and the NULL into `entries`. `remove` returns
 * SPANLINK_ERR_CAPACITY if the NULL does not fit. On failure nothing has changed.
 *
 * @param environment Borrowed as long as the setter is used. NULL gives a setter without functions,
 * which spanlink_inject() refuses.
 * @return By value. Each call costs linear time in the entries and the value; one thread at a time;
 * never allocates. "Environment Variables as Context Propagation Carriers", "Set".
 */
SPANLINK_API spanlink_setter spanlink_environment_setter(spanlink_environment *environment);

#ifdef __cplusplus
}
#endif

#endif
