package main

import (
	"context"
	"fmt"
	"time"

	"photofit"
)

// firstWidth is the size by which a photo is known: what a page shows of it.
const firstWidth = 800

// later measures what the first rendition of a photo costs, and what the ladder's other
// widths cost then: of decoding the photo anew for each, which photofit does
// for a photo that it has not seen before, and of what the peers take.
func (b *bench) later(ctx context.Context) error {
	peers, g, err := b.beside(ctx)
	if err != nil {
		return err
	}
	for _, p := range []picture{g.heavy, g.light} {
		var first, rest [][]float64 // of each round, of each contender, CPU of a rendition in ms
		var widths []int
		for _, w := range photofit.DefaultPolicy().Widths {
			if w != firstWidth && w <= p.width {
				widths = append(widths, w)
			}
		}
		if b.quick { // every third, the largest with them
			var few []int
			for i := len(widths) - 1; i >= 0; i -= 3 {
				few = append(few, widths[i])
			}
			widths = few
		}
		for round := range pick(b.quick, 2, 5) {
			one, others, err := laterRound(ctx, peers, b.photofitPeer(), g, p, widths, round)
			if err != nil {
				return fmt.Errorf("%s: %w", p.name, err)
			}
			first, rest = append(first, one), append(rest, others)
		}
		name := fmt.Sprintf("%s, %.0f MB", p.name, float64(p.size)/megabyte)
		column := func(of [][]float64, i int) (values []float64) {
			for _, round := range of {
				values = append(values, round[i])
			}
			return values
		}
		note := func(of [][]float64, i int, peer string) string {
			return fmt.Sprintf("%.1f ms, %s %.1f ms a rendition", median(column(of, 0)), peer, median(column(of, i)))
		}
		sizes := fmt.Sprintf("%s: %d later sizes", name, len(widths))
		anew, drawn := len(peers), "CPU time of a photo's first size, and of later ones"
		for i := 1; i < len(peers); i++ {
			b.addBeside(peers[i].name, name+": first size", column(first, 0), column(first, i), note(first, i, peers[i].name), drawn)
		}
		b.addBeside("decoding anew", sizes, column(rest, 0), column(rest, anew), note(rest, anew, "anew"), drawn)
		for i := 1; i < len(peers); i++ {
			b.addBeside(peers[i].name, sizes, column(rest, 0), column(rest, i), note(rest, i, peers[i].name), drawn)
		}
	}
	return nil
}

// laterRound asks fresh peers for a photo's first size and for the others, in
// turns. The last contender is one more photofit, which gets another name of the photo
// for each size. All names are there before: a further link to a file makes
// another version of it.
func laterRound(ctx context.Context, peers []peer, anew peer, g *gallery, p picture, widths []int, round int) (first, rest []float64, err error) {
	var names []string
	for range 3 + len(widths) {
		name, err := g.link(p)
		if err != nil {
			return nil, nil, err
		}
		names = append(names, name)
	}
	spare, photo, fresh := names[0], names[1], names[2:]
	contenders := append(append([]peer(nil), peers...), anew)
	all, err := start(ctx, contenders, g.folder)
	defer func() { stopAll(all) }()
	if err != nil {
		return nil, nil, err
	}
	one := func(r *running, name string, width int) error {
		_, err := r.get(ctx, ask{name, width, "jpg"})
		return err
	}
	spent := func() (sums []float64, err error) {
		for _, r := range all {
			took, err := r.spent(ctx)
			if err != nil {
				return nil, err
			}
			sums = append(sums, float64(took)/float64(time.Millisecond))
		}
		return sums, nil
	}
	for _, r := range all {
		if err := one(r, spare, 320); err != nil {
			return nil, nil, err
		}
	}
	begun, err := spent()
	if err != nil {
		return nil, nil, err
	}
	var made []float64
	for i, width := range append([]int{firstWidth}, widths...) {
		for k := range all {
			if (i+round)%2 == 1 {
				k = len(all) - 1 - k
			}
			name := photo
			if k == len(all)-1 {
				name = fresh[i]
			}
			if err := one(all[k], name, width); err != nil {
				return nil, nil, err
			}
		}
		if i == 0 {
			if made, err = spent(); err != nil {
				return nil, nil, err
			}
		}
	}
	ended, err := spent()
	if err != nil {
		return nil, nil, err
	}
	for i := range all {
		first = append(first, made[i]-begun[i])
		rest = append(rest, (ended[i]-made[i])/float64(len(widths)))
	}
	return first, rest, nil
}
