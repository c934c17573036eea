/* SPDX-License-Identifier: MIT */
/*
 * An nginx pool as an allocator for spanlink. Large blocks are freed at once, small ones with the
 * pool. nginx aligns to 8 bytes, which is enough for spanlink.
 */
#ifndef EXAMPLES_NGINX_POOL_ALLOCATOR_H
#define EXAMPLES_NGINX_POOL_ALLOCATOR_H

#include <ngx_config.h>
#include <ngx_core.h>

#include <spanlink/base.h>

static void *pool_allocate(void *pool, size_t size) {
    return ngx_palloc(pool, size);
}

static void pool_release(void *pool, void *block, size_t size) {
    (void)size;
    ngx_pfree(pool, block);
}

static void *pool_resize(void *pool, void *block, size_t old_size, size_t new_size) {
    void *moved = ngx_palloc(pool, new_size);
    if (moved != NULL) {
        ngx_memcpy(moved, block, ngx_min(old_size, new_size));
        ngx_pfree(pool, block);
    }
    return moved;
}

static spanlink_allocator pool_allocator(ngx_pool_t *pool) {
    return (spanlink_allocator){pool, pool_allocate, pool_resize, pool_release};
}

#endif
