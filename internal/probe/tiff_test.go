package probe

import (
	"bytes"
	"encoding/binary"
	"errors"
	"strings"
	"testing"
)

var tiffOrders = []binary.ByteOrder{binary.LittleEndian, binary.BigEndian}

func basicTIFF(o binary.ByteOrder, w, h int, more ...field) []field {
	return append([]field{long(o, tagWidth, w), long(o, tagHeight, h)}, more...)
}

func TestTIFF(t *testing.T) {
	for _, o := range tiffOrders {
		bits := make([]byte, 6)
		for i := range 3 {
			o.PutUint16(bits[2*i:], 16)
		}
		icc := matrixProfile(gamutAdobe, 2.2)
		iptc := cat("\x1c\x02\x6e\x00\x06Credit")
		want := Rights{Copyright: "© Ann", Creator: "Ann", Credit: "Credit"}
		first := basicTIFF(o, 70000, 30,
			field{tag: tagBits, kind: 3, value: bits},
			short(o, tagCompression, 5), short(o, tagPhotometric, 2), short(o, tagOrientation, 8),
			short(o, tagSamples, 3), short(o, tagRows, 7), short(o, tagPlanar, 2),
			ascii(tagArtist, "Ann"),
			field{tag: tagIPTC, kind: 7, value: iptc},
			field{tag: tagICC, kind: 7, value: icc},
			ascii(tagCopyright, "© Ann"))
		h := mustRead(t, tiffOf(o, 3, first, basicTIFF(o, 1, 1), basicTIFF(o, 2, 2)))
		if h.Type != TIFF || h.Width != 70000 || h.Height != 30 || h.Depth != 16 || h.Channels != 3 || h.Orientation != 8 ||
			h.BlockWidth != 70000 || h.BlockHeight != 7 || !h.Planar || h.Pages != 3 || h.PagesCut || !h.Lossless || h.Alpha {
			t.Errorf("%v: %+v", o, h)
		}
		if h.Rights != want || !bytes.Equal(h.ICC, icc) || !h.Wide() {
			t.Errorf("%v: %+v", o, h.Rights)
		}
		if w, ht := h.Size(); w != 30 || ht != 70000 {
			t.Errorf("%v: upright %d × %d", o, w, ht)
		}
	}
}

func TestTIFFColour(t *testing.T) {
	o := binary.ByteOrder(binary.LittleEndian)
	extra := func(v int) field { return short(o, tagExtra, v) }
	ph := func(v int) field { return short(o, tagPhotometric, v) }
	n := func(v int) field { return short(o, tagSamples, v) }
	tests := []struct {
		name                 string
		fields               []field
		space                Space
		alpha, palette, cmyk bool
	}{
		{"bilevel", []field{ph(0)}, SpaceGrey, false, false, false},
		{"grey and alpha", []field{ph(1), n(2), extra(2)}, SpaceGrey, true, false, false},
		{"RGB and depth map", []field{ph(2), n(4), extra(0)}, SpaceRGB, false, false, false},
		{"RGBA unsaid", []field{ph(2), n(4)}, SpaceRGB, true, false, false},
		{"palette", []field{ph(3)}, SpaceRGB, false, true, false},
		{"CMYK", []field{ph(5), n(4)}, SpaceCMYK, false, false, true},
		{"YCbCr", []field{ph(6), n(3)}, SpaceYCC, false, false, false},
		{"Lab", []field{ph(8), n(3)}, SpaceLab, false, false, false},
	}
	for _, tt := range tests {
		h := mustRead(t, tiffOf(o, 1, basicTIFF(o, 9, 9, tt.fields...)))
		if h.Colour.Space != tt.space || h.Alpha != tt.alpha || h.Palette != tt.palette || h.CMYK != tt.cmyk {
			t.Errorf("%s: %+v", tt.name, h)
		}
	}
	h := mustRead(t, tiffOf(o, 1, basicTIFF(o, 900, 900, short(o, tagCompression, 7), short(o, tagTileWidth, 256), short(o, tagTileHeight, 128))))
	if h.BlockWidth != 256 || h.BlockHeight != 128 || h.Lossless {
		t.Errorf("tiles: %+v", h)
	}
}

