package imgtest

import (
	"cmp"
	"encoding/binary"
	"math"
	"slices"
)

// EXIF is the metadata of a camera file that tests care about. Zero fields are left out.
type EXIF struct {
	Orientation int // 1 to 8
	Make, Model string
	Artist      string
	Copyright   string // UTF-8
	DateTime    string // "2024:05:01 06:30:00"
	Serial      string // of the body
	LensSerial  string
	Owner       string // the camera owner's name
	MakerNote   []byte
	GPS         *Position
	Preview     []byte // an embedded JPEG, in the second directory
	BigEndian   bool   // byte order: "MM" rather than "II"
}

// Position is a place on earth: degrees north, degrees east, metres above the sea.
type Position struct{ Lat, Lon, Alt float64 }

// Tags (EXIF 2.32, CIPA DC-008).
const (
	tagMake, tagModel, tagOrientation     = 0x010F, 0x0110, 0x0112
	tagDateTime, tagArtist, tagCopyright  = 0x0132, 0x013B, 0x8298
	tagPreviewAt, tagPreviewLen           = 0x0201, 0x0202
	tagExifIFD, tagGPSIFD                 = 0x8769, 0x8825
	tagMakerNote, tagOwner                = 0x927C, 0xA430
	tagSerial, tagLensSerial, tagCompress = 0xA431, 0xA435, 0x0103
)

type entry struct {
	tag, kind uint16 // kinds: 1 byte, 2 text, 3 short, 4 long, 5 rational, 7 undefined
	count     uint32
	data      []byte
}

// Bytes is the block as a TIFF structure, without the "Exif" head that JPEG adds.
func (e EXIF) Bytes() []byte {
	var bo binary.AppendByteOrder = binary.LittleEndian
	out := []byte("II*\x00\x08\x00\x00\x00")
	if e.BigEndian {
		bo, out = binary.BigEndian, []byte("MM\x00*\x00\x00\x00\x08")
	}
	text := func(list []entry, tag uint16, s string) []entry {
		if s == "" {
			return list
		}
		return append(list, entry{tag, 2, uint32(len(s) + 1), append([]byte(s), 0)})
	}
	long := func(tag uint16, v uint32) entry { return entry{tag, 4, 1, bo.AppendUint32(nil, v)} }

	var ifd0, exif, gps []entry
	ifd0 = text(ifd0, tagMake, e.Make)
	ifd0 = text(ifd0, tagModel, e.Model)
	ifd0 = text(ifd0, tagDateTime, e.DateTime)
	ifd0 = text(ifd0, tagArtist, e.Artist)
	ifd0 = text(ifd0, tagCopyright, e.Copyright)
	if e.Orientation != 0 {
		ifd0 = append(ifd0, entry{tagOrientation, 3, 1, bo.AppendUint16(nil, uint16(e.Orientation))})
	}
	exif = text(exif, tagOwner, e.Owner)
	exif = text(exif, tagSerial, e.Serial)
	exif = text(exif, tagLensSerial, e.LensSerial)
	if e.MakerNote != nil {
		exif = append(exif, entry{tagMakerNote, 7, uint32(len(e.MakerNote)), e.MakerNote})
	}
	if e.GPS != nil {
		gps = e.GPS.entries(bo)
	}
	// A pointer's value is known only once the directory before it is laid out, whose size doesn't depend on the value.
	if exif != nil {
		ifd0 = append(ifd0, long(tagExifIFD, 0))
	}
	if gps != nil {
		ifd0 = append(ifd0, long(tagGPSIFD, 0))
	}
	next := uint32(8 + ifdSize(ifd0))
	point := func(tag uint16, sub []entry) {
		if i := slices.IndexFunc(ifd0, func(x entry) bool { return x.tag == tag }); i >= 0 {
			ifd0[i] = long(tag, next)
			next += uint32(ifdSize(sub))
		}
	}
	point(tagExifIFD, exif)
	point(tagGPSIFD, gps)
	if e.Preview == nil {
		next = 0
	}
	out = appendIFD(out, bo, ifd0, next)
	if exif != nil {
		out = appendIFD(out, bo, exif, 0)
	}
	if gps != nil {
		out = appendIFD(out, bo, gps, 0)
	}
	if e.Preview != nil {
		ifd1 := []entry{
			{tagCompress, 3, 1, bo.AppendUint16(nil, 6)},
			long(tagPreviewAt, 0),
			long(tagPreviewLen, uint32(len(e.Preview))),
		}
		ifd1[1] = long(tagPreviewAt, uint32(len(out)+ifdSize(ifd1)))
		out = append(appendIFD(out, bo, ifd1, 0), e.Preview...)
	}
	return out
}

func (p Position) entries(bo binary.AppendByteOrder) []entry {
	ratio := func(vs ...float64) (b []byte) {
		for _, v := range vs {
			b = bo.AppendUint32(bo.AppendUint32(b, uint32(math.Round(v*10000))), 10000)
		}
		return b
	}
	degrees := func(v float64) []byte {
		d, f := math.Modf(math.Abs(v))
		m, f := math.Modf(f * 60)
		return ratio(d, m, f*60)
	}
	ref := func(v float64, pos, neg string) []byte {
		if v < 0 {
			pos = neg
		}
		return []byte(pos + "\x00")
	}
	below := byte(0)
	if p.Alt < 0 {
		below = 1
	}
	return []entry{
		{0, 1, 4, []byte{2, 3, 0, 0}},
		{1, 2, 2, ref(p.Lat, "N", "S")}, {2, 5, 3, degrees(p.Lat)},
		{3, 2, 2, ref(p.Lon, "E", "W")}, {4, 5, 3, degrees(p.Lon)},
		{5, 1, 1, []byte{below}}, {6, 5, 1, ratio(math.Abs(p.Alt))},
	}
}

// ifdSize is the length of a directory with the values that don't fit its entries.
func ifdSize(list []entry) int {
	n := 2 + 12*len(list) + 4
	for _, e := range list {
		if len(e.data) > 4 {
			n += (len(e.data) + 1) &^ 1
		}
	}
	return n
}

func appendIFD(out []byte, bo binary.AppendByteOrder, list []entry, next uint32) []byte {
	slices.SortFunc(list, func(a, b entry) int { return cmp.Compare(a.tag, b.tag) })
	at := len(out) + 2 + 12*len(list) + 4
	var values []byte
	out = bo.AppendUint16(out, uint16(len(list)))
	for _, e := range list {
		out = bo.AppendUint32(bo.AppendUint16(bo.AppendUint16(out, e.tag), e.kind), e.count)
		if len(e.data) <= 4 {
			out = append(out, append(slices.Clone(e.data), 0, 0, 0, 0)[:4]...)
			continue
		}
		out = bo.AppendUint32(out, uint32(at+len(values)))
		if values = append(values, e.data...); len(values)%2 == 1 {
			values = append(values, 0)
		}
	}
	return append(bo.AppendUint32(out, next), values...)
}
