package imgtest

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

func flat(c color.Color) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, 20, 10))
	draw.Draw(img, img.Rect, image.NewUniform(c), image.Point{}, draw.Src)
	return img
}

func TestDistances(t *testing.T) {
	grey, lighter := flat(color.NRGBA{100, 100, 100, 255}), flat(color.NRGBA{110, 110, 110, 255})
	clearRed, clearBlue := flat(color.NRGBA{255, 0, 0, 0}), flat(color.NRGBA{0, 0, 255, 0})
	black, white := flat(color.Black), flat(color.White)
	oneOff := flat(color.NRGBA{100, 100, 100, 255})
	oneOff.Pix[4*37+2] = 30
	for _, c := range []struct {
		name      string
		a, b      image.Image
		rms, psnr float64
		most      int
	}{
		{"equal", grey, grey, 0, math.Inf(1), 0},
		{"ten steps", grey, lighter, 10, 28.1308, 10}, // 20 log10(255/10)
		{"opposite", black, white, 255, 0, 255},
		{"colour under clear pixels", clearRed, clearBlue, 0, math.Inf(1), 0},
		{"black against clear", black, clearRed, 127.5, 6.0206, 255}, // alpha alone, one channel of four
		{"one value", grey, oneOff, 70 / math.Sqrt(600), 39.0102, 70},
		{"other size", grey, image.NewGray(image.Rect(0, 0, 3, 3)), 255, 0, 255},
	} {
		if got := RMS(c.a, c.b); math.Abs(got-c.rms) > 1e-6 {
			t.Errorf("%s: RMS %f, want %f", c.name, got, c.rms)
		}
		if got := PSNR(c.a, c.b); got != c.psnr && math.Abs(got-c.psnr) > .001 {
			t.Errorf("%s: PSNR %.4f, want %.4f", c.name, got, c.psnr)
		}
		if got := MaxDiff(c.a, c.b); got != c.most {
			t.Errorf("%s: largest difference %d, want %d", c.name, got, c.most)
		}
	}
	half := flat(color.NRGBA{200, 100, 50, 255})
	for i := 0; i < len(half.Pix)/2; i += 4 { // the upper half clear: its colour counts for nothing
		copy(half.Pix[i:], []byte{0, 255, 0, 0})
	}
	if got := MeanRGB(half); got != [3]float64{200, 100, 50} {
		t.Errorf("mean %v", got)
	}
	if got := MeanRGB(clearRed); got != [3]float64{} {
		t.Errorf("mean of nothing %v", got)
	}
}

func TestDistancesTakeAnyBounds(t *testing.T) {
	chart := OrientationChart(64, 48)
	moved := image.NewNRGBA(image.Rect(7, -3, 71, 45))
	draw.Draw(moved, moved.Rect, chart, image.Point{}, draw.Src)
	part := OrientationChart(64, 48).SubImage(image.Rect(0, 0, 64, 48))
	if MaxDiff(chart, moved) != 0 || MaxDiff(chart, part) != 0 {
		t.Error("the same pixels elsewhere differ")
	}
}

func TestSSIM(t *testing.T) {
	img := TextChart(120, 90)
	if got := SSIM(img, img); math.Abs(got-1) > 1e-12 {
		t.Errorf("equal: %f", got)
	}
	// Flat pictures have no structure, so what is left is the formula's first factor.
	const c1 = (.01 * 255) * (.01 * 255)
	want := (2*100*110 + c1) / (100*100 + 110*110 + c1)
	if got := SSIM(flat(color.Gray{100}), flat(color.Gray{110})); math.Abs(got-want) > 1e-6 {
		t.Errorf("flat: %f, want %f", got, want)
	}
	rnd := rand.New(rand.NewPCG(1, 2))
	noise := func(strength int) *image.RGBA {
		out := image.NewRGBA(img.Rect)
		for i, v := range img.Pix {
			out.Pix[i] = uint8(min(max(int(v)+rnd.IntN(2*strength+1)-strength, 0), 255))
			if i&3 == 3 {
				out.Pix[i] = 255
			}
		}
		return out
	}
	little, much := SSIM(img, noise(10)), SSIM(img, noise(80))
	if !(1 > little && little > much && much > 0) {
		t.Errorf("little noise %f, much noise %f", little, much)
	}
	if got := SSIM(img, TextChart(10, 10)); got != 0 {
		t.Errorf("other size: %f", got)
	}
}

// failing stands in for a test that Golden may fail.
type failing struct {
	*testing.T
	said string
}

func (f *failing) Errorf(format string, args ...any) { f.said = fmt.Sprintf(format, args...) }
func (f *failing) Fatalf(format string, args ...any) {
	f.said = fmt.Sprintf(format, args...)
	runtime.Goexit()
}

func TestGolden(t *testing.T) {
	t.Chdir(t.TempDir())
	t.Setenv("TMPDIR", t.TempDir())
	chart := OrientationChart(64, 48)
	try := func(img image.Image, most float64) string {
		f, done := &failing{T: t}, make(chan bool)
		go func() {
			defer close(done)
			Golden(f, "chart/_w64.auto", img, most)
		}()
		<-done
		return f.said
	}
	if said := try(chart, 0); !strings.Contains(said, "_w64.auto.png") {
		t.Errorf("without a kept picture: %q", said)
	}
	t.Setenv(UpdateEnv, "1")
	if said := try(chart, 0); said != "" {
		t.Errorf("update: %q", said)
	}
	t.Setenv(UpdateEnv, "0")
	if said := try(chart, 0); said != "" {
		t.Errorf("the same again: %q", said)
	}
	other := OrientationChart(64, 48)
	other.Pix[4000] ^= 0x40
	if said := try(other, 0); !strings.Contains(said, "largest difference 64") {
		t.Errorf("one value off: %q", said)
	}
	if said := try(other, 1); said != "" {
		t.Errorf("one value off, within bounds: %q", said)
	}
	if said := try(OrientationChart(64, 47), 255); !strings.Contains(said, "(64,47)") {
		t.Errorf("other size: %q", said)
	}
	left, err := filepath.Glob(filepath.Join(os.Getenv("TMPDIR"), "photofit-golden-*", "chart__w64.auto.*.png"))
	if err != nil || len(left) != 1+3+2 { // got; got, want and diff; got and want
		t.Errorf("left for looking at: %q, %v", left, err)
	}
	GoldenFile(t, "chart/_w64.auto", PNG(chart), 0)
	GoldenFile(t, "chart/_w64.auto", JPEG(chart, 95), 22) // lines of one pixel cost colour at 4:2:0
}
