package main

import (
	"context"
	"fmt"
	"math"
	"strings"
	"time"
)

// mixSeed begins the seeds of the rounds' lists.
const mixSeed = 5

// mixWide is how many requests are under way at a time.
var mixWide = []int{1, 2, 16}

// mixTurns is in how many parts the peers take turns at a list, so that what
// else the machine does meets all of them. A list that is too short for so many
// crowds has fewer.
const mixTurns = 4

// mix has all peers answer the requests of many pages, on an empty cache and
// again with all of it kept.
func (b *bench) mix(ctx context.Context) error {
	peers, g, err := b.beside(ctx)
	if err != nil {
		return err
	}
	if err := b.mixCheck(ctx, peers, g); err != nil {
		return err
	}
	all := g.pictures
	defer func() { g.pictures = all }()
	for _, part := range []struct {
		name  string // in front of each figure
		wide  []int
		taken func(picture) bool
	}{
		{"", mixWide, func(picture) bool { return true }},
		{"heavy originals, ", mixWide[1:2], picture.isHeavy},
		{"light originals, ", mixWide[1:2], func(p picture) bool { return !p.isHeavy() }},
	} {
		g.pictures = nil
		for _, p := range all {
			if part.taken(p) {
				g.pictures = append(g.pictures, p)
			}
		}
		for _, wide := range part.wide {
			var rounds []mixRound
			for round := range pick(b.quick, 2, 3) {
				r, err := b.mixRound(ctx, peers, g, wide, round)
				if err != nil {
					return fmt.Errorf("%s%d at a time: %w", part.name, wide, err)
				}
				rounds = append(rounds, r)
			}
			b.mixFigures(peers, rounds, part.name, wide)
		}
	}
	return nil
}

// mixCheck sees that all peers make the same pictures, before any is timed.
func (b *bench) mixCheck(ctx context.Context, peers []peer, g *gallery) error {
	all, err := start(ctx, peers, g.folder)
	defer func() { stopAll(all) }()
	if err != nil {
		return err
	}
	least, err := b.agree(ctx, all, g)
	if err != nil {
		return err
	}
	var said []string
	for i, p := range peers[1:] {
		said = append(said, fmt.Sprintf("%s's %.0f dB", p.name, least[i+1]))
	}
	b.sayf("answers are of the same size and alike, at least: %s", strings.Join(said, ", "))
	return nil
}

// mixRound is what one list came to.
type mixRound struct {
	list        []ask
	empty, warm []tally // of each peer
}

// mixRound has fresh peers answer one list of requests, then the same again.
func (b *bench) mixRound(ctx context.Context, peers []peer, g *gallery, wide, round int) (m mixRound, err error) {
	names, err := g.links(b.photosCount)
	if err != nil {
		return m, err
	}
	spare, err := g.link(g.light) // for what a server does at its first request only
	if err != nil {
		return m, err
	}
	m.list = mixList(mixSeed+uint64(round), names, b.requests)
	all, err := start(ctx, peers, g.folder)
	defer func() { stopAll(all) }()
	if err != nil {
		return m, err
	}
	for _, r := range all {
		for _, format := range formats {
			if _, err := r.get(ctx, ask{spare, 320, format}); err != nil {
				return m, err
			}
		}
	}
	if m.empty, err = takeTurns(ctx, all, m.list, wide, round); err != nil {
		return m, err
	}
	var keeping []*running
	for _, r := range all {
		if r.peer.keeps {
			keeping = append(keeping, r)
		}
	}
	warm, err := takeTurns(ctx, keeping, m.list, wide, round)
	if err != nil {
		return m, err
	}
	m.warm = append(m.warm, m.empty...) // who keeps nothing does the same again
	for i, k := 0, 0; i < len(all); i++ {
		if all[i].peer.keeps {
			m.warm[i] = warm[k]
			k++
		}
	}
	return m, nil
}

