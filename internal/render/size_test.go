package render

import (
	"image"
	"testing"

	"photofit"
	"photofit/internal/imgtest"
)

// What the plan says is what libvips makes, to the pixel: it rounds in several
// places, each in its own way.
func TestEverySizeIsAsPlanned(t *testing.T) {
	for n, s := range []size{{401, 267}, {200, 133}, {1000, 17}, {13, 1000}, {1023, 769}, {3, 2}} {
		step := 17
		if n == 0 && !testing.Short() {
			step = 1
		}
		chart := imgtest.PositionChart(s.W, s.H)
		files := map[string][]byte{
			"JPEG":          imgtest.JPEG(chart, 80),
			"PNG":           imgtest.PNG(chart),
			"WebP":          encoded(t, chart, false, webp),
			"sideways JPEG": imgtest.JPEG(chart, 80, imgtest.EXIFSegment(imgtest.EXIF{Orientation: 6}.Bytes())),
		}
		for kind, file := range files {
			check := func(r photofit.Recipe) {
				t.Helper()
				out, err := try(t, file, r)
				if err != nil {
					t.Errorf("%s of %v, %s: %v", kind, s, r.Path(), err)
					return
				}
				want := newPlan(header(t, file), r, 1).Out
				if h := header(t, out.Body); h.Width != want.W || h.Height != want.H || out.Width != want.W || out.Height != want.H {
					t.Errorf("%s of %v, %s: %d × %d, said to be %d × %d, planned as %v", kind, s, r.Path(), h.Width, h.Height, out.Width, out.Height, want)
				}
			}
			for w := 1; w <= 200; w += step {
				check(clipped(w, 0, photofit.JPEG))
				check(cropped(w, 1+w*7%90, photofit.FocalPoint(w%101, 30), photofit.JPEG))
				if w%10 == 1 {
					check(cropped(w, 40, photofit.SmartCrop, photofit.JPEG))
				}
			}
		}
	}
}

func TestExtremeShapes(t *testing.T) {
	for _, s := range []size{{1, 10000}, {10000, 1}, {1, 1}, {2, 5000}, {16384, 3}} {
		for _, f := range formats {
			file := imgtest.PNG(imgtest.PositionChart(s.W, s.H))
			for _, r := range []photofit.Recipe{clipped(100, 100, f), clipped(1, 0, f), clipped(0, 1, f), cropped(300, 1, 0, f), cropped(1, 300, 0, f), cropped(50, 50, photofit.SmartCrop, f)} {
				out, err := try(t, file, r)
				if err != nil {
					t.Errorf("%v, %s: %v", s, r.Path(), err)
					continue
				}
				if got := decode(t, out.Body).Rect.Size(); got != (image.Point{X: out.Width, Y: out.Height}) {
					t.Errorf("%v, %s: %v, said to be %d × %d", s, r.Path(), got, out.Width, out.Height)
				}
			}
		}
	}
}

// Scaling neither moves nor bends the picture, however small the decoder hands
// it out.
func TestScalingKeepsThePlace(t *testing.T) {
	for _, s := range []size{{1600, 1200}, {1607, 1199}} {
		chart := imgtest.PositionChart(s.W, s.H)
		for kind, file := range map[string][]byte{"JPEG": imgtest.JPEG(chart, 95), "PNG": imgtest.PNG(chart), "WebP": encoded(t, chart, false, webp)} {
			for _, w := range []int{50, 100, 137, 199, 399, 401, 800, 1599} {
				img := decode(t, made(t, file, clipped(w, 0, photofit.PNG)).Body)
				x0, y0, x1, y1 := imgtest.Region(img)
				// In pixels of the rendition; the chart's own steps are 1/224 of it.
				px := func(v float64) float64 { return v * float64(w) }
				limit := max(1, float64(w)/224)
				for side, d := range map[string]float64{"left": px(x0), "top": px(y0), "right": px(x1 - 1), "bottom": px(y1 - 1)} {
					if d > limit || d < -limit {
						t.Errorf("%s of %v at %d: %s is %.2f pixels off", kind, s, w, side, d)
					}
				}
			}
		}
	}
}
