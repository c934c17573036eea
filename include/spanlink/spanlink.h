/* SPDX-License-Identifier: MIT */
/**
 * @file spanlink.h
 * All of spanlink. Made by src/package/umbrella.sh. An option such as SPANLINK_NO_OTLP says that
 * the library is built without the concepts in its block.
 */
#ifndef SPANLINK_SPANLINK_H
#define SPANLINK_SPANLINK_H

#include <spanlink/attribute.h>
#include <spanlink/base.h>
#include <spanlink/cache.h>
#include <spanlink/collector.h>
#include <spanlink/context.h>
#include <spanlink/dedup.h>
#include <spanlink/environment.h>
#include <spanlink/factory.h>
#include <spanlink/lazy.h>
#include <spanlink/link.h>
#include <spanlink/list.h>
#include <spanlink/propagation.h>
#include <spanlink/traceparent.h>
#include <spanlink/tracestate.h>
#include <spanlink/truncate.h>
#ifndef SPANLINK_NO_FORMATS
#include <spanlink/b3.h>
#include <spanlink/binary.h>
#include <spanlink/cloud_trace.h>
#include <spanlink/datadog.h>
#include <spanlink/jaeger.h>
#include <spanlink/sql_comment.h>
#include <spanlink/xray.h>
#endif
#ifndef SPANLINK_NO_OTLP
#include <spanlink/otlp.h>
#include <spanlink/otlp_json.h>
#endif

#endif