// takeTurns has all peers answer a list, part by part. Who goes first changes.
func takeTurns(ctx context.Context, all []*running, list []ask, wide, round int) ([]tally, error) {
	tallies := make([]tally, len(all))
	before := make([]time.Duration, len(all))
	for i, r := range all {
		var err error
		if before[i], err = r.spent(ctx); err != nil {
			return nil, err
		}
	}
	turns := min(mixTurns, max(1, len(list)/wide))
	for turn := range turns {
		part := list[len(list)*turn/turns : len(list)*(turn+1)/turns]
		for k := range all {
			i := k
			if (turn+round)%2 == 1 {
				i = len(all) - 1 - k
			}
			if err := all[i].askAll(ctx, part, wide, &tallies[i]); err != nil {
				return nil, err
			}
			// What it does beside its answers counts, and must not cost the
			// next its turn.
			after, err := all[i].spent(ctx)
			if err != nil {
				return nil, err
			}
			tallies[i].cpu = after - before[i]
		}
	}
	for i, r := range all {
		var err error
		if r.pid != 0 {
			if tallies[i].peak, err = treePeak(r.pid); err != nil {
				return nil, err
			}
		}
	}
	return tallies, nil
}

// measures are what a mix is compared by.
var measures = []struct {
	name   string
	of     func(tally) float64
	format string
	drawn  bool // in the picture
}{
	{"CPU time", func(t tally) float64 { return t.cpu.Seconds() }, "%.2f s", true},
	{"time in all", func(t tally) float64 { return t.wall.Seconds() }, "%.2f s", false},
	{"latency, median", func(t tally) float64 { return percentile(t.took, 0.50) }, "%.1f ms", false},
	{"latency, 99 of 100", func(t tally) float64 { return percentile(t.took, 0.99) }, "%.0f ms", true},
	{"peak memory", func(t tally) float64 { return float64(t.peak) / megabyte }, "%.0f MB", false},
	{"bytes sent", func(t tally) float64 { return float64(t.bytes) / megabyte }, "%.1f MB", false},
}

// mixFigures makes ratios of what the rounds came to, photofit over each peer.
func (b *bench) mixFigures(peers []peer, rounds []mixRound, part string, wide int) {
	last := rounds[len(rounds)-1]
	b.sayf(part+"%d at a time: %d requests, %d renditions of %d photos", wide, len(last.list), distinct(last.list), b.photosCount)
	for _, state := range []struct {
		name string
		of   func(mixRound) []tally
	}{
		{"empty cache", func(m mixRound) []tally { return m.empty }},
		{"all kept", func(m mixRound) []tally { return m.warm }},
	} {
		for _, m := range measures {
			for i := 1; i < len(peers); i++ {
				var ours, theirs []float64
				for _, round := range rounds {
					ours = append(ours, m.of(state.of(round)[0]))
					theirs = append(theirs, m.of(state.of(round)[i]))
				}
				note := fmt.Sprintf(m.format+", %s "+m.format, median(ours), peers[i].name, median(theirs))
				if state.name == "all kept" {
					if m.name == "peak memory" || m.name == "bytes sent" {
						continue // nothing is new in them
					}
					if !peers[i].keeps {
						note += ", which keeps nothing: as before"
					}
				}
				b.addBeside(peers[i].name, fmt.Sprintf("%s%s, %d at a time: %s", part, state.name, wide, m.name), ours, theirs, note,
					pick(m.drawn, "Page mix, "+state.name, ""))
			}
		}
	}
}

// addBeside keeps a ratio for each pair of values, photofit's over a peer's. Where the
// peer's cannot be known, it says so.
func (b *bench) addBeside(peer, what string, ours, theirs []float64, note, drawn string) {
	f := figure{Name: what, Peer: peer, Unit: "×", Note: note, Drawn: drawn}
	for i := range ours {
		if ratio := ours[i] / theirs[i]; theirs[i] > 0 && !math.IsInf(ratio, 0) {
			f.Values = append(f.Values, ratio)
		}
	}
	if len(f.Values) < len(ours) {
		f.Values, f.Note = nil, "not known: --peer-pid says which process is "+peer
	}
	b.add(f)
}
