package render

import (
	"bytes"
	"context"
	"errors"
	"testing"

	"photofit"
	"photofit/internal/imgtest"
)

// Whatever comes in, there is a whole rendition or a fault of the right kind,
// never half of one, and no memory is lost.
func TestDamageIsMetInGoodOrder(t *testing.T) {
	lib := library(t)
	_, before := lib.Memory()
	want := map[imgtest.Kind][]error{
		imgtest.NotPicture: {photofit.ErrNotPicture},
		imgtest.Broken:     {photofit.ErrDamaged},
		imgtest.Huge:       {photofit.ErrTooLarge},
		imgtest.Lying:      {photofit.ErrTooLarge, photofit.ErrDamaged},
		imgtest.Odd:        {nil, photofit.ErrDamaged},
	}
	// Nothing in these can tell that they are not what they seem, or a rendition
	// is right all the same.
	tolerable := map[string]error{
		"head-only.jpg":   photofit.ErrNotPicture, // two bytes
		"no-tables.jpg":   nil,                    // decoders have the usual tables
		"lying-small.png": nil,                    // more data than it needs
		"bomb.png":        nil,                    // the same, of which no more is inflated
	}
	for _, d := range imgtest.Damage() {
		for _, f := range []photofit.Format{photofit.JPEG, photofit.AutoWebP, photofit.PNG} {
			if len(d.Data) > 1<<20 && f != photofit.JPEG {
				continue
			}
			asked := int64(0)
			admit := func(_ context.Context, n int64) error { asked += n; return nil }
			out, err := New(lib, Limits{}).Render(t.Context(), bytes.NewReader(d.Data), int64(len(d.Data)), clipped(200, 0, f), admit)
			ok := false
			for _, kind := range want[d.Kind] {
				ok = ok || (kind == nil && err == nil) || (kind != nil && errors.Is(err, kind))
			}
			if other, known := tolerable[d.Name]; known {
				ok = ok || kindOf(err) == other
			}
			if !ok {
				t.Errorf("%s to %v (%s): %v", d.Name, f, d.Why, err)
			}
			var fault *photofit.Fault
			if err != nil && (!errors.As(err, &fault) || fault.Code == "" || fault.Text == "") {
				t.Errorf("%s to %v: an error that is no fault: %v", d.Name, f, err)
			}
			if err != nil && out.Body != nil {
				t.Errorf("%s to %v: %d bytes came along with the error", d.Name, f, len(out.Body))
			}
			if err == nil {
				if img := decode(t, out.Body); img.Rect.Dx() != out.Width || img.Rect.Dy() != out.Height {
					t.Errorf("%s to %v: %v, said to be %d × %d", d.Name, f, img.Rect, out.Width, out.Height)
				}
			}
			if d.Kind == imgtest.Huge && asked > 0 {
				t.Errorf("%s to %v: asked for %d bytes before it was refused", d.Name, f, asked)
			}
			if asked > 1<<30 {
				t.Errorf("%s to %v: asks for %d MB", d.Name, f, asked>>20)
			}
			if now := held(lib); now != 0 {
				t.Errorf("%s to %v: %d bytes are held afterwards", d.Name, f, now)
			}
		}
	}
	if _, peak := lib.Memory(); peak > max(before, 600<<20) {
		t.Errorf("libvips held %d MB at its peak", peak>>20)
	}
}

// Cut at any place, a photo is a 422 and never a picture with a grey part.
func TestCutPhotosAreNotServed(t *testing.T) {
	chart := imgtest.OrientationChart(320, 240)
	files := map[string][]byte{
		"JPEG":           imgtest.JPEG(chart, 90),
		"PNG":            imgtest.PNG(chart),
		"WebP":           encoded(t, chart, false, webp),
		"AVIF":           encoded(t, chart, false, avif),
		"GIF":            imgtest.AnimatedGIF(320, 240, 1, 5),
		"TIFF":           imgtest.TIFF(chart, false),
		"deflated TIFF":  imgtest.TIFF(chart, true),
		"interlaced PNG": rawPNG{320, 240, 8, 2, true, nil, func(x, y, c int) int { return (x*y + c*77) % 256 }}.bytes(),
	}
	for kind, file := range files {
		made(t, file, clipped(100, 0, photofit.JPEG))
		for _, share := range []float64{.1, .3, .5, .8, .95} {
			cut := file[:int(share*float64(len(file)))]
			for _, r := range []photofit.Recipe{clipped(320, 0, photofit.JPEG), clipped(40, 0, photofit.WebP), cropped(20, 20, photofit.FocalPoint(100, 100), photofit.PNG)} {
				if _, err := try(t, cut, r); !errors.Is(err, photofit.ErrDamaged) {
					t.Errorf("%s, %.0f %% of it, %s: %v", kind, share*100, r.Path(), err)
				}
			}
		}
	}
}

