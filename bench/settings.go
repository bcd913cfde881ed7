package main

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"time"

	"photofit"
	"photofit/internal/render"
)

// settings measures what Photofit's own settings cost and gain, each against the
// one that it has by default: how many renders are under way, how many threads of
// libvips work on each.
func (b *bench) settings(ctx context.Context) error {
	g, err := b.gallery()
	if err != nil {
		return err
	}
	cores := runtime.NumCPU()
	for _, n := range []int{1, 2 * cores, 8 * cores} {
		if err := b.rendersUnderWay(ctx, g, n, cores); err != nil {
			return fmt.Errorf("%d renders: %w", n, err)
		}
	}
	return b.threads(ctx)
}

// rendersUnderWay has two servers, of which one has n renders under way, answer the
// same crowds for photos that neither has seen.
func (b *bench) rendersUnderWay(ctx context.Context, g *gallery, n, usual int) error {
	server := func(renders int) peer {
		p := b.photofitPeer("--renders", strconv.Itoa(renders))
		p.name = fmt.Sprintf("%d under way", renders)
		return p
	}
	type measured struct{ cpu, wall, late, peak []float64 }
	var sides [2]measured
	for round := range pick(b.quick, 2, 5) {
		names, err := g.links(pick(b.quick, 16, 32))
		if err != nil {
			return err
		}
		var list []ask
		for _, name := range names {
			list = append(list, ask{name, 800, "jpg"})
		}
		all, err := start(ctx, []peer{server(n), server(usual)}, g.folder)
		if err == nil {
			var tallies []tally
			if tallies, err = takeTurns(ctx, all, list, crowd, round); err == nil {
				for i, t := range tallies {
					s := &sides[i]
					s.cpu = append(s.cpu, t.cpu.Seconds())
					s.wall = append(s.wall, t.wall.Seconds())
					s.late = append(s.late, percentile(t.took, .99))
					s.peak = append(s.peak, float64(t.peak)/megabyte)
				}
			}
		}
		stopAll(all)
		if err != nil {
			return err
		}
	}
	name := fmt.Sprintf("%d renders under way, %d askers", n, crowd)
	for _, m := range []struct {
		what   string
		a, b   []float64
		format string
	}{
		{"CPU time", sides[0].cpu, sides[1].cpu, "%.2f s"}, {"time in all", sides[0].wall, sides[1].wall, "%.2f s"},
		{"latency, 99 of 100", sides[0].late, sides[1].late, "%.0f ms"}, {"peak memory", sides[0].peak, sides[1].peak, "%.0f MB"},
	} {
		b.addBeside(fmt.Sprintf("%d", usual), name+": "+m.what, m.a, m.b, fmt.Sprintf(m.format+", "+m.format, median(m.a), median(m.b)), "")
	}
	return nil
}

// threads renders with as many threads of libvips as there are cores, and with one.
func (b *bench) threads(ctx context.Context) error {
	defer b.lib.SetThreads(1)
	photo, err := os.Open(b.photo.path)
	if err != nil {
		return err
	}
	defer photo.Close()
	info, err := photo.Stat()
	if err != nil {
		return err
	}
	r := render.New(b.lib, render.Limits{})
	leave := func(context.Context, int64) error { return nil }
	many := max(2, runtime.NumCPU())
	for _, w := range workloads {
		format := map[string]photofit.Format{"jpg": photofit.JPEG, "webp": photofit.WebP, "avif": photofit.AVIF}[w.format]
		recipe := photofit.Recipe{Photo: "-", Width: w.width, Format: format}
		var cpu, wall [2][]float64
		for range pick(b.quick, 3, 15) {
			for i, n := range []int{many, 1} {
				b.lib.SetThreads(n)
				began := time.Now()
				took, err := cpuOf(func() error {
					_, err := r.Render(ctx, photo, info.Size(), recipe, leave)
					return err
				})
				if err != nil {
					return err
				}
				cpu[i] = append(cpu[i], took)
				wall[i] = append(wall[i], float64(time.Since(began))/float64(time.Millisecond))
			}
		}
		name := fmt.Sprintf("%s, %d threads for each", w, many)
		b.addBeside("one", name+": CPU time", cpu[0], cpu[1], fmt.Sprintf("%.1f ms, %.1f ms", median(cpu[0]), median(cpu[1])), "")
		b.addBeside("one", name+": time", wall[0], wall[1], fmt.Sprintf("%.1f ms, %.1f ms", median(wall[0]), median(wall[1])), "")
	}
	return nil
}
