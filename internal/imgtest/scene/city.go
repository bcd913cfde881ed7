package scene

// lens blurs lights into discs with a bright rim, as a fast lens does. Each cell of a grid has a light or none, by share of its height.
func lens(u, v, cell, size float32, seed uint32, share func(v float32) float32, light func(x, y int) rgb) rgb {
	var sum rgb
	cx, cy := int(floor(u/cell)), int(floor(v/cell))
	reach := int(size/cell) + 1
	for y := cy - reach; y <= cy+reach; y++ {
		dense := share((float32(y) + .5) * cell)
		for x := cx - reach; x <= cx+reach; x++ {
			if hash(x, y, seed) > dense {
				continue
			}
			dx, dy := u-(float32(x)+hash(x, y, seed+1))*cell, v-(float32(y)+hash(x, y, seed+2))*cell
			radius := size * (.75 + .25*hash(x, y, seed+3))
			d := sqrt(dx*dx+dy*dy) / radius
			if d > 1 {
				continue
			}
			k := smooth(1, .965, d) * (.75 + .45*d*d*d*d)
			sum = sum.plus(light(x, y).times(k))
		}
	}
	return sum
}

// city is a wet street at night, out of focus.
func city(w, h int) *film {
	s := soft()
	lamps := []rgb{hex(0xFFB45A), hex(0xFF8A3C), hex(0xFFD9A0), hex(0xFF4A3A), hex(0x6AB8FF), hex(0x58E0B0), hex(0xFF6FA0), hex(0xFFC878)}
	lamp := func(seed uint32, power float32) func(x, y int) rgb {
		return func(x, y int) rgb {
			b := hash(x, y, seed+8)
			return lamps[int(hash(x, y, seed+7)*float32(len(lamps)))].times(power * (.15 + b*b))
		}
	}
	big, mid, small := lamp(100, .55), lamp(200, .5), lamp(300, .7)
	return newFilm(w, h, 1.1, 1.8).rows(func(v float32) func(u float32) rgb {
		street := smooth(.64, .70, v)
		return func(u float32) rgb {
			y, squeeze := v, float32(1)
			if v > .68 { // the wet street mirrors, drawn out and broken
				y = .68 - (v-.68)*.8 + .010*s.at(u*1.2, v*9)
				squeeze = .55
			}
			c := ramp{hex(0x0A0E1C), hex(0x141A30), hex(0x2C2438), hex(0x3A2A30)}.at(y * 1.4).times(.8 + .3*s.at(u*.15, y*.2))
			c = c.plus(lens(u, y, .13, .075, 100, func(v float32) float32 { return .05 + .38*smooth(.02, .5, v)*smooth(.75, .6, v) }, big))
			c = c.plus(lens(u+5, y, .07, .040, 200, func(v float32) float32 { return .5 * smooth(.05, .5, v) * smooth(.72, .6, v) }, mid))
			c = c.plus(lens(u+9, y, .05, .020, 300, func(v float32) float32 { return .5 * smooth(.35, .6, v) * smooth(.7, .6, v) }, small))
			if squeeze < 1 {
				wet := .40 + .35*s.deep(u*.35, v*1.1)
				c = c.times(clamp(wet) * (1 - .25*street)).plus(rgb{.006, .006, .009})
			}
			return c
		}
	})
}
