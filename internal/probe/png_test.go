package probe

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"image/png"
	"strings"
	"testing"
)

func deflate(b []byte) []byte {
	var out bytes.Buffer
	z := zlib.NewWriter(&out)
	z.Write(b)
	z.Close()
	return out.Bytes()
}

func TestPNGHeader(t *testing.T) {
	tests := []struct {
		depth, kind, interlace byte
		channels               int
		alpha, palette         bool
		ok                     bool
	}{
		{8, 0, 0, 1, false, false, true},
		{16, 2, 1, 3, false, false, true},
		{4, 3, 0, 1, false, true, true},
		{8, 4, 0, 2, true, false, true},
		{16, 6, 0, 4, true, false, true},
		{1, 0, 0, 1, false, false, true},
		{1, 2, 0, 0, false, false, false},
		{16, 3, 0, 0, false, false, false},
		{8, 5, 0, 0, false, false, false},
		{7, 0, 0, 0, false, false, false},
		{8, 2, 2, 0, false, false, false},
	}
	for _, tt := range tests {
		h, err := read(pngOf(300, 200, tt.depth, tt.kind, tt.interlace))
		if !tt.ok {
			if !errors.Is(err, ErrDamaged) {
				t.Errorf("%+v: %v", tt, err)
			}
			continue
		}
		if err != nil || h.Width != 300 || h.Height != 200 || h.Depth != int(tt.depth) || h.Channels != tt.channels ||
			h.Alpha != tt.alpha || h.Palette != tt.palette || h.Interlaced != (tt.interlace == 1) || !h.Lossless {
			t.Errorf("%+v: %+v, %v", tt, h, err)
		}
	}
}

