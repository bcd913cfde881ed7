package main

import (
	"context"
	"fmt"
	"runtime"
	"time"
)

// soak renders many sizes of many photos, and compares what the server holds
// when all is done with what it held when it was warm.
func (b *bench) soak(ctx context.Context) error {
	warm, all := 200, 1000
	if b.quick {
		warm, all = 100, 300
	}
	photos, err := b.album(b.photo.path)
	if err != nil {
		return err
	}
	s, err := b.serve(ctx, photos.folder)
	if err != nil {
		return err
	}
	defer s.stop()
	b.sayf("%d renders", all)
	// Mostly light ones, to be done soon, and now and then one of each heavy kind.
	kinds := []workload{{64, "jpg"}, {160, "jpg"}, {320, "webp"}, {128, "jpg"}, {640, "jpg"}, {96, "webp"}, {240, "jpg"}, {320, "avif"}, {48, "jpg"}, {1280, "jpg"}}
	wide := runtime.NumCPU()
	held := map[int]int64{}
	for done := 0; done < all; {
		kind := kinds[done/wide%len(kinds)]
		n := min(wide, all-done)
		if done < warm {
			n = min(n, warm-done)
		}
		names, err := photos.next(n)
		if err != nil {
			return err
		}
		if err := s.render(ctx, task{Photos: names, Width: kind.width, Format: kind.format}); err != nil {
			return err
		}
		if done += n; done == warm || done == all {
			if held[done], err = settled(ctx, s.pid()); err != nil {
				return err
			}
		}
	}
	b.add(figure{Name: fmt.Sprintf("resident after %d renders, of after %d", all, warm), Unit: "×", AtMost: 1.3,
		Values: []float64{float64(held[all]) / float64(held[warm])},
		Note:   fmt.Sprintf("%.0f MB, %.0f MB", float64(held[all])/megabyte, float64(held[warm])/megabyte)})
	return nil
}

// settled is the least that a process has resident within three seconds: what a
// collection that happens to be due, or photofit when it has been at rest for two
// seconds, gives back does not count.
func settled(ctx context.Context, pid int) (int64, error) {
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	var least int64
	for i := range 60 {
		now, _, err := memoryOf(pid)
		if err != nil {
			return 0, err
		}
		if i == 0 || now < least {
			least = now
		}
		select {
		case <-ctx.Done():
			return 0, context.Cause(ctx)
		case <-tick.C:
		}
	}
	return least, nil
}
