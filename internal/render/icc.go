package render

import (
	"encoding/binary"
	"math"

	"photofit/internal/probe"
)

// A photo may be of a wide gamut and bring no profile: cameras set to Adobe RGB
// often leave it out, AVIF and PNG name their primaries by number. Its pixels
// are converted by a profile that says the same, made here.
//
// A gamma of 0 is sRGB's curve.
type rgbSpace struct {
	red, green, blue probe.Point // CIE 1931 xy, white is D65
	gamma            float64
}

var (
	adobeRGB  = rgbSpace{probe.Point{X: .64, Y: .33}, probe.Point{X: .21, Y: .71}, probe.Point{X: .15, Y: .06}, 563. / 256} // Adobe RGB (1998), 4.3.4
	displayP3 = rgbSpace{probe.Point{X: .68, Y: .32}, probe.Point{X: .265, Y: .69}, probe.Point{X: .15, Y: .06}, 0}
	bt2020    = rgbSpace{probe.Point{X: .708, Y: .292}, probe.Point{X: .17, Y: .797}, probe.Point{X: .131, Y: .046}, 0}
)

// byNumber are the wide primaries of ITU-T H.273, table 2. Some of them have
// another white, which the eye takes for white all the same.
var byNumber = map[int]rgbSpace{
	4:                     {probe.Point{X: .67, Y: .33}, probe.Point{X: .21, Y: .71}, probe.Point{X: .14, Y: .08}, 0},       // NTSC of 1953
	8:                     {probe.Point{X: .681, Y: .319}, probe.Point{X: .243, Y: .692}, probe.Point{X: .145, Y: .049}, 0}, // film
	probe.PrimariesBT2020: bt2020,
	11:                    displayP3, // the cinema's, with the same primaries
	probe.PrimariesP3:     displayP3,
}

// assumedSpace is the space of a wide photo without a profile.
func assumedSpace(c probe.Colour) rgbSpace {
	if space, ok := byNumber[c.Primaries]; ok {
		return space
	}
	if g := c.Gamut; min(g.Red.Y, g.Green.Y, g.Blue.Y) > .01 {
		space := rgbSpace{g.Red, g.Green, g.Blue, 0}
		if c.Gamma > .2 && c.Gamma < 1 { // other exponents are no picture's
			space.gamma = 1 / c.Gamma
		}
		return space
	}
	return adobeRGB
}

// profile is the space as an ICC profile: a display's, version 2, with a matrix
// and one curve (ICC.1:2001-04, 6.3.1.2).
func (s rgbSpace) profile() []byte {
	matrix := s.toPCS()
	curve := s.curve()
	type tag struct {
		name string
		data []byte
	}
	tags := []tag{
		{"desc", description("Photofit: assumed")},
		{"cprt", append([]byte("text\x00\x00\x00\x00"), "none\x00"...)},
		{"wtpt", xyz(d50)},
		{"rXYZ", xyz(column(matrix, 0))},
		{"gXYZ", xyz(column(matrix, 1))},
		{"bXYZ", xyz(column(matrix, 2))},
		{"rTRC", curve}, {"gTRC", curve}, {"bTRC", curve},
	}
	body := binary.BigEndian.AppendUint32(nil, uint32(len(tags)))
	var data []byte
	start := 128 + 4 + 12*len(tags)
	for _, t := range tags {
		body = append(body, t.name...)
		body = binary.BigEndian.AppendUint32(body, uint32(start+len(data)))
		body = binary.BigEndian.AppendUint32(body, uint32(len(t.data)))
		data = append(data, t.data...)
		for len(data)%4 != 0 {
			data = append(data, 0)
		}
	}
	body = append(body, data...)

	head := make([]byte, 128)
	binary.BigEndian.PutUint32(head, uint32(128+len(body)))
	head[8], head[9] = 2, 0x40
	copy(head[12:], "mntrRGB XYZ ")
	binary.BigEndian.PutUint16(head[24:], 2026) // date: not before one, or some refuse it
	head[27], head[29] = 1, 1
	copy(head[36:], "acsp")
	copy(head[68:], xyz(d50)[8:])
	return append(head, body...)
}

