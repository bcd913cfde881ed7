package main

import (
	"context"
	"math"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"
)

// tally is what a peer's answers came to.
type tally struct {
	cpu   time.Duration // of the server; 0: unknown
	wall  time.Duration
	took  []float64 // each request, in milliseconds
	bytes int64
	peak  int64 // resident, in bytes, since the server's start; 0: unknown
}

// askAll asks for all of a list, wide at a time, and adds what it took. CPU time
// and memory are for the caller to read, who knows when the server is at rest.
func (r *running) askAll(ctx context.Context, list []ask, wide int, into *tally) error {
	all, ctx := errgroup.WithContext(ctx)
	var mu sync.Mutex
	var next atomic.Int64
	began := time.Now()
	for range wide {
		all.Go(func() error {
			for {
				i := int(next.Add(1)) - 1
				if i >= len(list) {
					return nil
				}
				asked := time.Now()
				body, err := r.get(ctx, list[i])
				if err != nil {
					return err
				}
				took := float64(time.Since(asked)) / float64(time.Millisecond)
				mu.Lock()
				into.took = append(into.took, took)
				into.bytes += int64(len(body))
				mu.Unlock()
			}
		})
	}
	err := all.Wait()
	into.wall += time.Since(began)
	return err
}

// percentile is the least value that at least that part of all values, 0 to 1,
// do not exceed (nearest rank); 0 of none.
func percentile(values []float64, part float64) float64 {
	if len(values) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(values))
	rank := int(math.Ceil(part*float64(len(sorted)) - 1e-9))
	return sorted[min(max(rank, 1), len(sorted))-1]
}
