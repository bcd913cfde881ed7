package scene

// pines is a wooded slope in fog: rows of firs that fade with distance.
func pines(w, h int) *film {
	s, fine := soft(), rough()
	const layers = 7
	return newFilm(w, h, 1, 1.1).rows(func(v float32) func(u float32) rgb {
		return func(u float32) rgb {
			fog := ramp{hex(0xC9D2D2), hex(0xB9C5C8), hex(0x9FB0B6)}.at(v + .25*s.at(u*.2, v*.35))
			fog = fog.plus(rgb{.42, .36, .24}.times(fade(sqrt((u+.35)*(u+.35)+(v-.05)*(v-.05)) * 3)))
			for i := layers - 1; i >= 0; i-- {
				t := float32(i) / (layers - 1)
				size := .10 + .26*t*t // of a tree, in heights of the picture
				cell := size * .16
				ground := .40 + .80*t*(.45+.55*t) - .14*s.at(u*.22+float32(i)*.23, float32(i)*.37) - u*.10*(1-t)
				best, bark := float32(0), float32(0)
				k := int(floor(u / cell))
				for j := k - 3; j <= k+3; j++ {
					a, b := hash(j, i, 1), hash(j, i, 2)
					tall := size * (.45 + .75*a*a + .2*b)
					foot := ground + .02*a
					up := (foot - v) / tall // 0 at the foot, 1 at the tip
					if up < -.1 || up > 1 || hash(j, i, 3) > .72 {
						continue
					}
					x := (u - (float32(j)+.2+.6*b)*cell) / tall
					// Boughs droop: their edge is a saw tooth, longer and rougher below.
					tier := (1-up)*(11+5*a) + abs(x)*9 + fine.at(x*.9+a, up*.7+b)*1.3
					tier -= floor(tier)
					wide := (1 - max(up, 0)) * (.135 + .05*b) * (.50 + .55*tier + .55*fine.at(u*2.1, v*2.1+t))
					if d := wide - abs(x); d > best {
						best, bark = d, tier*.7+x*-3.2
					}
				}
				if under := v - ground - .010*fine.at(u*1.3, t); under > 0 && best <= 0 { // heath between the trees
					best, bark = under/size, .2
				}
				if best <= 0 {
					continue
				}
				cover := min(best*size*float32(h)*.8, 1)
				n := fine.deep(u*2.6, v*2.6+t)
				c := hex(0x1C2A22).mix(hex(0x3C4F36), clamp(bark*.6+.25+n*.8)).times(.7 + .8*clamp(.5+n))
				depth := (1 - t) * (1 - .25*t)
				low := smooth(-.02, .24, v-ground+size*.55) * .40 * (1 - t*.6)
				return fog.mix(c.mix(fog, clamp(depth*.93+low+.10*s.at(u*.3, v*.9+t))), cover)
			}
			return fog
		}
	})
}
