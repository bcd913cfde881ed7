package scene

// snowfields is wind-blown snow at sunset, with two peaks behind.
func snowfields(w, h int) *film {
	s, r, fineNoise, calm := soft(), ridged(), rough(), smoothNoise()
	t := &terrain{eye: 2.6, horizon: .38, focal: 1.2, near: 1, far: 120, sun: vec{.42, .17, .89}.unit()}
	drift := func(x, z float32) float32 {
		// Folded noise has round backs and narrow creases.
		wx, wz := x+calm.at(x*.05, z*.05)*2.5, z+calm.at(x*.05+.5, z*.05)*2.5
		v := min(abs(calm.at(wx*.022, wz*.022))*2.4, 1.6)
		a := min(abs(calm.at(wx*.075+.3, wz*.075)), .7)
		b := min(abs(calm.at(wx*.21, wz*.21+.6)), .7)
		return sqrt(v+.02)*1.05 + sqrt(a+.01)*.55 + sqrt(b+.01)*.20 + calm.at(x*.012, z*.012)*1.2
	}
	rock := func(x, z float32) float32 {
		d := sqrt((x+7)*(x+7)+(z-26)*(z-26)) * .24
		e := sqrt((x-13)*(x-13)+(z-44)*(z-44)) * .2
		return max(4.6-d*2.2, 5.2-e*1.9) + r.at(x*.05, z*.05)*1.9 - 1.4
	}
	t.height = func(x, z, fine float32) float32 {
		return max(drift(x, z)+calm.at(x*.6, z*.6)*.03, rock(x, z))
	}
	sunlight, skylight := rgb{2.2, 1.28, .74}, rgb{.34, .40, .62}
	t.shade = func(p *point) rgb {
		if rock(p.x, p.z) > drift(p.x, p.z)+.03 {
			n := fineNoise.deep(p.x*.6, p.z*.6)
			c := hex(0x4A4440).mix(rgb{.85, .87, .92}, smooth(.2, .7, p.normal.y+n*.5+p.y*.12-.55)).times(.8 + .4*n)
			return c.tint(sunlight.times(p.lit).plus(skylight.times(.7)))
		}
		// Light goes into snow and comes out all over: wrap it round, and let crests glow.
		wrap := clamp(.42+.58*p.normal.dot(t.sun)) * (.4 + .6*p.open)
		rim := smooth(.6, 1.7, p.y) * .35
		n := fineNoise.deep(p.x*.5, p.z*.5)
		return rgb{.92, .92, .94}.times(1 + .07*n).tint(sunlight.times(wrap*.62 + rim*.5).plus(skylight.times(.62)))
	}
	t.sky = func(u, v float32) rgb {
		c := ramp{hex(0xFFD08A), hex(0xF7A878), hex(0xC58E9C), hex(0x7684B4), hex(0x3E5C97), hex(0x284478)}.at(v*2.5 + .03)
		dx, dy := u-.47*t.focal, v-.19*t.focal
		d := sqrt(dx*dx + dy*dy)
		streak := smooth(.1, .6, s.deep(u*.1+.2, v*1.6+.5)) * smooth(.05, .2, v)
		c = c.mix(rgb{1.3, .72, .5}, streak*.55)
		return c.plus(rgb{1.6, 1.0, .5}.times(fade(d*7) + .3*fade(d*2.4))).plus(rgb{6, 4.6, 3}.times(smooth(.036, .030, d)))
	}
	t.haze = func(p *point, u float32) (float32, rgb) {
		toSun := fade(abs(u-.47*t.focal) * 1.8)
		return 1 - fade(max(p.z-6, 0)*.016), rgb{.62, .50, .60}.mix(rgb{1.5, .84, .46}, toSun)
	}
	return t.paint(newFilm(w, h, .9, 1))
}
