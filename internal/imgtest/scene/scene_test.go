package scene

import (
	"bytes"
	"hash/crc32"
	"image"
	"image/jpeg"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"photofit/internal/imgtest"
)

func TestScenesAreDeterministic(t *testing.T) {
	if n := len(All()); n < 12 {
		t.Errorf("%d scenes, want a dozen at least", n)
	}
	seen := map[uint32]string{}
	for _, s := range All() {
		a := s.Draw(90, 60)
		before := runtime.GOMAXPROCS(1) // how the work is shared out must not show
		b := s.Draw(90, 60)
		runtime.GOMAXPROCS(before)
		if !bytes.Equal(a.Pix, b.Pix) {
			t.Errorf("%s: drawn twice, it differs", s.Name)
		}
		sum := crc32.ChecksumIEEE(a.Pix)
		if other, ok := seen[sum]; ok {
			t.Errorf("%s and %s are the same picture", s.Name, other)
		}
		seen[sum] = s.Name
	}
}

// What makes them photo-like is measurable: a mid exposure, a spread of tones, little clipping, fine noise, and a weight as a JPEG near a
// camera's.
func TestScenesLookLikePhotos(t *testing.T) {
	for _, s := range All() {
		const w, h = 360, 240
		img := s.Draw(w, h)
		if img.Rect != image.Rect(0, 0, w, h) || !img.Opaque() {
			t.Errorf("%s: %v, opaque %v", s.Name, img.Rect, img.Opaque())
		}
		var hist [256]int
		still := 0
		for i := 0; i < len(img.Pix); i += 4 {
			hist[img.Pix[i+1]]++
			if i > 0 && bytes.Equal(img.Pix[i:i+3], img.Pix[i-4:i-1]) {
				still++
			}
		}
		tones, clipped := 0, hist[255]
		for _, n := range hist {
			if n > w*h/10000 {
				tones++
			}
		}
		mean := imgtest.MeanRGB(img)
		if light := (mean[0] + mean[1] + mean[2]) / 3; light < 18 || light > 215 {
			t.Errorf("%s: mean light %.0f", s.Name, light)
		}
		if tones < 90 {
			t.Errorf("%s: only %d tones", s.Name, tones)
		}
		if clipped > w*h/20 {
			t.Errorf("%s: %d pixels are burnt out", s.Name, clipped)
		}
		if still > w*h/6 {
			t.Errorf("%s: %d pixels equal their neighbour: no noise", s.Name, still)
		}
		if bits := float64(len(imgtest.JPEG(img, quality))*8) / (w * h); bits < .7 || bits > 5 {
			t.Errorf("%s: %.2f bits per pixel as a JPEG", s.Name, bits)
		}
	}
}

// The composition does not depend on the size, nor on whether light is reckoned at half size.
func TestSizesShowTheSamePicture(t *testing.T) {
	for _, s := range All() {
		if s.Name == "milkyway" || s.Name == "aurora" || s.Name == "city" {
			continue // small lights come and go
		}
		small := s.Draw(210, 140)
		f := s.paint(105, 70).develop(210, 140)
		a, b := imgtest.MeanRGB(small), imgtest.MeanRGB(f)
		for i := range a {
			if d := a[i] - b[i]; d > 6 || d < -6 {
				t.Errorf("%s: mean colours %.0f and %.0f", s.Name, a, b)
				break
			}
		}
		if r := imgtest.RMS(small, f); r > 30 {
			t.Errorf("%s: half the light is %.1f away", s.Name, r)
		}
	}
}

func TestOddSizes(t *testing.T) {
	for _, s := range All() {
		for _, size := range [][2]int{{1, 1}, {1, 40}, {40, 1}, {3, 2}, {33, 77}} {
			if img := s.Draw(size[0], size[1]); img.Rect.Dx() != size[0] || img.Rect.Dy() != size[1] {
				t.Errorf("%s at %v: %v", s.Name, size, img.Rect)
			}
		}
	}
}

func TestSampleScenesExist(t *testing.T) {
	have := map[string]bool{}
	for _, s := range All() {
		have[s.Name] = true
	}
	total := 0
	for _, s := range samples() {
		if !have[s.scene] {
			t.Errorf("%s: no scene %q", s.path, s.scene)
		}
		total++
	}
	if total < 12 {
		t.Errorf("%d samples", total)
	}
}

// The writers are tried on a small picture: the real ones take long.
func TestSampleKinds(t *testing.T) {
	img := imgtest.OrientationChart(320, 400)
	plainMeta, err := imgtest.JPEGMetadata(plain(img, "Title"))
	if err != nil {
		t.Fatal(err)
	}
	if e, err := imgtest.ParseEXIF(plainMeta.EXIF); err != nil || e.GPS == nil || e.Serial == "" || e.Copyright != "CC0: Title" {
		t.Errorf("plain: %+v, %v", e, err)
	}
	wideMeta, err := imgtest.JPEGMetadata(wide(img, "Title"))
	if err != nil || !bytes.Equal(wideMeta.ICC, imgtest.ICC(imgtest.DisplayP3, 4)) {
		t.Errorf("wide: profile of %d bytes, %v", len(wideMeta.ICC), err)
	}
	lying := sideways(img, "Title")
	stored, err := jpeg.Decode(bytes.NewReader(lying))
	if err != nil || stored.Bounds().Size() != image.Pt(400, 320) {
		t.Fatalf("sideways: %v", err)
	}
	if o, err := imgtest.Orientation(stored); o != 6 || err != nil {
		t.Errorf("sideways: pixels want orientation %d, %v", o, err)
	}
	cut, _, err := image.Decode(bytes.NewReader(rounded(img, "")))
	if err != nil {
		t.Fatal(err)
	}
	if _, _, _, a := cut.At(0, 0).RGBA(); a != 0 {
		t.Errorf("rounded: corner has alpha %d", a)
	}
	if _, _, _, a := cut.At(160, 200).RGBA(); a != 0xFFFF {
		t.Errorf("rounded: middle has alpha %d", a)
	}
}

func TestWriteSamplesKeepsWhatIsThere(t *testing.T) {
	dir := t.TempDir()
	for _, s := range samples() { // all are there but hold something else
		if err := writeWhole(filepath.Join(dir, filepath.FromSlash(s.path)), []byte("mine")); err != nil {
			t.Fatal(err)
		}
	}
	var told []string
	if err := WriteSamples(dir, 3, func(done, of int, path string) { told = append(told, path) }); err != nil {
		t.Fatal(err)
	}
	if len(told) != 4 || told[0] != samples()[0].path || told[3] != "" {
		t.Errorf("progress told %q", told)
	}
	files := 0
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		files++
		if b, err := os.ReadFile(path); string(b) != "mine" || err != nil {
			t.Errorf("%s was touched", path)
		}
		return nil
	})
	if err != nil || files != len(samples()) {
		t.Errorf("%d files, %v: something was left lying about", files, err)
	}
}

func TestWriteSamplesSaysWhatFailed(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := WriteSamples(file, 1, nil); err == nil {
		t.Error("a file as the folder gave no error")
	}
}

func BenchmarkScenes(b *testing.B) {
	for _, s := range All() {
		b.Run(s.Name, func(b *testing.B) {
			b.SetBytes(24e6) // MB/s reads as megapixels a second
			for b.Loop() {
				s.Draw(6000, 4000)
			}
		})
	}
}
