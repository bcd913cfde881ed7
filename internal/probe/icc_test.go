package probe

import (
	"encoding/binary"
	"errors"
	"math"
	"strings"
	"testing"
	"unicode/utf16"
)

// Primaries adapted to D50, as profiles have them.
var (
	gamutP3       = Gamut{Point{0.6820, 0.3194}, Point{0.2845, 0.6746}, Point{0.1559, 0.0661}}
	gamutAdobe    = Gamut{Point{0.6484, 0.3309}, Point{0.2302, 0.7016}, Point{0.1559, 0.0661}}
	gamutProPhoto = Gamut{Point{0.7347, 0.2653}, Point{0.1596, 0.8404}, Point{0.0366, 0.0001}}
	gamut2020     = Gamut{Point{0.7084, 0.2936}, Point{0.1902, 0.7751}, Point{0.1297, 0.0470}}
	gamutApple    = Gamut{Point{0.6341, 0.3493}, Point{0.3130, 0.5975}, Point{0.1620, 0.0788}}
)

type iccTag struct {
	name string
	data []byte
}

func profileOf(space string, tags ...iccTag) []byte {
	b := make([]byte, 128)
	copy(b[12:], "mntr")
	copy(b[16:], space)
	copy(b[20:], "XYZ ")
	copy(b[36:], "acsp")
	b = cat(b, uint32(len(tags)))
	off := len(b) + 12*len(tags)
	var data []byte
	for _, t := range tags {
		b = cat(b, t.name, uint32(off+len(data)), uint32(len(t.data)))
		data = append(data, t.data...)
	}
	b = append(b, data...)
	binary.BigEndian.PutUint32(b, uint32(len(b)))
	return b
}

func xyz(p Point) []byte {
	fix := func(v float64) uint32 { return uint32(int32(math.Round(v * 65536))) }
	// Y of a half: any will do.
	return cat("XYZ \x00\x00\x00\x00", fix(p.X/p.Y/2), fix(0.5), fix((1-p.X-p.Y)/p.Y/2))
}

func gammaCurve(g float64) []byte {
	return cat("curv\x00\x00\x00\x00", uint32(1), uint16(g*256))
}

func primaries(g Gamut) []iccTag {
	return []iccTag{{"rXYZ", xyz(g.Red)}, {"gXYZ", xyz(g.Green)}, {"bXYZ", xyz(g.Blue)}}
}

func matrixProfile(g Gamut, gamma float64) []byte {
	return profileOf("RGB ", append(primaries(g), iccTag{"gTRC", gammaCurve(gamma)})...)
}

func para(kind uint16, params ...float64) []byte {
	b := cat("para\x00\x00\x00\x00", kind, uint16(0))
	for _, p := range params {
		b = cat(b, uint32(int32(math.Round(p*65536))))
	}
	return b
}

func TestProfileGamut(t *testing.T) {
	tests := []struct {
		name       string
		icc        []byte
		wide, srgb bool
	}{
		{"sRGB by gamma 2.2", matrixProfile(gamutSRGB, 2.2), false, true},
		{"sRGB, primaries rounded", matrixProfile(Gamut{Point{0.645, 0.334}, Point{0.324, 0.594}, Point{0.158, 0.069}}, 2.2), false, true},
		{"sRGB linear", matrixProfile(gamutSRGB, 1), false, false},
		{"sRGB gamma 1.8", matrixProfile(gamutSRGB, 1.8), false, false},
		{"sRGB unadapted", matrixProfile(gamutBT709, 2.2), false, false},
		{"Apple RGB", matrixProfile(gamutApple, 1.8), false, false},
		{"Display P3", matrixProfile(gamutP3, 2.2), true, false},
		{"Adobe RGB", matrixProfile(gamutAdobe, 2.2), true, false},
		{"ProPhoto", matrixProfile(gamutProPhoto, 1.8), true, false},
		{"Rec. 2020", matrixProfile(gamut2020, 2.2), true, false},
		{"clockwise", matrixProfile(Gamut{gamutP3.Blue, gamutP3.Green, gamutP3.Red}, 2.2), true, false},
		{"grey", profileOf("GRAY", iccTag{"kTRC", gammaCurve(2.2)}), false, false},
		{"CMYK", profileOf("CMYK", iccTag{"A2B0", []byte("mft2")}), false, false},
		{"CMYK with primaries", profileOf("CMYK", primaries(gamutP3)...), false, false},
		{"table only", profileOf("RGB ", iccTag{"A2B0", []byte("mft2")}), false, false},
		{"two primaries", profileOf("RGB ", primaries(gamutP3)[:2]...), false, false},
	}
	for _, tt := range tests {
		p, err := ParseProfile(tt.icc)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		if p.Wide() != tt.wide || p.IsSRGB() != tt.srgb {
			t.Errorf("%s: wide %v, sRGB %v; gamut %v, mid %v", tt.name, p.Wide(), p.IsSRGB(), p.Gamut, p.Mid)
		}
	}
	p, _ := ParseProfile(profileOf("RGB ", append(primaries(gamutSRGB), iccTag{"gTRC", gammaCurve(2.2)}, iccTag{"A2B0", []byte("mft2")})...))
	if !p.LUT || p.IsSRGB() {
		t.Errorf("a profile with tables is not plain sRGB: %+v", p)
	}
}

