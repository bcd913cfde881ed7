package scene

// dunes has long crests, a low sun from the left, and ripples near the eye.
func dunes(w, h int) *film {
	s, fineNoise, calm := soft(), rough(), smoothNoise()
	t := &terrain{eye: 1.35, horizon: .36, focal: 1.15, near: .7, far: 70, sun: vec{-.83, .30, .34}.unit()}
	// A dune rises slowly and falls steeply: a saw tooth, bent by noise.
	saw := func(v float32) float32 {
		v -= floor(v)
		if v < .72 {
			v /= .72
			return v * v * (1.6 - .6*v)
		}
		v = (1 - v) / .28
		return v * (.9 + .1*v)
	}
	t.height = func(x, z, fine float32) float32 {
		b := calm.at(x*.012+.1, z*.012+.3)
		y := saw(x*.085+z*.05+b*2.9+.55) * (1.5 + calm.at(x*.01+.5, z*.008)*1.8) * smooth(-2, 14, z+4)
		y += saw(x*.21-z*.10+b*4.2+.2) * .34
		y += calm.at(x*.03, z*.03) * 1.3
		if fine < .012 {
			bend := calm.at(x*.09, z*.09)
			y += sin((x*.75+z*.5+bend*2.2)*34) * .0062 * smooth(.012, .003, fine) * (.7 + s.at(x*.2, z*.2))
		}
		return y
	}
	sand, deepSand := hex(0xD9A066), hex(0xB8763E)
	sunlight, skylight := rgb{2.1, 1.50, .95}, rgb{.20, .24, .36}
	t.shade = func(p *point) rgb {
		n := fineNoise.deep(p.x*1.1, p.z*1.1)
		c := sand.mix(deepSand, clamp(.4+.8*s.at(p.x*.08, p.z*.08))).times(.95 + .14*n + .10*(hash(int(p.x*900), int(p.z*900), 5)-.5))
		bounce := rgb{.10, .06, .03}
		return c.tint(sunlight.times(p.lit).plus(skylight.times(.5 + .5*p.normal.y)).plus(bounce))
	}
	t.sky = func(u, v float32) rgb {
		c := ramp{hex(0xF6CF9C), hex(0xEDBE97), hex(0xB9AFB4), hex(0x7F9BBE), hex(0x54799F)}.at(v*2.4 + .02)
		glow := fade(sqrt((u+.75)*(u+.75)+v*v*2.2) * 2.6)
		streak := smooth(.05, .6, s.deep(u*.12+.4, v*1.3+.1)) * smooth(.02, .22, v)
		return c.mix(rgb{1.1, .86, .66}, streak*.45).plus(rgb{1, .62, .28}.times(glow * .55))
	}
	t.haze = func(p *point, u float32) (float32, rgb) {
		return 1 - fade(max(p.z-4, 0)*.017), rgb{.90, .66, .46}.mix(rgb{.62, .55, .55}, smooth(-.6, .8, u)*.7)
	}
	return t.paint(newFilm(w, h, .92, 1))
}
