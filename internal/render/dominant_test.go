package render

import (
	"image"
	"image/color"
	"math/rand/v2"
	"testing"
)

// painted is a picture of stripes: each colour has its share of 100 columns.
func painted(noise int, stripes ...stripe) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, 100, 66))
	r := rand.New(rand.NewPCG(1, 2))
	at := 0
	for _, s := range stripes {
		for x := at; x < at+s.share; x++ {
			for y := range 66 {
				c := s.colour
				if n := noise; n > 0 {
					d := r.IntN(2*n+1) - n
					c.R, c.G, c.B = shift(c.R, d), shift(c.G, d), shift(c.B, d)
				}
				img.SetNRGBA(x, y, c)
			}
		}
		at += s.share
	}
	return img
}

type stripe struct {
	colour color.NRGBA
	share  int
}

func shift(v uint8, d int) uint8 { return uint8(min(max(int(v)+d, 0), 255)) }

func TestDominantColour(t *testing.T) {
	red, green, blue := color.NRGBA{200, 40, 30, 255}, color.NRGBA{40, 120, 50, 255}, color.NRGBA{50, 80, 200, 255}
	clear := color.NRGBA{200, 40, 30, 0}
	faint := color.NRGBA{200, 40, 30, 60}
	for _, tt := range []struct {
		name    string
		noise   int
		stripes []stripe
		want    color.NRGBA
	}{
		{"plain", 0, []stripe{{red, 100}}, red},
		{"half again as much", 0, []stripe{{red, 40}, {green, 60}}, green},
		{"no mean of the two", 0, []stripe{{red, 55}, {blue, 45}}, red},
		{"grain", 12, []stripe{{blue, 60}, {green, 40}}, blue},
		{"what is transparent does not count", 0, []stripe{{clear, 70}, {green, 30}}, green},
		{"what is faint counts less", 0, []stripe{{faint, 70}, {green, 30}}, green},
		{"nothing to be seen", 0, []stripe{{clear, 100}}, color.NRGBA{255, 255, 255, 255}},
		{"black", 0, []stripe{{color.NRGBA{0, 0, 0, 255}, 100}}, color.NRGBA{0, 0, 0, 255}},
		{"white", 0, []stripe{{color.NRGBA{255, 255, 255, 255}, 100}}, color.NRGBA{255, 255, 255, 255}},
	} {
		got := dominant(painted(tt.noise, tt.stripes...))
		if abs(int(got.R)-int(tt.want.R)) > 3 || abs(int(got.G)-int(tt.want.G)) > 3 || abs(int(got.B)-int(tt.want.B)) > 3 {
			t.Errorf("%s: %s, want %v", tt.name, got, tt.want)
		}
	}
}

// A colour on the border of two cells, spread over both by its grain, does not lose
// to a smaller one that lies within one.
func TestDominantColourOnABorder(t *testing.T) {
	for level := range 256 {
		grey, red := color.NRGBA{uint8(level), uint8(level), uint8(level), 255}, color.NRGBA{200, 40, 30, 255}
		got := dominant(painted(4, stripe{grey, 60}, stripe{red, 40}))
		if abs(int(got.R)-level) > 6 || abs(int(got.G)-level) > 6 || abs(int(got.B)-level) > 6 {
			t.Errorf("grey %d: %s", level, got)
		}
	}
}

func TestOKLabRoundTrip(t *testing.T) {
	for n := range 1 << 15 {
		c := rgb{uint8(n >> 10 << 3), uint8(n >> 5 & 31 << 3), uint8(n & 31 << 3)}
		if got := labOf(c).rgb(); got != c {
			t.Fatalf("%s came back as %s", c, got)
		}
	}
}

func TestDominantIsStable(t *testing.T) {
	img := painted(40, stripe{color.NRGBA{90, 90, 90, 255}, 34}, stripe{color.NRGBA{150, 90, 60, 255}, 33}, stripe{color.NRGBA{60, 90, 150, 255}, 33})
	want := dominant(img)
	for range 20 { // maps are walked in another order each time
		if got := dominant(img); got != want {
			t.Fatalf("%s, and %s before", got, want)
		}
	}
}
