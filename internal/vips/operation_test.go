package vips

import (
	"errors"
	"strings"
	"testing"
)

func TestWrongPropertyIsAClearError(t *testing.T) {
	j := newJob(t)
	im := picture(t, j, 4, 4, 3)
	for _, tt := range []struct {
		name string
		op   string
		args Args
		want string
	}{
		{"unknown name", "resize", Args{"in": im, "scale": 1.0, "size": 2}, `resize: there is no property "size"`},
		{"text for a number", "resize", Args{"in": im, "scale": "half"}, `resize: property "scale": a string does not fit`},
		{"number for an image", "flip", Args{"in": 3}, `flip: property "in": a int does not fit`},
		{"image for a number", "rot", Args{"in": im, "angle": im}, `rot: property "angle": a *vips.Image does not fit`},
		{"float for a switch", "gifsave_buffer", Args{"in": im, "reuse": 1.5}, `a float64 does not fit`},
		{"switch for a number", "resize", Args{"in": im, "scale": true}, `a bool does not fit`},
		{"bytes for text", "icc_transform", Args{"in": im, "output_profile": []byte("srgb")}, `a []uint8 does not fit`},
		{"no bytes", "jpegload_buffer", Args{"buffer": []byte{}}, `a []uint8 does not fit`},
		{"no numbers", "flatten", Args{"in": im, "background": []float64{}}, `a []float64 does not fit`},
		{"no images", "arrayjoin", Args{"in": []*Image{}}, `a []*vips.Image does not fit`},
		{"unheard-of type", "resize", Args{"in": im, "scale": 1 + 2i}, `a complex128 does not fit`},
		{"more than int32 holds", "extract_area", Args{"input": im, "left": 1 << 40, "top": 0, "width": 1, "height": 1}, `property "left"`},
		{"outside the property's range", "jpegsave_buffer", Args{"in": im, "Q": 101}, `property "Q"`},
		{"no such output", "jpegsave_buffer", Args{"in": im}, `there is no output "out"`},
		{"no such operation", "resizes", Args{"in": im}, "resizes:"},
	} {
		_, err := j.image(tt.op, tt.args)
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %s", tt.name, err, tt.want)
		}
	}
}

func TestFailureNamesItsOperation(t *testing.T) {
	j := newJob(t)
	im := picture(t, j, 4, 4, 3)
	_, err := im.Extract(2, 2, 4, 4)
	var e *Error
	if !errors.As(err, &e) || e.Op != "extract_area" || e.Text == "" || strings.Contains(e.Text, "\n") {
		t.Errorf("a window that is too large: %#v", err)
	}
	if _, err := j.FromPixels(make([]byte, 11), 2, 2, 3); !errors.As(err, &e) {
		t.Errorf("pixels that do not fill the size: %v", err)
	}
	if _, err := j.FromPixels(nil, 0, 0, 3); !errors.As(err, &e) {
		t.Errorf("no pixels: %v", err)
	}
}

// Words that nobody took, as libvips leaves them when all goes well, too, must
// not crowd out those of the next failure.
func TestErrorTextIsTheNewest(t *testing.T) {
	lib := library(t)
	lib.c.operationNew("no-such-operation")
	j := newJob(t)
	if text := lib.lastError(); text != "no reason given" {
		t.Errorf("a new job inherits %q", text)
	}
	for range 2000 {
		lib.c.operationNew("no-such-operation")
	}
	_, err := j.FromPixels([]byte{1, 2}, 1, 1, 2)
	if err != nil {
		t.Fatal(err)
	}
	if text := lib.lastError(); len(text) > maxErrorText+4 || !strings.Contains(text, "no-such-operation") {
		t.Errorf("%d bytes: %q", len(text), text)
	}
}
