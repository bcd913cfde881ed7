package probe

import (
	"bytes"
	"encoding/binary"
	"encoding/xml"
	"io"
	"strings"
	"testing"
)

func TestRightsRoundTrip(t *testing.T) {
	tests := []Rights{
		{Copyright: "© 2025 Ann Example"},
		{Creator: "Ann"}, // four bytes with its NUL: lies in the entry itself
		{Creator: "A"},
		{Creator: "Ann; Bob", Copyright: "all of it"},
		{Credit: `Ann & "Bob" <c@example.org>`, Terms: "it's ]]> &amp; more"},
		{Statement: "https://example.org/?a=1&b=2", Licensor: "https://example.org/buy#x"},
		{"世界 ©", "José Ñ", "Ω", "fine", "https://example.org/é", "https://example.org/世"},
		{Copyright: strings.Repeat("é", maxText/2), Creator: strings.Repeat("x", maxText)},
	}
	for _, want := range tests {
		full := smallJPEG(seg(0xE1, want.EXIF()), seg(0xE1, xmpMark, want.XMP()))
		if h := mustRead(t, full); h.Rights != want || h.Orientation != 1 {
			t.Errorf("EXIF and XMP: %+v, want %+v", h.Rights, want)
		}
		if h := mustRead(t, smallJPEG(seg(0xE1, xmpMark, want.XMP()))); h.Rights != want {
			t.Errorf("XMP: %+v, want %+v", h.Rights, want)
		}
		only := Rights{Copyright: want.Copyright, Creator: want.Creator}
		if h := mustRead(t, smallJPEG(seg(0xE1, want.EXIF()))); h.Rights != only {
			t.Errorf("EXIF: %+v, want %+v", h.Rights, only)
		}
	}
}

func TestRightsBlobs(t *testing.T) {
	if (Rights{}).EXIF() != nil || (Rights{}).XMP() != nil || !(Rights{}).Empty() {
		t.Error("nothing to say, but a blob")
	}
	if (Rights{Credit: "x"}).EXIF() != nil {
		t.Error("EXIF has no field for a credit")
	}
	b := Rights{Copyright: "© Ann", Creator: "Ann B. Example"}.EXIF() // an odd length with its NUL
	if !bytes.HasPrefix(b, []byte("Exif\x00\x00II*\x00")) {
		t.Errorf("begins with %q", b[:10])
	}
	tf, err := openTIFF(block(b[6:]))
	if err != nil {
		t.Fatal(err)
	}
	dir, next, err := tf.directory(tf.first)
	if err != nil || next != 0 || len(dir) != 2 {
		t.Errorf("%d entries, next %d, %v", len(dir), next, err)
	}
	for tag, e := range dir {
		if off := tf.offset(e.raw); off%2 != 0 {
			t.Errorf("tag %x lies at the odd offset %d", tag, off)
		}
	}
	d := xml.NewDecoder(bytes.NewReader(Rights{"<", "&", "\"", "'", ">", "]]>"}.XMP()))
	for {
		if _, err := d.Token(); err == io.EOF {
			break
		} else if err != nil {
			t.Fatalf("our XMP is no XML: %v", err)
		}
	}
}

func TestRightsPrecedence(t *testing.T) {
	x := Rights{Copyright: "xmp", Creator: "xmp"}
	iim := cat("\x1c\x02\x50\x00\x03iim\x1c\x02\x6e\x00\x03iim\x1c\x02\x74\x00\x03iim")
	e := Rights{Copyright: "exif", Creator: "exif"}
	xs, is, es := seg(0xE1, xmpMark, x.XMP()), seg(0xED, photoMark, resource(0x0404, "", iim)), seg(0xE1, e.EXIF())
	for _, tt := range []struct {
		segs [][]byte
		want Rights
	}{
		{[][]byte{es, is, xs}, Rights{Copyright: "xmp", Creator: "xmp", Credit: "iim"}},
		{[][]byte{es, is}, Rights{Copyright: "iim", Creator: "iim", Credit: "iim"}},
		{[][]byte{es}, e},
	} {
		if h := mustRead(t, smallJPEG(tt.segs...)); h.Rights != tt.want {
			t.Errorf("%+v, want %+v", h.Rights, tt.want)
		}
	}
}

// resource builds one of Photoshop's image resources.
func resource(id uint16, name string, data []byte) []byte {
	b := cat("8BIM", id, len(name), name)
	if len(b)%2 == 1 {
		b = append(b, 0)
	}
	b = cat(b, uint32(len(data)), data)
	if len(data)%2 == 1 {
		b = append(b, 0)
	}
	return b
}

