/* SPDX-License-Identifier: MIT */
#include "internal/lock.h"

static slnk_lock *nth_lock(slnk_lock *first, size_t stride, size_t n) {
    return (slnk_lock *)(void *)((char *)first + n * stride);
}

static bool make_mutex(slnk_lock_mutex *mutex) {
#if defined(SLNK_LOCK_WINDOWS)
    InitializeSRWLock(mutex);
    return slnk_lock_test_made(true);
#elif defined(SLNK_LOCK_POSIX)
    return slnk_lock_test_made(pthread_mutex_init(mutex, NULL) == 0);
#elif defined(SLNK_LOCK_C11)
    return slnk_lock_test_made(mtx_init(mutex, mtx_plain) == thrd_success);
#else
    *mutex = 0;
    return slnk_lock_test_made(true);
#endif
}

static bool make_condition(slnk_lock_condition *condition) {
#if defined(SLNK_LOCK_WINDOWS)
    InitializeConditionVariable(condition);
    return slnk_lock_test_made(true);
#elif defined(SLNK_LOCK_POSIX)
    return slnk_lock_test_made(pthread_cond_init(condition, NULL) == 0);
#elif defined(SLNK_LOCK_C11)
    return slnk_lock_test_made(cnd_init(condition) == thrd_success);
#else
    *condition = 0;
    return slnk_lock_test_made(true);
#endif
}

static void destroy_mutex(slnk_lock_mutex *mutex) {
#if defined(SLNK_LOCK_POSIX)
    (void)pthread_mutex_destroy(mutex);
#elif defined(SLNK_LOCK_C11)
    mtx_destroy(mutex);
#else
    (void)mutex;
#endif
    slnk_lock_test_destroyed();
}

static void destroy_condition(slnk_lock_condition *condition) {
#if defined(SLNK_LOCK_POSIX)
    (void)pthread_cond_destroy(condition);
#elif defined(SLNK_LOCK_C11)
    cnd_destroy(condition);
#else
    (void)condition;
#endif
    slnk_lock_test_destroyed();
}

static bool make_lock(slnk_lock *lock) {
    bool mutex = make_mutex(&lock->mutex);
    bool made = mutex && make_condition(&lock->changed);
    if (mutex && !made) {
        destroy_mutex(&lock->mutex);
    }
    return made;
}

void slnk_lock_destroy_all(slnk_lock *first, size_t stride, size_t count) {
    for (size_t i = 0; i < count; i++) {
        slnk_lock *lock = nth_lock(first, stride, i);
        destroy_condition(&lock->changed);
        destroy_mutex(&lock->mutex);
    }
}

bool slnk_lock_init_all(slnk_lock *first, size_t stride, size_t count) {
    size_t made = 0;
    while (made < count && make_lock(nth_lock(first, stride, made))) {
        made++;
    }
    if (made < count) {
        slnk_lock_destroy_all(first, stride, made);
    }
    return made == count;
}

#ifdef SLNK_LOCK_POSIX

/*
 * A cancelled thread never returns from its frames. AddressSanitizer must be told, or it reports
 * the next use of the stack as an overflow. (Not by __asan_handle_no_return(), which itself fails
 * in this situation.)
 */
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SLNK_LOCK_ASAN
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define SLNK_LOCK_ASAN
#endif
#ifdef SLNK_LOCK_ASAN
void __asan_unpoison_memory_region(const volatile void *address, size_t size);

static void forget_left_frames(void) {
    enum { DEEPEST = 1 << 16 };
    char here = 0;
    __asan_unpoison_memory_region(&here - DEEPEST, DEEPEST);
}
#else
static void forget_left_frames(void) {
}
#endif

typedef struct cleanup {
    void (*cancelled)(void *state);
    void *state;
} cleanup;

static void clean_up(void *state) {
    const cleanup *self = (const cleanup *)state;
    forget_left_frames();
    self->cancelled(self->state);
}

void slnk_lock_run(void (*run)(void *state), void *state, void (*cancelled)(void *state)) {
    cleanup self = {cancelled, state};
    pthread_cleanup_push(clean_up, &self);
    run(state);
    pthread_cleanup_pop(0);
}

#else

void slnk_lock_run(void (*run)(void *state), void *state, void (*cancelled)(void *state)) {
    (void)cancelled;
    run(state);
}

#endif

/* Android has pthread_exit(), but no cancellation. */
#if defined(SLNK_LOCK_POSIX) && defined(PTHREAD_CANCEL_DISABLE)

int slnk_lock_defer_cancel(void) {
    int before;
    (void)pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &before);
    return before;
}

void slnk_lock_accept_cancel(int before) {
    int deferred;
    (void)pthread_setcancelstate(before, &deferred);
}

#else

int slnk_lock_defer_cancel(void) {
    return 0;
}

void slnk_lock_accept_cancel(int before) {
    (void)before;
}

#endif
