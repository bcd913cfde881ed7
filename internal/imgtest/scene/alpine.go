package scene

// alpine is snowy peaks behind a dark, wooded valley.
func alpine(w, h int) *film {
	s, r, fineNoise := soft(), ridged(), rough()
	t := &terrain{eye: 1.05, horizon: .56, focal: 1.35, near: .4, far: 60, sun: vec{-.72, .42, -.45}.unit()}
	t.height = func(x, z, fine float32) float32 {
		wx := x + s.at(x*.02, z*.02)*2.2
		grow := smooth(3, 17, z) * (1 + .35*smooth(20, 45, z))
		y := r.at(wx*.021+.18, z*.021+.55)
		y = crest(y)*4.6*grow + s.at(x*.05+.3, z*.05)*.55
		if fine < .02 {
			y += fineNoise.at(x*.35, z*.35) * .012
		}
		return y + crest(r.at(x*.075, z*.075+.4))*1.0*grow + fineNoise.at(x*.09, z*.09)*(.02+.09*smooth(2, 7, z))
	}
	snow, rock, wood := hex(0xF4F6FA), hex(0x6E675F), hex(0x2A3524)
	meadow := hex(0x7E8A4A)
	sunlight, skylight := rgb{1.65, 1.42, 1.12}, rgb{.26, .34, .50}
	t.shade = func(p *point) rgb {
		n := fineNoise.deep(p.x*.8, p.z*.8)
		cover := smooth(.1, .8, p.y*.50-1.0+n*.8+(p.normal.y-.60)*2.4)
		ground := rock.times(.8 + .5*n)
		low := smooth(2.4, 1.2, p.y+n*1.1) * smooth(.35, .7, p.normal.y)
		trees := smooth(-.05, .22, fineNoise.at(p.x*2.2, p.z*2.2)*.45+s.at(p.x*.13, p.z*.13)+.5*smooth(3, 9, p.z)-.12)
		ground = ground.mix(meadow.mix(wood, trees).times(.85+.6*n), low)
		c := ground.mix(snow, cover*(1-low))
		return c.tint(sunlight.times(p.lit).plus(skylight.times(.55 + .45*p.normal.y)))
	}
	t.sky = func(u, v float32) rgb {
		c := ramp{hex(0xDDE3E6), hex(0xA9C4DE), hex(0x6C9BCB), hex(0x3F72AE)}.at(v * 1.9)
		cloud := smooth(.12, .75, s.deep(u*.22+.1, v*.75+.2)+.35*s.at(u*.9, v*2.6)) * smooth(0, .2, v)
		return c.mix(rgb{1, .97, .95}, cloud*.75)
	}
	t.haze = func(p *point, u float32) (float32, rgb) {
		k := 1 - fade(max(p.z-2, 0)*.024*(.22+exp(-p.y*.8)))
		return k, rgb{.50, .62, .78}.mix(rgb{.92, .84, .74}, smooth(.4, -.9, u)*.6)
	}
	return t.paint(newFilm(w, h, .95, 1))
}
