// SPDX-License-Identifier: MIT

package main

import (
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"
	common "go.opentelemetry.io/proto/otlp/common/v1"
	otlp "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"
)

const flags = 0x301 // sampled; known to be remote

func message(some []trace.Link) *otlp.Span {
	made := &otlp.Span{}
	for _, link := range some {
		traceID, spanID := link.SpanContext.TraceID(), link.SpanContext.SpanID()
		to := &otlp.Span_Link{TraceId: traceID[:], SpanId: spanID[:], Flags: flags}
		for _, each := range link.Attributes {
			value := &common.AnyValue{Value: &common.AnyValue_StringValue{StringValue: each.Value.AsString()}}
			if each.Value.Type() == attribute.INT64 {
				value = &common.AnyValue{Value: &common.AnyValue_IntValue{IntValue: each.Value.AsInt64()}}
			}
			to.Attributes = append(to.Attributes, &common.KeyValue{Key: string(each.Key), Value: value})
		}
		made.Links = append(made.Links, to)
	}
	return made
}

func digestMessage(from *otlp.Span) (sum uint64) {
	for _, link := range from.Links {
		sum += digestIDs(link.TraceId, link.SpanId)
		for _, each := range link.Attributes {
			sum += uint64(len(each.Key)+len(each.Value.GetStringValue())) + uint64(each.Value.GetIntValue())
		}
	}
	return
}

// spans holds the links in a request with one span: pdata encodes nothing smaller.
func spans(some []trace.Link) ptrace.Traces {
	made := ptrace.NewTraces()
	span := made.ResourceSpans().AppendEmpty().ScopeSpans().AppendEmpty().Spans().AppendEmpty()
	for _, link := range some {
		to := span.Links().AppendEmpty()
		to.SetTraceID(pcommon.TraceID(link.SpanContext.TraceID()))
		to.SetSpanID(pcommon.SpanID(link.SpanContext.SpanID()))
		to.SetFlags(flags)
		for _, each := range link.Attributes {
			if each.Value.Type() == attribute.INT64 {
				to.Attributes().PutInt(string(each.Key), each.Value.AsInt64())
			} else {
				to.Attributes().PutStr(string(each.Key), each.Value.AsString())
			}
		}
	}
	return made
}

func digestSpans(from ptrace.Traces) (sum uint64) {
	links := from.ResourceSpans().At(0).ScopeSpans().At(0).Spans().At(0).Links()
	for _, link := range links.All() {
		traceID, spanID := link.TraceID(), link.SpanID()
		sum += digestIDs(traceID[:], spanID[:])
		for key, value := range link.Attributes().All() {
			sum += uint64(len(key))
			if value.Type() == pcommon.ValueTypeInt {
				sum += uint64(value.Int())
			} else {
				sum += uint64(len(value.Str()))
			}
		}
	}
	return
}

func measureProtobuf(from *otlp.Span, suffix string) {
	var buffer []byte
	var err error
	work{work: "encode" + suffix, peer: "protobuf", operations: 1,
		pass: func() {
			buffer, err = proto.MarshalOptions{}.MarshalAppend(buffer[:0], from)
			require(err)
		},
		answer: func() uint64 { return keep("encode"+suffix, "protobuf", buffer) }}.measure()
	decoded := &otlp.Span{}
	work{work: "decode" + suffix, peer: "protobuf", operations: 1,
		pass: func() {
			decoded = &otlp.Span{}
			require(proto.Unmarshal(buffer, decoded))
		},
		answer: func() uint64 { return digestMessage(decoded) }}.measure()
}

func measurePdata(from ptrace.Traces, suffix string) {
	const unchecked = "no UTF-8 check"
	var buffer []byte
	var err error
	work{work: "encode" + suffix, peer: "pdata", lighter: unchecked, operations: 1,
		pass: func() {
			buffer, err = (&ptrace.ProtoMarshaler{}).MarshalTraces(from)
			require(err)
		},
		answer: func() uint64 { return keep("encode"+suffix, "pdata", buffer) }}.measure()
	var decoded ptrace.Traces
	work{work: "decode" + suffix, peer: "pdata", lighter: unchecked, operations: 1,
		pass: func() {
			decoded, err = (&ptrace.ProtoUnmarshaler{}).UnmarshalTraces(buffer)
			require(err)
		},
		answer: func() uint64 { return digestSpans(decoded) }}.measure()
	var text []byte
	work{work: "json" + suffix, peer: "pdata", operations: 1,
		pass: func() {
			text, err = (&ptrace.JSONMarshaler{}).MarshalTraces(from)
			require(err)
		},
		answer: func() uint64 { return keep("json"+suffix, "pdata", text) }}.measure()
}

func measureCodecs() {
	items := make([]trace.Link, batch)
	for i := range items {
		items[i] = batchItem(i)
	}
	measureProtobuf(message(items), "")
	measurePdata(spans(items), "")
	texts := links(4)[:batch]
	measureProtobuf(message(texts), "_texts")
	measurePdata(spans(texts), "_texts")
}
