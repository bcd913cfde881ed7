package render

import (
	"math"
	"math/rand/v2"
	"testing"

	"photofit"
	"photofit/internal/probe"
)

func photoOf(kind probe.Type, w, h, orientation int) probe.Header {
	return probe.Header{Type: kind, Width: w, Height: h, Orientation: orientation, Channels: 3, Depth: 8, Frames: 1}
}

func TestPlanSizes(t *testing.T) {
	focal := photofit.FocalPoint
	for _, tt := range []struct {
		name         string
		w, h, orient int
		recipe       photofit.Recipe
		out          size
		part         rect // as it lies in the file
		shrink       int
		scaled       size
	}{
		{"half", 400, 300, 1, clipped(200, 0, photofit.JPEG), size{200, 150}, rect{0, 0, 400, 300}, 1, size{200, 150}},
		{"by height", 400, 300, 1, clipped(0, 150, photofit.JPEG), size{200, 150}, rect{0, 0, 400, 300}, 1, size{200, 150}},
		{"in a box, width counts", 400, 300, 1, clipped(80, 80, photofit.JPEG), size{80, 60}, rect{0, 0, 400, 300}, 2, size{80, 60}},
		{"in a box, height counts", 300, 400, 1, clipped(80, 80, photofit.JPEG), size{60, 80}, rect{0, 0, 300, 400}, 2, size{60, 80}},
		{"rounded", 401, 300, 1, clipped(200, 0, photofit.JPEG), size{200, 150}, rect{0, 0, 401, 300}, 1, size{200, 150}},
		{"never enlarged", 40, 30, 1, clipped(200, 0, photofit.JPEG), size{40, 30}, rect{0, 0, 40, 30}, 1, size{40, 30}},
		{"nor in a box", 40, 30, 1, clipped(200, 200, photofit.JPEG), size{40, 30}, rect{0, 0, 40, 30}, 1, size{40, 30}},
		{"one pixel", 1, 1, 1, clipped(200, 0, photofit.JPEG), size{1, 1}, rect{0, 0, 1, 1}, 1, size{1, 1}},
		{"to one pixel", 400, 300, 1, clipped(1, 0, photofit.JPEG), size{1, 1}, rect{0, 0, 400, 300}, 8, size{1, 1}},
		{"tower", 1, 10000, 1, clipped(100, 100, photofit.JPEG), size{1, 100}, rect{0, 0, 1, 10000}, 1, size{1, 100}},
		{"thread", 10000, 1, 1, clipped(100, 100, photofit.JPEG), size{100, 1}, rect{0, 0, 10000, 1}, 1, size{100, 1}},

		{"cover, centre", 400, 300, 1, cropped(100, 100, 0, photofit.JPEG), size{100, 100}, rect{50, 0, 300, 300}, 1, size{100, 100}},
		{"cover, left", 400, 300, 1, cropped(100, 100, focal(0, 50), photofit.JPEG), size{100, 100}, rect{0, 0, 300, 300}, 1, size{100, 100}},
		{"cover, right", 400, 300, 1, cropped(100, 100, focal(100, 50), photofit.JPEG), size{100, 100}, rect{100, 0, 300, 300}, 1, size{100, 100}},
		{"cover, a point", 400, 300, 1, cropped(100, 100, focal(40, 0), photofit.JPEG), size{100, 100}, rect{10, 0, 300, 300}, 1, size{100, 100}},
		{"cover, a point beyond the edge", 400, 300, 1, cropped(100, 100, focal(25, 50), photofit.JPEG), size{100, 100}, rect{0, 0, 300, 300}, 1, size{100, 100}},
		{"cover, wide", 400, 300, 1, cropped(200, 50, focal(50, 100), photofit.JPEG), size{200, 50}, rect{0, 200, 400, 100}, 1, size{200, 50}},
		{"cover, never enlarged", 40, 30, 1, cropped(200, 200, 0, photofit.JPEG), size{30, 30}, rect{5, 0, 30, 30}, 1, size{30, 30}},
		{"cover, one side too large", 400, 30, 1, cropped(200, 100, 0, photofit.JPEG), size{60, 30}, rect{170, 0, 60, 30}, 1, size{60, 30}},
		{"cover, all of it", 400, 300, 1, cropped(400, 300, 0, photofit.JPEG), size{400, 300}, rect{0, 0, 400, 300}, 1, size{400, 300}},
		{"cover of a thread", 10000, 1, 1, cropped(100, 100, 0, photofit.JPEG), size{1, 1}, rect{4999.5, 0, 1, 1}, 1, size{1, 1}},
		{"a box as a thread", 400, 300, 1, cropped(65535, 1, 0, photofit.JPEG), size{400, 1}, rect{0, 149.5, 400, 1}, 1, size{400, 1}},

		{"smart", 400, 300, 1, cropped(100, 100, photofit.SmartCrop, photofit.JPEG), size{100, 100}, rect{0, 0, 400, 300}, 1, size{133, 100}},

		{"on its side", 300, 400, 6, clipped(200, 0, photofit.JPEG), size{200, 150}, rect{0, 0, 300, 400}, 1, size{150, 200}},
		{"on its side, left of it", 300, 400, 6, cropped(100, 100, focal(0, 50), photofit.JPEG), size{100, 100}, rect{0, 100, 300, 300}, 1, size{100, 100}},
		{"on its other side, left of it", 300, 400, 8, cropped(100, 100, focal(0, 50), photofit.JPEG), size{100, 100}, rect{0, 0, 300, 300}, 1, size{100, 100}},
		{"on its head, left of it", 400, 300, 3, cropped(100, 100, focal(0, 50), photofit.JPEG), size{100, 100}, rect{100, 0, 300, 300}, 1, size{100, 100}},
		{"mirrored, left of it", 400, 300, 2, cropped(100, 100, focal(0, 50), photofit.JPEG), size{100, 100}, rect{100, 0, 300, 300}, 1, size{100, 100}},
		{"an orientation that is none", 400, 300, 9, clipped(200, 0, photofit.JPEG), size{200, 150}, rect{0, 0, 400, 300}, 1, size{200, 150}},
	} {
		p := newPlan(photoOf(probe.JPEG, tt.w, tt.h, tt.orient), tt.recipe, 1)
		if p.Out != tt.out || p.Part != tt.part || p.Shrink != tt.shrink || p.Scaled != tt.scaled {
			t.Errorf("%s: out %v of %v, shrink %d, scaled %v; want %v of %v, %d, %v",
				tt.name, p.Out, p.Part, p.Shrink, p.Scaled, tt.out, tt.part, tt.shrink, tt.scaled)
		}
	}
}

