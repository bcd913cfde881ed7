package probe

import (
	"math"
	"strings"
	"unicode/utf16"
)

// Profile is what an ICC profile (ICC.1:2022) says of its gamut. The zero
// value is no profile. It is comparable and keeps nothing of the bytes.
type Profile struct {
	// Description is the profile's name, at most 256 bytes, may be empty.
	Description string

	// Space is the data colour space: "RGB", "GRAY", "CMYK", "Lab" and so on.
	Space string

	// Gamut is where the primaries lie, adapted to D50 as all that is in a
	// profile. Zero unless the profile is RGB with a matrix.
	Gamut Gamut

	// LUT is true if the profile has a table from device to PCS. Colour
	// engines then use that and not the matrix.
	LUT bool

	// Mid is how much light the code value ½ stands for, by the green curve:
	// 0.214 for sRGB, ½ for a linear one. 0 if there is no curve.
	Mid float64
}

const (
	maxICCTags = 256
	maxICCName = 256
)

// ParseProfile reads an ICC profile's header and the few tags that Profile
// tells of. The error is ErrDamaged if it is no profile; a tag that is broken
// counts as absent.
func ParseProfile(icc []byte) (Profile, error) {
	if len(icc) < 132 || string(icc[36:40]) != "acsp" {
		return Profile{}, damaged("ICC profile without a header")
	}
	p := Profile{Space: iccSpace(icc[16:20])}
	if p.Space == "" {
		return Profile{}, damaged("ICC profile without a colour space")
	}
	tags := make(map[string][]byte)
	n := min(be32(icc[128:]), maxICCTags)
	for i := range int(n) {
		b, err := block(icc).at(int64(132+12*i), 12)
		if err != nil {
			break
		}
		v, err := block(icc).at(int64(be32(b[4:])), int(be32(b[8:])&0x7FFFFFFF))
		if err == nil && tags[string(b[:4])] == nil {
			tags[string(b[:4])] = v
		}
	}
	p.Description = iccText(tags["desc"])
	p.LUT = tags["A2B0"] != nil || tags["A2B1"] != nil || tags["D2B0"] != nil || tags["D2B1"] != nil
	if p.Space != "RGB" {
		return p, nil
	}
	r, okR := iccXYZ(tags["rXYZ"])
	g, okG := iccXYZ(tags["gXYZ"])
	b, okB := iccXYZ(tags["bXYZ"])
	if okR && okG && okB {
		p.Gamut = Gamut{r, g, b}
		p.Mid = iccMid(tags["gTRC"])
	}
	return p, nil
}

// iccSpace reads a colour space's signature: four letters, digits or spaces.
func iccSpace(b []byte) string {
	for _, c := range b {
		if c != ' ' && (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') {
			return ""
		}
	}
	return strings.TrimRight(string(b), " ")
}

// Wide says whether the gamut is clearly larger than sRGB's. False for grey
// and CMYK, and for a profile that has only tables, of which nothing is known.
func (p Profile) Wide() bool {
	return p.Gamut.area() > wideArea*gamutSRGB.area()
}

// IsSRGB says that the profile is sRGB or one of its many variants: the same
// primaries, and a curve that is sRGB's or close to it.
func (p Profile) IsSRGB() bool {
	return !p.LUT && p.Gamut.near(gamutSRGB, 0.01) && math.Abs(p.Mid-0.214) < 0.012
}

// iccXYZ reads an XYZType (10.31) and gives the chromaticity of its first value.
func iccXYZ(b []byte) (Point, bool) {
	if len(b) < 20 || string(b[:4]) != "XYZ " {
		return Point{}, false
	}
	x, y, z := fixed(b[8:]), fixed(b[12:]), fixed(b[16:])
	sum := x + y + z
	if sum <= 0 {
		return Point{}, false
	}
	return Point{x / sum, y / sum}, true
}

// fixed reads an s15Fixed16Number.
func fixed(b []byte) float64 { return float64(int32(be32(b))) / 65536 }

// iccMid evaluates a curve (10.6, 10.18) at ½; 0 if it is none.
func iccMid(b []byte) float64 {
	if len(b) < 12 {
		return 0
	}
	switch string(b[:4]) {
	case "curv":
		n := be32(b[8:])
		switch {
		case n == 0:
			return 0.5
		case n == 1 && len(b) >= 14:
			return math.Pow(0.5, float64(be16(b[12:]))/256)
		case n >= 2 && int64(n) <= int64(len(b)-12)/2:
			// The middle of an even table lies between two entries.
			lo, hi := b[12+2*((n-1)/2):], b[12+2*(n/2):]
			return float64(be16(lo)+be16(hi)) / 2 / 65535
		}
	case "para":
		return iccPara(b)
	}
	return 0
}

// iccPara evaluates a parametric curve at ½. Its five kinds have the
// parameters g, a, b, c, d, e, f, each kind some more of them.
func iccPara(b []byte) float64 {
	kind := be16(b[8:])
	counts := [...]int{1, 3, 4, 5, 7}
	if kind >= len(counts) || len(b) < 12+4*counts[kind] {
		return 0
	}
	v := [7]float64{1: 1} // a is 1 where it is absent
	for i := range counts[kind] {
		v[i] = fixed(b[12+4*i:])
	}
	g, a, off, c, d, e, f := v[0], v[1], v[2], v[3], v[4], v[5], v[6]
	const x = 0.5
	var y float64
	switch {
	case kind == 0:
		y = math.Pow(x, g)
	case kind <= 2: // below −b/a it is the constant c, which kind 1 lacks
		y = c
		if a*x+off >= 0 {
			y += math.Pow(a*x+off, g)
		}
	case x >= d:
		y = math.Pow(math.Max(a*x+off, 0), g) + e
	default:
		y = c*x + f
	}
	if math.IsNaN(y) || math.IsInf(y, 0) {
		return 0
	}
	return y
}

// iccText reads a name: textDescriptionType of version 2, else
// multiLocalizedUnicodeType (10.15), where English is taken before the first.
func iccText(b []byte) string {
	if len(b) < 16 {
		return ""
	}
	var s string
	switch string(b[:4]) {
	case "desc":
		n := int(min(int64(be32(b[8:])), int64(len(b)-12)))
		name, _, _ := strings.Cut(string(b[12:12+n]), "\x00")
		s = decodeText([]byte(name), false)
	case "mluc":
		if be32(b[12:]) != 12 {
			return ""
		}
		for i := range min(int(be32(b[8:])&0xFFFF), maxICCTags) {
			rec, err := block(b).at(int64(16+12*i), 12)
			if err != nil {
				break
			}
			u, err := block(b).at(int64(be32(rec[8:])), int(be32(rec[4:])&0xFFFF))
			if err != nil {
				continue
			}
			if english := string(rec[:2]) == "en"; s == "" || english {
				s = utf16Text(u)
				if english {
					break
				}
			}
		}
	}
	if len(s) > maxICCName {
		s = decodeText([]byte(s[:maxICCName]), true)
	}
	return s
}

// utf16Text reads big-endian UTF-16.
func utf16Text(b []byte) string {
	u := make([]uint16, 0, min(len(b)/2, maxICCName))
	for ; len(b) > 1 && len(u) < maxICCName; b = b[2:] {
		u = append(u, uint16(be16(b)))
	}
	return cleanText(string(utf16.Decode(u)))
}
