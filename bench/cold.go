package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
)

// cold compares renders through HTTP with the floor.
func (b *bench) cold(ctx context.Context) error {
	photos, err := b.album(b.photo.path)
	if err != nil {
		return err
	}
	floor, err := b.startFloor(ctx)
	if err != nil {
		return err
	}
	defer floor.stop()
	b.sayf("photofit against %s in a loop, %d pairs of %d photos each", floor.about, b.pairs, perPair)
	for _, w := range workloads {
		if err := b.coldCase(ctx, w, photos, floor, 1); err != nil {
			return fmt.Errorf("%s: %w", w, err)
		}
	}
	if cores := runtime.NumCPU(); cores > 1 {
		return b.coldCase(ctx, workloads[1], photos, floor, cores)
	}
	return nil
}

func (b *bench) coldCase(ctx context.Context, w workload, photos *album, floor *worker, wide int) error {
	s, err := b.serve(ctx, photos.folder, "--policy", "open")
	if err != nil {
		return err
	}
	defer s.stop()
	t := b.task(w, photos.folder)
	if err := b.sameBytes(ctx, s, floor, t, photos); err != nil {
		return err
	}
	o, err := compare(ctx, s, floor, t, photos, b.pairs, wide)
	if err != nil {
		return err
	}
	f := figure{Name: w.String(), Peer: "the floor", Drawn: "CPU time of a cold render, of its floor's", Unit: "×", AtMost: 1.10, Values: o.ratios,
		Note: fmt.Sprintf("CPU %.1f ms, floor %.1f ms", median(o.a), median(o.b))}
	if wide > 1 {
		f.Name += fmt.Sprintf(", %d at a time", wide)
	}
	b.add(f)
	return nil
}

// sameBytes renders a photo both ways. A floor whose file differs does other
// work, and there is no point in comparing.
func (b *bench) sameBytes(ctx context.Context, s *server, floor *worker, t task, photos *album) error {
	ours, err := first(ctx, s, t, photos, filepath.Join(b.temp, "ours"))
	if err != nil {
		return err
	}
	bare, err := first(ctx, floor, t, photos, filepath.Join(b.temp, "bare"))
	if err != nil {
		return err
	}
	one, err := os.ReadFile(ours)
	if err != nil {
		return err
	}
	other, err := os.ReadFile(bare)
	if err != nil {
		return err
	}
	if !bytes.Equal(one, other) {
		return fmt.Errorf("the floor makes %d bytes where photofit makes %d that differ: bring bench/floor.go in line with internal/render", len(other), len(one))
	}
	return nil
}
