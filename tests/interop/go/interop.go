// SPDX-License-Identifier: MIT

// OpenTelemetry Go injects contexts, spanlink sends them on, and Go extracts them again.
//
//	interop PEER      PEER is the program built of tests/interop/peer.c
package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"math/rand"
	"net/http"
	"os"
	"os/exec"
	"strings"

	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
)

const count = 2000

func randomContext(random *rand.Rand) trace.SpanContext {
	var config trace.SpanContextConfig
	random.Read(config.TraceID[:])
	random.Read(config.SpanID[:])
	config.TraceFlags = trace.TraceFlags(random.Intn(2))
	for i := random.Intn(4); i > 0; i-- {
		state, err := config.TraceState.Insert(fmt.Sprintf("key%d", i), fmt.Sprintf("%x", random.Int63()))
		if err != nil {
			fail("tracestate: %v", err)
		}
		config.TraceState = state
	}
	config.Remote = true
	return trace.NewSpanContext(config)
}

func fail(format string, values ...interface{}) {
	fmt.Fprintf(os.Stderr, "interop: "+format+"\n", values...)
	os.Exit(1)
}

func main() {
	random := rand.New(rand.NewSource(1))
	propagator := propagation.TraceContext{}
	var contexts []trace.SpanContext
	var lines bytes.Buffer
	for i := 0; i < count; i++ {
		sent := randomContext(random)
		header := http.Header{}
		propagator.Inject(trace.ContextWithSpanContext(context.Background(), sent), propagation.HeaderCarrier(header))
		contexts = append(contexts, sent)
		fmt.Fprintf(&lines, "%s\t%s\n", header.Get("traceparent"), header.Get("tracestate"))
	}
	command := exec.Command(os.Args[1], "headers")
	command.Stdin = &lines
	output, err := command.Output()
	if err != nil {
		fail("peer: %v", err)
	}
	answers := bufio.NewScanner(bytes.NewReader(output))
	seen := 0
	for ; answers.Scan(); seen++ {
		fields := strings.SplitN(answers.Text(), "\t", 2)
		header := http.Header{}
		header.Set("traceparent", fields[0])
		header.Set("tracestate", fields[1])
		extracted := propagator.Extract(context.Background(), propagation.HeaderCarrier(header))
		if back := trace.SpanContextFromContext(extracted); !back.Equal(contexts[seen]) {
			fail("%v came back as %v", contexts[seen], back)
		}
	}
	if seen != count {
		fail("%d answers to %d contexts", seen, count)
	}
	fmt.Printf("OpenTelemetry Go: %d contexts went round\n", count)
}
