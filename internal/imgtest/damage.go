package imgtest

import (
	"bytes"
	"encoding/binary"
	"strings"
)

// Kind says what is wrong with a damaged file, and so how it should be met.
type Kind int

// The kinds of damage.
const (
	NotPicture Kind = iota // no picture of any sort: 415
	Broken                 // begins as a picture, cannot be decoded whole: 422
	Huge                   // sound, and far too large to be decoded: 413
	Lying                  // the header says one thing and the data another: 413 or 422
	Odd                    // sound, however strange: must be served, or refused in good order
)

// Damaged is a file that a server meets sooner or later.
type Damaged struct {
	Name string // with the extension it comes under, right or not
	Kind Kind
	Why  string // one line: what is wrong with it
	Data []byte
}

// Damage is one of each, 30 or so; the whole set takes less than a second and 30 MB.
func Damage() []Damaged {
	photo := JPEG(OrientationChart(640, 480), 90)
	flat := PNG(OrientationChart(320, 240))
	moving := AnimatedGIF(64, 48, 4, 10)
	return []Damaged{
		{"empty.jpg", NotPicture, "no bytes at all", []byte{}},
		{"one-byte.jpg", NotPicture, "one byte", []byte{0xFF}},
		{"text.jpg", NotPicture, "plain text", []byte(strings.Repeat("This is no picture.\n", 100))},
		{"page.jpg", NotPicture, "a web page, as a careless download leaves it", []byte("<!doctype html><title>404</title><p>Not found.</p>")},
		{"drawing.png", NotPicture, "an SVG, which reads files if it is let", []byte(`<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image href="file:///etc/passwd"/></svg>`)},
		{"archive.webp", NotPicture, "a ZIP's first bytes", append([]byte("PK\x03\x04"), make([]byte, 600)...)},
		{"zeros.avif", NotPicture, "4 KB of zeros", make([]byte, 4096)},
		{"riff.webp", NotPicture, "a RIFF file that holds sound", []byte("RIFF\x24\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00\x44\xac\x00\x00\x88\x58\x01\x00\x02\x00\x10\x00data\x00\x00\x00\x00")},

		{"head-only.jpg", Broken, "a JPEG's first two bytes", photo[:2]},
		{"no-scan.jpg", Broken, "cut before the scan", cutBeforeScan(photo)},
		{"cut-10.jpg", Broken, "a tenth of the scan", CutJPEG(photo, .1)},
		{"cut-50.jpg", Broken, "half of the scan", CutJPEG(photo, .5)},
		{"cut-99.jpg", Broken, "99 hundredths of the scan", CutJPEG(photo, .99)},
		{"no-tables.jpg", Broken, "Huffman tables are missing", dropSegments(photo, 0xC4)},
		{"cut.png", Broken, "half of a PNG", flat[:len(flat)/2]},
		{"bad-checksum.png", Broken, "the checksum of the pixels' chunk is wrong", BadChecksumPNG(flat)},
		{"no-pixels.png", Broken, "a PNG without pixels", flat[:33]},
		{"zero-width.png", Broken, "0 × 240 pixels", LyingPNG(flat, 0, 240)},
		{"cut.gif", Broken, "half of the first frame", moving[:len(moving)/8]},
		{"head-only.gif", Broken, "a GIF's header", moving[:13]},

		{"giant-280mp.jpg", Huge, "20000 × 14000 pixels", GiantJPEG(20000, 14000)},
		{"giant-65535.jpg", Huge, "65535 × 65535 pixels", GiantJPEG(65535, 65535)},
		{"giant-900mp.png", Huge, "30000 × 30000 pixels, RGB", GiantPNG(30000, 30000, false)},
		{"giant-bilevel.png", Huge, "60000 × 60000 pixels of one bit", GiantPNG(60000, 60000, true)},
		{"absurd.gif", Huge, "a screen of 65535 × 65535 around a small frame", AbsurdGIF(moving)},

		{"lying.jpg", Lying, "claims 30000 × 30000, holds 640 × 480", LyingJPEG(photo, 30000, 30000)},
		{"lying.png", Lying, "claims 30000 × 30000, holds 320 × 240", LyingPNG(flat, 30000, 30000)},
		{"lying-small.png", Lying, "claims 32 × 24, holds 320 × 240", LyingPNG(flat, 32, 24)},
		{"bomb.png", Lying, "claims 100 × 100, inflates to 4 GB", BombPNG(100, 100, 4<<30)},

		{"png.jpg", Odd, "a sound PNG under a JPEG's name", flat},
		{"jpeg.png", Odd, "a sound JPEG under a PNG's name", photo},
		{"trailing.jpg", Odd, "a sound JPEG with a megabyte after its end", append(bytes.Clone(photo), make([]byte, 1<<20)...)},
		{"exif-loop.jpg", Odd, "a sound JPEG whose EXIF directory points to itself", InsertSegments(photo, EXIFSegment(loopingEXIF()))},
		{"exif-noise.jpg", Odd, "a sound JPEG whose EXIF block leads outside itself", InsertSegments(photo, EXIFSegment([]byte("II*\x00\xff\xff\xff\x7fxxxxxxxx")))},
		{"thin.jpg", Odd, "4000 × 1 pixels", JPEG(PositionChart(4000, 1), 90)},
		{"dot.png", Odd, "a single pixel", PNG(PositionChart(1, 1))},
		{"frames.gif", Odd, "5000 frames", AnimatedGIF(8, 8, 5000, 2)},
	}
}

