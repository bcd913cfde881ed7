package probe

import (
	"bytes"
	"encoding/binary"
	"errors"
	"testing"
)

func TestWebP(t *testing.T) {
	exif := riff("EXIF", orientationExif(binary.LittleEndian, 6))
	anmf := riff("ANMF", make([]byte, 16), vp8(20, 10))
	lossless := riff("ANMF", make([]byte, 16), vp8l(20, 10, 1))
	tests := []struct {
		name                      string
		file                      []byte
		w, h, orientation, frames int
		lossless, alpha, animated bool
	}{
		{"lossy", webpOf(vp8(300, 200)), 300, 200, 1, 1, false, false, false},
		{"lossless", webpOf(vp8l(16383, 16384, 0)), 16383, 16384, 1, 1, true, false, false},
		{"lossless with alpha", webpOf(vp8l(1, 1, 1)), 1, 1, 1, 1, true, true, false},
		{"extended", webpOf(vp8x(0x18, 20, 10), riff("ALPH", "abc"), vp8(20, 10), exif), 20, 10, 6, 1, false, true, false},
		{"extended lossless", webpOf(vp8x(0x00, 20, 10), vp8l(20, 10, 0)), 20, 10, 1, 1, true, false, false},
		{"exif with JPEG's mark", webpOf(vp8x(0x08, 20, 10), vp8(20, 10), riff("EXIF", exifMark, orientationExif(binary.LittleEndian, 8))), 20, 10, 8, 1, false, false, false},
		{"exif not told in front", webpOf(vp8x(0x00, 20, 10), vp8(20, 10), exif), 20, 10, 1, 1, false, false, false},
		{"animated", webpOf(vp8x(0x02, 20, 10), riff("ANIM", "abcdef"), anmf, anmf, anmf), 20, 10, 1, 3, false, false, true},
		{"animated lossless", webpOf(vp8x(0x12, 16777216, 10), riff("ANIM", "abcdef"), lossless, lossless), 16777216, 10, 1, 2, true, true, true},
		{"animated, cut", webpOf(vp8x(0x02, 20, 10), anmf, anmf[:20]), 20, 10, 1, 2, false, false, true},
	}
	for _, tt := range tests {
		h, err := read(tt.file)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		if h.Type != WebP || h.Width != tt.w || h.Height != tt.h || h.Orientation != tt.orientation || h.Frames != tt.frames ||
			h.Lossless != tt.lossless || h.Alpha != tt.alpha || h.Animated != tt.animated || h.FramesCut {
			t.Errorf("%s: %+v", tt.name, h)
		}
	}
}

func TestWebPDamaged(t *testing.T) {
	interframe := vp8(20, 10)
	interframe[8] |= 1
	noMark := vp8l(20, 10, 0)
	noMark[8] = 0
	version := vp8l(20, 10, 0)
	version[12] |= 0xE0
	for name, b := range map[string][]byte{
		"no key frame":        webpOf(interframe),
		"no width":            webpOf(vp8(0, 10)),
		"no signature":        webpOf(noMark),
		"version":             webpOf(version),
		"other chunk":         webpOf(riff("ABCD", "abcdefghij")),
		"short VP8X":          webpOf(riff("VP8X", "abcd"), vp8(20, 10)),
		"no pixels":           webpOf(vp8x(0, 20, 10), riff("ICCP", "abc")),
		"other size inside":   webpOf(vp8x(0, 20, 10), vp8(2000, 1000)),
		"cut in front of one": webpOf(vp8x(0, 20, 10), vp8(20, 10)[:12]),
	} {
		if h, err := read(b); !errors.Is(err, ErrDamaged) {
			t.Errorf("%s: %+v, %v", name, h, err)
		}
	}
}

func TestWebPMetadata(t *testing.T) {
	icc := matrixProfile(gamutP3, 2.2)
	want := Rights{Copyright: "© Ann", Creator: "Ann", Terms: "ask"}
	h := mustRead(t, webpOf(vp8x(0x2C, 20, 10), riff("ICCP", icc), vp8(20, 10),
		riff("EXIF", want.EXIF()[6:]), riff("XMP ", want.XMP())))
	if !bytes.Equal(h.ICC, icc) || !h.Wide() || h.Rights != want {
		t.Errorf("%+v", h)
	}
}
