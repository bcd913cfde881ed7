package main

import (
	"context"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"time"

	"golang.org/x/sync/errgroup"
)

const megabyte = 1e6

// crowd is how many renders are asked for at the same time.
const crowd = 16

// memory measures what the server holds at most, and whether it gives it back.
func (b *bench) memory(ctx context.Context) error {
	if err := b.peak(ctx, "24 MP JPEG → 800 px JPEG", b.photo.path, task{Width: 800, Format: "jpg"}, 160); err != nil {
		return err
	}
	png, err := b.makePNG(ctx)
	if err != nil {
		return err
	}
	if err := b.peak(ctx, "12 MP PNG → 800 px PNG", png, task{Width: 800, Format: "png"}, 380); err != nil {
		return err
	}
	return b.soak(ctx)
}

// peak asks a fresh server for a crowd of cold renders, and compares its high
// water with a bound in MB and with what it gave its renders leave for.
func (b *bench) peak(ctx context.Context, name, file string, t task, bound float64) error {
	var most, leave []float64
	var admitted int64
	for range pick(b.quick, 1, 3) {
		p, err := b.crowded(ctx, file, t)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		most = append(most, float64(p.most)/megabyte)
		leave = append(leave, float64(p.most-p.before)/float64(p.admitted))
		admitted = max(admitted, p.admitted)
	}
	b.add(figure{Name: fmt.Sprintf("peak, %d at once, %s", crowd, name), Unit: "MB", AtMost: bound, Worst: true, Values: most})
	b.add(figure{Name: "  what renders took of it, of their leave", Unit: "×", AtMost: 1, Worst: true, Values: leave,
		Note: fmt.Sprintf("leave %.0f MB", float64(admitted)/megabyte)})
	return nil
}

// pressure is what a server held, in bytes.
type pressure struct {
	before, most int64 // resident: when it had started, and at most
	admitted     int64 // what renders had leave for at the same time, at most
}

func (b *bench) crowded(ctx context.Context, file string, t task) (p pressure, err error) {
	photos, err := b.album(file)
	if err != nil {
		return p, err
	}
	if t.Photos, err = photos.next(crowd); err != nil {
		return p, err
	}
	s, err := b.serve(ctx, photos.folder)
	if err != nil {
		return p, err
	}
	defer s.stop()
	// The page of figures is asked for first, so that what it takes counts as
	// the server's own.
	if _, err := s.admitted(ctx); err != nil {
		return p, err
	}
	if p.before, _, err = memoryOf(s.pid()); err != nil {
		return p, err
	}
	finished, finish := context.WithCancel(ctx)
	defer finish()
	var both errgroup.Group
	both.Go(func() error {
		defer finish()
		return s.render(ctx, t)
	})
	both.Go(func() error {
		tick := time.NewTicker(10 * time.Millisecond)
		defer tick.Stop()
		for {
			now, err := s.admitted(ctx)
			if err != nil {
				return err
			}
			p.admitted = max(p.admitted, now)
			select {
			case <-finished.Done():
				return nil
			case <-tick.C:
			}
		}
	})
	if err := both.Wait(); err != nil {
		return p, err
	}
	if p.admitted == 0 {
		return p, fmt.Errorf("no render was ever seen under way")
	}
	_, p.most, err = memoryOf(s.pid())
	return p, err
}

// admitted is the memory that renders under way have leave for, as the server's
// metrics tell it.
func (s *server) admitted(ctx context.Context) (int64, error) {
	page, err := s.get(ctx, "/-/metrics")
	if err != nil {
		return 0, err
	}
	return parseAdmitted(string(page))
}

var admittedLine = regexp.MustCompile(`(?m)^photofit_admitted_bytes ([0-9.e+]+)$`)

func parseAdmitted(page string) (int64, error) {
	found := admittedLine.FindStringSubmatch(page)
	if found == nil {
		return 0, fmt.Errorf("/-/metrics does not tell photofit_admitted_bytes")
	}
	n, err := strconv.ParseFloat(found[1], 64)
	return int64(n), err
}

// makePNG makes a PNG of 12 megapixels of the photo.
func (b *bench) makePNG(ctx context.Context) (string, error) {
	file := filepath.Join(b.temp, "photo.png")
	width := math.Round(math.Sqrt(12e6 * float64(b.photo.width) / float64(b.photo.height)))
	b.sayf("making a PNG of 12 megapixels")
	make := exec.CommandContext(ctx, b.photofit, "render", b.photo.path, fmt.Sprintf("w=%.0f&fm=png", width),
		"--policy", "open", "--libvips", b.libvips, "-o", file)
	make.Env = plainEnvironment()
	if out, err := make.CombinedOutput(); err != nil {
		return "", fmt.Errorf("photofit render: %w: %s", err, out)
	}
	_, err := os.Stat(file)
	return file, err
}
