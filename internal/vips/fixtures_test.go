package vips

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/png"
	"os"
	"runtime"
	"sync"
	"testing"
	"time"
)

var opened = sync.OnceValues(func() (*Library, error) {
	if named := os.Getenv("PHOTOFIT_LIBVIPS"); named != "" {
		return Open(named)
	}
	built := []string{"../../bin/lib/libvips.so", "../../bin/lib/libvips.dylib"}
	return Open(append(built, Find("", "")...)...)
})

// library gives the one libvips of all tests. Without one they are skipped,
// but never where CI is set.
func library(t testing.TB) *Library {
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

// newJob gives a job that is closed at the end of the test.
func newJob(t testing.TB) *Job {
	t.Helper()
	j := library(t).NewJob()
	t.Cleanup(j.Close)
	return j
}

// held is what libvips holds once its threads, which let go of their buffers
// after a job has its result, have done so.
func held(lib *Library) int64 {
	for end := time.Now().Add(10 * time.Second); ; runtime.Gosched() {
		now, _ := lib.Memory()
		if now == 0 || time.Now().After(end) {
			return now
		}
	}
}

// gradient is w × h × bands samples that differ from each other.
func gradient(w, h, bands int) []byte {
	p := make([]byte, w*h*bands)
	for i := range p {
		p[i] = byte(i*37 + i/(w*bands)*11)
	}
	return p
}

// picture is an image of those samples.
func picture(t testing.TB, j *Job, w, h, bands int) *Image {
	t.Helper()
	return must[*Image](t)(j.FromPixels(gradient(w, h, bands), w, h, bands))
}

// pngFile is a w × h PNG in RGB, made by Go.
func pngFile(t testing.TB, w, h int) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for i := range img.Pix {
		img.Pix[i] = byte(i * 5)
		if i%4 == 3 {
			img.Pix[i] = 255
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// floats reads samples of the machine's own 32-bit floats.
func floats(b []byte) []float32 {
	out := make([]float32, len(b)/4)
	if _, err := binary.Decode(b, binary.NativeEndian, out); err != nil {
		panic(err)
	}
	return out
}

func must[T any](t testing.TB) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}
