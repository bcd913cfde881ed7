package probe

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"unicode/utf8"
)

// seeds are files of every type, with as much metadata as they hold.
func seeds() map[string][]byte {
	o := tiffOrders[0]
	r := Rights{"© Ann", "Ann", "credit", "terms", "https://a", "https://b"}
	icc := matrixProfile(gamutP3, 2.2)
	alpha := av01(30, 20, fullBox("auxC", 0, "urn:mpeg:mpegB:cicp:systems:auxiliary:alpha\x00"))
	alpha.refs = map[string][]uint16{"auxl": {1}}
	return map[string][]byte{
		"jpeg": jpegOf(seg(0xE1, r.EXIF()), seg(0xE1, xmpMark, r.XMP()), iccSegments(icc, 1)[0],
			seg(0xED, photoMark, resource(0x0404, "", []byte("\x1c\x02\x6e\x00\x03Ann"))), sof(0xC2, 80, 60, 0x22, 17, 17), sos(3)),
		"png": pngOf(80, 60, 8, 6, 1, chunk("iCCP", "x\x00\x00", deflate(icc)), chunk("eXIf", r.EXIF()[6:]),
			chunk("iTXt", pngXMP, "\x00\x00\x00\x00\x00", r.XMP()), chunk("acTL", uint32(3), uint32(0))),
		"gif":  cat("GIF89a\x0a\x00\x14\x00\x00\x00\x00\x21\xf9\x04\x01\x00\x00\x00\x00", frameOf(10, 20, 0), frameOf(10, 20, 0), ";"),
		"webp": webpOf(vp8x(0x2C, 20, 10), riff("ICCP", icc), vp8(20, 10), riff("EXIF", r.EXIF()[6:]), riff("XMP ", r.XMP())),
		"anim": webpOf(vp8x(0x02, 20, 10), riff("ANMF", make([]byte, 16), vp8(20, 10)), riff("ANMF", make([]byte, 16), vp8(20, 10))),
		"tiff": tiffOf(o, 2, basicTIFF(o, 9, 9, field{tag: tagXMP, kind: 1, value: r.XMP()}, field{tag: tagICC, kind: 7, value: icc},
			ascii(tagCopyright, "© Ann")), basicTIFF(o, 9, 9)),
		"avif": heifOf("avif", 1, av01(30, 20, box("irot", 1), av1C(0), box("colr", "prof", icc)), alpha,
			heifItem{kind: "Exif", data: cat(uint32(0), r.EXIF()[6:])},
			heifItem{kind: "mime", content: "application/rdf+xml", data: r.XMP()}),
		"avis": cat(heifOf("avis", 1, av01(30, 20)), box("moov", box("trak", box("mdia", box("minf", box("stbl", fullBox("stsz", 0, uint32(0), uint32(24)))))))),
		"heic": heifOf("heic", 1, heifItem{kind: "hvc1", props: [][]byte{ispe(9, 9)}}),
		"svg":  []byte("<svg/>"),
	}
}

// checkRead reads b and checks what holds of any answer.
func checkRead(t *testing.T, b []byte) {
	t.Helper()
	c := &counter{b: b}
	h, err := Read(c, int64(len(b)))
	if c.calls > maxReads || c.bytes > maxRead {
		t.Fatalf("%d reads of %d bytes", c.calls, c.bytes)
	}
	if err != nil {
		if !errors.Is(err, ErrUnknown) && !errors.Is(err, ErrUnsupported) && !errors.Is(err, ErrDamaged) {
			t.Fatalf("an error of no kind: %v", err)
		}
		return
	}
	w, ht := h.Size()
	if h.Type == 0 || h.Type == HEIC || h.Width < 1 || h.Height < 1 || w < 1 || ht < 1 ||
		h.Orientation < 1 || h.Orientation > 8 || h.Channels < 1 || h.Depth < 1 || h.Frames < 1 || h.Pages < 1 ||
		h.Samples < 0 || len(h.ICC) > maxICC || h.Animated != (h.Frames > 1) && h.Type != WebP {
		t.Fatalf("a header that cannot be: %+v", h)
	}
	checkRights(t, h.Rights)
	checkText(t, h.Caption)
}

