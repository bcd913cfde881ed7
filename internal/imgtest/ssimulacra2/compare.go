package ssimulacra2

import "math"

// figures are what the maps of one channel come to.
type figures [maps][norms]float64

// compare reckons the figures of each channel at one scale, those that are needed; the others are zero.
func compare(a, b source, needed [channels]need) (all [channels]figures) {
	s := a.size()
	sums := make([][channels]figures, bandsOf(s.h))
	inBands(s.h, func() func(band, y0, y1 int) {
		p := newPass(a, b, needed)
		return func(band, y0, y1 int) { sums[band] = p.band(y0, y1) }
	})
	for c := range all {
		for m := range maps {
			var sum [norms]float64
			for _, band := range sums {
				for n, v := range band[c][m] {
					sum[n] += v
				}
			}
			area := float64(s.w) * float64(s.h)
			all[c][m] = [norms]float64{mean: sum[mean] / area, fourth: math.Sqrt(math.Sqrt(sum[fourth] / area))}
		}
	}
	return all
}

// A pass goes down two pictures row by row and keeps no more rows than a blur needs.
type pass struct {
	a, b     source
	size     size
	light    line // of one row
	channels [channels]around
	muA, muB []float32 // of one row and channel, blurred: the two, their squares together, their product
	squares  []float32
	product  []float32
}

// around is one channel of the rows around one.
type around struct {
	need           need
	a, b           ring // padded by radius on both sides
	muA, muB       ring // blurred across
	squares, prods ring
	row            [2][]float32 // padded: squares and products of one row
}

func newPass(a, b source, needed [channels]need) *pass {
	s := a.size()
	p := &pass{a: a, b: b, size: s, light: newLine(s.w)}
	p.muA, p.muB, p.squares, p.product = make([]float32, s.w), make([]float32, s.w), make([]float32, s.w), make([]float32, s.w)
	for c := range p.channels {
		ch := &p.channels[c]
		ch.need = needed[c]
		ch.a, ch.b = newRing(s.w+2*radius), newRing(s.w+2*radius)
		if ch.need.structure || ch.need.edges {
			ch.muA, ch.muB = newRing(s.w), newRing(s.w)
		}
		if ch.need.structure {
			ch.squares, ch.prods = newRing(s.w), newRing(s.w)
			ch.row = [2][]float32{make([]float32, s.w+2*radius), make([]float32, s.w+2*radius)}
		}
	}
	return p
}

// band adds up the errors of rows y0 to y1, and their fourth powers.
func (p *pass) band(y0, y1 int) (sums [channels]figures) {
	for y := y0 - radius; y < y1+radius; y++ {
		p.take(y)
		middle := y - radius
		if middle < y0 {
			continue
		}
		for c := range p.channels {
			ch := &p.channels[c]
			if !ch.need.structure && !ch.need.edges {
				continue
			}
			ch.muA.down(p.muA, middle)
			ch.muB.down(p.muB, middle)
			if ch.need.structure {
				ch.squares.down(p.squares, middle)
				ch.prods.down(p.product, middle)
				addStructure(&sums[c][structure], p.muA, p.muB, p.squares, p.product)
			}
			if ch.need.edges {
				addEdges(&sums[c], ch.a.at(middle)[radius:], ch.b.at(middle)[radius:], p.muA, p.muB)
			}
		}
	}
	return sums
}

// take reads row y of both pictures into the rings.
func (p *pass) take(y int) {
	if y < 0 || y >= p.size.h {
		for c := range p.channels {
			ch := &p.channels[c]
			for _, r := range []*ring{&ch.muA, &ch.muB, &ch.squares, &ch.prods} {
				clear(r.at(y))
			}
		}
		return
	}
	w := p.size.w
	var a, b line
	for c := range p.channels {
		a[c], b[c] = p.channels[c].a.at(y)[radius:radius+w], p.channels[c].b.at(y)[radius:radius+w]
	}
	xyb(a, p.a.row(y, p.light))
	xyb(b, p.b.row(y, p.light))
	for c := range p.channels {
		p.channels[c].blur(y)
	}
}

func (ch *around) blur(y int) {
	if !ch.need.structure && !ch.need.edges {
		return
	}
	across(ch.muA.at(y), ch.a.at(y))
	across(ch.muB.at(y), ch.b.at(y))
	if !ch.need.structure {
		return
	}
	a := ch.a.at(y)
	n := len(a)
	b, squares, prods := ch.b.at(y)[:n], ch.row[0][:n], ch.row[1][:n]
	for x, v := range a {
		// Rounded at each step, so that for equal pictures the one is twice the other to the last bit.
		u := b[x]
		squares[x] = float32(v*v) + float32(u*u)
		prods[x] = v * u
	}
	across(ch.squares.at(y), squares)
	across(ch.prods.at(y), prods)
}
