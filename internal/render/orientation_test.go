package render

import (
	"math"
	"testing"

	"photofit"
	"photofit/internal/imgtest"
)

func TestEveryOrientationComesUpright(t *testing.T) {
	chart := imgtest.OrientationChart(240, 160)
	recipes := []photofit.Recipe{
		clipped(240, 0, photofit.PNG), clipped(120, 0, photofit.JPEG), clipped(0, 23, photofit.PNG), clipped(90, 0, photofit.WebP), clipped(90, 0, photofit.AVIF),
		cropped(60, 40, 0, photofit.PNG), cropped(120, 80, photofit.SmartCrop, photofit.PNG),
	}
	for o := 1; o <= 8; o++ {
		for kind, file := range stored(t, chart, o) {
			for _, r := range recipes {
				out, err := try(t, file, r)
				if err != nil {
					t.Errorf("%s of orientation %d, %s: %v", kind, o, r.Path(), err)
					continue
				}
				img := decode(t, out.Body)
				if got, err := imgtest.Orientation(img); err != nil || got != 1 {
					t.Errorf("%s of orientation %d, %s: shown in orientation %d (%v)", kind, o, r.Path(), got, err)
				}
				if w, h := img.Rect.Dx(), img.Rect.Dy(); w != out.Width || h != out.Height || abs(w*2-h*3) > 3 {
					t.Errorf("%s of orientation %d, %s: %d × %d, said to be %d × %d", kind, o, r.Path(), w, h, out.Width, out.Height)
				}
				if h := header(t, out.Body); h.Orientation != 1 {
					t.Errorf("%s of orientation %d, %s: it is to be turned again, by %d", kind, o, r.Path(), h.Orientation)
				}
			}
		}
	}
}

func TestNothingIsLostAtTheEdges(t *testing.T) {
	chart := imgtest.OrientationChart(161, 103)
	for o := 1; o <= 8; o++ {
		for kind, file := range stored(t, chart, o) {
			img := decode(t, made(t, file, clipped(161, 0, photofit.PNG)).Body)
			if got := imgtest.Edges(img); kind != "AVIF" && kind != "WebP" && kind != "JPEG" && got != [4]bool{true, true, true, true} {
				t.Errorf("%s of orientation %d lost an edge: top, right, bottom, left are %v", kind, o, got)
			}
			if img.Rect.Dx() != 161 || img.Rect.Dy() != 103 {
				t.Errorf("%s of orientation %d is %v", kind, o, img.Rect)
			}
			// As wide as the photo and half as high: both sides stay, top and bottom as the point has it.
			for y, want := range map[int][4]bool{0: {true, true, false, true}, 100: {false, true, true, true}} {
				if kind != "PNG" && kind != "TIFF" {
					continue
				}
				img := decode(t, made(t, file, cropped(161, 51, photofit.FocalPoint(50, y), photofit.PNG)).Body)
				if got := imgtest.Edges(img); got[0] != want[0] || got[2] != want[2] {
					t.Errorf("%s of orientation %d, cut at %d %%: top, right, bottom, left are %v", kind, o, y, got)
				}
			}
		}
	}
}

// A picture whose pixels say where they are tells which part was kept.
func TestCropsKeepTheRightPart(t *testing.T) {
	const w, h = 600, 400
	chart := imgtest.PositionChart(w, h)
	for o := 1; o <= 8; o++ {
		for kind, file := range stored(t, chart, o) {
			boxes := []size{{100, 100}, {37, 23}, {150, 50}, {40, 120}, {300, 300}}
			if kind == "AVIF" || kind == "WebP" || testing.Short() {
				boxes = boxes[1:2]
			}
			for _, box := range boxes {
				for _, at := range [][2]int{{0, 0}, {50, 50}, {30, 80}} {
					r := cropped(box.W, box.H, photofit.FocalPoint(at[0], at[1]), photofit.PNG)
					img := decode(t, made(t, file, r).Body)
					x0, y0, x1, y1 := imgtest.Region(img)
					got := rect{x0 * w, y0 * h, (x1 - x0) * w, (y1 - y0) * h}
					want := largest(w, h, box, at)
					// One pixel of the rendition is this many of the photo.
					pixel := want.W / float64(box.W)
					slack := max(1.5, pixel) // what eight bits can tell of 600 places
					if kind == "AVIF" || kind == "WebP" {
						slack *= 2
					}
					for side, d := range map[string]float64{"left": got.X - want.X, "top": got.Y - want.Y,
						"right": got.X + got.W - want.X - want.W, "bottom": got.Y + got.H - want.Y - want.H} {
						if math.Abs(d) > slack {
							t.Errorf("%s of orientation %d, %s: %s is %.1f pixels off: %.0f, want %.0f", kind, o, r.Path(), side, d, got, want)
						}
					}
				}
			}
		}
	}
}

// largest is the window by hand: as large as the box's shape allows, around a
// point in percent, inside the photo.
func largest(w, h float64, box size, at [2]int) rect {
	r := rect{W: w, H: w * float64(box.H) / float64(box.W)}
	if r.H > h {
		r = rect{W: h * float64(box.W) / float64(box.H), H: h}
	}
	r.X = math.Max(0, math.Min(w*float64(at[0])/100-r.W/2, w-r.W))
	r.Y = math.Max(0, math.Min(h*float64(at[1])/100-r.H/2, h-r.H))
	return r
}