// A crop that needs only the upper part does not have to look at the rest; but
// what it does serve must be right.
func TestCutBelowTheCrop(t *testing.T) {
	file := imgtest.JPEG(imgtest.PositionChart(400, 1200), 95)
	cut := imgtest.CutJPEG(file, .8)
	out, err := try(t, cut, cropped(400, 100, photofit.FocalPoint(50, 0), photofit.PNG))
	if err != nil {
		if !errors.Is(err, photofit.ErrDamaged) {
			t.Errorf("got %v", err)
		}
		return
	}
	if _, y0, _, y1 := imgtest.Region(decode(t, out.Body)); y0 < -.02 || y1 > 100./1200+.02 {
		t.Errorf("rows %.3f to %.3f of the photo", y0, y1)
	}
}

func TestFilmThatIsCut(t *testing.T) {
	file := flashes(t, 64, 64, 8, 0)
	for _, share := range []float64{.1, .3, .6, .9, .99} {
		out, err := try(t, file[:int(share*float64(len(file)))], clipped(64, 0, photofit.WebP))
		if !errors.Is(err, photofit.ErrDamaged) {
			t.Errorf("%.0f %% of a film: %d bytes, %v", share*100, len(out.Body), err)
		}
	}
	// Without its trailer it is whole; what follows the trailer is not looked at.
	for name, odd := range map[string][]byte{"no trailer": file[:len(file)-1], "more behind it": append(bytes.Clone(file), "!!!!"...)} {
		if n := header(t, made(t, odd, clipped(64, 0, photofit.WebP)).Body).Frames; n != 8 {
			t.Errorf("%s: %d frames of 8", name, n)
		}
	}
}

func TestGIFIsWhole(t *testing.T) {
	for name, file := range map[string][]byte{"film": flashes(t, 9, 9, 4, 2), "sparse": imgtest.SparseGIF(20, 20, 5, 3), "still": imgtest.AnimatedGIF(30, 30, 1, 3)} {
		if !gifWhole(file) {
			t.Errorf("%s: not whole", name)
		}
		whole := 0
		for n := range len(file) {
			if gifWhole(file[:n]) {
				whole++
			}
		}
		// Only between two blocks, of which there are a few in a frame.
		if whole > 12 {
			t.Errorf("%s: whole at %d of %d places", name, whole, len(file))
		}
	}
}

func TestMorePixelsThanTheHeaderSays(t *testing.T) {
	big := encoded(t, imgtest.OrientationChart(300, 200), false, webp)
	lying := withEXIF(t, big, []byte("II*\x00\x08\x00\x00\x00\x00\x00\x00\x00\x00\x00"), 30, 20)
	if _, err := try(t, lying, clipped(30, 0, photofit.JPEG)); !errors.Is(err, photofit.ErrDamaged) {
		t.Errorf("a WebP whose canvas is smaller than its picture: %v", err)
	}
	// What a JPEG's frame header says is its size. libvips fills up what is then
	// missing, as browsers do; it is only never more than was said.
	for _, s := range []size{{640, 100}, {100, 480}, {2000, 480}, {640, 2000}} {
		file := imgtest.LyingJPEG(imgtest.JPEG(imgtest.OrientationChart(640, 480), 90), s.W, s.H)
		out, err := try(t, file, clipped(50, 0, photofit.PNG))
		if err != nil && !errors.Is(err, photofit.ErrDamaged) {
			t.Errorf("a JPEG that says %v: %v", s, err)
		}
		if want := clip(s, 50, 0); err == nil && (out.Width != want.W || out.Height != want.H) {
			t.Errorf("a JPEG that says %v: served as %d × %d", s, out.Width, out.Height)
		}
	}
}
