// SPDX-License-Identifier: MIT

package main

import (
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"
)

const (
	inputs    = 4096
	batch     = 128
	lookups   = 1 << 18
	collected = 1 << 17
	emptied   = 1024
)

func random(state *uint64) uint64 {
	*state += 0x9e3779b97f4a7c15
	z := *state
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb
	return z ^ (z >> 31)
}

// ids returns the ids of the link with a number.
func ids(number int) (traceID trace.TraceID, spanID trace.SpanID) {
	state := uint64(number)
	binary.BigEndian.PutUint64(traceID[:8], random(&state))
	binary.BigEndian.PutUint64(traceID[8:], random(&state))
	binary.BigEndian.PutUint64(spanID[:], random(&state))
	return
}

func context(number int) trace.SpanContext {
	traceID, spanID := ids(number)
	return trace.NewSpanContext(trace.SpanContextConfig{
		TraceID: traceID, SpanID: spanID, TraceFlags: trace.FlagsSampled, Remote: true})
}

var keys = [4]string{"messaging.system", "messaging.destination.name",
	"messaging.consumer.group.name", "messaging.message.id"}

// links returns links with the given number of text attributes.
func links(attributes int) []trace.Link {
	made := make([]trace.Link, inputs)
	for i := range made {
		made[i].SpanContext = context(i)
		texts := [4]string{"kafka", "orders.europe-west", "billing-service",
			made[i].SpanContext.TraceID().String()}
		for j := range attributes {
			made[i].Attributes = append(made[i].Attributes, attribute.String(keys[j], texts[j]))
		}
	}
	return made
}

func batchItem(number int) trace.Link {
	return trace.Link{SpanContext: context(number), Attributes: []attribute.KeyValue{
		attribute.String("link.type", "batch_item"),
		attribute.Int("batch.index", number%batch)}}
}

// twice returns the numbers of the links of a dedup: each of count / 2 twice, in random order.
func twice(count int) []int {
	numbers := make([]int, count)
	for i := range numbers {
		numbers[i] = i % (count / 2)
	}
	state := uint64(1)
	for i := count; i > 1; i-- {
		other := random(&state) % uint64(i)
		numbers[i-1], numbers[other] = numbers[other], numbers[i-1]
	}
	return numbers
}

func digestIDs(traceID, spanID []byte) uint64 {
	return binary.BigEndian.Uint64(traceID) ^ binary.BigEndian.Uint64(traceID[8:]) ^
		binary.BigEndian.Uint64(spanID)
}

func digestContext(context trace.SpanContext) uint64 {
	traceID, spanID := context.TraceID(), context.SpanID()
	return digestIDs(traceID[:], spanID[:])
}

func digest(some []trace.Link) (sum uint64) {
	for _, link := range some {
		sum += digestContext(link.SpanContext)
		for _, each := range link.Attributes {
			sum += uint64(len(each.Key))
			if each.Value.Type() == attribute.INT64 {
				sum += uint64(each.Value.AsInt64())
			} else {
				sum += uint64(len(each.Value.AsString()))
			}
		}
	}
	return
}

// clone copies a link with its attributes; the texts are shared, as Go does.
func clone(link *trace.Link) trace.Link {
	return trace.Link{SpanContext: link.SpanContext,
		Attributes: append([]attribute.KeyValue(nil), link.Attributes...)}
}

const sharesTexts = "texts are shared"

// A work is one line of results.
type work struct {
	work, peer string
	lighter    string // work that this peer omits
	operations int    // of a pass
	prepare    func() // before each pass, not timed
	pass       func()
	answer     func() uint64
}

func (w work) time(least time.Duration) float64 {
	spent, passes := time.Duration(0), 0.0
	for ok := true; ok; ok = spent < least {
		if w.prepare != nil {
			w.prepare()
		}
		start := time.Now()
		w.pass()
		spent += time.Since(start)
		passes++
	}
	return float64(spent.Nanoseconds()) / passes
}

// measure prints the fastest of three stretches of 10 ms. A pass before them warms up.
func (w work) measure() {
	best := w.time(0)
	for range 3 {
		best = min(best, w.time(10*time.Millisecond))
	}
	fmt.Printf("%s\tGo %s\t%.2f\t%x\t%s\n", w.work, w.peer, best/float64(w.operations), w.answer(),
		w.lighter)
}

func require(err error) {
	if err != nil {
		panic(err)
	}
}

// keep stores the encoded output of a peer, which tables.py compares.
func keep(work, peer string, bytes []byte) uint64 {
	directory := "."
	if len(os.Args) > 1 {
		directory = os.Args[1]
	}
	require(os.WriteFile(filepath.Join(directory, work, "Go "+peer), bytes, 0o644))
	return 0
}
