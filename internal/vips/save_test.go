package vips

import (
	"bytes"
	"slices"
	"testing"
)

// savers are all encoders, with the decoder of what they write.
var savers = []struct {
	name  string
	save  func(*Image) ([]byte, error)
	load  Loader
	exact bool // without loss
	alpha bool // keeps transparency
}{
	{"JPEG", func(im *Image) ([]byte, error) { return im.SaveJPEG(95, true) }, LoadJPEG, false, false},
	{"JPEG 4:2:0", func(im *Image) ([]byte, error) { return im.SaveJPEG(95, false) }, LoadJPEG, false, false},
	{"progressive JPEG", func(im *Image) ([]byte, error) { return im.SaveProgressiveJPEG(95) }, LoadJPEG, false, false},
	{"WebP", func(im *Image) ([]byte, error) { return im.SaveWebP(95, 2) }, LoadWebP, false, true},
	{"AVIF", func(im *Image) ([]byte, error) { return im.SaveAVIF(95, 0) }, LoadHEIF, false, true},
	{"PNG", func(im *Image) ([]byte, error) { return im.SavePNG(6) }, LoadPNG, true, true},
}

// soft is a picture of few details, which lossy encoders keep.
func soft(t testing.TB, j *Job, w, h, bands int) (*Image, []byte) {
	t.Helper()
	p := make([]byte, 0, w*h*bands)
	for y := range h {
		for x := range w {
			v := byte(40 + 120*x/w + 60*y/h)
			p = append(p, []byte{v, v, v, 255}[:bands]...)
		}
	}
	return must[*Image](t)(j.FromPixels(p, w, h, bands)), p
}

func TestSaveAndLoad(t *testing.T) {
	for _, s := range savers {
		for _, bands := range []int{1, 3, 4} {
			if bands == 4 && !s.alpha {
				continue
			}
			j := newJob(t)
			im, want := soft(t, j, 64, 48, bands)
			file, err := s.save(im)
			if err != nil {
				t.Errorf("%s of %d bands: %v", s.name, bands, err)
				continue
			}
			back := must[*Image](t)(j.Load(s.load, file, LoadOptions{}))
			if back.Width() != 64 || back.Height() != 48 {
				t.Errorf("%s of %d bands: %d × %d", s.name, bands, back.Width(), back.Height())
			}
			if back.Format() != UChar { // an AVIF of 10 bits
				space := SRGB
				if back.Bands() < 3 {
					space = BW
				}
				back = must[*Image](t)(back.Colourspace(space))
			}
			got := must[[]byte](t)(back.Pixels())
			by := 6
			if s.exact {
				by = 0
			}
			if n := back.Bands(); n != bands { // some formats know no grey
				first := want
				want = nil
				for i := 0; i < len(first); i += bands {
					want = append(want, first[i], first[i], first[i])
				}
			}
			if !near(got, want, by) {
				t.Errorf("%s of %d bands: the pixels are others", s.name, bands)
			}
		}
	}
}