func TestPlanOfSelfTurned(t *testing.T) {
	h := photoOf(probe.AVIF, 400, 300, 6)
	h.SelfTurned = true
	h.CleanWidth, h.CleanHeight = 380, 280
	p := newPlan(h, clipped(140, 0, photofit.JPEG), 1)
	if p.Turn != (turn{}) || p.Stored != (size{280, 380}) || p.Out != (size{140, 190}) {
		t.Errorf("what the decoder turns is turned %v from %v to %v", p.Turn, p.Stored, p.Out)
	}
}

func TestShrinkOnLoad(t *testing.T) {
	for _, tt := range []struct {
		factor float64
		want   int
	}{{1, 1}, {4.99, 1}, {5, 2}, {9.99, 2}, {10, 4}, {19.99, 4}, {20, 8}, {1000, 8}} {
		if got := shrinkOnLoad(tt.factor, headroom); got != tt.want {
			t.Errorf("a photo %v times too large is decoded at 1/%d, want 1/%d", tt.factor, got, tt.want)
		}
	}
}

func TestScaleOnLoad(t *testing.T) {
	h := photoOf(probe.WebP, 4000, 3000, 1)
	p := newPlan(h, clipped(400, 0, photofit.JPEG), 1)
	if math.Abs(p.Scale-.25) > 1e-9 || p.Loaded != (size{1000, 750}) {
		t.Errorf("scale %v gives %v, want 0.25 and 2.5 times what is wanted", p.Scale, p.Loaded)
	}
	if p = newPlan(h, clipped(2000, 0, photofit.JPEG), 1); p.Scale != 1 || p.Loaded != (size{4000, 3000}) {
		t.Errorf("scale %v gives %v where there is no room for it", p.Scale, p.Loaded)
	}
	h.Animated = true
	if p = newPlan(h, clipped(400, 0, photofit.WebP), 7); p.Scale != 1 || p.Frames != 7 {
		t.Errorf("a film is decoded at scale %v with %d frames", p.Scale, p.Frames)
	}
	for _, kind := range []probe.Type{probe.PNG, probe.GIF, probe.TIFF, probe.AVIF} {
		p := newPlan(photoOf(kind, 4000, 3000, 1), clipped(40, 0, photofit.JPEG), 1)
		if p.Scale != 1 || p.Shrink != 1 || p.Loaded != (size{4000, 3000}) {
			t.Errorf("%v is decoded at scale %v, shrink %d", kind, p.Scale, p.Shrink)
		}
	}
}

