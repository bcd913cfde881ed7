package scene

import "math"

// poppies is a meadow close up: sharp flowers before a soft green ground.
func poppies(w, h int) *film {
	s, fine := soft(), rough()
	type flower struct{ u, v, size, turn, tilt, blur float32 }
	flowers := []flower{
		{-.16, .40, .215, .3, .80, 0}, {.40, .30, .15, 1.2, .62, .03}, {.62, .66, .12, 2.2, .7, .10}, {-.60, .62, .13, .9, .66, .10},
		{-.52, .22, .085, 1.9, .7, .20}, {.14, .74, .10, 2.9, .6, .16}, {.17, .15, .06, .1, .7, .3}, {.74, .20, .07, .1, .7, .28},
	}
	back := func(u, v float32) rgb {
		c := ramp{hex(0xD6D98A), hex(0x9CB45A), hex(0x5F8A3C), hex(0x3C6428), hex(0x24431C)}.at(v*1.05 + .22*s.at(u*.10+.2, v*.13))
		spots := func(x, y int) rgb {
			r := hash(x, y, 77)
			switch {
			case r > .80:
				return rgb{.55, .05, .03}
			case r > .62:
				return rgb{.34, .33, .12}
			}
			return rgb{.10, .15, .03}
		}
		return c.times(.85).plus(lens(u, v, .11, .10, 60, func(v float32) float32 { return .55 - .35*v }, spots).times(.34))
	}
	return newFilm(w, h, 1, 1).rows(func(v float32) func(u float32) rgb {
		return func(u float32) rgb {
			c := back(u, v)
			for i := len(flowers) - 1; i >= 0; i-- {
				f := flowers[i]
				// The stem, bent and hairy.
				below := v - f.v
				if below > 0 {
					bend := f.u + .10*below*below*sin(f.turn*3) + .012*sin(below*9)
					width := .0075*f.size/.2 + f.blur*.02
					d := abs(u-bend) / width
					hair := .25 * fine.at(u*3, v*.7) * smooth(.1, 0, f.blur)
					if k := smooth(1+f.blur*3, 1-f.blur*3-.12, d+hair); k > 0 {
						c = c.mix(hex(0x5C7A38).times(.7+.6*clamp(.5-(u-bend)/width*.5)), k*(1-f.blur))
					}
				}
				dx, dy := (u-f.u)/f.size, (v-f.v)/f.size/f.tilt
				if dx*dx+dy*dy > 2.2 {
					continue
				}
				c = petals(c, dx, dy, f.turn, f.blur, float32(i), s, fine)
			}
			return c
		}
	})
}

// petals lays four crinkled petals, the heart and its ring of stamens over a ground. Lengths are in radii of the flower.
func petals(c rgb, dx, dy, turn, blur, seed float32, s, fine *tile) rgb {
	r := hypot(dx, dy)
	angle := float32(math.Atan2(float64(dy), float64(dx)))
	edge := .02 + blur*.9
	for _, k := range [4]int{0, 2, 1, 3} { // the outer pair lies behind
		a := angle - turn - float32(k)*math.Pi/2
		a -= 2 * math.Pi * floor((a+math.Pi)/(2*math.Pi))
		if abs(a) > 1.25 {
			continue
		}
		wave := .05*sin(a*7+seed+float32(k)*2) + .07*s.at(a*.25+float32(k)*.3+seed*.1, .4)
		reach := (.98 + wave) * sqrt(max(1-a*a/1.6, 0))
		if k%2 == 1 {
			reach *= .88
		}
		cover := smooth(edge, -edge, r-reach)
		if cover <= 0 {
			continue
		}
		// Folds run outwards; light comes from behind and above.
		fold := s.at(a*.55+float32(k)*.21+seed*.37, r*.05)*1.2 + fine.at(a*.8+float32(k)*.4, r*.06)*.7*smooth(.25, 0, blur)
		deep := hex(0xB3160C).mix(hex(0xF2452A), clamp(.30+r*.55+fold*.55))
		light := .62 + .35*clamp(.5-dy*.6) + .42*fold*r
		p := deep.times(max(light, .15))
		rim := smooth(.10, 0, reach-r) * .30
		p = p.plus(rgb{.35, .10, .06}.times(rim))
		p = p.mix(rgb{.012, .008, .014}, smooth(.34, .20, r+fold*.06)*.9)
		if k%2 == 1 {
			p = p.times(.85 + .3*smooth(0, .7, r))
		}
		c = c.mix(p, cover)
	}
	if r < .42 {
		spoke := sin(angle*38+fine.at(angle, r)*6)*.5 + .5
		ring := smooth(.10, .16, r) * smooth(.34+.06*spoke, .24, r)
		dots := smooth(.25, .6, fine.at(dx*1.3+seed, dy*1.3)+.25*spoke)
		c = c.mix(rgb{.020, .016, .030}.mix(rgb{.20, .17, .12}, dots), ring*(1-blur)*.85)
		seedHead := smooth(.15+edge, .13-edge*.3, r)
		star := .6 + .4*sin(angle*10)
		c = c.mix(hex(0x7F9A58).times(.45+.6*star*clamp(.7-dy*2)), seedHead)
	}
	return c
}
