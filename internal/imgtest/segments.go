package imgtest

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
)

// Segment is one marker segment of a JPEG: Marker without its 0xFF, Data without its length.
type Segment struct {
	Marker byte
	Data   []byte
}

// Markers of the segments that hold metadata (ITU-T T.81, table B.1).
const (
	APP1  = 0xE1 // EXIF and XMP
	APP2  = 0xE2 // ICC profiles, MPF
	APP13 = 0xED // IPTC in Photoshop's wrapping
)

// JPEG encodes a picture as a baseline 4:2:0 JPEG with the segments right after its first marker. [image.RGBA], [image.YCbCr] and
// [image.Gray] are fast, other types are not.
func JPEG(img image.Image, quality int, segs ...Segment) []byte {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: quality}); err != nil {
		panic("imgtest: " + err.Error())
	}
	return InsertSegments(b.Bytes(), segs...)
}

// InsertSegments puts segments right after the start marker of a JPEG.
func InsertSegments(file []byte, segs ...Segment) []byte {
	if len(file) < 2 || file[0] != 0xFF || file[1] != 0xD8 {
		panic("imgtest: not a JPEG")
	}
	out := []byte{0xFF, 0xD8}
	for _, s := range segs {
		if len(s.Data) > 65533 {
			panic(fmt.Sprintf("imgtest: a JPEG segment holds up to 65,533 bytes, not %d", len(s.Data)))
		}
		out = append(out, 0xFF, s.Marker)
		out = binary.BigEndian.AppendUint16(out, uint16(len(s.Data)+2))
		out = append(out, s.Data...)
	}
	return append(out, file[2:]...)
}

var errJPEG = errors.New("imgtest: JPEG segments end early")

// Segments lists the marker segments of a JPEG up to and including the first start of scan. The data belongs to file.
func Segments(file []byte) ([]Segment, error) {
	segs, _, err := segments(file)
	return segs, err
}

// segments also says where the entropy-coded data begins.
func segments(file []byte) (segs []Segment, scan int, err error) {
	if len(file) < 4 || file[0] != 0xFF || file[1] != 0xD8 {
		return nil, 0, errors.New("imgtest: not a JPEG")
	}
	for at := 2; at+4 <= len(file); {
		n := int(binary.BigEndian.Uint16(file[at+2:]))
		if file[at] != 0xFF || n < 2 || at+2+n > len(file) {
			return segs, 0, errJPEG
		}
		segs = append(segs, Segment{file[at+1], file[at+4 : at+2+n]})
		if file[at+1] == 0xDA {
			return segs, at + 2 + n, nil
		}
		at += 2 + n
	}
	return segs, 0, errJPEG
}

const (
	exifHead = "Exif\x00\x00"
	xmpHead  = "http://ns.adobe.com/xap/1.0/\x00"
	iccHead  = "ICC_PROFILE\x00"
	iptcHead = "Photoshop 3.0\x00"
)

// EXIFSegment wraps an EXIF block as [EXIF.Bytes] makes it.
func EXIFSegment(exif []byte) Segment { return Segment{APP1, append([]byte(exifHead), exif...)} }

// XMPSegment wraps an XMP packet.
func XMPSegment(packet string) Segment { return Segment{APP1, []byte(xmpHead + packet)} }

// ICCSegments wraps a profile, in several segments when it is over 65,519 bytes (ICC.1:2022, annex B.4).
func ICCSegments(profile []byte) (segs []Segment) {
	const most = 65533 - len(iccHead) - 2
	n := (len(profile) + most - 1) / most
	for i := range n {
		part := profile[i*most : min((i+1)*most, len(profile))]
		segs = append(segs, Segment{APP2, append([]byte(iccHead), append([]byte{byte(i + 1), byte(n)}, part...)...)})
	}
	return segs
}

// Metadata is what a JPEG says about itself, as found in its segments; nil or empty where it has none.
type Metadata struct {
	EXIF []byte // the TIFF block, for [ParseEXIF]
	XMP  string
	ICC  []byte
	IPTC []byte // Photoshop's resources, without the head
}

// JPEGMetadata gathers the metadata of a JPEG. The parts of an ICC profile must be numbered from 1 in order, as everyone writes them.
func JPEGMetadata(file []byte) (m Metadata, err error) {
	segs, err := Segments(file)
	if err != nil {
		return m, err
	}
	parts := 0
	for _, s := range segs {
		switch has := func(head string) bool { return bytes.HasPrefix(s.Data, []byte(head)) }; {
		case s.Marker == APP1 && has(exifHead):
			m.EXIF = s.Data[len(exifHead):]
		case s.Marker == APP1 && has(xmpHead):
			m.XMP = string(s.Data[len(xmpHead):])
		case s.Marker == APP2 && has(iccHead) && len(s.Data) > len(iccHead)+2:
			if parts++; int(s.Data[len(iccHead)]) != parts || int(s.Data[len(iccHead)+1]) < parts {
				return m, errors.New("imgtest: parts of the ICC profile are misnumbered")
			}
			m.ICC = append(m.ICC, s.Data[len(iccHead)+2:]...)
		case s.Marker == APP13 && has(iptcHead):
			m.IPTC = s.Data[len(iptcHead):]
		}
	}
	return m, nil
}
