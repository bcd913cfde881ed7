package scene

// stones is a pavement of field stones: rounded, of many colours, some with a vein.
func stones(w, h int) *film {
	s, fine := soft(), rough()
	colours := []rgb{hex(0x8C8A86), hex(0x5E6468), hex(0xB8AFA2), hex(0x7A5A4A), hex(0x3E4348), hex(0xA08C78), hex(0x9A9FA0), hex(0x6A7480), hex(0xD6D0C6), hex(0x80685E)}
	sun := vec{-.55, .62, .56}.unit()
	half := vec{sun.x, sun.y, sun.z + 1}.unit()
	layer := func(u, v, size float32, seed uint32) (rgb, float32) {
		u, v = u/size, v/size
		u += .16 * s.at(u*.11, v*.11)
		cx, cy := int(floor(u)), int(floor(v))
		// The nearest stone by a squashed distance, and how far the next is: the seam lies where they are equal.
		first, second := float32(9), float32(9)
		var fx, fy float32
		var sx, sy int
		for y := cy - 1; y <= cy+1; y++ {
			for x := cx - 1; x <= cx+1; x++ {
				dx, dy := u-float32(x)-.12-.76*hash(x, y, seed), v-float32(y)-.12-.76*hash(x, y, seed+1)
				turn := hash(x, y, seed+2)*2 - 1
				ex := dx + turn*.45*dy
				d := ex*ex + dy*dy*(1.15-.3*turn)
				if d < first {
					first, second, fx, fy, sx, sy = d, first, dx, dy, x, y
				} else if d < second {
					second = d
				}
			}
		}
		gap := sqrt(second) - sqrt(first)
		edge := smooth(.02, .40, gap)
		r := hash(sx, sy, seed+3)
		c := colours[int(r*float32(len(colours)))].times(.75 + .5*hash(sx, sy, seed+4))
		angle := hash(sx, sy, seed+5) * 6.28
		along := fx*sin(angle) + fy*sin(angle+1.57)
		n := fine.deep(u*.10+r, v*.10+r)
		vein := smooth(.035, .01, abs(along-.18+.10*s.at(u*.2+r, v*.2))) * smooth(.80, .9, hash(sx, sy, seed+6))
		c = c.times(1+.55*n+.25*s.at(u*.35+r, v*.35)).mix(rgb{.75, .73, .70}, vein*.7)
		flat := .45 + .6*edge
		normal := vec{fx*1.25 + .10*n, fy*1.25 + .08*n, flat}.unit()
		lit := clamp(normal.dot(vec{sun.x, -sun.y, sun.z}))
		gloss := clamp(normal.dot(vec{half.x, -half.y, half.z}))
		gloss *= gloss
		gloss *= gloss
		gloss *= gloss
		gloss *= gloss
		gloss *= gloss
		shade := smooth(0, .22, gap)
		c = c.tint(rgb{1.75, 1.6, 1.4}.times(lit).plus(rgb{.20, .24, .32}.times(.4 + .6*edge))).plus(rgb{.55, .55, .55}.times(gloss * gloss * .8))
		return c.times(.10 + .90*shade), gap
	}
	return newFilm(w, h, .95, 1).rows(func(v float32) func(u float32) rgb {
		return func(u float32) rgb {
			c, gap := layer(u, v, .15, 11)
			if gap < .09+.05*s.at(u*.8, v*.8) {
				small, _ := layer(u+3, v+1, .032, 31)
				c = small.times(.55*smooth(-.02, .08, gap) + .12)
			}
			return c
		}
	})
}
