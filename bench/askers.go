package main

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// askers is how many want the same rendition at the same time.
const askers = 64

// sameRendition has a crowd ask each peer for one rendition that it has not made
// yet: one render is all that is needed.
func (b *bench) sameRendition(ctx context.Context) error {
	peers, g, err := b.beside(ctx)
	if err != nil {
		return err
	}
	rounds := pick(b.quick, 2, 5)
	crowds, singles := make([][]float64, len(peers)), make([][]float64, len(peers)) // CPU in ms
	var renders []float64
	for round := range rounds {
		var names []string
		for range 3 {
			name, err := g.link(g.light)
			if err != nil {
				return err
			}
			names = append(names, name)
		}
		for k := range peers {
			i := (k + round) % len(peers)
			single, crowd, made, err := askerRound(ctx, peers[i], g.folder, names)
			if err != nil {
				return err
			}
			singles[i], crowds[i] = append(singles[i], single), append(crowds[i], crowd)
			if i == 0 {
				renders = append(renders, made)
			}
		}
	}
	b.add(figure{Name: fmt.Sprintf("photofit's renders for %d askers", askers), AtMost: 1, Worst: true, Values: renders})
	for i, p := range peers {
		if slices.Min(singles[i]) > 0 {
			var each []float64
			for round := range rounds {
				each = append(each, crowds[i][round]/singles[i][round])
			}
			b.add(figure{Name: fmt.Sprintf("CPU of %d askers, of one: %s", askers, p.name), Unit: "×", Values: each,
				Note: fmt.Sprintf("%.0f ms, one %.0f ms", median(crowds[i]), median(singles[i]))})
		}
		if i > 0 {
			b.addBeside(p.name, fmt.Sprintf("%d askers of one rendition: CPU time", askers), crowds[0], crowds[i],
				fmt.Sprintf("%.0f ms, %s %.0f ms", median(crowds[0]), p.name, median(crowds[i])), "CPU time of a crowd")
		}
	}
	return nil
}

// askerRound asks a fresh peer once, then as a crowd, for another photo. made is how many
// renders photofit says that the crowd cost.
func askerRound(ctx context.Context, p peer, folder string, names []string) (single, crowd, made float64, err error) {
	all, err := start(ctx, []peer{p}, folder)
	defer func() { stopAll(all) }()
	if err != nil {
		return 0, 0, 0, err
	}
	r := all[0]
	var marks []float64 // CPU in ms, in between
	var misses float64
	for i, n := range []int{1, 1, askers} { // the first is for what a server does only once
		list := slices.Repeat([]ask{{names[i], 640, "jpg"}}, n)
		var t tally
		if err := r.askAll(ctx, list, n, &t); err != nil {
			return 0, 0, 0, err
		}
		took, err := r.spent(ctx)
		if err != nil {
			return 0, 0, 0, err
		}
		marks = append(marks, float64(took)/float64(time.Millisecond))
		before := misses
		if p.name == us {
			if misses, err = rendersMade(ctx, r); err != nil {
				return 0, 0, 0, err
			}
			made = misses - before
		}
	}
	return marks[1] - marks[0], marks[2] - marks[1], made, nil
}

// rendersMade is how many renders a photofit has made, as its metrics tell.
func rendersMade(ctx context.Context, r *running) (float64, error) {
	base, _, _ := strings.Cut(r.template, "/{photo}")
	page, err := (&server{base: base, client: r.client}).get(ctx, "/-/metrics")
	if err != nil {
		return 0, err
	}
	return parseMisses(string(page))
}

var missesLine = regexp.MustCompile(`(?m)^photofit_answers_total\{how="miss"\} ([0-9.e+]+)$`)

func parseMisses(page string) (float64, error) {
	found := missesLine.FindStringSubmatch(page)
	if found == nil {
		return 0, fmt.Errorf("/-/metrics does not tell photofit_answers_total of misses")
	}
	return strconv.ParseFloat(found[1], 64)
}