func TestIPTC(t *testing.T) {
	utf := "\x1c\x01\x5a\x00\x03\x1b%G"
	tests := []struct {
		name string
		iim  string
		want Rights
	}{
		{"Latin-1", "\x1c\x02\x74\x00\x05\xa9 Ann", Rights{Copyright: "© Ann"}},
		{"UTF-8 told", utf + "\x1c\x02\x74\x00\x06© Ann", Rights{Copyright: "© Ann"}},
		{"UTF-8 not told", "\x1c\x02\x74\x00\x06© Ann", Rights{Copyright: "© Ann"}},
		{"UTF-8 told wrongly", utf + "\x1c\x02\x50\x00\x04Andr\x1c\x02\x74\x00\x05\xa9 Ann", Rights{Creator: "Andr", Copyright: "© Ann"}},
		{"two by-lines", "\x1c\x02\x50\x00\x01A\x1c\x02\x50\x00\x01B\x1c\x02\x50\x00\x01A", Rights{Creator: "A; B"}},
		{"first credit", "\x1c\x02\x6e\x00\x01A\x1c\x02\x6e\x00\x01B", Rights{Credit: "A"}},
		{"too long", "\x1c\x02\x74\x00\xffshort", Rights{}},
		{"extended", "\x1c\x02\x74\x80\x04\x00\x00\x00\x01x", Rights{}},
		{"other record", "\x1c\x03\x74\x00\x01x", Rights{}},
	}
	for _, tt := range tests {
		if got := readIIM([]byte(tt.iim)).rights; got != tt.want {
			t.Errorf("%s: %+v, want %+v", tt.name, got, tt.want)
		}
	}
}

func TestPhotoshopResources(t *testing.T) {
	iim := resource(0x0404, "", []byte("\x1c\x02\x6e\x00\x03Ann"))
	want := Rights{Credit: "Ann"}
	all := cat(resource(0x03ED, "odd", []byte("abc")), resource(0x040C, "even", []byte("abcd")), iim)
	if h := mustRead(t, smallJPEG(seg(0xED, photoMark, all))); h.Rights != want {
		t.Errorf("%+v", h.Rights)
	}
	// A resource may go on in the next segment.
	if h := mustRead(t, smallJPEG(seg(0xED, photoMark, all[:30]), seg(0xED, photoMark, all[30:]))); h.Rights != want {
		t.Errorf("in two segments: %+v", h.Rights)
	}
	for n := range all {
		readPhotoshop(all[:n])
	}
}

func TestExifTexts(t *testing.T) {
	le := binary.ByteOrder(binary.LittleEndian)
	tests := []struct{ raw, want string }{
		{"© Ann\x00", "© Ann"},
		{"\xa9 Ann\x00", "© Ann"},
		{"Andr\xe9\x00", "André"},
		{"\x93Ann\x94\x00", "“Ann”"},
		{"Ann\x00Ed\x00", "Ann; Ed"},
		{" \x00Ed\x00", "Ed"},
		{"Ann\x00\x00rubbish", "Ann"},
		{"        \x00", ""},
		{"a\r\nb\tc\x01\x00", "a b c"},
		{"no end", "no end"},
	}
	for _, tt := range tests {
		e := readExif(tiffOf(le, 1, []field{{tag: tagCopyright, kind: 2, value: []byte(tt.raw)}}))
		if e.rights.Copyright != tt.want {
			t.Errorf("%q: %q, want %q", tt.raw, e.rights.Copyright, tt.want)
		}
	}
}

func TestTextIsCut(t *testing.T) {
	for _, s := range []string{strings.Repeat("é", 5000), strings.Repeat("世", 5000), "x" + strings.Repeat("🎨", 5000), strings.Repeat("a ", 5000)} {
		got := decodeText([]byte(s), false)
		if len(got) > maxText || len(got) < maxText-4 || !strings.HasPrefix(s, got) {
			t.Errorf("%d bytes of %.8q…", len(got), s)
		}
		if again := cleanText(got); again != got {
			t.Errorf("cleaning twice changes %.8q…", s)
		}
	}
	if got := cleanText(strings.Repeat("x", maxText+1)); len(got) != maxText {
		t.Errorf("one byte too many: %d bytes", len(got))
	}
	if got := decodeText([]byte("José\xc3"), false); got != "José" {
		t.Errorf("UTF-8 that was cut: %q", got)
	}
}
