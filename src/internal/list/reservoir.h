/* SPDX-License-Identifier: MIT */
/*
 * Which of many numbered things have the smallest keys: a heap with the largest key on top, over
 * keys that the owner keeps. Of equal keys the one with the higher number counts as larger.
 */
#ifndef SPANLINK_INTERNAL_LIST_RESERVOIR_H
#define SPANLINK_INTERNAL_LIST_RESERVOIR_H

#include <stddef.h>
#include <stdint.h>

/* Makes a heap of the `count` numbers in it, in linear time. */
void slnk_reservoir_build(uint32_t *heap, size_t count, const uint64_t *keys);

/* Puts another number in the place of the one on top, in logarithmic time. The heap is not empty.
 */
void slnk_reservoir_replace_top(uint32_t *heap, size_t count, const uint64_t *keys,
                                uint32_t number);

#endif
