/* SPDX-License-Identifier: MIT */
#include "stress.h"

#include <stdlib.h>

size_t stress_size = 20000;

void stress_run(void (*test)(size_t threads)) {
    const char *size = getenv("STRESS_SIZE");
    if (size != NULL) {
        stress_size = (size_t)strtoul(size, NULL, 10);
    }
    for (size_t threads = 2; threads <= STRESS_MOST_THREADS; threads *= 2) {
        print_message("%u threads\n", (unsigned)threads);
        test(threads);
    }
}

void stress_begin(stress_crew *crew) {
    memset(crew, 0, sizeof *crew);
    assert_int_equal(0, pthread_mutex_init(&crew->mutex, NULL));
}

void stress_start(stress_crew *crew, void *(*run)(void *), void *state) {
    assert_int_equal(0, pthread_create(&crew->threads[crew->count], NULL, run, state));
    crew->count++;
}

void stress_start_busy(stress_crew *crew, void *(*run)(void *), void *state) {
    pthread_mutex_lock(&crew->mutex);
    crew->busy++;
    pthread_mutex_unlock(&crew->mutex);
    stress_start(crew, run, state);
}

void stress_done(stress_crew *crew) {
    pthread_mutex_lock(&crew->mutex);
    crew->busy--;
    pthread_mutex_unlock(&crew->mutex);
}

bool stress_is_busy(stress_crew *crew) {
    pthread_mutex_lock(&crew->mutex);
    bool busy = crew->busy != 0;
    pthread_mutex_unlock(&crew->mutex);
    return busy;
}

void stress_yield(uint64_t step) {
    if (step % 16 == 0) {
        sched_yield();
    }
}

void stress_end(stress_crew *crew) {
    for (size_t i = 0; i < crew->count; i++) {
        assert_int_equal(0, pthread_join(crew->threads[i], NULL));
    }
    pthread_mutex_destroy(&crew->mutex);
}

/* Memory */

static bool fails(stress_memory *memory) {
    pthread_mutex_lock(&memory->mutex);
    memory->calls++;
    bool failing = memory->calls % memory->fail_each == 0;
    pthread_mutex_unlock(&memory->mutex);
    return failing;
}

static void *allocate(void *state, size_t size) {
    stress_memory *memory = state;
    void *block = fails(memory) ? NULL : malloc(size);
    pthread_mutex_lock(&memory->mutex);
    memory->live_blocks += block != NULL;
    pthread_mutex_unlock(&memory->mutex);
    return block;
}

static void *resize(void *state, void *block, size_t old_size, size_t new_size) {
    (void)old_size;
    return fails(state) ? NULL : realloc(block, new_size);
}

static void release(void *state, void *block, size_t size) {
    stress_memory *memory = state;
    (void)size;
    free(block);
    pthread_mutex_lock(&memory->mutex);
    memory->live_blocks--;
    pthread_mutex_unlock(&memory->mutex);
}

spanlink_allocator stress_memory_begin(stress_memory *memory, size_t fail_each) {
    memset(memory, 0, sizeof *memory);
    memory->fail_each = fail_each;
    assert_int_equal(0, pthread_mutex_init(&memory->mutex, NULL));
    return (spanlink_allocator){memory, allocate, resize, release};
}

void stress_memory_end(stress_memory *memory) {
    assert_int_equal(0, memory->live_blocks);
    assert_true(memory->calls > memory->fail_each);
    pthread_mutex_destroy(&memory->mutex);
}
