package scale

// curve is how light follows from a code, both 0 to 1: a polynomial without a
// constant term, which is quicker to reckon than to look up. It was fitted to
// sRGB's transfer curve (IEC 61966-2-1) and differs from it by 0.29 of an 8-bit
// step at most; and since the way back is the inverse of this curve, not of
// sRGB's, no code changes on the way there and back. Display P3 has the same
// curve. Adobe RGB's is close enough: what is a little off is only how much each
// pixel weighs.
var curve = [6]float64{0.07101759768462657, 0.049122711306193056, 2.940675686724283, -5.228750648770935, 4.892668143728241, -1.7247334906724092}

// white is the light of the code 255: light is kept so that it is an index of
// codes when it is rounded.
const white = 1<<14 - 1

var (
	light  [256]float32        // of each code
	codes  [white + 1]byte     // of each light, rounded
	factor [len(curve)]float32 // curve's, for codes from 0 to 255 and light from 0 to white
)

// lightOf is the light of a code from 0 to 1, up to white.
func lightOf(code float64) float64 {
	v := 0.0
	for i := len(curve) - 1; i >= 0; i-- {
		v = (v + curve[i]) * code
	}
	return v * white
}

func init() {
	for i := range light {
		light[i] = float32(lightOf(float64(i) / 255))
	}
	code := 0
	for i := range codes {
		for code < 255 && lightOf((float64(code)+.5)/255) < float64(i) {
			code++
		}
		codes[i] = byte(code)
	}
	scale := float64(white)
	for i, c := range curve {
		scale /= 255
		factor[i] = float32(c * scale)
	}
}

// code is the 8-bit code of an amount of light, which may lie outside 0 to
// white: beside edges the window's negative lobes overshoot.
func code(v float32) byte {
	n := int32(v + .5)
	if uint32(n) > white {
		if n < 0 {
			return 0
		}
		return 255
	}
	return codes[n]
}