// CutJPEG keeps all up to the first scan and then a share (0 to 1) of what follows, without the end marker.
func CutJPEG(file []byte, share float64) []byte {
	_, scan, err := segments(file)
	if err != nil {
		panic(err)
	}
	return bytes.Clone(file[:scan+int(share*float64(len(file)-2-scan))])
}

func cutBeforeScan(file []byte) []byte {
	_, scan, err := segments(file)
	if err != nil {
		panic(err)
	}
	return bytes.Clone(file[:scan-14])
}

// dropSegments takes away all segments with a marker, up to the scan.
func dropSegments(file []byte, marker byte) []byte {
	segs, scan, err := segments(file)
	if err != nil {
		panic(err)
	}
	var keep []Segment
	for _, s := range segs {
		if s.Marker != marker {
			keep = append(keep, s)
		}
	}
	return InsertSegments(append([]byte{0xFF, 0xD8}, file[scan:]...), keep...)
}

// LyingJPEG rewrites the size in a JPEG's frame header, each side up to 65,535, and leaves the data as it is.
func LyingJPEG(file []byte, w, h int) []byte {
	out := bytes.Clone(file)
	segs, _, err := segments(out)
	if err != nil {
		panic(err)
	}
	for _, s := range segs {
		if s.Marker >= 0xC0 && s.Marker <= 0xC2 {
			binary.BigEndian.PutUint16(s.Data[1:], uint16(h))
			binary.BigEndian.PutUint16(s.Data[3:], uint16(w))
		}
	}
	return out
}

// LyingPNG rewrites the size in a PNG's header, checksum and all, and leaves the data as it is.
func LyingPNG(file []byte, w, h int) []byte {
	head := bytes.Clone(file[16:29])
	binary.BigEndian.PutUint32(head, uint32(w))
	binary.BigEndian.PutUint32(head[4:], uint32(h))
	return append(appendChunk([]byte(pngHead), "IHDR", head), file[33:]...)
}

// BadChecksumPNG changes the checksum of a PNG's first chunk of pixels.
func BadChecksumPNG(file []byte) []byte {
	out := bytes.Clone(file)
	at := bytes.Index(out, []byte("IDAT"))
	n := int(binary.BigEndian.Uint32(out[at-4:]))
	out[at+4+n] ^= 0x55
	return out
}

// AbsurdGIF claims a screen of 65535 × 65535 for the frames of a GIF.
func AbsurdGIF(file []byte) []byte {
	out := bytes.Clone(file)
	copy(out[6:], "\xff\xff\xff\xff")
	return out
}

// loopingEXIF is a directory whose next one is itself.
func loopingEXIF() []byte {
	b := EXIF{Orientation: 1}.Bytes()
	binary.LittleEndian.PutUint32(b[len(b)-4:], 8)
	return b
}
