package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"time"
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
		if err := b.coldCase(ctx, workloads[1], photos, floor, cores); err != nil {
			return err
		}
	}
	return b.answersFirst(ctx, floor)
}

// answersFirst compares the time until a photo's first rendition is there, with the
// floor's. What comes after the answer, a master, is nobody's wait.
func (b *bench) answersFirst(ctx context.Context, floor *worker) error {
	g, err := b.gallery()
	if err != nil {
		return err
	}
	if err := b.answersOf(ctx, floor, g.light, 1.15); err != nil {
		return err
	}
	return b.answersOf(ctx, floor, g.heavy, 1.25)
}

// answersOf is answersFirst for one photo.
func (b *bench) answersOf(ctx context.Context, floor *worker, p picture, atMost float64) error {
	photos, err := b.album(p.path)
	if err != nil {
		return err
	}
	s, err := b.serve(ctx, photos.folder, "--policy", "open")
	if err != nil {
		return err
	}
	defer s.stop()
	for _, w := range []workload{{320, "jpg"}, {800, "jpg"}, {1600, "jpg"}} {
		ratios, err := b.answerFirst(ctx, s, floor, b.task(w, photos.folder), photos)
		if err != nil {
			return fmt.Errorf("%s, %s: %w", p.name, w, err)
		}
		b.add(figure{Name: fmt.Sprintf("%s → %d px: time until the first answer", p.name, w.width), Peer: "the floor",
			Drawn: "time of a photo's first answer, of its floor's", Unit: "×", AtMost: atMost, Values: ratios})
	}
	return nil
}

// answerFirst gives a ratio of time for each pair.
func (b *bench) answerFirst(ctx context.Context, s *server, floor *worker, t task, photos *album) (ratios []float64, err error) {
	answer := func(r renderer) (time.Duration, error) {
		began := time.Now()
		err := r.render(ctx, t)
		return time.Since(began), err
	}
	for pair := range b.pairs {
		var took [2]time.Duration
		for turn := range perPair {
			if t.Photos, err = photos.next(1); err != nil {
				return nil, err
			}
			for i := range took {
				side := (i + turn + pair) % 2
				spent, err := answer([]renderer{s, floor}[side])
				if err != nil {
					return nil, err
				}
				took[side] += spent
				if side == 0 { // the next asker waits for a master
					other := t
					other.Width = 160
					if err := s.render(ctx, other); err != nil {
						return nil, err
					}
				}
			}
		}
		ratios = append(ratios, float64(took[0])/float64(took[1]))
	}
	return ratios, nil
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
