package main

import (
	"context"
	"fmt"
	"math"
	"runtime"
)

// hitBytes is about how large the rendition is that hits are measured by: what
// a picture across a phone's screen has.
const hitBytes = 60_000

// hits compares answers from photofit's cache with nginx and the same bytes.
func (b *bench) hits(ctx context.Context) error {
	for _, tool := range []string{"wrk", "nginx"} {
		if _, err := findTool(tool); err != nil {
			b.skip("cache hits", err.Error())
			return nil
		}
	}
	photos, err := b.album(b.photo.path)
	if err != nil {
		return err
	}
	names, err := photos.next(1)
	if err != nil {
		return err
	}
	s, err := b.serve(ctx, photos.folder, "--policy", "open")
	if err != nil {
		return err
	}
	defer s.stop()
	path, body, err := rendition(ctx, s, names[0], hitBytes)
	if err != nil {
		return err
	}
	web, err := b.startNginx(ctx, body)
	if err != nil {
		return err
	}
	defer web.stop()

	rounds, seconds := pick(b.quick, 3, 7), pick(b.quick, 1, 3)
	b.sayf("photofit against nginx, %d bytes, %d rounds of %d s each", len(body), rounds, seconds)
	var rate, tail []float64
	var ours, theirs []float64
	urls := [2]string{s.base + path, web.url}
	for round := range rounds {
		var got [2]load
		for i := range urls {
			side := (i + round) % 2
			if got[side], err = runWrk(ctx, urls[side], seconds); err != nil {
				return err
			}
		}
		rate = append(rate, got[0].rate/got[1].rate)
		tail = append(tail, got[0].p99/got[1].p99)
		ours, theirs = append(ours, got[0].rate), append(theirs, got[1].rate)
	}
	b.add(figure{Name: fmt.Sprintf("hits a second, %d KB", (len(body)+500)/1000), Peer: "nginx", Drawn: "Hits", Unit: "×", AtLeast: 0.45, Values: rate,
		Note: fmt.Sprintf("%.0f/s, nginx %.0f/s; wrk shares the %d cores", median(ours), median(theirs), runtime.NumCPU())})
	b.add(figure{Name: "slowest 1 % of hits", Peer: "nginx", Drawn: "Hits", Unit: "×", AtMost: 4, Values: tail})
	return nil
}

// rendition finds the path of a JPEG of about that many bytes, by halving the
// range of widths, and has it in the cache.
func rendition(ctx context.Context, s *server, photo string, size int) (path string, body []byte, err error) {
	best := math.MaxInt
	for low, high := 100, 2000; low+8 < high; {
		width := (low + high) / 2
		try := fmt.Sprintf("/%s?w=%d&fm=jpg", photo, width)
		got, err := s.get(ctx, try)
		if err != nil {
			return "", nil, err
		}
		if off := max(len(got)-size, size-len(got)); off < best {
			best, path, body = off, try, got
		}
		if len(got) < size {
			low = width
		} else {
			high = width
		}
	}
	return path, body, nil
}
