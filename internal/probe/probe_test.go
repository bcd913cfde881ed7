package probe

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
)

func TestNotTaken(t *testing.T) {
	tests := []struct {
		file string
		want error
		text string
	}{
		{"", ErrUnknown, "empty"},
		{" \r\n\t", ErrUnknown, "empty"},
		{"hello", ErrUnknown, ""},
		{"BMW is no bitmap, it is a text", ErrUnknown, ""},
		{"PS: a letter", ErrUnknown, ""},
		{"\xef\xbb\xbf <!DOCTYPE HTML><title>x", ErrUnknown, "HTML"},
		{"<html><svg/>", ErrUnknown, "HTML"},
		{"<rss/>", ErrUnknown, "XML"},
		{"%PDF-1.7", ErrUnknown, "PDF"},
		{"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom", ErrUnknown, "film"},
		{"RIFF\x00\x00\x00\x00WAVEfmt ", ErrUnknown, ""},
		{"\xff\xd8", ErrUnknown, ""},
		{"\x89PNG", ErrUnknown, ""},
		{"<svg xmlns='http://www.w3.org/2000/svg'/>", ErrUnsupported, "SVG"},
		{"\xef\xbb\xbf<?xml version='1.0'?><!-- x --><svg/>", ErrUnsupported, "SVG"},
		{"BM\x00\x01\x00\x00\x00\x00\x00\x00\x36\x00\x00\x00", ErrUnsupported, "BMP"},
		{"8BPS\x00\x01", ErrUnsupported, "PSD"},
		{"\xff\x0a\x00", ErrUnsupported, "JPEG XL"},
		{"\x00\x00\x00\x0cJXL \r\n\x87\n", ErrUnsupported, "JPEG XL"},
		{"\x00\x00\x00\x0cjP  \r\n\x87\n", ErrUnsupported, "JPEG 2000"},
		{"\x00\x00\x00\x18ftypcrx \x00\x00\x00\x01crx isom", ErrUnsupported, "CR3"},
		{"FUJIFILMCCD-RAW 0201", ErrUnsupported, "RAF"},
		{"\x00\x00\x01\x00\x01\x00", ErrUnsupported, "ICO"},
		{"P6\n1 1\n255\nabc", ErrUnsupported, "PNM"},
		{"\xff\xd8\xff", ErrDamaged, ""},
		{"GIF89a", ErrDamaged, ""},
		{"RIFF\x00\x00\x00\x00WEBP", ErrDamaged, ""},
		{"II*\x00", ErrDamaged, ""},
		{"\x89PNG\r\n\x1a\n", ErrDamaged, ""},
	}
	for _, tt := range tests {
		h, err := read([]byte(tt.file))
		if !errors.Is(err, tt.want) || !strings.Contains(err.Error(), tt.text) || h.Width != 0 {
			t.Errorf("%q: %v", tt.file, err)
		}
		n := 0
		for _, e := range []error{ErrUnknown, ErrUnsupported, ErrDamaged} {
			if errors.Is(err, e) {
				n++
			}
		}
		if n != 1 {
			t.Errorf("%q: %v is %d kinds of error", tt.file, err, n)
		}
	}
}

type failing struct {
	b   []byte
	err error
}

func (f failing) ReadAt(p []byte, off int64) (int, error) {
	if off > 0 {
		return 0, f.err
	}
	return copy(p, f.b), nil
}

