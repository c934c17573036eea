/* SPDX-License-Identifier: MIT */
/**
 * @file spanlink.h
 * All of spanlink.
 */
#ifndef SPANLINK_SPANLINK_H
#define SPANLINK_SPANLINK_H

#include <spanlink/attribute.h>
#include <spanlink/base.h>
#include <spanlink/context.h>
#include <spanlink/dedup.h>
#include <spanlink/factory.h>
#include <spanlink/link.h>
#include <spanlink/list.h>
#include <spanlink/traceparent.h>
#include <spanlink/truncate.h>

#endif
