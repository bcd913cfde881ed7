package ssimulacra2

import (
	"math"

	"photofit/internal/imgtest"
)

// lightOf turns 8 bits of sRGB into linear light, 0 to 1.
var lightOf = func() (t [256]float32) {
	for i := range t {
		t[i] = float32(imgtest.SRGB.Linear(float64(i) / 255))
	}
	return t
}()

// A line is a row of a picture, each channel apart.
type line [channels][]float32

func newLine(w int) (l line) {
	all := make([]float32, channels*w)
	for c := range l {
		l[c], all = all[:w:w], all[w:]
	}
	return l
}

// What the cones of each kind take of red, green and blue, with a little light of their own, as JPEG XL has it.
const (
	longR, longG, longB       = 0.3, 0.622, 0.078
	mediumR, mediumG, mediumB = 0.23, 0.692, 0.078
	shortR, shortG, shortB    = 0.24342268924547819, 0.20476744424496821, 0.55180986650955360
	bias                      = 0.0037930732552754493
)

var biasRoot = float32(math.Cbrt(bias))

// xyb turns linear light into X, Y and B, with X enlarged, Y taken off B, and all of them moved into 0 to 1, so that no difference is more
// than 1, as SSIM needs. Both lines have as many pixels as out.
func xyb(out, rgb line) {
	n := len(out[0])
	x, y, z := out[0][:n], out[1][:n], out[2][:n]
	red, green, blue := rgb[0][:n], rgb[1][:n], rgb[2][:n]
	for i := range n {
		r, g, b := red[i], green[i], blue[i]
		l := cubeRoot(longR*r+longG*g+longB*b+bias) - biasRoot
		m := cubeRoot(mediumR*r+mediumG*g+mediumB*b+bias) - biasRoot
		s := cubeRoot(shortR*r+shortG*g+shortB*b+bias) - biasRoot
		lum := .5 * (l + m)
		x[i] = 14*.5*(l-m) + .42
		y[i] = lum + .01
		z[i] = s - lum + .55
	}
}

// cubeRoot is that of a positive number, within 3e-7 of it: a third of the exponent as a first guess, then Halley's method twice.
func cubeRoot(v float32) float32 {
	t := math.Float32frombits(math.Float32bits(v)/3 + 0x2a5119f2)
	for range 2 {
		cube := t * t * t
		t *= (cube + v + v) / (cube + cube + v)
	}
	return t
}
