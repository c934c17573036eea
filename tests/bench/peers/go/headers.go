// SPDX-License-Identifier: MIT

package main

import (
	goContext "context"
	"fmt"
	"net/http"

	"go.opentelemetry.io/contrib/propagators/b3"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
)

func measurePropagator(name, peer string, propagator propagation.TextMapPropagator,
	carriers []propagation.TextMapCarrier) {
	root := goContext.Background()
	found := make([]goContext.Context, inputs)
	work{work: name, peer: peer, operations: inputs,
		pass: func() {
			for i, carrier := range carriers {
				found[i] = propagator.Extract(root, carrier)
			}
		},
		answer: func() (sum uint64) {
			for _, each := range found {
				sum += digestContext(trace.SpanContextFromContext(each))
			}
			return
		}}.measure()
}

// single returns carriers with one header each.
func single(name, format string) []propagation.TextMapCarrier {
	carriers := make([]propagation.TextMapCarrier, inputs)
	for i := range carriers {
		traceID, spanID := ids(i)
		carriers[i] = propagation.MapCarrier{name: fmt.Sprintf(format, traceID, spanID)}
	}
	return carriers
}

func requests() []propagation.TextMapCarrier {
	carriers := make([]propagation.TextMapCarrier, inputs)
	for i := range carriers {
		traceID, spanID := ids(i)
		header := http.Header{}
		for _, name := range []string{"Host", "User-Agent", "Accept", "Connection",
			"Accept-Encoding", "Content-Type"} {
			header.Set(name, "value")
		}
		header.Set("Traceparent", fmt.Sprintf("00-%s-%s-01", traceID, spanID))
		header.Set("tracestate", "vendor=value")
		carriers[i] = propagation.HeaderCarrier(header)
	}
	return carriers
}

func measureHeaders() {
	w3c := propagation.TraceContext{}
	measurePropagator("parse_traceparent", "otel", w3c, single("traceparent", "00-%s-%s-01"))
	measurePropagator("parse_b3", "otel contrib", b3.New(), single("b3", "%s-%s-1"))
	measurePropagator("extract_8", "otel", w3c, requests())
}