func TestProfileCurve(t *testing.T) {
	srgb := func(x float64) float64 { return math.Pow((x+0.055)/1.055, 2.4) }
	table := func(n int) []byte {
		b := cat("curv\x00\x00\x00\x00", uint32(n))
		for i := range n {
			b = cat(b, uint16(math.Round(65535*float64(i)/float64(n-1))))
		}
		return b
	}
	tests := []struct {
		name string
		b    []byte
		want float64
	}{
		{"identity", cat("curv\x00\x00\x00\x00", uint32(0)), 0.5},
		{"gamma", gammaCurve(2), 0.25},
		{"odd table", table(257), 0.5},
		{"even table", table(1024), 0.5},
		{"para 0", para(0, 2), 0.25},
		{"para 1", para(1, 2, 1, 0), 0.25},
		{"para 1 below", para(1, 2, 1, -0.75), 0},
		{"para 2", para(2, 2, 1, 0, 0.125), 0.375},
		{"para 3 sRGB", para(3, 2.4, 1/1.055, 0.055/1.055, 1/12.92, 0.04045), srgb(0.5)},
		{"para 3 below", para(3, 2.4, 1, 0, 0.5, 0.75), 0.25},
		{"para 4", para(4, 2, 1, 0, 0.5, 0.25, 0.125, 0.5), 0.375},
		{"para 4 below", para(4, 2, 1, 0, 0.5, 0.75, 0.125, 0.5), 0.75},
		{"para 5", para(5, 2), 0},
		{"para cut", para(3, 2.4, 1), 0},
		{"table cut", table(64)[:100], 0},
		{"other", []byte("sf32\x00\x00\x00\x00\x00\x00\x00\x00"), 0},
	}
	for _, tt := range tests {
		if got := iccMid(tt.b); math.Abs(got-tt.want) > 1e-3 {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}

func TestProfileName(t *testing.T) {
	utf := func(s string) (b []byte) {
		for _, u := range utf16.Encode([]rune(s)) {
			b = cat(b, u)
		}
		return b
	}
	mluc := func(names ...string) []byte { // language and text in turn
		b := cat("mluc\x00\x00\x00\x00", uint32(len(names)/2), uint32(12))
		off := 16 + 12*len(names)/2
		var data []byte
		for i := 0; i < len(names); i += 2 {
			u := utf(names[i+1])
			b = cat(b, names[i]+"XX", uint32(len(u)), uint32(off+len(data)))
			data = append(data, u...)
		}
		return append(b, data...)
	}
	for _, tt := range []struct {
		b    []byte
		want string
	}{
		{cat("desc\x00\x00\x00\x00", uint32(5), "sRGB\x00rest of it"), "sRGB"},
		{cat("desc\x00\x00\x00\x00", uint32(1<<31), "sRGB longer than it is"), "sRGB longer than it is"},
		{mluc("en", "Display P3"), "Display P3"},
		{mluc("de", "Anzeige", "en", "Display"), "Display"},
		{mluc("de", "Größe 🎨"), "Größe 🎨"},
		{mluc("en", strings.Repeat("x", 5000)), strings.Repeat("x", 256)},
		{mluc("en", "cut")[:30], ""},
		{nil, ""},
	} {
		p, err := ParseProfile(profileOf("RGB ", iccTag{"desc", tt.b}))
		if err != nil || p.Description != tt.want {
			t.Errorf("%q, %v; want %q", p.Description, err, tt.want)
		}
	}
}

func TestProfileDamaged(t *testing.T) {
	good := matrixProfile(gamutP3, 2.2)
	noMark := append([]byte{}, good...)
	copy(noMark[36:], "xxxx")
	noSpace := append([]byte{}, good...)
	copy(noSpace[16:], "\x00\x00\x00\x00")
	for _, b := range [][]byte{nil, good[:131], noMark, noSpace} {
		if p, err := ParseProfile(b); !errors.Is(err, ErrDamaged) || p != (Profile{}) {
			t.Errorf("%d bytes: %v, %v", len(b), p, err)
		}
	}
	for n := 132; n < len(good)-14; n++ { // without its tags: readable, not wide
		if p, err := ParseProfile(good[:n]); err != nil || p.Mid != 0 {
			t.Fatalf("%d bytes: %+v, %v", n, p, err)
		}
	}
}

func TestColourWide(t *testing.T) {
	p3, _ := ParseProfile(matrixProfile(gamutP3, 2.2))
	srgb, _ := ParseProfile(matrixProfile(gamutSRGB, 2.2))
	tests := []struct {
		name string
		c    Colour
		want bool
	}{
		{"nothing", Colour{}, false},
		{"profile", Colour{Profile: p3}, true},
		{"profile before primaries", Colour{Profile: srgb, Primaries: PrimariesBT2020}, false},
		{"P3 by number", Colour{Primaries: PrimariesP3}, true},
		{"BT.2020 by number", Colour{Primaries: PrimariesBT2020}, true},
		{"BT.709 by number before EXIF", Colour{Primaries: PrimariesBT709, AdobeRGB: true}, false},
		{"unspecified", Colour{Primaries: 2, AdobeRGB: true}, true},
		{"cHRM of sRGB", Colour{Gamut: gamutBT709}, false},
		{"cHRM of P3", Colour{Gamut: Gamut{Point{0.68, 0.32}, Point{0.265, 0.69}, Point{0.15, 0.06}}}, true},
	}
	for _, tt := range tests {
		if got := tt.c.Wide(); got != tt.want {
			t.Errorf("%s: %v", tt.name, got)
		}
	}
}
