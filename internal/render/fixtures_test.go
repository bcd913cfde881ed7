package render

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/draw"
	_ "image/jpeg"
	_ "image/png"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"testing"
	"time"

	"photofit"
	"photofit/internal/probe"
	"photofit/internal/vips"
)

var opened = sync.OnceValues(func() (*vips.Library, error) {
	if named := os.Getenv("PHOTOFIT_LIBVIPS"); named != "" {
		return vips.Open(named)
	}
	built := []string{"../../bin/lib/libvips.so", "../../bin/lib/libvips.dylib"}
	return vips.Open(append(built, vips.Find("", "")...)...)
})

// library gives the one libvips of all tests. Without one they are skipped,
// but never where CI is set.
func library(t testing.TB) *vips.Library {
	t.Helper()
	lib, err := opened()
	if err != nil && os.Getenv("CI") == "" {
		t.Skip("NOT TESTED: ", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return lib
}

// camera gives a camera photo, which the project has none of.
func camera(t testing.TB, name string) []byte {
	t.Helper()
	folder := os.Getenv("PHOTOFIT_TEST_PHOTOS")
	if folder == "" {
		t.Skip("NOT TESTED: PHOTOFIT_TEST_PHOTOS names no folder of camera photos")
	}
	file, err := os.ReadFile(filepath.Join(folder, name))
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// held is what libvips holds once its threads, which let go of their buffers
// after a job has its result, have done so.
func held(lib *vips.Library) int64 {
	for end := time.Now().Add(10 * time.Second); ; runtime.Gosched() {
		now, _ := lib.Memory()
		if now == 0 || time.Now().After(end) {
			return now
		}
	}
}

func admitAll(context.Context, int64) error { return nil }

// try renders a recipe of a file.
func try(t testing.TB, file []byte, r photofit.Recipe) (Output, error) {
	t.Helper()
	return New(library(t), Limits{}).Render(context.Background(), bytes.NewReader(file), int64(len(file)), r, admitAll)
}

// make renders a recipe that has to succeed.
func made(t testing.TB, file []byte, r photofit.Recipe) Output {
	t.Helper()
	out, err := try(t, file, r)
	if err != nil {
		t.Fatalf("%s: %v", r.Path(), err)
	}
	return out
}

// header reads what a rendition, or a photo, says of itself.
func header(t testing.TB, file []byte) probe.Header {
	t.Helper()
	h, err := probe.Read(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// decode gives a rendition's pixels as stored, colours not multiplied by alpha.
// Go reads JPEG and PNG; AVIF it does not, and WebP's narrow range of values it
// takes for JPEG's, so these two go through libvips.
func decode(t testing.TB, file []byte) *image.NRGBA {
	t.Helper()
	switch header(t, file).Type {
	case probe.AVIF:
		return frames(t, file, vips.LoadHEIF, 1)[0]
	case probe.WebP:
		return frames(t, file, vips.LoadWebP, 1)[0]
	}
	img, _, err := image.Decode(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	out := image.NewNRGBA(image.Rect(0, 0, img.Bounds().Dx(), img.Bounds().Dy()))
	draw.Draw(out, out.Rect, img, img.Bounds().Min, draw.Src)
	return out
}

// frames decodes by libvips: the first frame, or all if n is more than 1.
func frames(t testing.TB, file []byte, loader vips.Loader, n int) []*image.NRGBA {
	t.Helper()
	job := library(t).NewJob()
	defer job.Close()
	im, err := job.Load(loader, file, vips.LoadOptions{Frames: n})
	if err != nil {
		t.Fatal(err)
	}
	if im.Format() != vips.UChar { // an AVIF of 10 bits
		space := vips.SRGB
		if im.Bands() < 3 {
			space = vips.BW
		}
		if im, err = im.Colourspace(space); err != nil {
			t.Fatal(err)
		}
	}
	pixels, err := im.Pixels()
	if err != nil {
		t.Fatal(err)
	}
	w, h, bands := im.Width(), im.PageHeight(), im.Bands()
	var list []*image.NRGBA
	for ; len(pixels) >= w*h*bands; pixels = pixels[w*h*bands:] {
		out := image.NewNRGBA(image.Rect(0, 0, w, h))
		for i := range w * h {
			p, q := pixels[i*bands:(i+1)*bands], out.Pix[4*i:4*i+4]
			q[0], q[1], q[2], q[3] = p[0], p[0], p[0], 255
			if bands >= 3 {
				copy(q, p[:3])
			}
			if bands == 2 || bands == 4 {
				q[3] = p[bands-1]
			}
		}
		list = append(list, out)
	}
	return list
}

// kindOf names what a render failed of.
func kindOf(err error) error {
	for _, kind := range []error{photofit.ErrTooLarge, photofit.ErrNotPicture, photofit.ErrDamaged, photofit.ErrUnfit} {
		if errors.Is(err, kind) {
			return kind
		}
	}
	return nil
}

// clipped and cropped are recipes by hand.
func clipped(w, h int, f photofit.Format) photofit.Recipe {
	return photofit.Recipe{Photo: "p", Width: w, Height: h, Format: f}
}

func cropped(w, h int, c photofit.Crop, f photofit.Format) photofit.Recipe {
	return photofit.Recipe{Photo: "p", Width: w, Height: h, Fit: photofit.Cover, Crop: c, Format: f}
}

var formats = []photofit.Format{photofit.JPEG, photofit.WebP, photofit.AVIF, photofit.PNG}

func abs(n int) int { return max(n, -n) }
