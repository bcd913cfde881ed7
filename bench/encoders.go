package main

import (
	"context"
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"time"

	"photofit/internal/imgtest/ssimulacra2"
)

// pageWidth is the width at which encoders' CPU time is compared.
const pageWidth = 800

// encoders measures what encoders make of the same pixels: bytes at equal looks,
// as SSIMULACRA2 has them, and CPU time. How the photos were scaled is not theirs,
// and the same for all.
func (b *bench) encoders(ctx context.Context) error {
	widths := encoderWidths
	if b.quick {
		widths = []int{160, pageWidth}
	}
	stills, err := b.stills(widths)
	if err != nil {
		return err
	}
	if b.quick {
		stills = slices.DeleteFunc(stills, func(s still) bool { return !s.chart && s.nr%4 != 0 })
	}
	e := &encoding{bench: b, stills: stills, widths: widths, settings: encoderSettings()}
	for i := range stills {
		if err := e.try(ctx, i); err != nil {
			return fmt.Errorf("%s at %d px: %w", stills[i].name, stills[i].width, err)
		}
	}
	if err := e.time(ctx); err != nil {
		return err
	}
	e.report()
	return nil
}

// encoding is a run of the section.
type encoding struct {
	*bench
	stills   []still
	widths   []int
	settings []setting
	curves   [][]curve     // of each setting, of each still; nil where it was not tried
	took     [][][]float64 // of each setting, of each still, of each turn: CPU in ms
}

// try encodes a still with all settings.
func (e *encoding) try(ctx context.Context, i int) error {
	if e.curves == nil {
		e.curves = make([][]curve, len(e.settings))
		for k := range e.curves {
			e.curves[k] = make([]curve, len(e.stills))
		}
	}
	s := e.stills[i]
	for k, set := range e.settings {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if s.width > pageWidth && (set.heavy || !set.own && set.peer == 0) {
			continue // it was settled by the smaller ones, and takes its time
		}
		tried := qualities[set.format]
		if set.peer > 0 {
			tried = []int{set.peer}
		} else if set.own && !slices.Contains(tried, ownQuality(set.format, s.image.Rect.Size())) {
			tried = append(slices.Clone(tried), ownQuality(set.format, s.image.Rect.Size()))
		}
		var trials []trial
		for _, quality := range tried {
			data, _, err := e.encode(s, set, quality)
			if err != nil {
				return fmt.Errorf("%s: %w", set.name, err)
			}
			picture, err := e.decode(data, set.format)
			if err != nil {
				return fmt.Errorf("%s: %w", set.name, err)
			}
			score, err := ssimulacra2.Score(s.image, picture)
			if err != nil {
				return err
			}
			trials = append(trials, trial{quality, float64(len(data)), score})
		}
		e.curves[k][i] = newCurve(trials)
	}
	return nil
}

// encode encodes a still, and tells what CPU time that took: of the whole
// process, as encoders have threads of their own.
func (e *encoding) encode(s still, set setting, quality int) (data []byte, took time.Duration, err error) {
	pixels := make([]byte, 0, len(s.image.Pix)/4*3)
	for i := 0; i < len(s.image.Pix); i += 4 {
		pixels = append(pixels, s.image.Pix[i:i+3]...)
	}
	job := e.lib.NewJob()
	defer job.Close()
	im, err := job.FromPixels(pixels, s.image.Rect.Dx(), s.image.Rect.Dy(), 3)
	if err != nil {
		return nil, 0, err
	}
	before, err := cpuTime(os.Getpid())
	if err != nil {
		return nil, 0, err
	}
	if data, err = set.encode(im, quality); err != nil {
		return nil, 0, err
	}
	after, err := cpuTime(os.Getpid())
	return data, after - before, err
}

// time has all settings take turns at the photos of a page's width, each at the
// quality of the yardstick's looks.
func (e *encoding) time(ctx context.Context) error {
	e.took = make([][][]float64, len(e.settings))
	quality := make([]int, len(e.settings))
	for k := range e.settings {
		e.took[k] = make([][]float64, len(e.stills))
		quality[k] = int(math.Round(e.equalQuality(k, pageWidth)))
	}
	for turn := range pick(e.quick, 3, 5) {
		for i, s := range e.stills {
			if s.chart || s.width != pageWidth {
				continue
			}
			for n := range e.settings {
				if ctx.Err() != nil {
					return context.Cause(ctx)
				}
				k := n
				if turn%2 == 1 {
					k = len(e.settings) - 1 - n
				}
				if e.settings[k].heavy && turn > 0 {
					continue
				}
				_, took, err := e.encode(s, e.settings[k], quality[k])
				if err != nil {
					return err
				}
				e.took[k][i] = append(e.took[k][i], float64(took)/float64(time.Millisecond))
			}
		}
	}
	return nil
}

// photosAt lists the photos of a width.
func (e *encoding) photosAt(width int) (list []int) {
	for i, s := range e.stills {
		if !s.chart && s.width == width {
			list = append(list, i)
		}
	}
	return list
}

// target is the median of the photos' looks with the yardstick, at a width.
func (e *encoding) target(width int) float64 {
	var scores []float64
	for _, i := range e.photosAt(width) {
		scores = append(scores, e.curves[0][i][0].score)
	}
	return median(scores)
}