func TestReaderFails(t *testing.T) {
	gone := errors.New("the network is gone")
	// The failure comes at the second read, in front of the frame, in the
	// metadata, in the middle of counting.
	for name, b := range map[string][]byte{
		"JPEG": smallJPEG(seg(mCOM, make([]byte, 65000)), seg(mCOM, make([]byte, 65000))),
		"PNG":  pngOf(8, 8, 8, 2, 0, chunk("juNk", make([]byte, 70000))),
		"tail": pngOf(8, 8, 8, 2, 0, chunk("IDAT", make([]byte, 170000))),
		"GIF":  cat("GIF89a\x0a\x00\x14\x00\x00\x00\x00", bytes.Repeat(frameOf(1, 1, 0), 9000)),
		"WebP": webpOf(vp8x(0x08, 20, 10), cat(vp8(20, 10), riff("JUNK", make([]byte, 200000))), riff("EXIF", "II*\x00")),
		"TIFF": cat("II*\x00\x00\x00\x02\x00", make([]byte, 300000)),
		"AVIF": cat(box("ftyp", "avif", "\x00\x00\x00\x00", "mif1"), box("mdat", make([]byte, 200000)), metaOf(1, av01(30, 20))),
	} {
		_, err := Read(failing{b, gone}, int64(len(b)))
		if !errors.Is(err, gone) || errors.Is(err, ErrDamaged) {
			t.Errorf("%s: %v", name, err)
		}
		_, err = Read(failing{b, io.ErrUnexpectedEOF}, int64(len(b)))
		if err != nil && !errors.Is(err, ErrDamaged) {
			t.Errorf("%s that is shorter than told: %v", name, err)
		}
	}
	if _, err := Read(failing{nil, gone}, -1); !errors.Is(err, ErrUnknown) {
		t.Errorf("negative size: %v", err)
	}
}

func TestFewReads(t *testing.T) {
	small := smallJPEG()
	c := &counter{b: append(small, make([]byte, 5<<20)...)}
	if _, err := Read(c, int64(len(c.b))); err != nil || c.calls != 1 || c.bytes != firstRead {
		t.Errorf("a small header: %d reads of %d bytes, %v", c.calls, c.bytes, err)
	}
	// 10 MB of segments in front of the frame: 64 KiB, 128, … 1 MiB.
	c = &counter{b: smallJPEG(bytes.Repeat(seg(0xE5, make([]byte, 65000)), 154))}
	if _, err := Read(c, int64(len(c.b))); err != nil || c.calls > 16 {
		t.Errorf("a long header: %d reads of %d bytes, %v", c.calls, c.bytes, err)
	}
	c = &counter{b: smallJPEG(bytes.Repeat(seg(0xE5, make([]byte, 65000)), 600))}
	if _, err := Read(c, int64(len(c.b))); !errors.Is(err, ErrDamaged) || c.bytes > maxRead {
		t.Errorf("an endless header: %d reads of %d bytes, %v", c.calls, c.bytes, err)
	}
	// Jumps do not make reads larger.
	c = &counter{b: pngOf(8, 8, 8, 2, 0, bytes.Repeat(chunk("juNk", make([]byte, 2<<20)), 4))}
	if _, err := Read(c, int64(len(c.b))); err != nil || c.calls > 6 || c.bytes > 6*firstRead {
		t.Errorf("four jumps: %d reads of %d bytes, %v", c.calls, c.bytes, err)
	}
	// Far apart: each chunk is a jump.
	chunks := bytes.Repeat(chunk("juNk", make([]byte, 300<<10)), 200)
	c = &counter{b: pngOf(8, 8, 8, 2, 0, chunks)}
	if _, err := Read(c, int64(len(c.b))); !errors.Is(err, ErrDamaged) || c.calls > maxReads || c.bytes > maxRead {
		t.Errorf("jumps: %d reads of %d bytes, %v", c.calls, c.bytes, err)
	}
}

func TestTypeString(t *testing.T) {
	if JPEG.String() != "JPEG" || HEIC.String() != "HEIC" || Type(0).String() != "" || Type(99).String() != "" {
		t.Error("names of types")
	}
}

func TestHeaderHelpers(t *testing.T) {
	h := Header{Width: maxSide, Height: maxSide, Orientation: 1}
	if h.Pixels() != int64(maxSide)*maxSide {
		t.Error("Pixels overflows")
	}
	h = Header{Width: 30, Height: 20, Orientation: 5}
	if w, ht := h.Size(); w != 20 || ht != 30 {
		t.Errorf("Size %d × %d", w, ht)
	}
}