// checkText checks that a text is one line of UTF-8, and bounded.
func checkText(t *testing.T, s string) {
	t.Helper()
	if len(s) > maxText || !utf8.ValidString(s) || strings.ContainsAny(s, "\x00\n") {
		t.Fatalf("a text that cannot be: %q", s)
	}
}

// checkRights checks that what was read can be written and read again.
func checkRights(t *testing.T, r Rights) {
	t.Helper()
	for _, s := range []string{r.Copyright, r.Creator, r.Credit, r.Terms, r.Statement, r.Licensor} {
		checkText(t, s)
	}
	if got := readXMP(r.XMP()).rights; got != r {
		t.Fatalf("by XMP %+v came back as %+v", r, got)
	}
	if e := r.EXIF(); e != nil {
		if got, want := readExif(e[6:]).rights, (Rights{Copyright: r.Copyright, Creator: r.Creator}); got != want {
			t.Fatalf("by EXIF %+v came back as %+v", want, got)
		}
	}
}

func TestSeeds(t *testing.T) {
	for name, b := range seeds() {
		checkRead(t, b)
		if _, err := read(b); err != nil && name != "heic" && name != "svg" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestPrefixes reads every beginning of a file of each type: an error or a
// header, never a panic.
func TestPrefixes(t *testing.T) {
	for _, b := range seeds() {
		for n := range b {
			checkRead(t, b[:n])
		}
	}
}

// TestFlippedBits sets each byte to the values that break lengths.
func TestFlippedBits(t *testing.T) {
	for _, b := range seeds() {
		b = bytes.Clone(b)
		for i, old := range b {
			for _, v := range []byte{0, 0x7F, 0xFF, old ^ 0x80, old + 1} {
				b[i] = v
				checkRead(t, b)
			}
			b[i] = old
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, b := range seeds() {
		f.Add(b)
	}
	f.Fuzz(checkRead)
}

func FuzzParseProfile(f *testing.F) {
	f.Add(matrixProfile(gamutP3, 2.2))
	f.Add(profileOf("RGB ", append(primaries(gamutSRGB), iccTag{"gTRC", para(3, 2.4, 1, 0, 1, 0.04)})...))
	f.Fuzz(func(t *testing.T, b []byte) {
		p, err := ParseProfile(b)
		if err != nil && (p != Profile{} || !errors.Is(err, ErrDamaged)) {
			t.Fatalf("%+v, %v", p, err)
		}
		if len(p.Description) > maxICCName || !utf8.ValidString(p.Description) || p.Wide() && p.IsSRGB() || p.Mid != p.Mid {
			t.Fatalf("a profile that cannot be: %+v", p)
		}
	})
}

func FuzzXMP(f *testing.F) {
	f.Add(Rights{"© Ann", "Ann", "credit", "terms", "https://a", "https://b"}.XMP())
	f.Add(xmpOf(`<rdf:Description ps:Credit="A"><plus:Licensor><rdf:Bag><rdf:li plus:LicensorURL="https://a"/></rdf:Bag></plus:Licensor></rdf:Description>`))
	f.Fuzz(func(t *testing.T, b []byte) {
		x := readXMP(b)
		checkRights(t, x.rights)
		checkText(t, x.caption)
	})
}

func FuzzCaptions(f *testing.F) {
	o := tiffOrders[0]
	f.Add([]byte("\x1c\x01\x5a\x00\x03\x1b%G\x1c\x02\x78\x00\x05a © b"))
	f.Add(resource(0x0404, "", []byte("\x1c\x02\x78\x00\x04\xe9t\xe9\x80")))
	f.Add(tiffOf(o, 1, []field{ascii(tagDescription, "a lake")}))
	f.Add(xmpOf(`<rdf:Description><dc:description><rdf:Alt><rdf:li xml:lang="x-default">a lake</rdf:li></rdf:Alt></dc:description></rdf:Description>`))
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, s := range []string{readIIM(b).caption, readPhotoshop(b).caption, readExif(b).caption, readXMP(b).caption} {
			checkText(t, s)
		}
	})
}