// equalQuality is the quality at which a setting's photos of a width look like
// the yardstick's, by the median. A peer has its own.
func (e *encoding) equalQuality(k, width int) float64 {
	if e.settings[k].peer > 0 {
		return float64(e.settings[k].peer)
	}
	var curves []curve
	for _, i := range e.photosAt(width) {
		curves = append(curves, e.curves[k][i])
	}
	return equalQuality(curves, e.target(width))
}

// report makes figures of it all.
func (e *encoding) report() {
	first := map[string]int{}
	ours := map[string]int{}
	for k, set := range e.settings {
		if _, found := first[set.format]; !found {
			first[set.format] = k
		}
		if set.own {
			ours[set.format] = k
		}
	}
	for k, set := range e.settings {
		if set.peer == 0 {
			e.compare(k, first[set.format], set.own && set.format != "avif")
		}
	}
	for k, set := range e.settings {
		if set.peer > 0 && k != first[set.format] {
			e.compare(ours[set.format], k, set.format != "avif")
		}
	}
	for _, format := range []string{"jpg", "webp", "avif"} {
		e.looks(ours[format])
	}
	e.types(ours["webp"], ours["jpg"])
	e.types(ours["avif"], ours["webp"])
}

// compare adds what a setting makes and takes of what a peer's default does.
func (e *encoding) compare(k, peer int, must bool) {
	set, other := e.settings[k], e.settings[peer]
	var all []float64
	var notes, at []string
	for _, width := range e.widths {
		var ratios []float64
		for _, i := range e.photosAt(width) {
			if e.curves[k][i] == nil || e.curves[peer][i] == nil {
				continue
			}
			theirs := e.curves[peer][i][0]
			if bytes, reached := e.curves[k][i].bytesAt(theirs.score); reached {
				ratios = append(ratios, bytes/theirs.bytes)
			}
		}
		all = append(all, ratios...)
		if len(ratios) > 0 {
			notes = append(notes, fmt.Sprintf("%d px %.2f", width, median(ratios)))
			at = append(at, fmt.Sprintf("%.0f", e.equalQuality(k, width)))
		}
	}
	f := figure{Name: set.name + ": bytes at equal looks", Peer: other.name, Unit: "×", Values: all,
		Note: strings.Join(notes, ", ") + "; like JPEG's 80 at " + strings.Join(at, ", ")}
	if must {
		f.AtMost = .9
	}
	e.add(f)
	var ratios, mine, theirs []float64
	for _, i := range e.photosAt(pageWidth) {
		if len(e.took[k][i]) > 0 && len(e.took[peer][i]) > 0 {
			a, b := median(e.took[k][i]), median(e.took[peer][i])
			ratios, mine, theirs = append(ratios, a/b), append(mine, a), append(theirs, b)
		}
	}
	e.add(figure{Name: fmt.Sprintf("%s: CPU at %d px", set.name, pageWidth), Peer: other.name, Unit: "×", Values: ratios,
		Note: fmt.Sprintf("%.1f ms, %.1f ms", median(mine), median(theirs))})
}

// looks adds how far what photofit serves is from the yardstick's looks.
func (e *encoding) looks(k int) {
	for _, width := range e.widths {
		var points []float64
		for _, i := range e.photosAt(width) {
			q := ownQuality(e.settings[k].format, e.stills[i].image.Rect.Size())
			points = append(points, e.curves[k][i].scoreAt(float64(q))-e.curves[0][i][0].score)
		}
		e.add(figure{Name: fmt.Sprintf("%s, %d px: looks beyond JPEG's at 80", e.settings[k].name, width), Unit: "points", Values: points})
	}
}

// types adds what one type takes of another's bytes where they look like the
// yardstick: what decides between them.
func (e *encoding) types(k, other int) {
	for _, width := range e.widths {
		for _, chart := range []bool{false, true} {
			var ratios []float64
			var names []string
			for i, s := range e.stills {
				if s.width != width || s.chart != chart {
					continue
				}
				score := e.curves[0][i][0].score
				a, first := e.curves[k][i].bytesAt(score)
				b, second := e.curves[other][i].bytesAt(score)
				if !first || !second {
					continue
				}
				ratios = append(ratios, a/b)
				if chart {
					names = append(names, fmt.Sprintf("%s %.2f", s.name, a/b))
				}
			}
			e.add(figure{Name: fmt.Sprintf("%s, %d px, %s: bytes at equal looks", e.settings[k].name, width, pick(chart, "charts", "photos")),
				Peer: e.settings[other].name, Unit: "×", Values: ratios, Note: strings.Join(names, ", ")})
		}
	}
	var ratios []float64
	for _, i := range e.photosAt(pageWidth) {
		if len(e.took[k][i]) > 0 {
			ratios = append(ratios, median(e.took[k][i])/median(e.took[other][i]))
		}
	}
	f := figure{Name: fmt.Sprintf("%s: CPU at %d px", e.settings[k].name, pageWidth), Peer: e.settings[other].name, Unit: "×", Values: ratios}
	if e.settings[k].format == "avif" {
		f.AtMost = 2.5 // what few bytes less are worth
	}
	e.add(f)
}
