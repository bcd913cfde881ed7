package scene

// lake is a still lake between wooded mountains, at dawn, with their reflection.
func lake(w, h int) *film {
	s, r, fineNoise := soft(), ridged(), rough()
	t := &terrain{eye: .55, horizon: .54, focal: 1.3, near: .5, far: 70, sun: vec{.75, .36, .30}.unit()}
	t.height = func(x, z, fine float32) float32 {
		shore := s.at(x*.03+.7, z*.03)*4 + abs(x-1.5)*.55
		basin := smooth(15, 26, z+shore*1.6)
		peaks := r.at(x*.019+.62, z*.019+.11)
		y := (crest(peaks)*4.4+crest(r.at(x*.06, z*.06))*.9)*basin + basin*.4 - .25 + s.at(x*.1, z*.1)*.3
		return y + fineNoise.at(x*.2, z*.2)*.12*basin
	}
	wood, rock, grass := hex(0x26331F), hex(0x7C7268), hex(0x5D6433)
	sunlight, skylight := rgb{1.9, 1.22, .72}, rgb{.22, .28, .42}
	t.shade = func(p *point) rgb {
		n := fineNoise.deep(p.x*.7, p.z*.7)
		trees := fineNoise.at(p.x*3.1, p.z*3.1)
		c := wood.mix(grass, smooth(.0, .5, s.at(p.x*.3, p.z*.3)+n*.4)*.7).times(.9 + .8*trees)
		c = c.mix(rock.times(.85+.5*n), smooth(1.9, 3.3, p.y+n*1.2-(p.normal.y-.6)*1.5))
		c = c.mix(rgb{.9, .9, .92}, smooth(3.9, 4.8, p.y+n*1.1+(p.normal.y-.6)*2))
		return c.tint(sunlight.times(p.lit).plus(skylight.times(.5 + .5*p.normal.y)))
	}
	t.sky = func(u, v float32) rgb {
		c := ramp{hex(0xFBD9A6), hex(0xF3BF9C), hex(0xC3A9B8), hex(0x8293BF), hex(0x4F6AA3)}.at(v*1.75 + .02)
		cloud := smooth(.0, .62, s.deep(u*.17+.62, v*1.15+.1)) * smooth(.04, .25, v)
		warm := rgb{1.25, .66, .45}.mix(rgb{.62, .50, .60}, smooth(.15, .5, v))
		return c.mix(warm, cloud*.8)
	}
	t.haze = func(p *point, u float32) (float32, rgb) {
		if p.y == 0 && p.z < 14 {
			return 0, rgb{}
		}
		k := 1 - fade(max(p.z-6, 0)*.022*(.3+1.3*exp(-p.y*1.1)))
		return k, rgb{.70, .58, .58}.mix(rgb{1.0, .72, .46}, smooth(-.3, .9, u))
	}
	t.water = func(p *point, seen func(float32) rgb) rgb {
		// A ripple tilts the mirror, by more the nearer it is.
		wind := smooth(-.1, .5, s.at(p.x*.03+.3, p.z*.05))
		tilt := (fineNoise.at(p.x*.12, p.z*.55)*.55 + s.at(p.x*.5, p.z*2.1)*.45) * (.008 + .030*wind)
		v := t.eye/p.z*t.focal + tilt
		k := .55 + .40*fade(v*2.2)
		return seen(abs(v)).times(k).plus(rgb{.010, .022, .028})
	}
	return t.paint(newFilm(w, h, 1, 1))
}
