package probe

import (
	"strings"
	"time"
)

// EXIF 2.32 and TIFF 6.0 tags.
const (
	tagDescription = 0x010E // ImageDescription
	tagOrientation = 0x0112
	tagArtist      = 0x013B
	tagCopyright   = 0x8298
	tagExifIFD     = 0x8769
	tagTaken       = 0x9003 // DateTimeOriginal
	tagTakenZone   = 0x9011 // OffsetTimeOriginal
	tagColourSpace = 0xA001
	tagInteropIFD  = 0xA005
)

// maxTextField bounds a text field as stored, before it is cleaned and cut.
const maxTextField = 64 << 10

// exifFacts is what we take from EXIF: no position, no serial number, no
// preview.
type exifFacts struct {
	orientation int // as stored; Header.check makes 1 of what is not 1 to 8
	rights      Rights
	caption     string
	taken       time.Time
	zoned       bool // taken has a zone
	adobeRGB    bool
}

// readExif reads an EXIF block that starts with its TIFF header. What is
// broken or absent is left at its default.
func readExif(b []byte) exifFacts {
	t, err := openTIFF(block(b))
	if err != nil {
		return exifFacts{orientation: 1}
	}
	ifd0, _, err := t.directory(t.first)
	if err != nil {
		return exifFacts{orientation: 1}
	}
	return t.facts(ifd0)
}

// facts reads what a first directory and the EXIF directory behind it tell.
func (t *tiff) facts(ifd0 map[int]entry) exifFacts {
	f := exifFacts{orientation: t.number(ifd0, tagOrientation, 1)}
	f.rights = Rights{Copyright: t.copyright(ifd0), Creator: t.text(ifd0, tagArtist)}
	f.caption = caption(t.text(ifd0, tagDescription))
	exif, _, err := t.directory(int64(t.number(ifd0, tagExifIFD, -1)))
	if err != nil {
		return f
	}
	f.taken, f.zoned = parseTaken(t.text(exif, tagTaken), t.text(exif, tagTakenZone))
	// DCF 2.0 5.2: a camera that was set to Adobe RGB embeds no profile, it
	// says "uncalibrated" here and R03 there.
	if t.number(exif, tagColourSpace, 1) == 0xFFFF {
		interop, _, err := t.directory(int64(t.number(exif, tagInteropIFD, -1)))
		f.adobeRGB = err == nil && t.text(interop, 1) == "R03"
	}
	return f
}

// copyright joins the two parts that EXIF's field may have, the
// photographer's and the editor's, with a NUL between them.
func (t *tiff) copyright(m map[int]entry) string {
	b, err := t.bytes(m[tagCopyright], maxTextField)
	if err != nil {
		return ""
	}
	first, second, _ := strings.Cut(string(b), "\x00")
	second, _, _ = strings.Cut(second, "\x00")
	return joinTexts(decodeText([]byte(first), false), decodeText([]byte(second), false))
}

// parseTaken reads EXIF's "2006:01:02 15:04:05" and "+01:00". Without a zone
// the time is given as UTC; what is no time is zero.
func parseTaken(date, zone string) (taken time.Time, zoned bool) {
	if t, err := time.Parse("2006:01:02 15:04:05-07:00", date+zone); err == nil {
		return t, true
	}
	t, err := time.Parse("2006:01:02 15:04:05", date)
	if err != nil {
		return time.Time{}, false
	}
	return t, false
}

// caption is an EXIF description, but for what cameras put there by themselves.
func caption(s string) string {
	switch strings.ToUpper(s) {
	case "OLYMPUS DIGITAL CAMERA", "SONY DSC", "KODAK DIGITAL STILL CAMERA", "MINOLTA DIGITAL CAMERA", "KONICA MINOLTA DIGITAL CAMERA",
		"SAMSUNG", "SAMSUNG DIGITAL CAMERA", "DIGITAL CAMERA", "DCIM", "DEFAULT", "<DIGIMAX I5, SAMSUNG #1>":
		return ""
	}
	return s
}
