package render

import (
	"context"
	"fmt"
	"image"
	"image/jpeg"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"photofit"
	"photofit/internal/vips"
)

// What a render really takes is measured in a process of its own: its peak
// resident size, after three renders, beyond what it was with libvips loaded.
func TestMemoryIsPredicted(t *testing.T) {
	if photo := os.Getenv("PHOTOFIT_TEST_MEMORY_OF"); photo != "" {
		measureMemory(t, photo, os.Getenv("PHOTOFIT_TEST_MEMORY_FOR"))
		return
	}
	if runtime.GOOS != "linux" {
		t.Skip("SKIPPED: peak memory is read from /proc, which only Linux has")
	}
	if raceEnabled {
		t.Skip("SKIPPED: the race detector's own memory is in the way; CI runs this test without it, too")
	}
	dir := t.TempDir()
	jpg := filepath.Join(dir, "photo.jpg")
	writePhoto(t, jpg, 4000, 3000)
	photos := []string{jpg}
	for _, format := range []string{"png", "webp", "avif"} {
		file := filepath.Join(dir, "photo."+format)
		convertPhoto(t, jpg, file, "w=4000&fm="+format)
		photos = append(photos, file)
	}
	if folder := os.Getenv("PHOTOFIT_TEST_PHOTOS"); folder != "" {
		for _, name := range []string{"p24.jpg", "p2_adobergb.jpg", "alpha.png", "p16_leica_o8.jpg"} {
			photos = append(photos, filepath.Join(folder, name))
		}
	}
	progressive := filepath.Join(dir, "progressive.jpg")
	writeProgressive(t, jpg, progressive)
	photos = append(photos, progressive)
	for _, photo := range photos {
		for _, query := range []string{"w=800&fm=jpg", "master w=800&fm=jpg", "master w=1280&fm=avif", "w=1600&fm=jpg", "w=3840&fm=jpg", "w=1280&fm=webp", "w=1280&fm=avif"} {
			if strings.HasSuffix(photo, ".avif") && !strings.HasSuffix(query, "w=800&fm=jpg") {
				continue // the decoder dominates, and it takes its time
			}
			if strings.HasPrefix(query, withMaster) && photo != progressive {
				continue // as the progressive one, or without a master
			}
			t.Run(filepath.Base(photo)+"?"+query, func(t *testing.T) {
				child := exec.Command(os.Args[0], "-test.run=^TestMemoryIsPredicted$", "-test.count=1")
				child.Env = append(os.Environ(), "PHOTOFIT_TEST_MEMORY_OF="+photo, "PHOTOFIT_TEST_MEMORY_FOR="+query)
				out, err := child.CombinedOutput()
				if err != nil {
					t.Fatalf("%v\n%s", err, out)
				}
				var predicted, real int64
				line := string(out)
				if _, err := fmt.Sscanf(line[strings.Index(line, "memory:"):], "memory: %d %d", &predicted, &real); err != nil {
					t.Fatalf("%v\n%s", err, out)
				}
				t.Logf("predicted %d MB, took %d MB", predicted>>20, real>>20)
				if real > predicted {
					t.Errorf("took %d MB, and only %d MB were predicted", real>>20, predicted>>20)
				}
			})
		}
	}
}

// withMaster in front of a query has the photo's master made, too.
const withMaster = "master "

func measureMemory(t *testing.T, photo, query string) {
	query, master := strings.CutPrefix(query, withMaster)
	lib := library(t)
	f, err := os.Open(photo)
	if err != nil {
		t.Fatal(err)
	}
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	recipe, err := photofit.Resolve("/photo", query, "", photofit.OpenPolicy())
	if err != nil {
		t.Fatal(err)
	}
	before := peakResident(t)
	var predicted int64
	admit := func(_ context.Context, bytes int64) error { predicted = bytes; return nil }
	for range 3 {
		if !master {
			if _, err := New(lib, Limits{}).Render(t.Context(), f, info.Size(), recipe, admit); err != nil {
				t.Fatal(err)
			}
			continue
		}
		out, err := New(lib, Limits{}).Both(t.Context(), f, info.Size(), recipe, func(_ context.Context, bytes int64, _ func(photofit.Recipe) bool) error {
			predicted = bytes
			return nil
		})
		if err == nil {
			_, err = out.Master(t.Context())
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	fmt.Printf("memory: %d %d\n", predicted, peakResident(t)-before)
}

// peakResident is the process's largest resident size so far, in bytes.
func peakResident(t *testing.T) int64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(status), "VmHWM:")
	var kB int64
	if _, err := fmt.Sscan(rest, &kB); err != nil {
		t.Fatal(err)
	}
	return kB << 10
}

func convertPhoto(t *testing.T, from, to, query string) {
	f, err := os.Open(from)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	recipe, err := photofit.Resolve("/photo", query, "", photofit.OpenPolicy())
	if err != nil {
		t.Fatal(err)
	}
	out, err := New(library(t), Limits{}).Render(t.Context(), f, info.Size(), recipe, func(context.Context, int64) error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to, out.Body, 0o644); err != nil {
		t.Fatal(err)
	}
}

// writeProgressive writes a JPEG anew, as one that is decoded as a whole.
func writeProgressive(t *testing.T, from, to string) {
	file, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	job := library(t).NewJob()
	defer job.Close()
	im, err := job.Load(vips.LoadJPEG, file, vips.LoadOptions{})
	if err == nil {
		file, err = im.SaveProgressiveJPEG(90)
	}
	if err == nil {
		err = os.WriteFile(to, file, 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// writePhoto writes a JPEG with detail everywhere.
func writePhoto(t *testing.T, file string, w, h int) {
	im := image.NewYCbCr(image.Rect(0, 0, w, h), image.YCbCrSubsampleRatio420)
	noise := uint32(1)
	for i := range im.Y {
		noise = noise*1664525 + 1013904223
		im.Y[i] = uint8(i/w*255/h)/2 + uint8(noise>>27) + 60
	}
	for i := range im.Cb {
		im.Cb[i], im.Cr[i] = uint8(96+i%64), uint8(160-i%64)
	}
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := jpeg.Encode(f, im, &jpeg.Options{Quality: 92}); err != nil {
		t.Fatal(err)
	}
}
