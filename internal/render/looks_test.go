package render

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"photofit"
	"photofit/internal/imgtest"
	"photofit/internal/imgtest/scene"
	"photofit/internal/imgtest/ssimulacra2"
	"photofit/internal/probe"
	"photofit/internal/vips"
)

// At the quality that is left to the renderer, a rendition of any type looks
// like a plain JPEG at 80: in the median of pictures, by these many points of
// SSIMULACRA2. Scenes are not photos: the qualities were set by the latter.
const (
	photosBy = 2.5
	scenesBy = 5
)

func TestTypesLookAlike(t *testing.T) {
	if raceEnabled {
		t.Skip("SKIPPED: the race detector makes the metric ten times slower; CI runs this test without it, too")
	}
	for _, width := range []int{200, 480} {
		var scenes, photos [][]byte
		for _, s := range scene.All()[:6] {
			scenes = append(scenes, imgtest.PNG(s.Draw(width, width*2/3)))
		}
		looksOfTypes(t, "scenes", scenes, width, scenesBy)
		folder := os.Getenv("PHOTOFIT_TEST_PHOTOS")
		if folder == "" {
			t.Log("NOT TESTED: PHOTOFIT_TEST_PHOTOS names no folder of camera photos")
			continue
		}
		files, err := filepath.Glob(filepath.Join(folder, "p*.jpg"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			photos = append(photos, made(t, camera(t, filepath.Base(file)), clipped(width, 0, photofit.PNG)).Body)
		}
		looksOfTypes(t, "photos", photos, width, photosBy)
	}
}

func looksOfTypes(t *testing.T, kind string, pictures [][]byte, width int, by float64) {
	loaders := map[photofit.Format]vips.Loader{photofit.JPEG: vips.LoadJPEG, photofit.WebP: vips.LoadWebP, photofit.AVIF: vips.LoadHEIF}
	score := func(picture, file []byte, loader vips.Loader) float64 {
		points, err := ssimulacra2.Score(frames(t, picture, vips.LoadPNG, 1)[0], frames(t, file, loader, 1)[0])
		if err != nil {
			t.Fatal(err)
		}
		return points
	}
	beyond := map[photofit.Format][]float64{}
	for _, picture := range pictures {
		job := library(t).NewJob()
		im, err := job.Load(vips.LoadPNG, picture, vips.LoadOptions{})
		if err != nil {
			t.Fatal(err)
		}
		plain, err := im.Save(vips.JPEGSaver, vips.Args{"Q": 80})
		job.Close()
		if err != nil {
			t.Fatal(err)
		}
		want := score(picture, plain, vips.LoadJPEG)
		for f, loader := range loaders {
			out := made(t, picture, clipped(width, 0, f))
			beyond[f] = append(beyond[f], score(picture, out.Body, loader)-want)
		}
	}
	for f, points := range beyond {
		slices.Sort(points)
		median := (points[(len(points)-1)/2] + points[len(points)/2]) / 2
		t.Logf("%s at %d px, %s: %.1f points beyond the JPEG at 80 (%.1f)", kind, width, f, median, points)
		if median < -by || median > by {
			t.Errorf("%s at %d px, %s: %.1f points beyond the JPEG at 80, want within %.1f: %.1f", kind, width, f, median, by, points)
		}
	}
}

// An AVIF of 10 bits says so, and is one that browsers take: AV1's main profile.
func TestAVIFHasTenBits(t *testing.T) {
	out := made(t, imgtest.PNG(scene.All()[0].Draw(64, 48)), clipped(64, 0, photofit.AVIF))
	if h := header(t, out.Body); h.Type != probe.AVIF || h.Depth != 10 {
		t.Errorf("%s of %d bits", h.Type, h.Depth)
	}
	_, after, found := bytes.Cut(out.Body, []byte("av1C"))
	if !found || len(after) < 4 || after[1]>>5 != 0 {
		t.Errorf("av1C begins % x: the profile is the three bits after the version", after[:4])
	}
}

// A JPEG is quantised by mozjpeg's table where the library has it, and the
// choice of types holds only with it.
func TestJPEGHasMozjpegsTable(t *testing.T) {
	job := library(t).NewJob()
	defer job.Close()
	plain := func(table int) []byte {
		im, err := job.Load(vips.LoadPNG, imgtest.PNG(scene.All()[0].Draw(64, 48)), vips.LoadOptions{})
		if err != nil {
			t.Fatal(err)
		}
		file, err := im.Save(vips.JPEGSaver, vips.Args{"Q": 80, "quant_table": table})
		if err != nil {
			t.Fatal(err)
		}
		return quantisation(t, file)
	}
	if bytes.Equal(plain(0), plain(2)) {
		t.Skip("SKIPPED: this libvips was built without mozjpeg, " + strings.TrimSpace(library(t).Version()))
	}
	out := made(t, imgtest.PNG(scene.All()[0].Draw(64, 48)), clipped(64, 0, photofit.JPEG))
	if !bytes.Equal(quantisation(t, out.Body), plain(2)) {
		t.Error("it is not quantised by table 2")
	}
}

// quantisation is a JPEG's tables (DQT).
func quantisation(t *testing.T, file []byte) (tables []byte) {
	segments, err := imgtest.Segments(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range segments {
		if s.Marker == 0xDB {
			tables = append(tables, s.Data...)
		}
	}
	if len(tables) == 0 {
		t.Fatal("there is no table")
	}
	return tables
}
