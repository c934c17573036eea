// SPDX-License-Identifier: MIT

// A Go service that links a span to the senders of its messages. spanlink parses the headers and
// limits the links; OpenTelemetry's SDK creates and exports the span.
//
//	PKG_CONFIG_PATH=… go build && ./link_senders <headers.tsv
//
// Ownership: headers are kept in C memory until the list has copied them. The list owns its links until
// it is destroyed. The SDK's links are copies in Go memory. C code keeps no pointers to Go memory.
package main

/*
#cgo pkg-config: spanlink
#include <spanlink/spanlink.h>
#include <stdlib.h>

// cgo cannot access the members of an anonymous union.
static spanlink_str string_of(const spanlink_value *value) { return value->string_value; }
static bool bool_of(const spanlink_value *value) { return value->bool_value; }
static int64_t int_of(const spanlink_value *value) { return value->int_value; }
static double double_of(const spanlink_value *value) { return value->double_value; }
*/
import "C"

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"strings"
	"unsafe"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

func asError(status C.spanlink_status) error {
	if status == C.SPANLINK_OK {
		return nil
	}
	return errors.New(C.GoString(C.spanlink_status_text(status)))
}

// Links is a list of at most 128 links. Close destroys it.
type Links struct{ list *C.spanlink_list }

func newLinks() (*Links, error) {
	links := &Links{}
	return links, asError(C.spanlink_list_create(nil, &links.list))
}

func (links *Links) Close() { C.spanlink_list_destroy(links.list) }

// Add adds a message's sender. It returns an error if the message has no valid context.
func (links *Links) Add(traceparent, tracestate string, index int) error {
	first, second := C.CString(traceparent), C.CString(tracestate)
	defer C.free(unsafe.Pointer(first))
	defer C.free(unsafe.Pointer(second)) // the context's tracestate points into it
	var sender C.spanlink_context
	status := C.spanlink_context_from_headers(C.spanlink_str_make(first, C.size_t(len(traceparent))),
		C.spanlink_str_make(second, C.size_t(len(tracestate))), &sender)
	if status == C.SPANLINK_OK {
		status = C.spanlink_list_add_batch_item(links.list, &sender, C.int64_t(index))
	}
	return asError(status)
}

// All returns the links, copied into the SDK's types.
func (links *Links) All() []trace.Link {
	var count C.size_t
	views := unsafe.Slice(C.spanlink_list_links(links.list, &count), count) // valid until the list changes
	copies := make([]trace.Link, 0, len(views))
	for i := range views {
		copies = append(copies, sdkLink(&views[i]))
	}
	return copies
}

func text(view C.spanlink_str) string { return C.GoStringN(view.ptr, C.int(view.len)) }

func sdkLink(link *C.spanlink_link) trace.Link {
	state, err := trace.ParseTraceState(text(link.context.trace_state))
	if err != nil {
		log.Print(err)
	}
	config := trace.SpanContextConfig{
		TraceFlags: trace.TraceFlags(link.context.trace_flags),
		TraceState: state,
		Remote:     bool(link.context.is_remote),
	}
	copy(config.TraceID[:], C.GoBytes(unsafe.Pointer(&link.context.trace_id), 16))
	copy(config.SpanID[:], C.GoBytes(unsafe.Pointer(&link.context.span_id), 8))
	var attributes []attribute.KeyValue
	for _, view := range unsafe.Slice(link.attributes, link.attribute_count) {
		attributes = append(attributes, sdkAttribute(&view))
	}
	return trace.Link{SpanContext: trace.NewSpanContext(config), Attributes: attributes}
}

func sdkAttribute(view *C.spanlink_attribute) attribute.KeyValue {
	key, value := attribute.Key(text(view.key)), &view.value
	switch value._type {
	case C.SPANLINK_VALUE_STRING:
		return key.String(text(C.string_of(value)))
	case C.SPANLINK_VALUE_BOOL:
		return key.Bool(bool(C.bool_of(value)))
	case C.SPANLINK_VALUE_INT:
		return key.Int64(int64(C.int_of(value)))
	default:
		return key.Float64(float64(C.double_of(value)))
	}
}

func run(ctx context.Context) error {
	exporter, err := otlptracehttp.New(ctx) // OTEL_EXPORTER_OTLP_ENDPOINT
	if err != nil {
		return err
	}
	provider := sdktrace.NewTracerProvider(sdktrace.WithSyncer(exporter))
	links, err := newLinks()
	if err != nil {
		return err
	}
	defer links.Close()
	lines := bufio.NewScanner(os.Stdin)
	for index := 0; lines.Scan(); index++ {
		traceparent, tracestate, _ := strings.Cut(lines.Text(), "\t")
		if err := links.Add(traceparent, tracestate, index); err != nil {
			fmt.Fprintf(os.Stderr, "message %d: %v\n", index, err)
		}
	}
	_, span := provider.Tracer("spanlink").Start(ctx, "process_batch",
		trace.WithSpanKind(trace.SpanKindConsumer), trace.WithLinks(links.All()...))
	span.End()
	return provider.Shutdown(ctx)
}

func main() {
	if err := run(context.Background()); err != nil {
		log.Fatal(err)
	}
}
