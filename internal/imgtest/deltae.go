package imgtest

import "math"

// DeltaE76 is the straight distance in L*a*b*; about 2.3 is just noticeable.
func DeltaE76(a, b Lab) float64 {
	return math.Sqrt((a.L-b.L)*(a.L-b.L) + (a.A-b.A)*(a.A-b.A) + (a.B-b.B)*(a.B-b.B))
}

// DeltaE2000 is the colour difference of CIE 142-2001 (CIEDE2000) with all weights 1; about 1 is just noticeable.
func DeltaE2000(a, b Lab) float64 {
	pow7 := func(v float64) float64 { return math.Pow(v, 7) }
	const k7 = 6103515625 // 25 to the 7th
	meanC := (math.Hypot(a.A, a.B) + math.Hypot(b.A, b.B)) / 2
	g := 1 + 0.5*(1-math.Sqrt(pow7(meanC)/(pow7(meanC)+k7)))
	c1, h1 := polar(a.A*g, a.B)
	c2, h2 := polar(b.A*g, b.B)

	// Hues are angles: take the short way round, and no way at all when one of them is grey.
	dh, hue := 0.0, h1+h2
	if c1*c2 != 0 {
		dh = h2 - h1
		hue = (h1 + h2) / 2
		switch {
		case math.Abs(h2-h1) <= 180:
		case h2 > h1:
			dh -= 360
		default:
			dh += 360
		}
		if math.Abs(h2-h1) > 180 {
			if h1+h2 < 360 {
				hue += 180
			} else {
				hue -= 180
			}
		}
	}
	dL, dC := b.L-a.L, c2-c1
	dH := 2 * math.Sqrt(c1*c2) * sinDeg(dh/2)

	l, c := (a.L+b.L)/2-50, (c1+c2)/2
	t := 1 - 0.17*cosDeg(hue-30) + 0.24*cosDeg(2*hue) + 0.32*cosDeg(3*hue+6) - 0.20*cosDeg(4*hue-63)
	sL := 1 + 0.015*l*l/math.Sqrt(20+l*l)
	sC, sH := 1+0.045*c, 1+0.015*c*t
	turn := 30 * math.Exp(-(hue-275)/25*(hue-275)/25)
	rT := -2 * math.Sqrt(pow7(c)/(pow7(c)+k7)) * sinDeg(2*turn)
	x, y, z := dL/sL, dC/sC, dH/sH
	return math.Sqrt(x*x + y*y + z*z + rT*y*z)
}

// polar gives chroma and hue in degrees, 0 to 360.
func polar(a, b float64) (c, h float64) {
	h = math.Atan2(b, a) * 180 / math.Pi
	if h < 0 {
		h += 360
	}
	return math.Hypot(a, b), h
}

func sinDeg(v float64) float64 { return math.Sin(v * math.Pi / 180) }
func cosDeg(v float64) float64 { return math.Cos(v * math.Pi / 180) }
