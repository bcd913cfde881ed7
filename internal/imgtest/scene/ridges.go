package scene

// ridges is range behind range of wooded mountains, each paler than the one before.
func ridges(w, h int) *film {
	s, r, fine := soft(), ridged(), rough()
	const layers = 8
	// The skylines are the same for all rows: work them out once a column.
	lines := make([][layers]float32, w)
	for x := range lines {
		u := (float32(x)+.5-float32(w)/2)/float32(h) + 3
		for i := range layers {
			t := float32(i) / (layers - 1) // 0 is the farthest
			k := .10 + .11*t
			line := s.at(u*k+float32(i)*.137, float32(i)*.31+.05)*(.10+.07*t) + (r.at(u*k*1.3+float32(i)*.41, float32(i)*.17)-.4)*(.06+.035*t)
			trees := (fine.at(u*(1.6+1.2*t), float32(i)*.7)*.5 + abs(fine.at(u*(5+4*t), float32(i)*.3))) * (.0015 + .013*t*t)
			lines[x][i] = .36 + .60*t*(.35+.65*t) - line - trees
		}
	}
	far, near := hex(0xDCA98C), hex(0x0E1B26)
	mid := hex(0x56718C)
	return newFilm(w, h, .95, 1).rows(func(v float32) func(u float32) rgb {
		px := -1
		return func(u float32) rgb {
			px++ // rows are painted from left to right
			glow := fade(sqrt((u-.25)*(u-.25)*.7+(v-.30)*(v-.30)*2.2) * 3)
			for i := layers - 1; i >= 0; i-- {
				depth := v - lines[px][i]
				if depth < 0 {
					continue
				}
				t := float32(i) / (layers - 1)
				c := ramp{far, hex(0xA58E96), mid, hex(0x2F4A60), near}.at(t)
				n := fine.deep(u*(.7+t)+float32(i)*.3, v*(1.4+t)+float32(i)*.1)
				c = c.times(1 + n*(.06+.75*t*t))
				// Mist lies in the valleys, brighter towards the sun.
				mist := smooth(0, .20, depth+.02*s.at(u*.5, v*2)) * (.72 - .55*t)
				c = c.mix(rgb{.80, .60, .50}.mix(rgb{.45, .52, .62}, t), mist)
				return c.plus(rgb{.75, .36, .14}.times(glow * (1 - t) * .75))
			}
			c := ramp{hex(0x4F6FA0), hex(0x8FA0BC), hex(0xE0B9A0), hex(0xF8CE9A), hex(0xFBD9A8)}.at(v * 2.3)
			streak := smooth(.05, .6, s.deep(u*.13+.3, v*1.5))
			c = c.mix(rgb{1.1, .70, .52}, streak*.5*smooth(.5, .1, v))
			return c.plus(rgb{1.3, .75, .32}.times(glow * .8))
		}
	})
}
