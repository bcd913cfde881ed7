package probe

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"strings"
	"testing"
	"time"
)

func TestJPEGFrame(t *testing.T) {
	tests := []struct {
		name      string
		file      []byte
		w, h, ch  int
		samples   int64
		prog, all bool
		cmyk      bool
	}{
		{"grey", jpegOf(sof(0xC0, 17, 9, 0x11), sos(1)), 17, 9, 1, 24 * 16, false, false, false},
		{"grey that says 2x2", jpegOf(sof(0xC0, 17, 9, 0x22), sos(1)), 17, 9, 1, 32 * 16, false, false, false},
		{"4:4:4", jpegOf(sof(0xC0, 17, 9, 0x11, 0x11, 0x11), sos(3)), 17, 9, 3, 3 * 24 * 16, false, false, false},
		{"4:2:0", jpegOf(sof(0xC1, 17, 9, 0x22, 0x11, 0x11), sos(3)), 17, 9, 3, 32*16 + 2*16*8, false, false, false},
		{"4:2:2 progressive", jpegOf(sof(0xC2, 17, 9, 0x21, 0x11, 0x11), sos(3)), 17, 9, 3, 32*16 + 2*16*16, true, true, false},
		{"one scan each", jpegOf(sof(0xC0, 8, 8, 0x11, 0x11, 0x11), sos(1)), 8, 8, 3, 3 * 64, false, true, false},
		{"CMYK", jpegOf(sof(0xC0, 8, 8, 0x11, 0x11, 0x11, 0x11), sos(4)), 8, 8, 4, 4 * 64, false, false, true},
		{"arithmetic", jpegOf(sof(0xCA, 8, 8, 0x11), sos(1)), 8, 8, 1, 64, true, true, false},
		{"largest", jpegOf(sof(0xC2, 65535, 65535, 0x11, 0x11, 0x11), sos(3)), 65535, 65535, 3, 3 << 32, true, true, false},
		{"fill bytes and rubbish", jpegOf([]byte("\xff\xff\xff"), seg(mCOM, "hi"), []byte("rubbish\xff\x00"), sof(0xC0, 8, 8, 0x11), sos(1)), 8, 8, 1, 64, false, false, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := mustRead(t, tt.file)
			if h.Type != JPEG || h.Width != tt.w || h.Height != tt.h || h.Channels != tt.ch || h.Depth != 8 {
				t.Errorf("got %v %d × %d, %d channels of %d bits", h.Type, h.Width, h.Height, h.Channels, h.Depth)
			}
			if h.Samples != tt.samples {
				t.Errorf("Samples = %d, want %d", h.Samples, tt.samples)
			}
			if h.Progressive != tt.prog || h.MultiScan != tt.all || h.CMYK != tt.cmyk {
				t.Errorf("progressive %v, multi-scan %v, CMYK %v", h.Progressive, h.MultiScan, h.CMYK)
			}
		})
	}
}

func TestJPEGRefused(t *testing.T) {
	twelve := sof(0xC1, 8, 8, 0x11)
	twelve[4] = 12
	nine := bytes.Clone(twelve)
	nine[4] = 9
	tests := []struct {
		name string
		file []byte
		want error
	}{
		{"no frame", jpegOf(sos(1)), ErrDamaged},
		{"no scan", cat("\xff\xd8", sof(0xC0, 8, 8, 0x11)), ErrDamaged},
		{"end at once", []byte("\xff\xd8\xff\xd9"), ErrDamaged},
		{"two frames", jpegOf(sof(0xC0, 8, 8, 0x11), sof(0xC0, 9, 9, 0x11), sos(1)), ErrDamaged},
		{"no width", jpegOf(sof(0xC0, 0, 8, 0x11), sos(1)), ErrDamaged},
		{"height to follow", jpegOf(sof(0xC0, 8, 0, 0x11), sos(1)), ErrUnsupported},
		{"no components", jpegOf(sof(0xC0, 8, 8), sos(0)), ErrDamaged},
		{"five components", jpegOf(sof(0xC0, 8, 8, 17, 17, 17, 17, 17), sos(4)), ErrDamaged},
		{"sampling 0", jpegOf(sof(0xC0, 8, 8, 0x10), sos(1)), ErrDamaged},
		{"sampling 5", jpegOf(sof(0xC0, 8, 8, 0x51), sos(1)), ErrDamaged},
		{"lossless", jpegOf(sof(0xC3, 8, 8, 0x11), sos(1)), ErrUnsupported},
		{"hierarchical", jpegOf(sof(0xC5, 8, 8, 0x11), sos(1)), ErrUnsupported},
		{"JPEG-LS", jpegOf(sof(0xF7, 8, 8, 0x11), sos(1)), ErrUnsupported},
		{"12 bits", jpegOf(twelve, sos(1)), ErrUnsupported},
		{"9 bits", jpegOf(nine, sos(1)), ErrDamaged},
		{"segment of length 1", cat("\xff\xd8\xff\xe1\x00\x01", sof(0xC0, 8, 8, 0x11), sos(1)), ErrDamaged},
		{"rubbish without end", cat("\xff\xd8\xff\xfe\x00\x02", strings.Repeat("x", maxGarbage+10), sof(0xC0, 8, 8, 0x11), sos(1)), ErrDamaged},
		{"comments without end", cat("\xff\xd8", bytes.Repeat(seg(mCOM), maxSegments), sof(0xC0, 8, 8, 0x11), sos(1)), ErrDamaged},
	}
	for _, tt := range tests {
		if h, err := read(tt.file); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, %v; want %v", tt.name, h, err, tt.want)
		}
	}
}