func TestTIFFRaw(t *testing.T) {
	o := binary.ByteOrder(binary.BigEndian)
	cr2 := cat("II*\x00\x10\x00\x00\x00CR\x02\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00")
	for want, b := range map[string][]byte{
		"DNG":       tiffOf(o, 1, basicTIFF(o, 9, 9, field{tag: tagDNGVersion, kind: 1, value: []byte{1, 4, 0, 0}})),
		"Canon CR2": cr2,
		"NIKON":     tiffOf(o, 1, basicTIFF(o, 9, 9, long(o, tagSubfile, 1), ascii(tagMake, "NIKON"), long(o, tagSubIFDs, 8))),
		"SONY":      tiffOf(o, 1, basicTIFF(o, 9, 9, short(o, tagCompression, 32767), ascii(tagMake, "SONY"))),
		"unknown":   tiffOf(o, 1, basicTIFF(o, 9, 9, short(o, tagPhotometric, 32803))),
	} {
		if _, err := read(b); !errors.Is(err, ErrUnsupported) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", want, err)
		}
	}
	// A pyramid has directories below, too.
	if _, err := read(tiffOf(o, 1, basicTIFF(o, 9, 9, long(o, tagSubIFDs, 8)))); err != nil {
		t.Errorf("pyramid: %v", err)
	}
}

func TestBigTIFF(t *testing.T) {
	le := binary.LittleEndian
	entry := func(tag, kind uint16, v uint64) []byte {
		b := le.AppendUint16(le.AppendUint16(nil, tag), kind)
		return le.AppendUint64(le.AppendUint64(b, 1), v)
	}
	file := func(offsets uint16, first, count uint64) []byte {
		b := cat("II+\x00", le.AppendUint16(nil, offsets), "\x00\x00", le.AppendUint64(nil, first), le.AppendUint64(nil, count))
		return cat(b, entry(tagWidth, 16, 400), entry(tagHeight, 4, 300), entry(tagOrientation, 3, 6), make([]byte, 8))
	}
	if h := mustRead(t, file(8, 16, 3)); h.Width != 400 || h.Height != 300 || h.Orientation != 6 || h.Pages != 1 {
		t.Errorf("%+v", h)
	}
	for name, b := range map[string][]byte{
		"offsets of 4":      file(4, 16, 3),
		"offset beyond":     file(8, 1<<63-4, 3),
		"negative offset":   file(8, 1<<64-16, 3),
		"entries forever":   file(8, 16, 1<<60),
		"entries beyond it": file(8, 16, 300),
		"too many entries":  cat(file(8, 16, maxEntries+1), make([]byte, 20*maxEntries)),
	} {
		if _, err := read(b); !errors.Is(err, ErrDamaged) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestTIFFDamaged(t *testing.T) {
	o := binary.ByteOrder(binary.LittleEndian)
	for name, b := range map[string][]byte{
		"no directory": []byte("II*\x00\x00\x01\x00\x00"),
		"no size":      tiffOf(o, 1, []field{short(o, tagBits, 8)}),
		"size 0":       tiffOf(o, 1, basicTIFF(o, 0, 9)),
		"size too big": tiffOf(o, 1, basicTIFF(o, 1<<31, 9)),
		"no samples":   tiffOf(o, 1, basicTIFF(o, 9, 9, short(o, tagSamples, 0))),
		"no bits":      tiffOf(o, 1, basicTIFF(o, 9, 9, short(o, tagBits, 0))),
	} {
		if _, err := read(b); !errors.Is(err, ErrDamaged) {
			t.Errorf("%s: %v", name, err)
		}
	}
	h := mustRead(t, tiffOf(o, maxPages+9, func() (d [][]field) {
		for range maxPages + 9 {
			d = append(d, basicTIFF(o, 9, 9))
		}
		return d
	}()...))
	if h.Pages != maxPages || !h.PagesCut {
		t.Errorf("%d pages, cut %v", h.Pages, h.PagesCut)
	}
	loop := tiffOf(o, 2, basicTIFF(o, 9, 9), basicTIFF(o, 9, 9))
	o.PutUint32(loop[len(loop)-4:], 8) // the second points back to the first
	if h := mustRead(t, loop); h.Pages != 2 {
		t.Errorf("a chain that bites its tail: %d pages", h.Pages)
	}
}
