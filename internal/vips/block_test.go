package vips

import (
	"os"
	"path/filepath"
	"testing"
)

// What is hostile can name any of libvips's hundred decoders, were they not
// blocked: some read other files, some run scripts.
func TestOtherDecodersAreBlocked(t *testing.T) {
	files := map[string]struct {
		loaders []string
		data    string
	}{
		"PPM":           {[]string{"ppmload_buffer"}, "P6\n2 1\n255\nabcdef"},
		"SVG":           {[]string{"svgload_buffer"}, `<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"><rect width="4" height="4"/></svg>`},
		"PDF":           {[]string{"pdfload_buffer"}, "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj"},
		"HDR":           {[]string{"radload_buffer"}, "#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y 1 +X 1\nabcd"},
		"ImageMagick's": {[]string{"magickload_buffer"}, "BM\x3a\x00\x00\x00\x00\x00\x00\x00\x36\x00\x00\x00\x28\x00\x00\x00\x01\x00\x00\x00\x01\x00\x00\x00\x01\x00\x18\x00"},
		"JPEG XL":       {[]string{"jxlload_buffer"}, "\xff\x0a\x00\x00"},
	}
	for name, f := range files {
		j := newJob(t)
		for _, loader := range f.loaders {
			if _, err := j.image(loader, Args{"buffer": []byte(f.data)}); err == nil {
				t.Errorf("%s opened a %s file", loader, name)
			}
		}
		// No decoder that is open takes it for its own either.
		for _, loader := range []Loader{LoadJPEG, LoadPNG, LoadWebP, LoadGIF, LoadTIFF, LoadHEIF} {
			im, err := j.Load(loader, []byte(f.data), LoadOptions{})
			if err == nil {
				_, err = im.Pixels()
			}
			if err == nil {
				t.Errorf("%s decoded a %s file", loader, name)
			}
		}
	}
}

// A refusal proves nothing if the file would not have loaded anyway.
func TestBlockingIsWhatStopsThem(t *testing.T) {
	csv := filepath.Join(t.TempDir(), "numbers.csv")
	if err := os.WriteFile(csv, []byte("1,2\n3,4\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	svg := []byte(`<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"><rect width="4" height="4"/></svg>`)
	lib := library(t)
	tried := 0
	for _, tt := range []struct {
		class, op string
		args      Args
	}{
		{"VipsForeignLoadCsv", "csvload", Args{"filename": csv}},
		{"VipsForeignLoadMatrix", "matrixload", Args{"filename": csv}},
		{"VipsForeignLoadSvg", "svgload_buffer", Args{"buffer": svg}},
		{"VipsForeignLoadPpm", "ppmload_buffer", Args{"buffer": []byte("P6\n2 1\n255\nabcdef")}},
	} {
		j := newJob(t)
		lib.c.blockSet(tt.class, 0)
		_, err := j.image(tt.op, tt.args)
		lib.c.blockSet(tt.class, 1)
		if err != nil {
			continue // not in this libvips
		}
		tried++
		if _, err := j.image(tt.op, tt.args); err == nil {
			t.Errorf("%s loads when it is allowed, and when it is blocked, too", tt.op)
		}
	}
	if tried == 0 {
		t.Error("nothing could be loaded even when it was allowed: this proves nothing")
	}
}

func TestDecodersThatAreOffered(t *testing.T) {
	j := newJob(t)
	file := pngFile(t, 5, 4)
	im := must[*Image](t)(j.Load(LoadPNG, file, LoadOptions{}))
	if im.Width() != 5 || im.Height() != 4 {
		t.Errorf("a PNG of 5 × 4 is %d × %d", im.Width(), im.Height())
	}
	for _, loader := range []Loader{LoadJPEG, LoadWebP, LoadGIF, LoadTIFF, LoadHEIF} {
		if _, err := j.Load(loader, file, LoadOptions{}); err == nil {
			t.Errorf("%s took a PNG", loader)
		}
	}
}
