// SPDX-License-Identifier: MIT

package main

import (
	goContext "context"
	"fmt"
	"sync"

	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

func measureSlice(attributes int, fresh bool) {
	given := links(attributes)
	name, lighter := fmt.Sprintf("add_%d_reused", attributes), ""
	if fresh {
		name = fmt.Sprintf("add_%d_fresh", attributes)
	}
	if attributes != 0 {
		lighter = sharesTexts
	}
	var some []trace.Link
	work{work: name, peer: "slice", lighter: lighter, operations: inputs,
		pass: func() {
			for i := range given {
				if i%batch == 0 && fresh {
					some = nil
				} else if i%batch == 0 {
					some = some[:0]
				}
				some = append(some, clone(&given[i]))
			}
		},
		answer: func() uint64 { return digest(some) }}.measure()
}

// last keeps the last span.
type last struct{ span sdk.ReadOnlySpan }

func (*last) OnStart(goContext.Context, sdk.ReadWriteSpan) {}
func (l *last) OnEnd(span sdk.ReadOnlySpan)                { l.span = span }
func (*last) Shutdown(goContext.Context) error             { return nil }
func (*last) ForceFlush(goContext.Context) error           { return nil }

func measureSDK(attributes int) {
	given := links(attributes)
	kept := &last{}
	tracer := sdk.NewTracerProvider(sdk.WithSpanProcessor(kept)).Tracer("peers")
	lighter := ""
	if attributes != 0 {
		lighter = sharesTexts
	}
	work{work: fmt.Sprintf("add_%d_fresh", attributes), peer: "otel/sdk", lighter: lighter,
		operations: inputs,
		pass: func() {
			for i := 0; i < inputs; i += batch {
				_, span := tracer.Start(goContext.Background(), "batch")
				for j := range batch {
					span.AddLink(clone(&given[i+j]))
				}
				span.End()
			}
		},
		answer: func() (sum uint64) {
			for _, link := range kept.span.Links() {
				sum += digest([]trace.Link{{SpanContext: link.SpanContext, Attributes: link.Attributes}})
			}
			return
		}}.measure()
}

type span struct {
	traceID trace.TraceID
	spanID  trace.SpanID
}

func measureDedup(count int) {
	var given, some []trace.Link
	for _, number := range twice(count) {
		given = append(given, trace.Link{SpanContext: context(number)})
	}
	seen := make(map[span]struct{}, count/2)
	work{work: fmt.Sprintf("dedup_%d", count), peer: "map", operations: count,
		prepare: func() { some = append(some[:0], given...) },
		pass: func() {
			clear(seen)
			left := some[:0]
			for _, link := range some {
				key := span{link.SpanContext.TraceID(), link.SpanContext.SpanID()}
				if _, found := seen[key]; !found {
					seen[key] = struct{}{}
					left = append(left, link)
				}
			}
			some = left
		},
		answer: func() uint64 { return digest(some) }}.measure()
}

func inThreads(threads int, run func(number int)) {
	var group sync.WaitGroup
	for number := 1; number < threads; number++ {
		group.Go(func() { run(number) })
	}
	run(0)
	group.Wait()
}

func measureCollector(name string, threads int, drains bool) {
	given := links(0)
	var lock sync.Mutex
	var shared []trace.Link
	var drained [2]int
	var spare [2][]trace.Link
	collect := func(number int) {
		drained[number] = 0
		for i := 1; i <= collected; i++ {
			lock.Lock()
			shared = append(shared, given[i%inputs])
			if i%emptied == 0 && drains {
				shared, spare[number] = spare[number][:0], shared
				drained[number] += len(spare[number])
			} else if i%emptied == 0 {
				shared = shared[:0]
			}
			lock.Unlock()
		}
	}
	work{work: fmt.Sprintf("%s_%d", name, threads), peer: "Mutex + slice",
		operations: threads * collected,
		pass:       func() { inThreads(threads, collect) },
		answer: func() uint64 {
			if !drains {
				return 0
			}
			return uint64(drained[0] + drained[1] + len(shared))
		}}.measure()
}

func measureLists() {
	for _, attributes := range []int{0, 2, 4} {
		measureSlice(attributes, false)
		measureSlice(attributes, true)
		measureSDK(attributes)
	}
	for _, count := range []int{128, 10_000, 1_000_000} {
		measureDedup(count)
	}
	for threads := 1; threads <= 2; threads++ {
		measureCollector("collect", threads, false)
		measureCollector("drain", threads, true)
	}
}