var (
	d50 = [3]float64{0.9642, 1, 0.8249}
	d65 = [3]float64{0.3127 / 0.3290, 1, (1 - 0.3127 - 0.3290) / 0.3290}
)

// toPCS is the matrix from linear RGB to XYZ with D50 as white, adapted by
// Bradford's method (ICC.1:2022, annex E).
func (s rgbSpace) toPCS() [3][3]float64 {
	var primaries [3][3]float64
	for i, p := range []probe.Point{s.red, s.green, s.blue} {
		primaries[0][i], primaries[1][i], primaries[2][i] = p.X/p.Y, 1, (1-p.X-p.Y)/p.Y
	}
	scale := apply(invert(primaries), d65)
	for i := range 3 {
		for j := range 3 {
			primaries[i][j] *= scale[j]
		}
	}
	bradford := [3][3]float64{{.8951, .2664, -.1614}, {-.7502, 1.7135, .0367}, {.0389, -.0685, 1.0296}}
	from, to := apply(bradford, d65), apply(bradford, d50)
	cone := bradford
	for i := range 3 {
		for j := range 3 {
			cone[i][j] *= to[i] / from[i]
		}
	}
	return multiply(multiply(invert(bradford), cone), primaries)
}

// curve is the way from code value to light, as a curveType.
func (s rgbSpace) curve() []byte {
	b := []byte("curv\x00\x00\x00\x00")
	if s.gamma > 0 {
		b = binary.BigEndian.AppendUint32(b, 1)
		return binary.BigEndian.AppendUint16(b, uint16(math.Round(s.gamma*256)))
	}
	const n = 1024
	b = binary.BigEndian.AppendUint32(b, n)
	for i := range n {
		v := float64(i) / (n - 1)
		if v <= 0.04045 {
			v /= 12.92
		} else {
			v = math.Pow((v+0.055)/1.055, 2.4)
		}
		b = binary.BigEndian.AppendUint16(b, uint16(math.Round(v*65535)))
	}
	return b
}

func xyz(v [3]float64) []byte {
	b := []byte("XYZ \x00\x00\x00\x00")
	for _, x := range v {
		b = binary.BigEndian.AppendUint32(b, uint32(int32(math.Round(x*65536))))
	}
	return b
}

// description is a textDescriptionType with its ASCII part only.
func description(s string) []byte {
	b := []byte("desc\x00\x00\x00\x00")
	b = binary.BigEndian.AppendUint32(b, uint32(len(s)+1))
	b = append(b, s...)
	return append(b, make([]byte, 1+4+4+2+1+67)...)
}

func column(m [3][3]float64, j int) [3]float64 { return [3]float64{m[0][j], m[1][j], m[2][j]} }

func apply(m [3][3]float64, v [3]float64) (out [3]float64) {
	for i := range 3 {
		out[i] = m[i][0]*v[0] + m[i][1]*v[1] + m[i][2]*v[2]
	}
	return out
}

func multiply(a, b [3][3]float64) (out [3][3]float64) {
	for j := range 3 {
		c := apply(a, column(b, j))
		out[0][j], out[1][j], out[2][j] = c[0], c[1], c[2]
	}
	return out
}

func invert(m [3][3]float64) (out [3][3]float64) {
	cross := func(a, b [3]float64) [3]float64 {
		return [3]float64{a[1]*b[2] - a[2]*b[1], a[2]*b[0] - a[0]*b[2], a[0]*b[1] - a[1]*b[0]}
	}
	bc, ca, ab := cross(m[1], m[2]), cross(m[2], m[0]), cross(m[0], m[1])
	det := m[0][0]*bc[0] + m[0][1]*bc[1] + m[0][2]*bc[2]
	for i := range 3 {
		out[i] = [3]float64{bc[i] / det, ca[i] / det, ab[i] / det}
	}
	return out
}
