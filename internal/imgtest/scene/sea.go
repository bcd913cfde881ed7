package scene

// sea is the sun over open water: swell, glitter, and a sky with high clouds.
func sea(w, h int) *film {
	s, fine := soft(), rough()
	const horizon, sunU, sunV = .42, -.18, .085
	sky := func(u, v float32) rgb {
		c := ramp{hex(0xFFC66E), hex(0xF79A5C), hex(0xD07A72), hex(0x8C6A8E), hex(0x4C5689), hex(0x2B3C6C)}.at(v*2.2 + .02)
		d := sqrt((u-sunU)*(u-sunU) + (v-sunV)*(v-sunV))
		k := 1 / (v + .16)
		n := s.deep(u*k*.07+.2, k*.14+.6)
		lit := fade(d * 2.2)
		c = c.mix(rgb{.34, .20, .28}.mix(rgb{1.7, .75, .34}, lit), smooth(.0, .55, n)*.85*smooth(.02, .12, v))
		return c.plus(rgb{1.5, .85, .35}.times(.9*fade(d*8) + .35*fade(d*3))).plus(rgb{7, 5, 2.6}.times(smooth(.040, .036, d)))
	}
	return newFilm(w, h, .85, 1).rows(func(v float32) func(u float32) rgb {
		up := horizon - v
		if up > 0 {
			return func(u float32) rgb { return sky(u, up) }
		}
		z := .11 / (-up + .0022)
		pixel := z * z / float32(h) * 9 // of the water, along the line of sight
		return func(u float32) rgb {
			x := u * z
			// Waves at four scales; those under a pixel's size only roughen the mirror.
			tx := s.at(x*.05, z*.16+.1)*.9 + fine.at(x*.21+.4, z*.55)*1.1 + fine.at(x*.9, z*2.3)*.8*fade(pixel*1.2)
			tz := s.at(x*.06+.5, z*.2+.3)*1.1 + fine.at(x*.26, z*.75+.7)*1.2 + fine.at(x*1.1+.2, z*2.9)*.9*fade(pixel*1.2)
			tilt := .5 + .5*fade(z*.05)
			mv := abs(-up*.9 + .05 + tz*.13*tilt)
			mu := u + tx*.10*tilt
			c := sky(mu, mv)
			if c.r > 2.2 {
				c = c.times(2.2 / c.r) // the disc itself is counted below
			}
			grazing := .30 + .62*fade(-up*5)
			water := c.times(grazing).plus(rgb{.006, .020, .030})
			// Glitter: facets that happen to throw the sun into the eye.
			du := (u - sunU + tx*.07) / (.045 + .16*-up)
			facet := tz*.9 + tx*.35
			glint := smooth(.05, .75, facet) * fade(du*du*1.6)
			return water.plus(rgb{3.2, 1.9, .85}.times(glint * (.35 + .9*fade(-up*2.5))))
		}
	})
}
