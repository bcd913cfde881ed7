package render

import (
	"math"
	"testing"

	"photofit/internal/imgtest"
	"photofit/internal/probe"
)

func TestProfilesSayTheirGamut(t *testing.T) {
	for _, tt := range []struct {
		name  string
		space rgbSpace
		want  []byte // the same by somebody else
		wide  bool
		mid   float64 // what half a code value stands for
	}{
		{"Adobe RGB", adobeRGB, imgtest.ICC(imgtest.AdobeRGB, 2), true, math.Pow(.5, 563./256)},
		{"Display P3", displayP3, imgtest.ICC(imgtest.DisplayP3, 4), true, math.Pow((.5+.055)/1.055, 2.4)},
		{"sRGB", rgbSpace{probe.Point{X: .64, Y: .33}, probe.Point{X: .30, Y: .60}, probe.Point{X: .15, Y: .06}, 0}, imgtest.ICC(imgtest.SRGB, 2), false, math.Pow((.5+.055)/1.055, 2.4)},
	} {
		got, err := probe.ParseProfile(tt.space.profile())
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		want, err := probe.ParseProfile(tt.want)
		if err != nil {
			t.Fatal(err)
		}
		if got.Space != "RGB" || got.LUT || got.Description == "" || got.Wide() != tt.wide || got.IsSRGB() == tt.wide {
			t.Errorf("%s: %+v", tt.name, got)
		}
		for i, p := range []probe.Point{got.Gamut.Red, got.Gamut.Green, got.Gamut.Blue} {
			w := []probe.Point{want.Gamut.Red, want.Gamut.Green, want.Gamut.Blue}[i]
			if math.Abs(p.X-w.X) > 1e-4 || math.Abs(p.Y-w.Y) > 1e-4 {
				t.Errorf("%s: primary %d is at %v, want %v", tt.name, i, p, w)
			}
		}
		if math.Abs(got.Mid-tt.mid) > 1e-4 {
			t.Errorf("%s: half is %v of light, want %v", tt.name, got.Mid, tt.mid)
		}
	}
}

func TestAssumedSpace(t *testing.T) {
	prophoto := probe.Gamut{Red: probe.Point{X: .7347, Y: .2653}, Green: probe.Point{X: .1596, Y: .8404}, Blue: probe.Point{X: .0366, Y: .0001}}
	large := probe.Gamut{Red: probe.Point{X: .7, Y: .3}, Green: probe.Point{X: .2, Y: .7}, Blue: probe.Point{X: .14, Y: .05}}
	for _, tt := range []struct {
		name   string
		colour probe.Colour
		want   rgbSpace
	}{
		{"EXIF says so", probe.Colour{AdobeRGB: true}, adobeRGB},
		{"P3 by number", probe.Colour{Primaries: probe.PrimariesP3}, displayP3},
		{"BT.2020 by number", probe.Colour{Primaries: probe.PrimariesBT2020}, bt2020},
		{"the cinema's P3", probe.Colour{Primaries: 11}, displayP3},
		{"number before gamut", probe.Colour{Primaries: probe.PrimariesP3, Gamut: large}, displayP3},
		{"PNG's gamut and gamma", probe.Colour{Gamut: large, Gamma: .5}, rgbSpace{large.Red, large.Green, large.Blue, 2}},
		{"PNG's gamut, no gamma", probe.Colour{Gamut: large}, rgbSpace{large.Red, large.Green, large.Blue, 0}},
		{"an absurd gamma", probe.Colour{Gamut: large, Gamma: .0001}, rgbSpace{large.Red, large.Green, large.Blue, 0}},
		{"an imaginary blue", probe.Colour{Gamut: prophoto}, adobeRGB},
	} {
		if got := assumedSpace(tt.colour); got != tt.want {
			t.Errorf("%s: %+v, want %+v", tt.name, got, tt.want)
		}
	}
}

// Every number by which H.273 calls something wide has a space of its own.
func TestEveryWideNumberHasASpace(t *testing.T) {
	for n := 1; n < 32; n++ {
		c := probe.Colour{Primaries: n}
		if !c.Wide() || n == 10 { // 10 is XYZ itself, which no picture for the eye is in
			continue
		}
		p, err := probe.ParseProfile(assumedSpace(c).profile())
		if _, known := byNumber[n]; !known || err != nil || !p.Wide() {
			t.Errorf("primaries %d are wide, and assumed to be %+v: %v", n, p, err)
		}
	}
}
