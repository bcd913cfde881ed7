package imgtest

import (
	"image"
	"image/color"
	"image/draw"
	"math"
	"testing"
)

// Black and white pixels in equal parts are half of the light, whose code is 188.
func TestIdealAveragesLight(t *testing.T) {
	img := image.NewGray(image.Rect(0, 0, 300, 200))
	for i := range img.Pix {
		img.Pix[i] = byte(255 * ((i%300 + i/300) % 2))
	}
	out := Ideal(img, 60, 40)
	for y := 4; y < 36; y++ {
		for x := 4; x < 56; x++ {
			if c := out.NRGBAAt(x, y); c.R < 187 || c.R > 189 || c.R != c.G || c.R != c.B || c.A != 255 {
				t.Fatalf("%v at %d, %d, want 188", c, x, y)
			}
		}
	}
}

func TestIdealKeepsWhatIsPlain(t *testing.T) {
	for _, c := range []color.NRGBA{{1, 2, 3, 255}, {255, 0, 128, 255}, {200, 100, 50, 77}, {0, 0, 0, 0}} {
		img := image.NewNRGBA(image.Rect(0, 0, 40, 30))
		draw.Draw(img, img.Rect, image.NewUniform(c), image.Point{}, draw.Src)
		for _, size := range [][2]int{{40, 30}, {17, 30}, {40, 1}, {1, 1}} {
			out := Ideal(img, size[0], size[1])
			if out.Rect.Dx() != size[0] || out.Rect.Dy() != size[1] {
				t.Errorf("%v instead of %v", out.Rect, size)
			}
			for i, v := range out.Pix {
				if want := [4]uint8{c.R, c.G, c.B, c.A}[i%4]; v != want {
					t.Fatalf("%v became %d in channel %d at %v", c, v, i%4, size)
				}
			}
		}
	}
}

// At the same size nothing changes; half a pixel more or less to one side would.
func TestIdealKeepsThePlace(t *testing.T) {
	chart := OrientationChart(120, 80)
	if d := MaxDiff(chart, Ideal(chart, 120, 80)); d > 0 {
		t.Errorf("the same size differs by %d", d)
	}
	small := Ideal(PositionChart(900, 600), 300, 200)
	x0, y0, x1, y1 := Region(small)
	for _, v := range []float64{x0 * 300, y0 * 200, (x1 - 1) * 300, (y1 - 1) * 200} {
		if math.Abs(v) > 1.5 {
			t.Errorf("an edge is %.2f pixels off", v)
		}
	}
}

// Stripes that the result cannot hold become plain; those that it can stay.
func TestIdealHoldsNoMoreThanFits(t *testing.T) {
	light := func(v float64) uint8 { return to8(SRGB.Encoded(v)) }
	for _, tt := range []struct {
		period      float64 // in pixels of the result
		least, most float64 // contrast of light that is left
	}{{.7, 0, .02}, {1.5, 0, .05}, {3, .75, 1.05}, {8, .95, 1.02}} {
		img := image.NewGray(image.Rect(0, 0, 800, 40))
		for i := range img.Pix {
			img.Pix[i] = light(.5 + .4*math.Sin(2*math.Pi*float64(i%800)/(4*tt.period)))
		}
		out := Ideal(img, 200, 10)
		low, high := 1.0, 0.0
		for x := 20; x < 180; x++ {
			v := SRGB.Linear(float64(out.NRGBAAt(x, 5).R) / 255)
			low, high = min(low, v), max(high, v)
		}
		if left := (high - low) / .8; left < tt.least || left > tt.most {
			t.Errorf("stripes of %.1f pixels: %.3f of the contrast is left, want %.2f to %.2f", tt.period, left, tt.least, tt.most)
		}
	}
}
