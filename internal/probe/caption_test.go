package probe

import (
	"strings"
	"testing"
)

func TestCaptions(t *testing.T) {
	exif := func(s string) []byte {
		return seg(0xE1, exifMark, tiffOf(tiffOrders[0], 1, []field{ascii(tagDescription, s)}))
	}
	iptc := func(s string) []byte {
		return seg(0xED, photoMark, resource(0x0404, "", cat("\x1c\x02\x78", uint16(len(s)), s)))
	}
	xmp := func(items string) []byte {
		return seg(0xE1, xmpMark, xmpOf(`<rdf:Description><dc:description><rdf:Alt>`+items+`</rdf:Alt></dc:description></rdf:Description>`))
	}
	for _, tt := range []struct {
		name string
		segs [][]byte
		want string
	}{
		{"none", nil, ""},
		{"EXIF", [][]byte{exif("a lake")}, "a lake"},
		{"EXIF in Latin-1", [][]byte{exif("caf\xe9")}, "café"},
		{"EXIF in lines", [][]byte{exif(" a\r\nlake ")}, "a lake"},
		{"a camera's", [][]byte{exif("OLYMPUS DIGITAL CAMERA         ")}, ""},
		{"IPTC", [][]byte{iptc("the ford")}, "the ford"},
		{"IPTC in UTF-8", [][]byte{iptc("é world 世")}, "é world 世"},
		{"XMP", [][]byte{xmp(`<rdf:li xml:lang="x-default">a &amp; b</rdf:li>`)}, "a & b"},
		{"XMP, the default among languages", [][]byte{xmp(`<rdf:li xml:lang="de">der See</rdf:li><rdf:li xml:lang="x-default">the lake</rdf:li>`)}, "the lake"},
		{"XMP, then IPTC", [][]byte{exif("exif"), iptc("iptc"), xmp(`<rdf:li xml:lang="x-default">xmp</rdf:li>`)}, "xmp"},
		{"IPTC, then EXIF", [][]byte{exif("exif"), iptc("iptc")}, "iptc"},
		{"XMP that is empty", [][]byte{exif("exif"), xmp(`<rdf:li xml:lang="x-default"> </rdf:li>`)}, "exif"},
		{"long", [][]byte{exif(strings.Repeat("é", 2000))}, strings.Repeat("é", maxText/2)},
	} {
		if got := mustRead(t, smallJPEG(tt.segs...)).Caption; got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

// TestCaptionOfEachType has one caption in files of all types that hold one.
func TestCaptionOfEachType(t *testing.T) {
	o := tiffOrders[0]
	block := tiffOf(o, 1, []field{ascii(tagDescription, "a lake")})
	packet := xmpOf(`<rdf:Description dc:description="a lake"/>`)
	for name, b := range map[string][]byte{
		"PNG by EXIF":  pngOf(8, 6, 8, 2, 0, chunk("eXIf", block)),
		"PNG by XMP":   pngOf(8, 6, 8, 2, 0, chunk("iTXt", pngXMP, "\x00\x00\x00\x00\x00", packet)),
		"PNG by text":  pngOf(8, 6, 8, 2, 0, chunk("tEXt", "Description\x00a lake")),
		"WebP by EXIF": webpOf(vp8x(0x08, 20, 10), vp8(20, 10), riff("EXIF", block)),
		"WebP by XMP":  webpOf(vp8x(0x04, 20, 10), vp8(20, 10), riff("XMP ", packet)),
		"TIFF":         tiffOf(o, 1, basicTIFF(o, 9, 9, ascii(tagDescription, "a lake"))),
		"TIFF by IPTC": tiffOf(o, 1, basicTIFF(o, 9, 9, field{tag: tagIPTC, kind: 7, value: []byte("\x1c\x02\x78\x00\x06a lake")})),
		"AVIF":         heifOf("avif", 1, av01(30, 20), heifItem{kind: "Exif", data: cat(uint32(0), block)}),
	} {
		if got := mustRead(t, b).Caption; got != "a lake" {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func TestZoneIsTold(t *testing.T) {
	for zone, want := range map[string]bool{"": false, "+00:00": true, "+02:00": true, "here": false} {
		if _, got := parseTaken("2025:06:01 12:30:00", zone); got != want {
			t.Errorf("%q: %v", zone, got)
		}
	}
}
