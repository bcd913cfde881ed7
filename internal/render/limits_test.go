package render

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	"photofit"
	"photofit/internal/imgtest"
)

func TestLimitsNameTheValueNeeded(t *testing.T) {
	lib := library(t)
	photo := imgtest.JPEG(imgtest.OrientationChart(1200, 900), 80)
	film := flashes(t, 500, 500, 5, 0)
	for _, tt := range []struct {
		name   string
		file   []byte
		limits Limits
		recipe photofit.Recipe
		code   string // none: it is rendered
		text   string
	}{
		{"pixels", photo, Limits{MaxPixels: 1e6}, clipped(100, 0, photofit.JPEG), "photo-pixels", "--max-pixels 2 "},
		{"just enough pixels", photo, Limits{MaxPixels: 1200 * 900}, clipped(100, 0, photofit.JPEG), "", ""},
		{"one pixel less", photo, Limits{MaxPixels: 1200*900 - 1}, clipped(100, 0, photofit.JPEG), "photo-pixels", "2 million pixels"},
		{"all frames of a film", film, Limits{MaxPixels: 1e6}, clipped(100, 0, photofit.WebP), "photo-pixels", "--max-pixels 2 "},
		{"its first frame only", film, Limits{MaxPixels: 1e6}, clipped(100, 0, photofit.JPEG), "", ""},
		{"bytes", photo, Limits{MaxBytes: int64(len(photo)) - 1}, clipped(100, 0, photofit.JPEG), "photo-bytes", "--max-bytes"},
		{"just enough bytes", photo, Limits{MaxBytes: int64(len(photo))}, clipped(100, 0, photofit.JPEG), "", ""},
		{"a giant by default", imgtest.GiantJPEG(20000, 14000), Limits{}, clipped(100, 0, photofit.JPEG), "photo-pixels", "--max-pixels 280 "},
	} {
		admitted := false
		admit := func(context.Context, int64) error { admitted = true; return nil }
		_, err := New(lib, tt.limits).Render(t.Context(), bytes.NewReader(tt.file), int64(len(tt.file)), tt.recipe, admit)
		if tt.code == "" {
			if err != nil {
				t.Errorf("%s: %v", tt.name, err)
			}
			continue
		}
		var fault *photofit.Fault
		if !errors.As(err, &fault) || !errors.Is(err, photofit.ErrTooLarge) || fault.Code != tt.code || !strings.Contains(fault.Text, tt.text) {
			t.Errorf("%s: %v, want %s that says %q", tt.name, err, tt.code, tt.text)
		}
		if admitted {
			t.Errorf("%s: asked for memory before it was refused", tt.name)
		}
	}
}

func TestTypeLimits(t *testing.T) {
	wide := imgtest.JPEG(imgtest.PositionChart(17000, 8), 70)
	for _, tt := range []struct {
		format photofit.Format
		width  int
		want   string // media type; none: the format cannot hold it
	}{
		{photofit.WebP, 17000, ""}, {photofit.WebP, 16384, ""}, {photofit.WebP, 16383, "image/webp"},
		{photofit.AVIF, 17000, ""}, {photofit.AVIF, 16385, ""}, {photofit.AVIF, 16384, "image/avif"},
		{photofit.JPEG, 17000, "image/jpeg"}, {photofit.PNG, 17000, "image/png"},
		{photofit.AutoWebP, 17000, "image/jpeg"}, {photofit.AutoAVIF, 17000, "image/jpeg"}, {photofit.Auto, 17000, "image/jpeg"},
		{photofit.AutoWebP, 16383, "image/webp"}, {photofit.AutoAVIF, 16384, "image/avif"},
	} {
		out, err := try(t, wide, clipped(tt.width, 0, tt.format))
		if tt.want == "" {
			var fault *photofit.Fault
			if !errors.As(err, &fault) || !errors.Is(err, photofit.ErrUnfit) || fault.Code != "type-limit" || !strings.Contains(fault.Text, "16,38") && !strings.Contains(fault.Text, "1638") {
				t.Errorf("%v of %d pixels: %v", tt.format, tt.width, err)
			}
			continue
		}
		if err != nil || out.Type != tt.want || out.Width != tt.width {
			t.Errorf("%v of %d pixels: %s of %d, %v", tt.format, tt.width, out.Type, out.Width, err)
		}
	}
	// What JPEG cannot hold becomes a PNG where the choice is ours, with and without alpha.
	tall := imgtest.PNG(imgtest.PositionChart(2, 65520))
	for _, f := range []photofit.Format{photofit.Auto, photofit.AutoAVIF} {
		if out := made(t, tall, clipped(0, 65520, f)); out.Type != "image/png" || out.Height != 65520 {
			t.Errorf("%v of 65,520 rows: %s of %d", f, out.Type, out.Height)
		}
	}
	opaque := rawPNG{2, 65520, 8, 6, false, nil, func(_, _, c int) int { return 255 }}.bytes()
	if out := made(t, opaque, clipped(0, 65520, photofit.Auto)); out.Type != "image/png" {
		t.Errorf("opaque alpha of 65,520 rows: %s", out.Type)
	}
}

