package scene

import "math"

// terrain is a height field seen in perspective. Lengths are in whatever unit the scene likes; the eye is at x = 0, z = 0 and looks
// along z.
type terrain struct {
	eye     float32 // height of the eye
	horizon float32 // where eye level is in the picture, from the top, in heights of the picture
	focal   float32 // focal length in heights of the picture: 1 is a view of 53 degrees from top to bottom
	near    float32
	far     float32
	sun     vec // unit, towards the sun

	// height of the ground; fine is the size of a pixel there, so that what is smaller may be left out.
	height func(x, z, fine float32) float32
	// shade gives the light that a point of the ground sends to the eye, before haze.
	shade func(p *point) rgb
	// sky is the light from a direction: u to the right and v above the horizon, in heights of the picture.
	sky func(u, v float32) rgb
	// haze is laid over what is far: its share, 0 to 1, and its colour.
	haze func(p *point, u float32) (float32, rgb)
	// water, if not nil, is what a point at height 0 or below shows; seen gives the picture's colour at a height v above the horizon.
	water func(p *point, seen func(v float32) rgb) rgb
}

// point is a place on the ground that a pixel shows.
type point struct {
	x, y, z float32
	fine    float32 // size of a pixel there
	normal  vec
	lit     float32 // 0 in shadow to 1 in the sun, by the angle and by what stands in the way
	open    float32 // 0 in shadow to 1: only what stands in the way
	u       float32
}

func (t *terrain) paint(f *film) *film {
	shadows := t.shadows(f.w, f.h)
	bands(f.w, 16, func(x0, x1 int) {
		depth := make([]float32, f.h)
		light := make([]rgb, f.h)
		for x := x0; x < x1; x++ {
			t.column(f, x, depth, light, shadows)
			for y, c := range light {
				f.light[y*f.w+x] = c
			}
		}
	})
	return f
}

// column finds how far the ground is at each pixel of a column, then colours it from the top down.
func (t *terrain) column(f *film, px int, depth []float32, light []rgb, shadows *shadowMap) {
	h := float32(f.h)
	u := (float32(px) + .5 - float32(f.w)/2) / h
	slope := u / t.focal
	top := f.h // the highest row that has ground so far
	clear(depth)
	// Steps adapt so that the ground climbs about one pixel with each, within bounds that keep thin crests.
	least := min(max(1/h, .0007), .004)
	step := least
	lastZ, lastRow := t.near, h
	for z := t.near; z < t.far && top > 0; z *= 1 + step {
		y := t.height(slope*z, z, z/(t.focal*h))
		if t.water != nil {
			y = max(y, 0)
		}
		row := (t.horizon-(y-t.eye)/z*t.focal)*h - .5
		if to := max(int(math.Ceil(float64(row))), 0); to < top {
			for r := top - 1; r >= to; r-- {
				// Between two visible steps the depth is in between; a crest that rises from behind another has its own.
				k := float32(1)
				if lastRow > row {
					k = clamp((lastRow - float32(r)) / (lastRow - row))
				}
				depth[r] = lastZ + (z-lastZ)*k
			}
			top = to
		}
		switch climb := abs(lastRow - row); {
		case climb > 1.5:
			step = max(step*.7, least)
		case climb < .8:
			step = min(step*1.25, 4*least)
		}
		lastZ, lastRow = z, row
	}
	horizonRow := t.horizon * h
	for r := range light {
		v := (horizonRow - float32(r) - .5) / h
		z := depth[r]
		if z == 0 {
			light[r] = t.sky(u, v)
			continue
		}
		p := point{x: slope * z, z: z, fine: z / (t.focal * h), u: u}
		p.y = t.height(p.x, z, p.fine)
		if t.water != nil && p.y <= 0 {
			p.y = 0
			light[r] = t.water(&p, func(v float32) rgb {
				at := int(horizonRow - v*h)
				if at < 0 || at >= r {
					return t.sky(u, v)
				}
				return light[at]
			})
		} else {
			e := p.fine * 1.5
			dx := t.height(p.x+e, z, p.fine) - p.y
			dz := t.height(p.x, z+e, p.fine) - p.y
			p.normal = vec{-dx, e, -dz}.unit()
			p.open = shadows.at(slope, z)
			p.lit = max(p.normal.dot(t.sun), 0) * p.open
			light[r] = t.shade(&p)
		}
		if k, c := t.haze(&p, u); k > 0 {
			light[r] = light[r].mix(c, k)
		}
	}
}

// shadowMap says what part of the ground the sun reaches, over the angle to the side and the logarithm of the distance.
type shadowMap struct {
	cols, rows         int
	side, first, scale float32
	v                  []float32
}

func (t *terrain) shadows(w, h int) *shadowMap {
	m := &shadowMap{cols: min(max(w/2, 48), 480), rows: min(max(h/2, 64), 360), side: float32(w) / float32(h) / 2 / t.focal * 1.02}
	m.first = float32(math.Log(float64(t.near)))
	m.scale = float32(m.rows-1) / (float32(math.Log(float64(t.far))) - m.first)
	m.v = make([]float32, m.cols*m.rows)
	bands(m.rows, 4, func(r0, r1 int) {
		for r := r0; r < r1; r++ {
			z0 := exp(m.first + float32(r)/m.scale)
			for c := range m.cols {
				slope := (float32(c)/float32(m.cols-1)*2 - 1) * m.side
				m.v[r*m.cols+c] = t.sunlit(slope*z0, z0)
			}
		}
	})
	return m
}

// sunlit walks from the ground towards the sun in growing steps.
func (t *terrain) sunlit(x, z float32) float32 {
	fine := z * .002
	y := t.height(x, z, fine) + fine
	open := float32(1)
	d := z * .006
	for i := 0; i < 28; i++ {
		above := y + t.sun.y*d - t.height(x+t.sun.x*d, z+t.sun.z*d, fine)
		open = min(open, .5+above/(d*.06)) // soft with distance, as the sun is no point
		if open <= 0 {
			return 0
		}
		d *= 1.24
	}
	return min(open, 1)
}

func (m *shadowMap) at(slope, z float32) float32 {
	x := clamp((slope/m.side+1)/2) * float32(m.cols-1)
	y := min(max((float32(math.Log(float64(z)))-m.first)*m.scale, 0), float32(m.rows-1))
	ix, iy := min(int(x), m.cols-2), min(int(y), m.rows-2)
	x, y = x-float32(ix), y-float32(iy)
	v := m.v[iy*m.cols+ix:]
	a := v[0] + (v[1]-v[0])*x
	b := v[m.cols] + (v[m.cols+1]-v[m.cols])*x
	return a + (b-a)*y
}

// crest tames the sharpest peaks of ridged noise, which would stand like needles.
func crest(v float32) float32 {
	v = max(v, 0)
	return v * v / (.35 + .55*v*v)
}