func TestJPEGStandardLibrary(t *testing.T) {
	var b bytes.Buffer
	m := image.NewRGBA(image.Rect(0, 0, 33, 21))
	m.Set(3, 3, color.White)
	if err := jpeg.Encode(&b, m, nil); err != nil {
		t.Fatal(err)
	}
	h := mustRead(t, b.Bytes())
	// 4:2:0: 3 × 2 MCUs of 16 × 16.
	if h.Width != 33 || h.Height != 21 || h.Samples != 6*(256+128) || h.MultiScan || h.Colour.Space != SpaceYCC {
		t.Errorf("%+v", h)
	}
}

func TestJPEGOrientation(t *testing.T) {
	for _, o := range []binary.ByteOrder{binary.LittleEndian, binary.BigEndian} {
		for v := range 10 {
			h := mustRead(t, jpegOf(seg(0xE1, exifMark, orientationExif(o, v)), sof(0xC0, 30, 20, 0x11), sos(1)))
			want, w, ht := v, 30, 20
			if v < 1 || v > 8 {
				want = 1
			}
			if want >= 5 {
				w, ht = 20, 30
			}
			if gw, gh := h.Size(); h.Orientation != want || gw != w || gh != ht || h.SelfTurned {
				t.Errorf("%v %d: Orientation %d, Size %d × %d", o, v, h.Orientation, gw, gh)
			}
		}
	}
}

func TestJPEGBadExifIsLeftOut(t *testing.T) {
	le := binary.ByteOrder(binary.LittleEndian)
	loop := tiffOf(le, 1, []field{{tag: tagExifIFD, kind: -1, count: 0}, short(le, tagOrientation, 3)})
	for _, e := range []string{"", "II", "II*\x00\xff\xff\xff\xff", "XX*\x00\x08\x00\x00\x00", "II*\x00\x08\x00\x00\x00\xff\xff"} {
		if h := mustRead(t, smallJPEG(seg(0xE1, exifMark, e))); h.Orientation != 1 || !h.Rights.Empty() {
			t.Errorf("%q: %+v", e, h)
		}
	}
	if h := mustRead(t, smallJPEG(seg(0xE1, exifMark, loop))); h.Orientation != 3 {
		t.Errorf("a directory that points to itself: orientation %d", h.Orientation)
	}
}

func TestJPEGTaken(t *testing.T) {
	le := binary.ByteOrder(binary.LittleEndian)
	exif := func(fields ...field) []byte {
		return seg(0xE1, exifMark, tiffOf(le, 1, []field{{tag: tagExifIFD, kind: -1, count: 1}}, fields))
	}
	tests := []struct {
		fields []field
		want   time.Time
	}{
		{[]field{ascii(tagTaken, "2025:06:01 12:30:00")}, time.Date(2025, 6, 1, 12, 30, 0, 0, time.UTC)},
		{[]field{ascii(tagTaken, "2025:06:01 12:30:00"), ascii(tagTakenZone, "+02:00")}, time.Date(2025, 6, 1, 10, 30, 0, 0, time.UTC)},
		{[]field{ascii(tagTaken, "0000:00:00 00:00:00")}, time.Time{}},
		{[]field{ascii(tagTaken, "yesterday")}, time.Time{}},
		{nil, time.Time{}},
	}
	for _, tt := range tests {
		if h := mustRead(t, smallJPEG(exif(tt.fields...))); !h.Taken.Equal(tt.want) {
			t.Errorf("%v: %v, want %v", tt.fields, h.Taken, tt.want)
		}
	}
}