func TestDescribeLeavesOnlyRights(t *testing.T) {
	profile := func(j *Job) *Image {
		im, _ := soft(t, j, 32, 32, 3)
		return must[*Image](t)(im.Transform(ProfileP3))
	}
	xmp := []byte("<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"/>")
	for _, keep := range []bool{true, false} {
		for _, s := range savers {
			j := newJob(t)
			im := must[*Image](t)(profile(j).Describe(Rights{XMP: []byte("old, secret")}, true))
			im = must[*Image](t)(im.Describe(Rights{XMP: xmp}, keep))
			file, err := s.save(im)
			if err != nil {
				t.Fatalf("%s: %v", s.name, err)
			}
			if bytes.Contains(file, []byte("secret")) {
				t.Errorf("%s carries the old XMP", s.name)
			}
			if bytes.Contains(file, []byte("II*\x00")) {
				t.Errorf("%s carries an EXIF block that nobody gave it", s.name)
			}
			back := must[*Image](t)(j.Load(s.load, file, LoadOptions{}))
			if !back.has(metaXMP) || s.load != LoadPNG && !bytes.Contains(file, xmp) { // a PNG's is deflated
				t.Errorf("%s lost the XMP", s.name)
			}
			if back.HasProfile() != keep {
				t.Errorf("%s: it has a profile: %t, want %t", s.name, back.HasProfile(), keep)
			}
		}
	}
}

func TestDescribeWritesExif(t *testing.T) {
	exif := []byte("Exif\x00\x00II*\x00\x08\x00\x00\x00\x01\x00\x98\x82\x02\x00\x08\x00\x00\x00\x1a\x00\x00\x00\x00\x00\x00\x00(c) Ann\x00")
	for _, s := range savers {
		j := newJob(t)
		im, _ := soft(t, j, 32, 32, 3)
		im = must[*Image](t)(im.Describe(Rights{Exif: exif}, false))
		if file := must[[]byte](t)(s.save(im)); !bytes.Contains(file, []byte("(c) Ann\x00")) {
			t.Errorf("%s lost the copyright", s.name)
		}
	}
}

func TestDescribeLeavesTheOriginalAlone(t *testing.T) {
	j := newJob(t)
	im, _ := soft(t, j, 8, 8, 3)
	im = must[*Image](t)(im.Transform(ProfileP3))
	before := im.fields()
	must[*Image](t)(im.Describe(Rights{XMP: []byte("<x/>")}, false))
	if after := im.fields(); !slices.Equal(before, after) {
		t.Errorf("fields were %q, are %q", before, after)
	}
}

func TestLoadOptions(t *testing.T) {
	j := newJob(t)
	im, _ := soft(t, j, 161, 97, 3)
	jpeg := must[[]byte](t)(im.SaveJPEG(80, false))
	webp := must[[]byte](t)(im.SaveWebP(80, 0))
	for _, tt := range []struct {
		loader Loader
		file   []byte
		o      LoadOptions
		w, h   int
	}{
		{LoadJPEG, jpeg, LoadOptions{}, 161, 97},
		{LoadJPEG, jpeg, LoadOptions{Shrink: 1}, 161, 97},
		{LoadJPEG, jpeg, LoadOptions{Shrink: 2}, 81, 49},
		{LoadJPEG, jpeg, LoadOptions{Shrink: 8, Scale: .5}, 21, 13},
		{LoadWebP, webp, LoadOptions{}, 161, 97},
		{LoadWebP, webp, LoadOptions{Scale: 1, Shrink: 4}, 161, 97},
		{LoadWebP, webp, LoadOptions{Scale: .5}, 81, 49},
	} {
		got := must[*Image](t)(j.Load(tt.loader, tt.file, tt.o))
		// libvips rounds the edge of a shrunk JPEG its own way.
		if w, h := got.Width(), got.Height(); w < tt.w-1 || w > tt.w || h < tt.h-1 || h > tt.h {
			t.Errorf("%s %+v: %d × %d, want %d × %d", tt.loader, tt.o, w, h, tt.w, tt.h)
		}
	}
}

func TestFilmKeepsItsFrames(t *testing.T) {
	j := newJob(t)
	var pixels []byte
	for _, v := range []byte{40, 200, 90} {
		pixels = append(pixels, bytes.Repeat([]byte{v}, 3*16*16)...)
	}
	strip := must[*Image](t)(j.FromPixels(pixels, 16, 48, 3))
	strip = must[*Image](t)(strip.Describe(Rights{}, false))
	strip.SetPageHeight(16)
	if strip.PageHeight() != 16 {
		t.Errorf("a frame is %d high", strip.PageHeight())
	}
	file := must[[]byte](t)(strip.SaveWebP(90, 0))
	for frames, height := range map[int]int{0: 16, 1: 16, 3: 48} {
		back := must[*Image](t)(j.Load(LoadWebP, file, LoadOptions{Frames: frames}))
		if back.Height() != height || back.PageHeight() != 16 {
			t.Errorf("%d frames are %d high, of %d", frames, back.Height(), back.PageHeight())
		}
	}
}
