package imgtest

import "math"

// Space is a colour space that a test picture can be in.
type Space int

// The spaces. Primaries and curves are those of IEC 61966-2-1, of Apple's Display P3 (SMPTE RP 431-2 primaries with a D65 white and
// sRGB's curve) and of Adobe RGB (1998); Gray is one channel with a gamma of 563/256 and D50 as its white.
const (
	SRGB Space = iota
	DisplayP3
	AdobeRGB
	Gray
)

func (s Space) String() string {
	return [...]string{"sRGB", "Display P3", "Adobe RGB (1998)", "Gray gamma 2.2"}[s]
}

// adobeGamma is Adobe RGB's exponent as its specification gives it, 2 + 51/256.
const adobeGamma = 563.0 / 256

// d50 is the white of ICC's connection space (ICC.1:2022, 7.2.16).
var d50 = [3]float64{0.9642, 1, 0.8249}

type matrix [3][3]float64

func (m matrix) apply(v [3]float64) (out [3]float64) {
	for i := range m {
		out[i] = m[i][0]*v[0] + m[i][1]*v[1] + m[i][2]*v[2]
	}
	return out
}

func (m matrix) mul(n matrix) (out matrix) {
	for i := range m {
		for j := range m {
			out[i][j] = m[i][0]*n[0][j] + m[i][1]*n[1][j] + m[i][2]*n[2][j]
		}
	}
	return out
}

func (m matrix) inverse() (out matrix) {
	det := 0.0
	for i := range 3 {
		det += m[0][i] * (m[1][(i+1)%3]*m[2][(i+2)%3] - m[1][(i+2)%3]*m[2][(i+1)%3])
	}
	for i := range 3 {
		for j := range 3 {
			out[j][i] = (m[(i+1)%3][(j+1)%3]*m[(i+2)%3][(j+2)%3] - m[(i+1)%3][(j+2)%3]*m[(i+2)%3][(j+1)%3]) / det
		}
	}
	return out
}

// bradford is the cone response matrix of the Bradford adaptation (ICC.1:2022, annex E).
var bradford = matrix{{0.8951, 0.2664, -0.1614}, {-0.7502, 1.7135, 0.0367}, {0.0389, -0.0685, 1.0296}}

// d65toD50 carries XYZ seen under D65 to the connection space; it is a profile's "chad".
func d65toD50() matrix {
	from := bradford.apply(xyz(0.3127, 0.3290))
	to := bradford.apply(d50)
	scale := matrix{{to[0] / from[0]}, {0, to[1] / from[1]}, {0, 0, to[2] / from[2]}}
	return bradford.inverse().mul(scale).mul(bradford)
}

// xyz is the colour of luminance 1 at a chromaticity.
func xyz(x, y float64) [3]float64 { return [3]float64{x / y, 1, (1 - x - y) / y} }

// toXYZ turns linear RGB into XYZ relative to D50.
func (s Space) toXYZ() matrix {
	var r, g, b [3]float64
	switch s {
	case DisplayP3:
		r, g, b = xyz(0.680, 0.320), xyz(0.265, 0.690), xyz(0.150, 0.060)
	case AdobeRGB:
		r, g, b = xyz(0.640, 0.330), xyz(0.210, 0.710), xyz(0.150, 0.060)
	default:
		r, g, b = xyz(0.640, 0.330), xyz(0.300, 0.600), xyz(0.150, 0.060)
	}
	m := matrix{{r[0], g[0], b[0]}, {r[1], g[1], b[1]}, {r[2], g[2], b[2]}}
	share := m.inverse().apply(xyz(0.3127, 0.3290))
	for i := range m {
		for j := range m {
			m[i][j] *= share[j]
		}
	}
	return d65toD50().mul(m)
}

// Linear turns an encoded value (0 to 1) into light (0 to 1).
func (s Space) Linear(v float64) float64 {
	switch {
	case s == AdobeRGB || s == Gray:
		return math.Pow(v, adobeGamma)
	case v <= 0.04045:
		return v / 12.92
	}
	return math.Pow((v+0.055)/1.055, 2.4)
}

// Encoded is the inverse of Linear.
func (s Space) Encoded(v float64) float64 {
	switch {
	case s == AdobeRGB || s == Gray:
		return math.Pow(v, 1/adobeGamma)
	case v <= 0.0031308:
		return v * 12.92
	}
	return 1.055*math.Pow(v, 1/2.4) - 0.055
}

// XYZ is the colour of encoded RGB (each 0 to 1) relative to D50. Gray takes the first value.
func (s Space) XYZ(rgb [3]float64) [3]float64 {
	if s == Gray {
		y := s.Linear(rgb[0])
		return [3]float64{y * d50[0], y * d50[1], y * d50[2]}
	}
	for i := range rgb {
		rgb[i] = s.Linear(rgb[i])
	}
	return s.toXYZ().apply(rgb)
}

// Convert gives the encoded RGB in another RGB space that looks the same, by relative colorimetry. What lies outside that space is cut
// to 0 or 1 in linear light, and inside is false.
func (s Space) Convert(rgb [3]float64, to Space) (out [3]float64, inside bool) {
	inside = true
	for i, v := range to.toXYZ().inverse().apply(s.XYZ(rgb)) {
		const slack = 1e-4
		if v < -slack || v > 1+slack {
			inside = false
		}
		out[i] = to.Encoded(min(max(v, 0), 1))
	}
	return out, inside
}

// Lab is a colour in CIE L*a*b* relative to D50; L is 0 to 100.
type Lab struct{ L, A, B float64 }

// Lab gives the colour of encoded RGB (each 0 to 1).
func (s Space) Lab(rgb [3]float64) Lab {
	c := s.XYZ(rgb)
	for i := range c {
		const e = 6.0 / 29
		if v := c[i] / d50[i]; v > e*e*e {
			c[i] = math.Cbrt(v)
		} else {
			c[i] = v/(3*e*e) + 4.0/29
		}
	}
	return Lab{116*c[1] - 16, 500 * (c[0] - c[1]), 200 * (c[1] - c[2])}
}
