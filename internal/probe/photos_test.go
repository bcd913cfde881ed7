package probe

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// photosFolder is where real camera photos lie.
func photosFolder(t *testing.T) string {
	dir := os.Getenv("PHOTOFIT_TEST_PHOTOS")
	if dir == "" {
		t.Skip("PHOTOFIT_TEST_PHOTOS is not set: NOT tested on real camera photos")
	}
	return dir
}

func TestCameraPhotos(t *testing.T) {
	dir := photosFolder(t)
	tests := []struct {
		file       string
		typ        Type
		w, h       int
		o          int
		samples    int64 // × 2 of a pixel for JPEGs: 2, 3, 4 or 6
		wide, srgb bool
		prog, gain bool
		name       string
	}{
		{"p24.jpg", JPEG, 4000, 6000, 1, 36000000, false, true, false, false, "sRGB IEC61966-2.1"},
		{"p24.webp", WebP, 4000, 6000, 1, 0, false, false, false, false, ""},
		{"p22_5dm3.jpg", JPEG, 5760, 3840, 1, 66355200, false, true, false, false, "sRGB IEC61966-2.1"},
		{"p16_leica_o8.jpg", JPEG, 4928, 3264, 8, 32169984, false, false, false, false, ""},
		{"p12_s7.jpg", JPEG, 4032, 3024, 1, 24385536, false, false, false, false, ""},
		{"p10_canon_o6.jpg", JPEG, 3888, 2592, 6, 20155392, false, false, false, false, ""},
		{"p20_70d.avif", AVIF, 5472, 3648, 1, 0, false, false, false, false, ""},
		{"p12_iphonexs_p3_o6.jpg", JPEG, 4032, 3024, 6, 18289152, true, false, false, false, "Display P3"},
		{"p2_adobergb.jpg", JPEG, 1900, 1263, 1, 7219968, true, false, true, false, "Adobe RGB (1998)"},
		{"p8_ultrahdr.jpg", JPEG, 3840, 2160, 1, 12441600, false, true, false, true, "sRGB Gamut with sRGB Transfer"},
		{"giant280mp.jpg", JPEG, 20000, 14000, 1, 280000000, false, false, false, false, ""},
		{"alpha.png", PNG, 2048, 1536, 1, 0, false, false, false, false, ""},
		{"anim.gif", GIF, 80, 80, 1, 0, false, false, false, false, ""},
	}
	for _, tt := range tests {
		b, err := os.ReadFile(filepath.Join(dir, tt.file))
		if err != nil {
			t.Error(err)
			continue
		}
		c := &counter{b: b}
		h, err := Read(c, int64(len(b)))
		if err != nil {
			t.Errorf("%s: %v", tt.file, err)
			continue
		}
		if h.Type != tt.typ || h.Width != tt.w || h.Height != tt.h || h.Orientation != tt.o || h.Samples != tt.samples {
			t.Errorf("%s: %v %d × %d, orientation %d, %d samples", tt.file, h.Type, h.Width, h.Height, h.Orientation, h.Samples)
		}
		p := h.Colour.Profile
		if h.Wide() != tt.wide || p.IsSRGB() != tt.srgb || p.Description != tt.name {
			t.Errorf("%s: wide %v, sRGB %v, profile %+v", tt.file, h.Wide(), p.IsSRGB(), p)
		}
		if h.Progressive != tt.prog || h.MultiScan != tt.prog || h.GainMap != tt.gain {
			t.Errorf("%s: progressive %v, multi-scan %v, gain map %v", tt.file, h.Progressive, h.MultiScan, h.GainMap)
		}
		if h.Alpha != (tt.file == "alpha.png" || tt.file == "anim.gif") || h.Animated != (tt.file == "anim.gif") {
			t.Errorf("%s: alpha %v, animated %v", tt.file, h.Alpha, h.Animated)
		}
		if c.calls > 2 || c.bytes > 2*firstRead {
			t.Errorf("%s: %d reads of %d bytes", tt.file, c.calls, c.bytes)
		}
		checkRights(t, h.Rights)
	}
}

func TestCameraHEIC(t *testing.T) {
	b, err := os.ReadFile(filepath.Join(photosFolder(t), "p12_iphone13.heic"))
	if err != nil {
		t.Fatal(err)
	}
	if h, err := read(b); !errors.Is(err, ErrUnsupported) || h.Type != HEIC {
		t.Errorf("%v, %v", h.Type, err)
	}
}

// TestCameraPrefixes reads the beginnings of real files, whole and damaged.
func TestCameraPrefixes(t *testing.T) {
	dir := photosFolder(t)
	for _, name := range []string{"anim.gif", "p20_70d.avif", "p12_iphone13.heic", "p8_ultrahdr.jpg"} {
		b, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		for n := range min(len(b), 6000) {
			checkRead(t, b[:n])
		}
	}
}
