//go:build !function

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"photofit"
	"photofit/internal/imgtest"
	"photofit/internal/imgtest/scene"
	"photofit/internal/rendition"
	"photofit/internal/site"
	"photofit/internal/store"
)

// What a page is said to save is reckoned by a formula, whose comment tells how far
// single pictures are from it (site.averageBits). They are no further.
func TestEstimatesLieWithinTheirSpread(t *testing.T) {
	folder := t.TempDir()
	cameraPhotos(t, folder) // a.jpg and b.jpg
	for i, s := range scene.All()[:4] {
		write(t, filepath.Join(folder, fmt.Sprintf("scene%d.jpg", i)), string(imgtest.JPEG(s.Draw(1500, 1000), 92)))
	}
	photos, err := store.OpenFolder(folder)
	if err != nil {
		t.Fatal(err)
	}
	flags := engineFlags{Libvips: libvips(t), MaxPixels: 160, MaxBytes: 512 << 20, Queue: 512, Wait: span(time.Minute)}
	renderer, _, err := flags.renderer()
	if err != nil {
		t.Fatal(err)
	}
	service := rendition.New(flags.config(renderer, photos, store.NewMem(256<<20), nil))
	asker := infoAsker{service: service, photos: photos}
	r, err := site.New(site.Config{Base: "https://m.example", Info: asker.info})
	if err != nil {
		t.Fatal(err)
	}
	names, err := os.ReadDir(folder)
	if err != nil || len(names) != 6 {
		t.Fatalf("%d photos, %v", len(names), err)
	}
	sum, estimated := 0.0, 0.0
	for _, name := range names {
		for _, width := range []int{320, 1280} {
			page, err := r.Page(t.Context(), "index.html", fmt.Appendf(nil, `<img src=%s sizes="%dpx">`, name.Name(), width), nil)
			if err != nil || len(page.Found) != 1 {
				t.Fatalf("%+v, %v", page.Found, err)
			}
			_, after := page.Bytes(site.Device{Viewport: 1440, Density: 1})
			made, err := service.Get(t.Context(), photofit.Recipe{Photo: name.Name(), Width: width, Format: photofit.AVIF})
			if err != nil {
				t.Fatal(err)
			}
			made.Close()
			ratio := float64(made.Size) / float64(after)
			t.Logf("%s, %d px: %d bytes, %.2f times the estimate", name.Name(), width, made.Size, ratio)
			if ratio < .17 || ratio > 2.7 {
				t.Errorf("%s, %d px: %d bytes, %.2f times the estimate", name.Name(), width, made.Size, ratio)
			}
			if strings.HasPrefix(name.Name(), "scene") {
				sum += float64(made.Size)
				estimated += float64(after)
			}
		}
	}
	// Sums are what the report has.
	if ratio := sum / estimated; ratio < .67 || ratio > 1.5 {
		t.Errorf("all painted ones are %.2f times the estimate", ratio)
	}
}
