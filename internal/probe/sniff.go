package probe

import (
	"bytes"
	"fmt"
	"strings"
)

// sniff tells a taken type by its first bytes; none otherwise. Any HEIF is
// AVIF here until its primary picture tells how it is coded.
func sniff(b []byte) Type {
	switch {
	case has(b, 0, "\xff\xd8\xff"):
		return JPEG
	case has(b, 0, "\x89PNG\r\n\x1a\n"):
		return PNG
	case has(b, 0, "GIF87a"), has(b, 0, "GIF89a"):
		return GIF
	case has(b, 0, "RIFF") && has(b, 8, "WEBP"):
		return WebP
	case has(b, 0, "II*\x00"), has(b, 0, "MM\x00*"), has(b, 0, "II+\x00"), has(b, 0, "MM\x00+"):
		return TIFF
	case has(b, 4, "ftyp") && isHEIF(b):
		return AVIF
	}
	return 0
}

func has(b []byte, off int, magic string) bool {
	return len(b) >= off+len(magic) && string(b[off:off+len(magic)]) == magic
}

// magics are pictures that are recognised and not taken.
var magics = []struct {
	off   int
	magic string
	name  string
}{
	{0, "8BPS", "Photoshop (PSD)"},
	{0, "\xff\x0a", "JPEG XL"},
	{4, "JXL \r\n\x87\n", "JPEG XL"},
	{4, "jP  \r\n\x87\n", "JPEG 2000"},
	{0, "\xff\x4f\xff\x51", "JPEG 2000"},
	{0, "II\xbc\x01", "JPEG XR"},
	{0, "\x8aMNG\r\n\x1a\n", "MNG"},
	{0, "\x8bJNG\r\n\x1a\n", "JNG"},
	{0, "\x00\x00\x01\x00", "Windows icon (ICO)"},
	{0, "\x00\x00\x02\x00", "Windows cursor (CUR)"},
	{0, "qoif", "QOI"},
	{0, "#?RADIANCE", "Radiance HDR"},
	{0, "#?RGBE", "Radiance HDR"},
	{0, "\x76\x2f\x31\x01", "OpenEXR"},
	{0, "SIMPLE  =", "FITS"},
	{0, "DDS ", "DirectDraw surface (DDS)"},
	{0, "gimp xcf", "GIMP (XCF)"},
	{0, "FLIF", "FLIF"},
	{0, "BPG\xfb", "BPG"},
	{8, "CDR", "CorelDRAW"},
	{0, "%!PS-Adobe", "PostScript"},
	{0, "FUJIFILMCCD-RAW", "camera raw (Fujifilm RAF)"},
	{0, "IIRO", "camera raw (Olympus ORF)"},
	{0, "IIRS", "camera raw (Olympus ORF)"},
	{0, "MMOR", "camera raw (Olympus ORF)"},
	{0, "IIU\x00", "camera raw (Panasonic RW2)"},
	{6, "HEAPCCDR", "camera raw (Canon CRW)"},
	{4, "ftypcrx ", "camera raw (Canon CR3)"},
	{0, "FOVb", "camera raw (Sigma X3F)"},
	{0, "\x00MRM", "camera raw (Minolta MRW)"},
}

// notTaken is the error for a file that starts with b and is of no type that
// sniff tells.
func notTaken(b []byte) error {
	for _, m := range magics {
		if has(b, m.off, m.magic) {
			return unsupported("%s", m.name)
		}
	}
	// "BM" is also how a text may start: the reserved fields are zero.
	if len(b) >= 14 && has(b, 0, "BM") && has(b, 6, "\x00\x00\x00\x00") {
		return unsupported("Windows bitmap (BMP)")
	}
	if len(b) >= 3 && b[0] == 'P' && b[1] >= '1' && b[1] <= '7' && (b[2] == '\n' || b[2] == ' ' || b[2] == '\r' || b[2] == '\t') {
		return unsupported("portable anymap (PNM)")
	}
	if has(b, 0, "%PDF-") {
		return fmt.Errorf("%w: a PDF", ErrUnknown)
	}
	if has(b, 4, "ftyp") {
		return fmt.Errorf("%w: a film (MP4 or the like)", ErrUnknown)
	}
	text := bytes.TrimLeft(bytes.TrimPrefix(b[:min(len(b), 4096)], []byte("\xef\xbb\xbf")), " \t\r\n")
	lower := strings.ToLower(string(text))
	switch {
	case len(text) == 0:
		return fmt.Errorf("%w: empty text", ErrUnknown)
	case strings.HasPrefix(lower, "<!doctype html"), strings.HasPrefix(lower, "<html"):
		return fmt.Errorf("%w: an HTML page", ErrUnknown)
	case lower[0] == '<' && strings.Contains(lower, "<svg"):
		return unsupported("SVG")
	case lower[0] == '<':
		return fmt.Errorf("%w: an XML or HTML text", ErrUnknown)
	}
	return ErrUnknown
}
