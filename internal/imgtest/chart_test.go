package imgtest

import (
	"bytes"
	"image"
	"image/draw"
	"image/jpeg"
	"math"
	"testing"

	xdraw "golang.org/x/image/draw"
)

func decode(t *testing.T, file []byte) image.Image {
	t.Helper()
	img, _, err := image.Decode(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	return img
}

func scaled(img image.Image, w, h int) *image.RGBA {
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	xdraw.ApproxBiLinear.Scale(out, out.Rect, img, img.Bounds(), draw.Src, nil)
	return out
}

func TestOrientationJPEG(t *testing.T) {
	const w, h = 320, 200
	for o := 1; o <= 8; o++ {
		file := OrientationJPEG(o, w, h)
		meta, err := JPEGMetadata(file)
		if err != nil {
			t.Fatal(err)
		}
		e, err := ParseEXIF(meta.EXIF)
		if err != nil || e.Orientation != o {
			t.Errorf("%d: tagged %d, %v", o, e.Orientation, err)
		}
		stored := decode(t, file)
		if turned := stored.Bounds().Dx() == h; turned != (o >= 5) {
			t.Errorf("%d: stored as %v", o, stored.Bounds())
		}
		if got, err := Orientation(stored); got != o || err != nil {
			t.Errorf("%d: pixels want %d, %v", o, got, err)
		}
		upright := Orient(stored, o)
		if c, err := Corners(upright); c != [4]int{0, 1, 2, 3} || err != nil || upright.Rect.Dx() != w {
			t.Errorf("%d: upright corners %v, %v, %v", o, c, upright.Rect, err)
		}
		if psnr := PSNR(upright, OrientationChart(w, h)); psnr < 28 {
			t.Errorf("%d: upright is %.1f dB from the chart", o, psnr)
		}
	}
}

// Fixed points that do not come from Orient itself: EXIF 2.32 says where row 0 and column 0 of the stored pixels are seen.
func TestOrientAgainstTheStandard(t *testing.T) {
	src := image.NewRGBA(image.Rect(0, 0, 3, 2))
	src.Pix[0] = 255 // stored row 0, column 0
	want := map[int]image.Point{1: {0, 0}, 2: {2, 0}, 3: {2, 1}, 4: {0, 1}, 5: {0, 0}, 6: {1, 0}, 7: {1, 2}, 8: {0, 2}}
	for o, p := range want {
		if got := Orient(src, o); got.RGBAAt(p.X, p.Y).R != 255 {
			t.Errorf("%d: the first pixel is not at %v", o, p)
		}
	}
}

func TestCornersSurvive(t *testing.T) {
	chart := OrientationChart(1200, 800)
	for _, size := range [][2]int{{600, 400}, {97, 64}, {24, 16}} {
		img := decode(t, JPEG(scaled(chart, size[0], size[1]), 50))
		if o, err := Orientation(img); o != 1 || err != nil {
			t.Errorf("%v: %d, %v", size, o, err)
		}
	}
	if _, err := Corners(ZonePlate(100, 100)); err == nil {
		t.Error("a zone plate passes for a chart")
	}
	if _, err := Orientation(chart.SubImage(image.Rect(0, 0, 600, 400))); err == nil {
		t.Error("a quarter of a chart passes for one")
	}
}

func TestEdges(t *testing.T) {
	chart := OrientationChart(320, 200)
	all := [4]bool{true, true, true, true}
	if got := Edges(chart); got != all {
		t.Errorf("whole: %v", got)
	}
	if got := Edges(decode(t, JPEG(chart, 92))); got != all {
		t.Errorf("as a JPEG: %v", got)
	}
	for i, r := range []image.Rectangle{image.Rect(0, 1, 320, 200), image.Rect(0, 0, 319, 200), image.Rect(0, 0, 320, 199), image.Rect(1, 0, 320, 200)} {
		want := all
		want[i] = false
		if got := Edges(chart.SubImage(r)); got != want {
			t.Errorf("%v: %v, want %v", r, got, want)
		}
	}
}

func TestRegion(t *testing.T) {
	chart := PositionChart(1600, 1000)
	for _, c := range []struct {
		r    image.Rectangle
		want [4]float64
	}{
		{image.Rect(0, 0, 1600, 1000), [4]float64{0, 0, 1, 1}},
		{image.Rect(400, 0, 1200, 1000), [4]float64{.25, 0, .75, 1}},
		{image.Rect(1200, 500, 1600, 1000), [4]float64{.75, .5, 1, 1}},
		{image.Rect(160, 900, 320, 1000), [4]float64{.1, .9, .2, 1}},
	} {
		img := decode(t, JPEG(scaled(chart.SubImage(c.r), c.r.Dx()/2, c.r.Dy()/2), 80))
		var got [4]float64
		got[0], got[1], got[2], got[3] = Region(img)
		for i := range got {
			if math.Abs(got[i]-c.want[i]) > .01 {
				t.Errorf("%v: %.4f, want %.4f", c.r, got, c.want)
				break
			}
		}
	}
}

func TestResolutionCharts(t *testing.T) {
	for _, c := range []struct{ period, contrast, angle float64 }{{8, .5, 0}, {5, 1, 90}, {12, .2, 45}} {
		img := Stripes(240, 240, c.period, c.contrast, c.angle)
		if got := Contrast(img, c.period, c.angle); math.Abs(got-c.contrast) > .03 {
			t.Errorf("%+v: contrast %.3f", c, got)
		}
		if got := Contrast(img, c.period*1.7, c.angle); got > .1 {
			t.Errorf("%+v: contrast %.3f at a period that is not there", c, got)
		}
	}
	plate := ZonePlate(256, 256)
	// Near the middle the rings are wide, at the edge neighbours are black and white.
	if d := int(plate.GrayAt(128, 128).Y) - int(plate.GrayAt(130, 128).Y); d > 12 || d < -12 {
		t.Errorf("the middle differs by %d", d)
	}
	most := 0
	for x := 235; x < 255; x++ {
		d := int(plate.GrayAt(x, 128).Y) - int(plate.GrayAt(x+1, 128).Y)
		most = max(most, d, -d)
	}
	if most < 200 {
		t.Errorf("at the edge neighbours differ by %d at most", most)
	}
	changes := 0 // rays crossed on a circle
	star := Star(400, 400, 36)
	for i := range 3600 {
		at := func(i int) bool {
			a := float64(i) * math.Pi / 1800
			return star.GrayAt(200+int(150*math.Cos(a)), 200+int(150*math.Sin(a))).Y > 128
		}
		if at(i) != at(i+1) {
			changes++
		}
	}
	if changes < 70 || changes > 80 {
		t.Errorf("a star of 36 rays has %d edges", changes)
	}
	text := TextChart(300, 200)
	if m := MeanRGB(text); m[0] < 170 || m[0] > 250 || m[0] < m[1] || m[2] < m[1] {
		t.Errorf("text has a mean of %.0f", m)
	}
}

func TestStoredIsInverse(t *testing.T) {
	img := TextChart(60, 40)
	for o := 1; o <= 8; o++ {
		if MaxDiff(Orient(Stored(img, o), o), img) != 0 {
			t.Errorf("orientation %d does not come back", o)
		}
	}
	if _, err := jpeg.DecodeConfig(bytes.NewReader(OrientationJPEG(5, 64, 48))); err != nil {
		t.Error(err)
	}
}
