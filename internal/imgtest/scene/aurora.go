package scene

// aurora is northern lights over a frozen bay.
func aurora(w, h int) *film {
	s, fine, calm := soft(), rough(), smoothNoise()
	line := skyline(w, h, .72, .16, .25)
	const shore = .735
	curtain := func(u, v, at, seed float32) (float32, float32) {
		// The curtain's lower hem wanders; rays stand on it.
		hem := at + .13*calm.at(u*.22+seed, seed) + .05*s.at(u*.6, seed+.3)
		up := hem - v
		if up < -.05 {
			return 0, 0
		}
		lean := u + up*(u+.1)*.28
		ray := .55 + .9*s.at(lean*1.4+seed, .2) + .55*fine.at(lean*1.1, seed*.9+up*.015)
		strong := smooth(-.05, .50, calm.at(u*.27+seed*2, .6)+.25*s.at(u*.5, seed))
		light := smooth(-.045, .012, up) * fade(max(up, 0)*(8.5-4.5*strong)) * max(ray, .1) * (.06 + .94*strong)
		return light, up
	}
	sky := func(u, v float32) rgb {
		c := ramp{hex(0x070D1E), hex(0x0C1A33), hex(0x14304A), hex(0x1D4A56)}.at(v * 1.3)
		c = c.plus(stars(u, v, .03, .0012, 40, .45)).plus(stars(u+3, v, .011, .0008, 50, .3).times(.5))
		for i := range 3 {
			f := float32(i)
			light, up := curtain(u+f*.37, v, .58-.15*f, .17+f*.29)
			hue := rgb{.10, 1, .42}.mix(rgb{.42, .18, .75}, smooth(.12, .42, up))
			hue = hue.mix(rgb{.9, .25, .55}, smooth(.015, -.03, up)*.5)
			c = c.plus(hue.times(light * (.80 - .17*f)))
		}
		return c.plus(rgb{.02, .11, .06}.times(fade(abs(v-.5) * 5)))
	}
	return newFilm(w, h, 1.05, 2.0).rows(func(v float32) func(u float32) rgb {
		px := -1
		land := func(u, v, top float32) rgb {
			n := fine.deep(u*.7, v*1.2)
			snow := clamp(.45 + n*1.5 + (v-top)*1.5)
			return rgb{.010, .016, .022}.mix(rgb{.075, .14, .135}, snow)
		}
		return func(u float32) rgb {
			px++
			if v <= shore {
				if v > line[px] {
					return land(u, v, line[px])
				}
				return sky(u, v)
			}
			z := .06 / (v - shore + .004)
			tilt := (s.at(u*z*.22, z*.9) + .6*fine.at(u*z*.5+.3, z*1.7)) * .022
			up := shore - (v-shore)*1.05 + tilt
			c := rgb{}
			if up > line[px] {
				c = land(u, up, line[px])
			} else {
				c = sky(u+tilt, up)
			}
			floe := smooth(.20, .30, calm.at(u*z*.30+.2, z*.42)+.25*s.at(u*z*.9, z*1.2)) * smooth(.01, .05, v-shore)
			c = c.times(.62).plus(rgb{.004, .010, .012})
			return c.mix(rgb{.085, .20, .17}.times(.8+.6*fine.deep(u*z*.5, z*.7)), floe*.85)
		}
	})
}