// apply is EXIF 2.32's table itself: where a stored point is shown.
func (t turn) apply(x, y float64, stored size) (float64, float64) {
	w, h := float64(stored.W), float64(stored.H)
	if t.Mirror {
		x = w - x
	}
	switch t.Degrees {
	case 90:
		return h - y, x
	case 180:
		return w - x, h - y
	case 270:
		return y, w - x
	}
	return x, y
}

func TestTurnsAreExifs(t *testing.T) {
	// Where the stored picture's first row and first column are shown.
	sides := map[int][2]string{1: {"top", "left"}, 2: {"top", "right"}, 3: {"bottom", "right"}, 4: {"bottom", "left"},
		5: {"left", "top"}, 6: {"right", "top"}, 7: {"right", "bottom"}, 8: {"left", "bottom"}}
	stored := size{40, 30}
	side := func(x, y float64, upright size) string {
		switch {
		case x == 0:
			return "left"
		case y == 0:
			return "top"
		case x == float64(upright.W):
			return "right"
		}
		return "bottom"
	}
	for o := 1; o <= 8; o++ {
		upright := stored
		if turns[o].sideways() {
			upright = size{30, 40}
		}
		rx, ry := turns[o].apply(20, 0, stored)
		cx, cy := turns[o].apply(0, 15, stored)
		if got := [2]string{side(rx, ry, upright), side(cx, cy, upright)}; got != sides[o] {
			t.Errorf("orientation %d shows row and column 0 at %v, want %v", o, got, sides[o])
		}
	}
}

func TestWindowThereAndBack(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		o := 1 + random.IntN(8)
		stored := size{1 + random.IntN(500), 1 + random.IntN(500)}
		upright := stored
		if turns[o].sideways() {
			upright = size{stored.H, stored.W}
		}
		x, y := random.Float64()*float64(upright.W), random.Float64()*float64(upright.H)
		want := rect{x, y, random.Float64() * (float64(upright.W) - x), random.Float64() * (float64(upright.H) - y)}
		lies := turns[o].back(want, upright)
		x0, y0 := turns[o].apply(lies.X, lies.Y, stored)
		x1, y1 := turns[o].apply(lies.X+lies.W, lies.Y+lies.H, stored)
		got := rect{min(x0, x1), min(y0, y1), max(x0, x1) - min(x0, x1), max(y0, y1) - min(y0, y1)}
		for _, d := range []float64{got.X - want.X, got.Y - want.Y, got.W - want.W, got.H - want.H} {
			if math.Abs(d) > 1e-6 {
				t.Fatalf("orientation %d of %v: %v lies at %v, which is shown at %v", o, stored, want, lies, got)
			}
		}
	}
}

