package scene

import (
	"errors"
	"fmt"
	"image"
	"io/fs"
	"os"
	"path/filepath"

	"photofit/internal/imgtest"
)

// sample is one file of a folder of samples, seen upright at w × h.
type sample struct {
	path  string
	scene string
	w, h  int
	make  func(img *image.RGBA, title string) []byte
}

// samples lists what [WriteSamples] writes: folders, a name with a space and an accent, a portrait that lies on its side, a wide-gamut
// photo, transparency, and a private place or two that must never get out.
func samples() []sample {
	return []sample{
		{"mountains/alpine-morning.jpg", "alpine", 6000, 4000, plain},
		{"desert/dunes.jpg", "dunes", 6000, 4000, plain},
		{"mountains/lake at first light é.jpg", "lake", 5184, 3456, plain},
		{"country/hills.jpg", "hills", 6000, 4000, plain},
		{"desert/canyon.jpg", "canyon", 5472, 3648, plain},
		{"coast/sun-on-the-sea.jpg", "sea", 4608, 3072, wide},
		{"mountains/blue-ridges.jpg", "ridges", 6000, 4000, plain},
		{"forest/firs-in-the-fog.jpg", "pines", 3024, 4032, sideways},
		{"night/northern-lights.jpg", "aurora", 4928, 3264, plain},
		{"night/milky-way.jpg", "milkyway", 4000, 5000, plain},
		{"country/poppies.jpg", "poppies", 4240, 2832, plain},
		{"mountains/snowfields.jpg", "snowfields", 4896, 2760, plain},
		{"city-lights.png", "city", 2304, 1728, rounded},
	}
}

// WriteSamples writes up to n sample photos (all of them if n is 0 or less) into a folder and the folders below it, and leaves alone the
// files that are there already. Each appears under its name only when it is complete. Progress, if not nil, is told before each file
// (from 0) and once at the end, when done equals of and path is empty. Writing all takes about 20 seconds on two cores and 50 MB.
func WriteSamples(dir string, n int, progress func(done, of int, path string)) error {
	list := samples()
	if n > 0 {
		list = list[:min(n, len(list))]
	}
	if progress == nil {
		progress = func(int, int, string) {}
	}
	scenes := map[string]Scene{}
	for _, s := range All() {
		scenes[s.Name] = s
	}
	for i, s := range list {
		progress(i, len(list), s.path)
		path := filepath.Join(dir, filepath.FromSlash(s.path))
		if _, err := os.Stat(path); err == nil {
			continue
		} else if !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		sc := scenes[s.scene]
		if err := writeWhole(path, s.make(sc.Draw(s.w, s.h), sc.Title)); err != nil {
			return fmt.Errorf("sample %s: %w", s.path, err)
		}
	}
	progress(len(list), len(list), "")
	return nil
}

// writeWhole writes beside the name and renames, so that a server on the folder never meets half a file.
func writeWhole(path string, data []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".sample-*")
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	err = errors.Join(err, f.Chmod(0o644), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		_ = os.Remove(f.Name()) // the first error is the one to tell
	}
	return err
}

const quality = 93

func about(title string) imgtest.EXIF {
	return imgtest.EXIF{Orientation: 1, Make: "Photofit", Model: "Painted scene", Artist: "Photofit", Copyright: "CC0: " + title,
		DateTime: "2024:05:01 06:30:00"}
}

// plain is what most cameras write, with a place that is nobody's: a weather station in the sea.
func plain(img *image.RGBA, title string) []byte {
	e := about(title)
	e.Serial, e.GPS = "PF-000042", &imgtest.Position{Lat: 0, Lon: -10, Alt: 0}
	return imgtest.JPEG(img, quality, imgtest.EXIFSegment(e.Bytes()))
}

// sideways stores an upright portrait as a phone does: lying, with orientation 6.
func sideways(img *image.RGBA, title string) []byte {
	e := about(title)
	e.Orientation = 6
	return imgtest.JPEG(imgtest.Stored(img, 6), quality, imgtest.EXIFSegment(e.Bytes()))
}

// wide takes the numbers for Display P3, which makes the colours stronger than sRGB can.
func wide(img *image.RGBA, title string) []byte {
	segs := append([]imgtest.Segment{imgtest.EXIFSegment(about(title).Bytes())}, imgtest.ICCSegments(imgtest.ICC(imgtest.DisplayP3, 4))...)
	return imgtest.JPEG(img, quality, segs...)
}

// rounded is a PNG whose corners are cut round, with soft edges and a clear outside.
func rounded(img *image.RGBA, _ string) []byte {
	b := img.Rect
	out := image.NewNRGBA(b)
	copy(out.Pix, img.Pix)
	radius := float32(b.Dy()) / 5
	for y := range b.Dy() {
		for x := range b.Dx() {
			dx := max(radius-float32(x), float32(x)-float32(b.Dx())+radius, 0)
			dy := max(radius-float32(y), float32(y)-float32(b.Dy())+radius, 0)
			out.Pix[out.PixOffset(x, y)+3] = round8(255 * clamp((radius-hypot(dx, dy))/8+.5))
		}
	}
	return imgtest.PNG(out)
}
