package main

import (
	"context"
	"fmt"
	"time"
)

// renderer is a process that renders, and whose CPU time can be read.
type renderer interface {
	render(ctx context.Context, t task) error
	pid() int
}

// workload is a rendition to compare by.
type workload struct {
	width  int
	format string
}

var workloads = []workload{{300, "jpg"}, {800, "jpg"}, {1600, "jpg"}, {800, "webp"}, {800, "avif"}}

func (w workload) String() string {
	name := map[string]string{"jpg": "JPEG", "webp": "WebP", "avif": "AVIF"}[w.format]
	return fmt.Sprintf("24 MP → %d px %s", w.width, name)
}

// task is the workload for the run's photo. The decoder shrinks as far as leaves
// the resize 2.5 times what is wanted, as package render has it.
func (b *bench) task(w workload, folder string) task {
	to := b.photo.scaled(w.width)
	t := task{Folder: folder, Width: to.X, Height: to.Y, Format: w.format, Quality: ownQuality(w.format, to), Shrink: 1}
	for _, shrink := range []int{2, 4, 8} {
		if min(float64(b.photo.width)/float64(to.X), float64(b.photo.height)/float64(to.Y)) >= 2.5*float64(shrink) {
			t.Shrink = shrink
		}
	}
	return t
}

// outcome is what a comparison came to.
type outcome struct {
	ratios []float64 // of CPU time, A over B, one for each pair
	a, b   []float64 // CPU time of a render in each pair, in milliseconds
}

// perPair is how many photos each side renders within one pair.
const perPair = 4

// compare has A and B take turns, wide photos at a time, and gives what each
// pair took. Who goes first changes with every turn, so that neither always
// finds the other's traces in the caches of the CPU.
func compare(ctx context.Context, one, other renderer, t task, photos *album, pairs, wide int) (outcome, error) {
	var o outcome
	sides := []renderer{one, other}
	for pair := range pairs {
		var spent [2]time.Duration
		for turn := range max(1, perPair/wide) {
			for i := range sides {
				side := (i + turn + pair) % 2
				took, err := timed(ctx, sides[side], t, photos, wide)
				if err != nil {
					return o, err
				}
				spent[side] += took
			}
		}
		each := float64(time.Millisecond) * float64(max(1, perPair/wide)*wide)
		o.a = append(o.a, float64(spent[0])/each)
		o.b = append(o.b, float64(spent[1])/each)
		o.ratios = append(o.ratios, float64(spent[0])/float64(spent[1]))
	}
	return o, nil
}

// timed is the CPU time of one turn.
func timed(ctx context.Context, r renderer, t task, photos *album, n int) (time.Duration, error) {
	var err error
	if t.Photos, err = photos.next(n); err != nil {
		return 0, err
	}
	before, err := cpuTime(r.pid())
	if err != nil {
		return 0, err
	}
	if err := r.render(ctx, t); err != nil {
		return 0, err
	}
	after, err := cpuTime(r.pid())
	return after - before, err
}

// first renders a task once, off the clock, and gives the file that it made.
func first(ctx context.Context, r renderer, t task, photos *album, file string) (string, error) {
	var err error
	if t.Photos, err = photos.next(1); err != nil {
		return "", err
	}
	t.Keep = file
	return file, r.render(ctx, t)
}
