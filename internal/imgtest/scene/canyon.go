package scene

// canyon is terraced red rock in the late afternoon, seen from a rim.
func canyon(w, h int) *film {
	s, r, fineNoise, calm := soft(), ridged(), rough(), smoothNoise()
	t := &terrain{eye: 3.6, horizon: .30, focal: 1.15, near: .8, far: 90, sun: vec{-.70, .40, .12}.unit()}
	// steps makes cliffs and ledges out of a slope.
	steps := func(y float32) float32 {
		k := floor(y * 2.2)
		f := y*2.2 - k
		return (k + smooth(.25, .75, f)*.85 + f*.15) / 2.2
	}
	t.height = func(x, z, fine float32) float32 {
		bx := x + s.at(x*.03, z*.03)*3
		y := 3.2 - crest(r.at(bx*.013+.31, z*.013+.72))*3.0 - calm.at(bx*.05, z*.05+.2)*.7
		y += s.at(x*.018+.2, z*.018)*1.6 - 1.9*smooth(14, 3, z)
		y = steps(min(y, 2.55+s.at(x*.04, z*.04)*.25)) + fineNoise.at(x*.10, z*.10)*.035
		return y
	}
	bandsOf := ramp{hex(0x6E3B2A), hex(0x9C4F30), hex(0xC8825A), hex(0xA65434), hex(0xD9A578), hex(0xB5643C), hex(0x8A4530), hex(0xE0BC94), hex(0xB86D45)}
	sage := hex(0x5C6038)
	sunlight, skylight := rgb{1.95, 1.42, .98}, rgb{.20, .24, .36}
	t.shade = func(p *point) rgb {
		n := fineNoise.deep(p.x*.6, p.z*.6)
		layer := p.y*.36 + .10*s.at(p.x*.02, p.z*.02) + .02*n
		c := bandsOf.at(layer - floor(layer)).times(.85 + .3*fineNoise.at(p.y*1.7, p.x*.02) + .35*n)
		flat := smooth(.72, .92, p.normal.y)
		c = c.mix(hex(0xBE8A60).times(.9+.4*n), flat*.6)
		c = c.mix(sage.times(.8+.5*n), flat*smooth(.05, .35, fineNoise.at(p.x*2.5, p.z*2.5)+s.at(p.x*.1, p.z*.1)*.6)*.8)
		bounce := rgb{.13, .065, .035}
		return c.tint(sunlight.times(p.lit).plus(skylight.times(.5 + .5*p.normal.y)).plus(bounce))
	}
	t.sky = cumulus(s)
	t.haze = func(p *point, u float32) (float32, rgb) {
		return 1 - fade(max(p.z-3, 0)*.015), rgb{.58, .62, .74}.mix(rgb{.98, .80, .62}, smooth(.5, -.9, u)*.8)
	}
	return t.paint(newFilm(w, h, .95, 1))
}
