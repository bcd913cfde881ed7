package scene

// hills is green country with fields, hedges and copses, under fair-weather clouds.
func hills(w, h int) *film {
	s, fineNoise, calm := soft(), rough(), smoothNoise()
	t := &terrain{eye: 1.9, horizon: .40, focal: 1.3, near: .8, far: 80, sun: vec{.62, .45, .35}.unit()}
	// tree gives the height of hedges and copses, which stand along the edges of the fields.
	field := func(x, z float32) (id, edge float32) {
		bx, bz := x+calm.at(x*.02, z*.02)*4, z+calm.at(x*.02+.5, z*.02)*4
		gx, gz := bx*.30+bz*.08, bz*.22-bx*.05
		cx, cz := floor(gx), floor(gz)
		fx, fz := gx-cx, gz-cz
		return hash(int(cx), int(cz), 3), min(min(fx, 1-fx)/.30, min(fz, 1-fz)/.22)
	}
	t.height = func(x, z, fine float32) float32 {
		y := calm.at(x*.016+.2, z*.016+.1)*3.1*smooth(1, 20, z+3) + calm.at(x*.05, z*.05)*.45
		_, edge := field(x, z)
		copse := smooth(.42, .62, s.at(x*.05+.6, z*.05+.2))
		tall := max(smooth(.10, .05, edge)*.7*smooth(-.2, .1, s.at(x*.11, z*.11)), copse)
		if tall > 0 {
			y += tall * (.13 + .16*clamp(.5+1.2*fineNoise.at(x*.42, z*.42)))
		}
		return y + fineNoise.at(x*.5, z*.5)*.006
	}
	crops := []rgb{hex(0x7C9440), hex(0x94A548), hex(0xC2B064), hex(0x5E8238), hex(0xA8B25A), hex(0xD8C46A), hex(0x6B8B3E)}
	leaf := hex(0x35491F)
	sunlight, skylight := rgb{1.75, 1.45, 1.02}, rgb{.24, .31, .42}
	t.shade = func(p *point) rgb {
		id, edge := field(p.x, p.z)
		n := fineNoise.deep(p.x*.9, p.z*.9)
		c := crops[int(id*float32(len(crops)))]
		angle := id * 6.28
		rowsOf := sin((p.x*sin(angle)+p.z*sin(angle+1.57))*44) * smooth(.03, .008, p.fine)
		c = c.times(.92 + .22*n + .07*rowsOf + .3*s.at(p.x*.1, p.z*.1))
		wooded := max(smooth(.10, .05, edge)*smooth(-.2, .1, s.at(p.x*.11, p.z*.11)), smooth(.42, .50, s.at(p.x*.05+.6, p.z*.05+.2)))
		c = c.mix(leaf.times(.8+1.1*fineNoise.at(p.x*2.3, p.z*2.3)).plus(rgb{.006, .010, 0}), wooded)
		cloudShadow := smooth(-.10, .25, calm.at(p.x*.02+.7, p.z*.014))
		return c.tint(sunlight.times(p.lit * (.35 + .65*cloudShadow)).plus(skylight.times(.5 + .5*p.normal.y)))
	}
	t.sky = cumulus(s)
	t.haze = func(p *point, u float32) (float32, rgb) {
		return 1 - fade(max(p.z-3, 0)*.014), rgb{.62, .74, .86}.mix(rgb{.95, .90, .78}, smooth(-.4, .9, u)*.7)
	}
	return t.paint(newFilm(w, h, .95, 1))
}

// cumulus is a blue sky with fair-weather clouds that are lit from the right and get smaller towards the horizon.
func cumulus(s *tile) func(u, v float32) rgb {
	return func(u, v float32) rgb {
		c := ramp{hex(0xDCE8EE), hex(0xA8CBE6), hex(0x6FA5D6), hex(0x4682C0)}.at(v * 2.3)
		d := 1 / (v + .09)
		x, z := u*d*.085+.3, d*.13
		thick := s.deep(x, z) - .02
		cover := smooth(.05, .42, thick)
		bright := clamp(.9 - .9*thick + 2.2*(s.deep(x, z)-s.deep(x+.012, z-.01)))
		cloud := rgb{.56, .62, .70}.mix(rgb{1.22, 1.17, 1.08}, bright)
		return c.mix(cloud, cover*smooth(0, .06, v)*.95)
	}
}
