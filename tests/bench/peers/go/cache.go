// SPDX-License-Identifier: MIT

package main

import (
	"fmt"

	lru "github.com/hashicorp/golang-lru/v2"
	"github.com/maypok86/otter/v2"
	"go.opentelemetry.io/otel/trace"
)

// measureCache looks up links by key and copies each for the calling thread.
func measureCache(peer string, names []string, get func(name string) *trace.Link) {
	order := make([]int, lookups)
	state := uint64(2)
	for i := range order {
		order[i] = int(random(&state) % uint64(len(names)))
	}
	var found [2][]trace.Link
	lookUp := func(number int) {
		mine := found[number]
		for i := range lookups {
			if i%batch == 0 {
				mine = mine[:0]
			}
			mine = append(mine, clone(get(names[order[(i+number*lookups/2)%lookups]])))
		}
		found[number] = mine
	}
	for threads := 1; threads <= 2; threads++ {
		work{work: fmt.Sprintf("cache_%d_%d", len(names), threads), peer: peer,
			operations: threads * lookups,
			pass:       func() { inThreads(threads, lookUp) },
			answer:     func() uint64 { return digest(found[0]) }}.measure()
	}
}

func measureCaches() {
	for _, size := range []int{1000, 10_000} {
		names := make([]string, size)
		least, err := lru.New[string, *trace.Link](2 * size)
		require(err)
		lfu := otter.Must(&otter.Options[string, *trace.Link]{MaximumSize: 2 * size})
		for i := range names {
			_, spanID := ids(i)
			names[i] = spanID.String()
			link := batchItem(i % inputs)
			least.Add(names[i], &link)
			lfu.Set(names[i], &link)
		}
		measureCache("golang-lru", names, func(name string) *trace.Link {
			link, _ := least.Get(name)
			return link
		})
		measureCache("otter", names, func(name string) *trace.Link {
			link, _ := lfu.GetIfPresent(name)
			return link
		})
	}
}
