package main

import (
	"image"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"photofit/internal/store"
)

func TestGrowShape(t *testing.T) {
	for _, size := range growSizes {
		got := growShape(size)
		pixels := float64(got.X*got.Y) / 1e6
		if math.Abs(pixels/float64(size)-1) > 0.02 || got.X%16 != 0 || got.Y%16 != 0 || math.Abs(float64(got.X)/float64(got.Y)-1.5) > 0.02 {
			t.Errorf("%d MP: %v, which is %.2f MP", size, got, pixels)
		}
	}
	if !slices.Contains(growSizes, growFrom) {
		t.Errorf("%d MP, with which all are compared, is not among them", growFrom)
	}
}

// What is repeated is the middle, in all planes.
func TestMiddleIsTiled(t *testing.T) {
	whole := image.NewYCbCr(image.Rect(0, 0, 96, 80), image.YCbCrSubsampleRatio420)
	for i := range whole.Y {
		whole.Y[i] = byte(i%96 + i/96)
	}
	for i := range whole.Cb {
		whole.Cb[i], whole.Cr[i] = byte(i%48), byte(i/48)
	}
	middle := middleOf(whole, image.Pt(32, 48))
	if middle.Rect != image.Rect(32, 16, 64, 64) {
		t.Fatalf("the middle is %v", middle.Rect)
	}
	made := tiled(middle, 80, 64)
	for y := range 64 {
		for x := range 80 {
			if got, want := made.YCbCrAt(x, y), whole.YCbCrAt(32+x%32, 16+y%48); got != want {
				t.Fatalf("at %d, %d: %v, want %v", x, y, got, want)
			}
		}
	}
	if got := middleOf(whole, image.Pt(1000, 1000)).Rect; got != image.Rect(0, 0, 96, 80) {
		t.Errorf("all of a small one: %v", got)
	}
}

// What a cache is filled with is what a server would find there for the photo that
// is in the folder now.
func TestKeptIsOfThePhoto(t *testing.T) {
	photos := newAlbum(t)
	names, err := photos.next(2)
	if err != nil {
		t.Fatal(err)
	}
	c := &keptCache{n: 2 * keptEach, folder: filepath.Join(t.TempDir(), "kept")}
	if err := c.fill(t.Context(), photos.folder, names); err != nil {
		t.Fatal(err)
	}
	n, bytes, err := keptFiles(c.folder)
	if err != nil || n != c.n || bytes <= int64(n)*keptBytes || bytes > int64(n)*(keptBytes+300) {
		t.Errorf("%d files of %d bytes, %v", n, bytes, err)
	}
	folder, err := store.OpenFolder(photos.folder)
	if err != nil {
		t.Fatal(err)
	}
	dir, err := store.OpenDir(c.folder, store.DirConfig{})
	if err != nil {
		t.Fatal(err)
	}
	defer dir.Close()
	for _, name := range names {
		photo, err := folder.Stat(t.Context(), name)
		if err != nil {
			t.Fatal(err)
		}
		for k := range keptEach {
			r, err := dir.Get(t.Context(), keptRecipe(name, k).Key())
			if err != nil {
				t.Fatal(err)
			}
			if r.Source != photo.Version || r.Size != keptBytes {
				t.Errorf("%+v, of a photo %q", r.Meta, photo.Version)
			}
			r.Body.Close()
		}
	}
}

func TestSweepsAreMeasuredOnTheirOwn(t *testing.T) {
	photos := newAlbum(t)
	names, err := photos.next(8)
	if err != nil {
		t.Fatal(err)
	}
	var caches []*keptCache
	for _, n := range []int{4, 8} {
		c := &keptCache{n: n * keptEach, folder: filepath.Join(t.TempDir(), "kept")}
		if err := c.fill(t.Context(), photos.folder, names[:n]); err != nil {
			t.Fatal(err)
		}
		caches = append(caches, c)
	}
	b := &bench{quick: true, section: "growth"}
	if err := b.growSweep(caches); err != nil {
		t.Fatal(err)
	}
	if len(b.figures) != 4 || len(b.figures[1].Values) != 2 || b.figures[3].AtMost == 0 {
		t.Errorf("%+v", b.figures)
	}
	// Twice an eighth has gone.
	if n, _, err := keptFiles(caches[1].folder); err != nil || n < 58 || n > 64 {
		t.Errorf("%d of 80 are left, %v", n, err)
	}
}

func TestGrowthIsInProportionAtMost(t *testing.T) {
	b := &bench{section: "growth"}
	kind := growKind{"baseline", nil, map[int]int{12: 1e6, 24: 2e6, 48: 4e6}}
	b.growFigures("CPU", "ms", kind, []int{12, 24, 48}, map[int][]float64{12: {60, 60}, 24: {100, 200}, 48: {210, 500}})
	var got [][]float64
	for _, f := range b.figures {
		got = append(got, f.Values)
	}
	want := [][]float64{{100, 200}, {0.6, 0.3}, {2.1, 2.5}}
	if !slices.EqualFunc(got, want, slices.Equal[[]float64]) {
		t.Errorf("%v, want %v", got, want)
	}
	if b.figures[1].AtMost != 0 || math.Abs(b.figures[2].AtMost-2.2) > 1e-9 || !b.figures[2].Missed() {
		t.Errorf("%+v", b.figures)
	}
}

func TestDurations(t *testing.T) {
	got := durations([]duration{{"cold", 90 * time.Second}, {"mix", 1400 * time.Millisecond}})
	if want := "\nIt took 1m31s: cold 1m30s, mix 1s.\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if durations(nil) != "" {
		t.Error("nothing took something")
	}
}

func newAlbum(t *testing.T) *album {
	t.Helper()
	file := filepath.Join(t.TempDir(), "photo.jpg")
	if err := os.WriteFile(file, []byte("a photo"), 0o644); err != nil {
		t.Fatal(err)
	}
	return &album{folder: t.TempDir(), file: file}
}
