package scene

// stars is a field of stars, denser where density (0 to 1) is high; one cell of the grid holds one star at most.
func stars(u, v, cell, size float32, seed uint32, density float32) rgb {
	var sum rgb
	cx, cy := int(floor(u/cell)), int(floor(v/cell))
	for y := cy - 1; y <= cy+1; y++ {
		for x := cx - 1; x <= cx+1; x++ {
			p := hash(x, y, seed)
			if p > density {
				continue
			}
			dx, dy := u-(float32(x)+hash(x, y, seed+1))*cell, v-(float32(y)+hash(x, y, seed+2))*cell
			d := (dx*dx + dy*dy) / (size * size)
			if d > 9 {
				continue
			}
			m := hash(x, y, seed+3)
			light := (.10 + 2.4*m*m*m*m*m*m) * fade(d*1.8)
			warm := hash(x, y, seed+4)
			sum = sum.plus(rgb{.7, .85, 1.1}.mix(rgb{1.15, .85, .6}, warm*warm).times(light))
		}
	}
	return sum
}

// milkyway is the galaxy over a mountain's silhouette, with a last glow on the horizon.
func milkyway(w, h int) *film {
	s, r, fine := soft(), ridged(), rough()
	line := skyline(w, h, .82, .17, .6)
	return newFilm(w, h, 1.15, 2.0).rows(func(v float32) func(u float32) rgb {
		px := -1
		return func(u float32) rgb {
			px++
			if v > line[px] {
				n := fine.deep(u*.8, v*1.3)
				return rgb{.0035, .005, .008}.times(1 + .6*n).plus(rgb{.010, .009, .009}.times(smooth(.07, 0, v-line[px]) * clamp(.5+n)))
			}
			c := ramp{hex(0x0A1026), hex(0x101A3A), hex(0x22305A), hex(0x5C5068), hex(0xB4744C)}.at(v*v*1.25 + .06)
			// Along and across the band, which leans to the right.
			a := u*.50 - (v-.45)*.87
			b := u*.87 + (v-.45)*.50 - .06 + .05*s.at(a*.3, .2)
			band := fade(b * b * 26)
			core := fade(b*b*90) * (.6 + .4*smooth(.4, -.5, a))
			dust := smooth(.02, .42, s.deep(a*.42+.3, b*.62+.1)+.55*(r.at(a*.6, b*.9)-.4)) * fade((b-.015)*(b-.015)*120)
			glow := rgb{.075, .085, .13}.times(band).plus(rgb{.36, .26, .20}.times(core * .62))
			glow = glow.times((1.05 + .9*s.deep(a*.7+.1, b*.7+.6)) * (1 - .86*dust))
			pink := smooth(.25, .6, s.at(a*1.1+.4, b*1.1)) * band
			glow = glow.plus(rgb{.14, .03, .06}.times(pink * .5))
			dim := 1 - .75*smooth(.5, .95, v)
			c = c.times(.55).plus(glow.times(dim))
			few := stars(u, v, .030, .0013, 10, .5)
			many := stars(u+7, v+3, .0085, .00075, 20, .18+.75*band*(1-.8*dust))
			return c.plus(few.times(1.5 * dim)).plus(many.times(.55 * dim))
		}
	})
}

// skyline gives the height of a ridge, from the top, for each column.
func skyline(w, h int, base, rise, seed float32) []float32 {
	s, r, fine := soft(), ridged(), rough()
	line := make([]float32, w)
	for x := range line {
		u := (float32(x)+.5-float32(w)/2)/float32(h) + 2
		line[x] = base - crest(r.at(u*.09+seed, seed*.7))*rise - s.at(u*.16, seed)*rise*.25 - fine.at(u*.7, seed)*.012
	}
	return line
}
