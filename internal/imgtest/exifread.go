package imgtest

import (
	"encoding/binary"
	"errors"
	"strings"
)

var errEXIF = errors.New("imgtest: EXIF block is malformed")

// ParseEXIF reads an EXIF block (a TIFF structure, without JPEG's "Exif" head) back into the fields that [EXIF] has; whatever else it
// holds is passed over. An offset or a count that leads outside the block is an error.
func ParseEXIF(b []byte) (e EXIF, err error) {
	if len(b) < 8 {
		return e, errEXIF
	}
	r := exifReader{b: b}
	switch string(b[:4]) {
	case "II*\x00":
		r.bo = binary.LittleEndian
	case "MM\x00*":
		r.bo, e.BigEndian = binary.BigEndian, true
	default:
		return e, errEXIF
	}
	ifd0, next := r.ifd(r.bo.Uint32(b[4:]))
	e.Make, e.Model, e.DateTime = ifd0.text(tagMake), ifd0.text(tagModel), ifd0.text(tagDateTime)
	e.Artist, e.Copyright = ifd0.text(tagArtist), ifd0.text(tagCopyright)
	e.Orientation = int(r.number(ifd0[tagOrientation]))
	if p, ok := ifd0[tagExifIFD]; ok {
		exif, _ := r.ifd(r.number(p))
		e.Serial, e.LensSerial, e.Owner = exif.text(tagSerial), exif.text(tagLensSerial), exif.text(tagOwner)
		e.MakerNote = exif[tagMakerNote].data
	}
	if p, ok := ifd0[tagGPSIFD]; ok {
		gps, _ := r.ifd(r.number(p))
		e.GPS = &Position{r.degrees(gps[2]), r.degrees(gps[4]), r.ratio(gps[6], 0)}
		if gps.text(1) == "S" {
			e.GPS.Lat = -e.GPS.Lat
		}
		if gps.text(3) == "W" {
			e.GPS.Lon = -e.GPS.Lon
		}
		if r.number(gps[5]) == 1 {
			e.GPS.Alt = -e.GPS.Alt
		}
	}
	if next != 0 {
		ifd1, _ := r.ifd(next)
		if at, ok := ifd1[tagPreviewAt]; ok {
			e.Preview = r.slice(r.number(at), r.number(ifd1[tagPreviewLen]))
		}
	}
	return e, r.err
}

// exifReader keeps the first error, so that reading goes on without a check at every step.
type exifReader struct {
	b   []byte
	bo  binary.ByteOrder
	err error
}

type directory map[uint16]entry

func (d directory) text(tag uint16) string { return strings.TrimRight(string(d[tag].data), "\x00") }

func (r *exifReader) slice(at, n uint32) []byte {
	if uint64(at)+uint64(n) > uint64(len(r.b)) {
		r.err = errEXIF
		return nil
	}
	return r.b[at : at+n]
}

func (r *exifReader) ifd(at uint32) (directory, uint32) {
	head := r.slice(at, 2)
	if head == nil {
		return nil, 0
	}
	n := uint32(r.bo.Uint16(head))
	list := r.slice(at+2, 12*n+4)
	if list == nil {
		return nil, 0
	}
	d := directory{}
	for ; len(list) > 4; list = list[12:] {
		e := entry{tag: r.bo.Uint16(list), kind: r.bo.Uint16(list[2:]), count: r.bo.Uint32(list[4:])}
		size := map[uint16]uint32{1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1, 9: 4, 10: 8}[e.kind]
		switch {
		case size == 0:
			continue
		case e.count > uint32(len(r.b)):
			r.err = errEXIF
		case e.count*size <= 4:
			e.data = list[8 : 8+e.count*size]
		default:
			e.data = r.slice(r.bo.Uint32(list[8:]), e.count*size)
		}
		d[e.tag] = e
	}
	return d, r.bo.Uint32(list)
}

func (r *exifReader) number(e entry) uint32 {
	switch len(e.data) {
	case 1:
		return uint32(e.data[0])
	case 2:
		return uint32(r.bo.Uint16(e.data))
	case 4:
		return r.bo.Uint32(e.data)
	}
	return 0
}

func (r *exifReader) ratio(e entry, i int) float64 {
	if len(e.data) < 8*i+8 {
		return 0
	}
	return float64(r.bo.Uint32(e.data[8*i:])) / float64(max(1, r.bo.Uint32(e.data[8*i+4:])))
}

func (r *exifReader) degrees(e entry) float64 {
	return r.ratio(e, 0) + r.ratio(e, 1)/60 + r.ratio(e, 2)/3600
}