func TestPNGDamaged(t *testing.T) {
	ihdr := chunk("IHDR", uint32(1), uint32(1), 8, 0, 0, 0, 0)
	const sig = "\x89PNG\r\n\x1a\n"
	for name, b := range map[string][]byte{
		"no width":       pngOf(0, 1, 8, 0, 0),
		"huge":           pngOf(1<<31, 1, 8, 0, 0),
		"no header":      cat(sig, chunk("IDAT", "x")),
		"second header":  cat(sig, ihdr, ihdr, chunk("IDAT", "x")),
		"no pixels":      cat(sig, ihdr, chunk("IEND")),
		"huge chunk":     cat(sig, ihdr, "\xff\xff\xff\xffabcd"),
		"chunks forever": cat(sig, ihdr, bytes.Repeat(chunk("juNk"), maxChunks), chunk("IDAT", "x")),
	} {
		if _, err := read(b); !errors.Is(err, ErrDamaged) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestPNGChunks(t *testing.T) {
	h := mustRead(t, pngOf(8, 8, 8, 2, 0, chunk("tRNS", "\x00\x00\x00\x00\x00\x00"), chunk("acTL", uint32(12), uint32(0))))
	if !h.Alpha || !h.Animated || h.Frames != 12 {
		t.Errorf("tRNS, acTL: %+v", h)
	}
	h = mustRead(t, pngOf(8, 8, 8, 2, 0, chunk("acTL", uint32(1), uint32(0))))
	if h.Animated || h.Frames != 1 {
		t.Errorf("one frame is a still: %+v", h)
	}
	h = mustRead(t, pngOf(8, 8, 8, 2, 0, chunk("sRGB", 0), chunk("cICP", 9, 16, 0, 1), chunk("gAMA", uint32(45455))))
	if h.Colour.Primaries != 9 || !h.Colour.HDR() || h.Colour.Gamma != 0.45455 || !h.Wide() {
		t.Errorf("cICP outweighs sRGB: %+v", h.Colour)
	}
	h = mustRead(t, pngOf(8, 8, 8, 2, 0, chunk("sRGB", 0)))
	if h.Colour.Primaries != PrimariesBT709 || h.Colour.Transfer != TransferSRGB || h.Colour.HDR() {
		t.Errorf("sRGB: %+v", h.Colour)
	}
	p3 := chunk("cHRM", uint32(31270), uint32(32900), uint32(68000), uint32(32000), uint32(26500), uint32(69000), uint32(15000), uint32(6000))
	if h = mustRead(t, pngOf(8, 8, 8, 2, 0, p3)); !h.Wide() {
		t.Errorf("cHRM: %+v", h.Colour)
	}
	exif := orientationExif(binary.BigEndian, 6)
	if h = mustRead(t, pngOf(8, 8, 8, 2, 0, chunk("eXIf", exif))); h.Orientation != 6 {
		t.Errorf("eXIf: orientation %d", h.Orientation)
	}
	if h = mustRead(t, pngOf(8, 8, 8, 2, 0, chunk("tEXt", "Copyright\x00\xa9 Ann"), chunk("tEXt", "Author\x00Ann"))); h.Rights != (Rights{Copyright: "© Ann", Creator: "Ann"}) {
		t.Errorf("tEXt: %+v", h.Rights)
	}
}

func TestPNGProfile(t *testing.T) {
	icc := matrixProfile(gamutP3, 2.2)
	h := mustRead(t, pngOf(8, 8, 8, 2, 0, chunk("iCCP", "p3\x00\x00", deflate(icc))))
	if !bytes.Equal(h.ICC, icc) || !h.Wide() {
		t.Errorf("ICC of %d bytes, wide %v", len(h.ICC), h.Wide())
	}
	for name, v := range map[string][]byte{
		"bomb":   deflate(make([]byte, maxICC+1)),
		"broken": []byte("not zlib"),
		"cut":    deflate(icc)[:20],
	} {
		if h := mustRead(t, pngOf(8, 8, 8, 2, 0, chunk("iCCP", "x\x00\x00", v))); h.ICC != nil {
			t.Errorf("%s: kept %d bytes", name, len(h.ICC))
		}
	}
}

func TestPNGXMP(t *testing.T) {
	want := Rights{Copyright: "© Ann", Statement: "https://example.org/licence"}
	plain := chunk("iTXt", pngXMP, "\x00\x00\x00\x00\x00", want.XMP())
	packed := chunk("iTXt", pngXMP, "\x00\x01\x00en\x00key\x00", deflate(want.XMP()))
	exif := chunk("eXIf", orientationExif(binary.LittleEndian, 6))
	ihdr := chunk("IHDR", uint32(8), uint32(8), 8, 2, 0, 0, 0)
	const sig = "\x89PNG\r\n\x1a\n"
	end := chunk("IEND")
	decoy := chunk("iTXt", pngXMP, "\x00\x00\x00\x00\x00", Rights{Credit: "not it"}.XMP())
	decoy[len(decoy)-1] ^= 1 // its CRC
	far := chunk("IDAT", strings.Repeat("iTXteXIf", 40000))
	for name, b := range map[string][]byte{
		"plain":                       cat(sig, ihdr, plain, far, end),
		"packed":                      cat(sig, ihdr, packed, far, end),
		"behind the pixels":           cat(sig, ihdr, chunk("IDAT", "x"), plain, exif, end),
		"far behind the pixels":       cat(sig, ihdr, far, packed, end),
		"in front of a cut chunk":     cat(sig, ihdr, chunk("IDAT", "x"), plain, exif[:len(exif)-2]),
		"behind what only looks like": cat(sig, ihdr, chunk("IDAT", decoy), plain, end),
	} {
		h := mustRead(t, b)
		if h.Rights != want {
			t.Errorf("%s: %+v", name, h.Rights)
		}
		if h.Orientation != 1 {
			t.Errorf("%s: orientation %d from behind the pixels", name, h.Orientation)
		}
	}
}

func TestPNGStandardLibrary(t *testing.T) {
	for name, tt := range map[string]struct {
		m              image.Image
		channels       int
		alpha, palette bool
	}{
		"grey":    {image.NewGray(image.Rect(0, 0, 5, 4)), 1, false, false},
		"alpha":   {image.NewNRGBA(image.Rect(0, 0, 5, 4)), 4, true, false},
		"palette": {image.NewPaletted(image.Rect(0, 0, 5, 4), color.Palette{color.Black, color.Transparent}), 1, true, true},
	} {
		var b bytes.Buffer
		if err := png.Encode(&b, tt.m); err != nil {
			t.Fatal(err)
		}
		h := mustRead(t, b.Bytes())
		if h.Width != 5 || h.Height != 4 || h.Channels != tt.channels || h.Alpha != tt.alpha || h.Palette != tt.palette {
			t.Errorf("%s: %+v", name, h)
		}
	}
}
