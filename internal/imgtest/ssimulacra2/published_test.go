package ssimulacra2

import (
	"image"
	"image/color"
	"strings"
	"testing"
)

// painted makes an opaque picture of one value a channel.
func painted(w, h int, v func(x, y, c int) int) *image.RGBA {
	p := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			p.SetRGBA(x, y, color.RGBA{uint8(v(x, y, 0)), uint8(v(x, y, 1)), uint8(v(x, y, 2)), 255})
		}
	}
	return p
}

func flat(n, v int) *image.RGBA { return painted(n, n, func(_, _, _ int) int { return v }) }

// dice are the values of published noise: a linear congruence, its bits from 33 on.
func dice(n int, seed uint64) *image.RGBA {
	return painted(n, n, func(_, _, _ int) int {
		seed = seed*6364136223846793005 + 1442695040888963407
		return int(seed >> 33 & 0xff)
	})
}

// box is a mean over 8 × 8 pixels, four to the left and three to the right, cut to whole steps.
func box(p *image.RGBA) *image.RGBA {
	return painted(p.Rect.Dx(), p.Rect.Dy(), func(x, y, c int) int {
		sum := 0
		for i := range 64 {
			sum += int(value(p, x+i%8-4, y+i/8-4, c))
		}
		return sum / 64
	})
}

// crisp takes each pixel five times, and its neighbours off.
func crisp(p *image.RGBA) *image.RGBA {
	return painted(p.Rect.Dx(), p.Rect.Dy(), func(x, y, c int) int {
		v := 5*value(p, x, y, c) - value(p, x-1, y, c) - value(p, x+1, y, c) - value(p, x, y-1, c) - value(p, x, y+1, c)
		return int(min(max(v, 0), 255))
	})
}

// The reference's scores as another port publishes them (fast-ssim2 0.9.1, src/reference_data.rs, of January 2026), for pictures that can be
// made anew. Of flat pictures the maps of structure hold nothing but rounding, so they are furthest off.
func TestPublished(t *testing.T) {
	gradient := painted(64, 64, func(x, _, _ int) int { return x * 255 / 63 })
	edge := painted(64, 64, func(x, _, _ int) int { return x / 32 * 255 })
	for _, c := range []struct {
		name string
		a, b *image.RGBA
		want float64
	}{
		{"flat 64, 1 more", flat(64, 128), flat(64, 129), 97.98672126},
		{"flat 64, 10 more", flat(64, 128), flat(64, 138), 80.24289393},
		{"flat 64, 20 more", flat(64, 128), flat(64, 148), 56.05855584},
		{"flat 64, 50 more", flat(64, 128), flat(64, 178), -8.75942256},
		{"flat 128, 1 more", flat(128, 128), flat(128, 129), 96.78920738},
		{"flat 128, 20 more", flat(128, 128), flat(128, 148), 54.27883917},
		{"flat 128, 50 more", flat(128, 128), flat(128, 178), -9.82383315},
		{"flat 256, 1 more", flat(256, 128), flat(256, 129), 96.15027098},
		{"flat 256, 5 more", flat(256, 128), flat(256, 133), 89.73209436},
		{"flat 256, 20 more", flat(256, 128), flat(256, 148), 59.77892918},
		{"flat 256, 50 more", flat(256, 128), flat(256, 178), -0.39085784},
		{"gradient, flat", gradient, flat(64, 128), -64.56872148},
		{"noise, flat", dice(64, 42), flat(64, 128), -47.33572558},
		{"gradient, blurred", gradient, box(gradient), 94.34090315},
		{"noise, sharper", dice(64, 999), crisp(dice(64, 999)), -5.81017556},
		{"edge, blurred", edge, box(edge), 24.27333552},
	} {
		got, err := Score(c.a, c.b)
		if err != nil {
			t.Fatal(err)
		}
		least, most := -.03, lower(c.want)
		if strings.HasPrefix(c.name, "flat") {
			least, most = -.1, 2.6
		}
		if d := got - c.want; d < least || d > most {
			t.Errorf("%s: %.4f, published %.4f", c.name, got, c.want)
		}
	}
}