// FuzzPlan holds what every plan must keep, whatever the photo and the recipe.
func FuzzPlan(f *testing.F) {
	f.Add(uint8(1), uint32(4000), uint32(3000), uint8(6), uint16(800), uint16(450), true, uint16(0))
	f.Add(uint8(4), uint32(1), uint32(10000), uint8(1), uint16(100), uint16(0), false, uint16(7))
	f.Add(uint8(1), uint32(1<<31-1), uint32(1), uint8(5), uint16(65535), uint16(65535), true, uint16(65535))
	f.Add(uint8(3), uint32(65535), uint32(65535), uint8(8), uint16(1), uint16(65535), true, uint16(5100))
	f.Fuzz(func(t *testing.T, kind uint8, width, height uint32, orientation uint8, w, h uint16, cover bool, c uint16) {
		photo := photoOf(probe.Type(1+kind%6), int(max(1, width&0x7FFFFFFF)), int(max(1, height&0x7FFFFFFF)), int(orientation%10))
		r := photofit.Recipe{Photo: "p", Width: int(w), Height: int(h), Crop: photofit.Crop(c), Format: photofit.JPEG}
		if cover {
			r.Fit = photofit.Cover
		}
		p := newPlan(photo, r, 1)
		turned := size{photo.Width, photo.Height}
		if p.Turn.sideways() {
			turned = size{photo.Height, photo.Width}
		}
		least := func(name string, s size) {
			if s.W < 1 || s.H < 1 {
				t.Errorf("%s is %v", name, s)
			}
		}
		least("Out", p.Out)
		least("Scaled", p.Scaled)
		least("Loaded", p.Loaded)
		if p.Out.W > turned.W || p.Out.H > turned.H {
			t.Errorf("Out %v is larger than the photo, %v", p.Out, turned)
		}
		if w > 0 && p.Out.W > int(w) || h > 0 && p.Out.H > int(h) {
			t.Errorf("Out %v is larger than asked, %d × %d", p.Out, w, h)
		}
		if p.Smart == (size{}) {
			if s := p.Scaled; s != p.Out && (size{s.H, s.W}) != p.Out {
				t.Errorf("Scaled %v becomes Out %v", s, p.Out)
			}
		} else if s := p.Scaled; max(s.W, s.H) < max(p.Out.W, p.Out.H) || min(s.W, s.H) < min(p.Out.W, p.Out.H) {
			t.Errorf("a window of %v is to be found in %v", p.Out, s)
		}
		win := p.window(p.Loaded)
		if win.X < 0 || win.Y < 0 || win.W < 1 || win.H < 1 || win.X+win.W > p.Loaded.W || win.Y+win.H > p.Loaded.H {
			t.Errorf("window %v of %v", win, p.Loaded)
		}
		if (p.Shrink > 1 || p.Scale < 1) && (win.W < p.Scaled.W || win.H < p.Scaled.H) {
			t.Errorf("decoded so small (shrink %d, scale %v) that window %v is enlarged to %v", p.Shrink, p.Scale, win, p.Scaled)
		}
	})
}

func TestWindow(t *testing.T) {
	for _, tt := range []struct {
		name           string
		part           rect
		stored, loaded size
		want           window
	}{
		{"all", rect{0, 0, 400, 300}, size{400, 300}, size{400, 300}, window{0, 0, 400, 300}},
		{"all, shrunk", rect{0, 0, 401, 301}, size{401, 301}, size{51, 38}, window{0, 0, 51, 38}},
		{"a part", rect{50, 20, 300, 100}, size{400, 300}, size{400, 300}, window{50, 20, 300, 100}},
		{"a part, shrunk", rect{50, 20, 300, 100}, size{400, 300}, size{100, 75}, window{13, 5, 75, 25}},
		{"halves go up", rect{.5, 1.5, 2, 2}, size{10, 10}, size{10, 10}, window{1, 2, 2, 2}},
		{"less than a pixel", rect{3.2, 3.2, .2, .2}, size{10, 10}, size{10, 10}, window{3, 3, 1, 1}},
		{"at the far edge", rect{9.9, 9.9, .1, .1}, size{10, 10}, size{10, 10}, window{9, 9, 1, 1}},
		{"all, of one pixel", rect{0, 0, 1000, 1}, size{1000, 1}, size{125, 1}, window{0, 0, 125, 1}},
		{"one pixel more than planned", rect{0, 0, 400, 300}, size{400, 300}, size{51, 39}, window{0, 0, 51, 39}},
	} {
		if got := (plan{Part: tt.part, Stored: tt.stored}).window(tt.loaded); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}
