package probe

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/gif"
	"testing"
)

// frameOf is an image block of w × h pixels with a small colour table.
func frameOf(w, h int, flags byte) []byte {
	return cat(",\x00\x00\x00\x00", w, w>>8, h, h>>8, flags, "\x02\x02ab\x01c\x00")
}

func TestGIFWalk(t *testing.T) {
	const head = "GIF89a\x0a\x00\x14\x00\x00\x00\x00"
	control := func(flags int) []byte { return cat("\x21\xf9\x04", flags, "\x00\x00\x00\x00") }
	loop := "\x21\xff\x0bNETSCAPE2.0\x03\x01\x00\x00\x00"
	table := cat("GIF89a\x0a\x00\x14\x00\x81\x00\x00", make([]byte, 12))
	tests := []struct {
		name       string
		file       []byte
		frames     int
		alpha      bool
		interlaced bool
		w, h       int
	}{
		{"one", cat(head, frameOf(10, 20, 0), ";"), 1, false, false, 10, 20},
		{"tables", cat(table, cat(",\x00\x00\x00\x00\x0a\x00\x14\x00\x80abcdef", "\x02\x01a\x00"), frameOf(10, 20, 0), ";"), 2, false, false, 10, 20},
		{"interlaced, transparent", cat(head, loop, control(1), frameOf(10, 20, 0x40), control(0), frameOf(10, 20, 0), ";"), 2, true, true, 10, 20},
		{"no end", cat(head, frameOf(10, 20, 0), frameOf(10, 20, 0)), 2, false, false, 10, 20},
		{"cut in the second", cat(head, frameOf(10, 20, 0), frameOf(10, 20, 0)[:12]), 2, false, false, 10, 20},
		{"rubbish behind", cat(head, frameOf(10, 20, 0), "rubbish,"), 1, false, false, 10, 20},
		{"padding", cat(head, frameOf(10, 20, 0), "\x00\x00", frameOf(10, 20, 0), ";"), 2, false, false, 10, 20},
		{"no screen", cat("GIF89a\x00\x00\x00\x00\x00\x00\x00", frameOf(300, 400, 0), ";"), 1, false, false, 300, 400},
	}
	for _, tt := range tests {
		h, err := read(tt.file)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		if h.Frames != tt.frames || h.Animated != (tt.frames > 1) || h.Alpha != tt.alpha || h.Interlaced != tt.interlaced ||
			h.Width != tt.w || h.Height != tt.h || h.FramesCut || !h.Palette {
			t.Errorf("%s: %+v", tt.name, h)
		}
	}
	for name, b := range map[string][]byte{
		"no frame": cat(head, loop, ";"),
		"cut":      []byte(head[:9]),
		"no size":  cat("GIF89a\x00\x00\x00\x00\x00\x00\x00", frameOf(0, 0, 0), ";"),
	} {
		if _, err := read(b); !errors.Is(err, ErrDamaged) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestGIFCountStops(t *testing.T) {
	const head = "GIF89a\x0a\x00\x14\x00\x00\x00\x00"
	h := mustRead(t, cat(head, bytes.Repeat(frameOf(1, 1, 0), maxGIFFrames+5), ";"))
	if h.Frames != maxGIFFrames || !h.FramesCut {
		t.Errorf("by number: %d, cut %v", h.Frames, h.FramesCut)
	}
	big := cat(head, frameOf(1, 1, 0), "\x21\xfe", bytes.Repeat(append([]byte{255}, make([]byte, 255)...), maxRead/256), "\x00", frameOf(1, 1, 0), ";")
	h = mustRead(t, big)
	if h.Frames != 1 || !h.FramesCut {
		t.Errorf("by bytes: %d, cut %v", h.Frames, h.FramesCut)
	}
}

func TestGIFXMP(t *testing.T) {
	want := Rights{Copyright: "© Ann", Credit: "Ann"}
	trailer := []byte{1}
	for i := range 256 {
		trailer = append(trailer, byte(255-i))
	}
	trailer = append(trailer, 0)
	h := mustRead(t, cat("GIF89a\x0a\x00\x14\x00\x00\x00\x00\x21\xff\x0bXMP DataXMP", want.XMP(), trailer, frameOf(10, 20, 0), ";"))
	if h.Rights != want || h.Frames != 1 {
		t.Errorf("%+v, %d frames", h.Rights, h.Frames)
	}
}

func TestGIFStandardLibrary(t *testing.T) {
	m := image.NewPaletted(image.Rect(0, 0, 40, 30), color.Palette{color.Black, color.White})
	g := &gif.GIF{Image: []*image.Paletted{m, m, m}, Delay: []int{1, 1, 1}}
	var b bytes.Buffer
	if err := gif.EncodeAll(&b, g); err != nil {
		t.Fatal(err)
	}
	if h := mustRead(t, b.Bytes()); h.Width != 40 || h.Height != 30 || h.Frames != 3 || !h.Animated {
		t.Errorf("%+v", h)
	}
}