func TestJPEGCameraAdobeRGB(t *testing.T) {
	le := binary.ByteOrder(binary.LittleEndian)
	build := func(space int, index string) []byte {
		return seg(0xE1, exifMark, tiffOf(le, 1,
			[]field{{tag: tagExifIFD, kind: -1, count: 1}},
			[]field{short(le, tagColourSpace, space), {tag: tagInteropIFD, kind: -1, count: 2}},
			[]field{ascii(1, index)}))
	}
	for _, tt := range []struct {
		space int
		index string
		want  bool
	}{{0xFFFF, "R03", true}, {0xFFFF, "R98", false}, {1, "R03", false}} {
		if h := mustRead(t, smallJPEG(build(tt.space, tt.index))); h.Wide() != tt.want {
			t.Errorf("%v: wide %v", tt, h.Wide())
		}
	}
	h := mustRead(t, smallJPEG(build(0xFFFF, "R03"), iccSegments(matrixProfile(gamutSRGB, 2.2), 1)[0]))
	if h.Wide() {
		t.Error("an sRGB profile must outweigh EXIF")
	}
}

// iccSegments cuts a profile into n APP2 segments.
func iccSegments(icc []byte, n int) [][]byte {
	var list [][]byte
	for i := range n {
		list = append(list, seg(0xE2, iccMark, i+1, n, icc[len(icc)*i/n:len(icc)*(i+1)/n]))
	}
	return list
}

func TestJPEGProfilePieces(t *testing.T) {
	icc := matrixProfile(gamutP3, 2.2)
	s := iccSegments(icc, 3)
	for _, order := range [][]int{{0, 1, 2}, {2, 0, 1}, {0, 0, 1, 2}} {
		var file [][]byte
		for _, i := range order {
			file = append(file, s[i])
		}
		if h := mustRead(t, smallJPEG(file...)); !bytes.Equal(h.ICC, icc) || !h.Wide() {
			t.Errorf("order %v: %d bytes, wide %v", order, len(h.ICC), h.Wide())
		}
	}
	for _, order := range [][]int{{0, 1}, {1, 2}, {0, 2}} {
		if h := mustRead(t, smallJPEG(s[order[0]], s[order[1]])); h.ICC != nil || h.Wide() {
			t.Errorf("pieces %v of 3 made a profile of %d bytes", order, len(h.ICC))
		}
	}
	// 255 pieces of 64 KB are more than 4 MiB.
	if h := mustRead(t, smallJPEG(iccSegments(make([]byte, 255*65000), 255)...)); h.ICC != nil {
		t.Errorf("kept a profile of %d bytes", len(h.ICC))
	}
}

func TestJPEGGainMap(t *testing.T) {
	hdrgm := xmpMark + `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="` + nsRDF + `"><rdf:Description ` +
		`xmlns:hdrgm="` + nsGainMap + `" hdrgm:Version="1.0"/></rdf:RDF></x:xmpmeta>`
	for _, tt := range []struct {
		name string
		seg  []byte
		want bool
	}{
		{"hdrgm", seg(0xE1, hdrgm), true},
		{"ISO 21496-1", seg(0xE2, gainMark, "\x00\x00\x00\x00"), true},
		{"a preview", seg(0xE2, "MPF\x00", "II*\x00"), false},
	} {
		if h := mustRead(t, smallJPEG(tt.seg)); h.GainMap != tt.want {
			t.Errorf("%s: %v", tt.name, h.GainMap)
		}
	}
}

func TestJPEGColourSpace(t *testing.T) {
	adobe := func(transform int) []byte { return seg(0xEE, adobeMark, "\x00\x64\x00\x00\x00\x00", transform) }
	for _, tt := range []struct {
		file []byte
		want Space
	}{
		{smallJPEG(), SpaceGrey},
		{jpegOf(sof(0xC0, 8, 8, 17, 17, 17), sos(3)), SpaceYCC},
		{jpegOf(adobe(1), sof(0xC0, 8, 8, 17, 17, 17), sos(3)), SpaceYCC},
		{jpegOf(adobe(0), sof(0xC0, 8, 8, 17, 17, 17), sos(3)), SpaceRGB},
		{jpegOf(adobe(2), sof(0xC0, 8, 8, 17, 17, 17, 17), sos(4)), SpaceCMYK},
	} {
		if h := mustRead(t, tt.file); h.Colour.Space != tt.want {
			t.Errorf("space %d, want %d", h.Colour.Space, tt.want)
		}
	}
}