func TestEndOfContextEndsTheRender(t *testing.T) {
	lib := library(t)
	reason := errors.New("the client went away")
	file := imgtest.PNG(imgtest.OrientationChart(2000, 1500))

	// Before anything is done, and once the memory is there.
	for name, when := range map[string]func(cancel context.CancelCauseFunc) Admit{
		"in admission": func(cancel context.CancelCauseFunc) Admit {
			return func(ctx context.Context, _ int64) error { cancel(reason); return context.Cause(ctx) }
		},
		"after admission": func(cancel context.CancelCauseFunc) Admit {
			return func(context.Context, int64) error { cancel(reason); return nil }
		},
	} {
		ctx, cancel := context.WithCancelCause(context.Background())
		out, err := New(lib, Limits{}).Render(ctx, bytes.NewReader(file), int64(len(file)), clipped(1500, 0, photofit.WebP), when(cancel))
		// The end may be noticed only when all is done.
		if err != nil && err != reason || err == nil && name == "in admission" {
			t.Errorf("%s: %v", name, err)
		}
		if err != nil && out.Body != nil {
			t.Errorf("%s: bytes came along with the error", name)
		}
		cancel(nil)
		if now := held(lib); now != 0 {
			t.Errorf("%s: %d bytes are held", name, now)
		}
	}

	// While it works: the photo's bytes are read, so what is left is libvips's.
	ctx, cancel := context.WithCancelCause(context.Background())
	defer cancel(nil)
	photo := readerFunc(func(b []byte, at int64) (int, error) {
		n, err := bytes.NewReader(file).ReadAt(b, at)
		if at == 0 && len(b) == len(file) {
			cancel(reason)
		}
		return n, err
	})
	if _, err := New(lib, Limits{}).Render(ctx, photo, int64(len(file)), clipped(1900, 0, photofit.PNG), admitAll); err != reason {
		t.Errorf("while it works: %v", err)
	}
	if now := held(lib); now != 0 {
		t.Errorf("%d bytes are held", now)
	}
}

type readerFunc func(b []byte, at int64) (int, error)

func (f readerFunc) ReadAt(b []byte, at int64) (int, error) { return f(b, at) }

func TestPhotoThatChangesWhileItIsRead(t *testing.T) {
	lib := library(t)
	file := imgtest.JPEG(imgtest.OrientationChart(1600, 1200), 95)
	failed := errors.New("the disk is gone")
	for _, tt := range []struct {
		name  string
		photo func(read *int) io.ReaderAt
		want  error
	}{
		{"it shrinks", func(admitted *int) io.ReaderAt {
			return readerFunc(func(b []byte, at int64) (int, error) {
				if *admitted > 0 {
					return bytes.NewReader(file[:len(file)/2]).ReadAt(b, at)
				}
				return bytes.NewReader(file).ReadAt(b, at)
			})
		}, io.ErrUnexpectedEOF},
		{"it fails", func(admitted *int) io.ReaderAt {
			return readerFunc(func(b []byte, at int64) (int, error) {
				if *admitted > 0 {
					return 0, failed
				}
				return bytes.NewReader(file).ReadAt(b, at)
			})
		}, failed},
		{"it fails at once", func(*int) io.ReaderAt {
			return readerFunc(func([]byte, int64) (int, error) { return 0, failed })
		}, failed},
	} {
		admitted := 0
		admit := func(context.Context, int64) error { admitted++; return nil }
		_, err := New(lib, Limits{}).Render(t.Context(), tt.photo(&admitted), int64(len(file)), clipped(100, 0, photofit.JPEG), admit)
		if !errors.Is(err, tt.want) || kindOf(err) != nil {
			t.Errorf("%s: %v, want %v and no fault of the photo's", tt.name, err, tt.want)
		}
		if tt.want == io.ErrUnexpectedEOF && !errors.Is(err, errShort) {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
}

func TestAdmissionIsAskedFirst(t *testing.T) {
	lib := library(t)
	file := imgtest.JPEG(imgtest.OrientationChart(400, 300), 90)
	refused := errors.New("no room")
	admit := func(_ context.Context, n int64) error {
		if n < int64(len(file)) {
			t.Errorf("asks for %d bytes, less than the photo has", n)
		}
		return refused
	}
	if _, err := New(lib, Limits{}).Render(t.Context(), bytes.NewReader(file), int64(len(file)), clipped(100, 0, photofit.JPEG), admit); err != refused {
		t.Errorf("got %v, want admission's own error", err)
	}
}

// Many at a time, good and bad: all come out as they do alone.
func TestRendersSideBySide(t *testing.T) {
	lib := library(t)
	good := imgtest.JPEG(imgtest.OrientationChart(300, 200), 90)
	bad := imgtest.CutJPEG(good, .4)
	r := New(lib, Limits{})
	alone := made(t, good, clipped(120, 0, photofit.WebP)).Body
	errs := make(chan error, 8)
	for n := range 8 {
		go func() {
			for i := range 6 {
				file := good
				if (n+i)%3 == 0 {
					file = bad
				}
				out, err := r.Render(context.Background(), bytes.NewReader(file), int64(len(file)), clipped(120, 0, photofit.WebP), admitAll)
				if (n+i)%3 == 0 {
					if errors.Is(err, photofit.ErrDamaged) {
						err = nil
					} else {
						err = errors.New("a photo that is cut was served")
					}
				} else if err == nil && !bytes.Equal(out.Body, alone) {
					err = errors.New("another picture than alone")
				}
				if err != nil {
					errs <- err
					return
				}
			}
			errs <- nil
		}()
	}
	for range 8 {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
	if now := held(lib); now != 0 {
		t.Errorf("%d bytes are held", now)
	}
}
