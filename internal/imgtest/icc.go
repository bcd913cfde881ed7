package imgtest

import (
	"bytes"
	"encoding/binary"
	"math"
	"slices"
	"unicode/utf16"
)

// ICC builds a display profile of the space: matrix and curves, or one curve for Gray. Version is 2 or 4 (ICC.1:2001-04 and ICC.1:2022).
// Version 2 writes sRGB's curve as a table of 1,024 entries, version 4 as a formula.
func ICC(s Space, version int) []byte {
	v4 := version == 4
	if !v4 && version != 2 {
		panic("imgtest: an ICC profile is of version 2 or 4")
	}
	tags := []iccTag{
		{"desc", iccText(s.String(), v4, true)},
		{"cprt", iccText("No copyright, use freely", v4, false)},
		{"wtpt", iccXYZ(d50)},
	}
	if v4 {
		m := d65toD50()
		data := []byte("sf32\x00\x00\x00\x00")
		for _, row := range m {
			data = appendFixed(data, row[:]...)
		}
		tags = append(tags, iccTag{"chad", data})
	}
	class, curve := "RGB ", iccCurve(s, v4)
	if s == Gray {
		class = "GRAY"
		tags = append(tags, iccTag{"kTRC", curve})
	} else {
		m := s.toXYZ()
		for i, c := range []string{"r", "g", "b"} {
			tags = append(tags,
				iccTag{c + "XYZ", iccXYZ([3]float64{m[0][i], m[1][i], m[2][i]})},
				iccTag{c + "TRC", curve})
		}
	}
	return iccFile(class, byte(version), tags)
}

type iccTag struct {
	name string
	data []byte
}

// iccFile lays out header, tag table and data; equal data is stored once, as profiles in the wild do.
func iccFile(class string, version byte, tags []iccTag) []byte {
	table := binary.BigEndian.AppendUint32(nil, uint32(len(tags)))
	at := map[string]int{}
	var body []byte
	start := 128 + 4 + 12*len(tags)
	for _, t := range tags {
		off, ok := at[string(t.data)]
		if !ok {
			for len(body)%4 != 0 {
				body = append(body, 0)
			}
			off = start + len(body)
			at[string(t.data)] = off
			body = append(body, t.data...)
		}
		table = append(table, t.name...)
		table = binary.BigEndian.AppendUint32(table, uint32(off))
		table = binary.BigEndian.AppendUint32(table, uint32(len(t.data)))
	}
	for len(body)%4 != 0 {
		body = append(body, 0)
	}
	head := make([]byte, 128)
	binary.BigEndian.PutUint32(head, uint32(start+len(body)))
	head[8] = version
	if version == 2 {
		head[9] = 0x10
	}
	copy(head[12:], "mntr"+class+"XYZ ")
	for i, v := range []uint16{2024, 1, 1} {
		binary.BigEndian.PutUint16(head[24+2*i:], v)
	}
	copy(head[36:], "acsp")
	copy(head[68:], appendFixed(nil, d50[:]...))
	return slices.Concat(head, table, body)
}

// appendFixed writes s15Fixed16 numbers.
func appendFixed(b []byte, vs ...float64) []byte {
	for _, v := range vs {
		b = binary.BigEndian.AppendUint32(b, uint32(int32(math.Round(v*65536))))
	}
	return b
}

func iccXYZ(v [3]float64) []byte { return appendFixed([]byte("XYZ \x00\x00\x00\x00"), v[:]...) }

func iccText(s string, v4, desc bool) []byte {
	var b bytes.Buffer
	put := func(v any) { _ = binary.Write(&b, binary.BigEndian, v) } // a Buffer never fails
	switch {
	case v4:
		u := utf16.Encode([]rune(s))
		b.WriteString("mluc\x00\x00\x00\x00")
		put([]uint32{1, 12})
		b.WriteString("enUS")
		put([]uint32{uint32(2 * len(u)), 28})
		put(u)
	case desc:
		b.WriteString("desc\x00\x00\x00\x00")
		put(uint32(len(s) + 1))
		b.WriteString(s + "\x00")
		b.Write(make([]byte, 4+4+2+1+67)) // no Unicode, no Macintosh text
	default:
		b.WriteString("text\x00\x00\x00\x00" + s + "\x00")
	}
	return b.Bytes()
}

func iccCurve(s Space, v4 bool) []byte {
	gamma := s == AdobeRGB || s == Gray
	switch {
	case gamma && v4:
		return appendFixed([]byte("para\x00\x00\x00\x00\x00\x00\x00\x00"), adobeGamma)
	case gamma:
		return []byte("curv\x00\x00\x00\x00\x00\x00\x00\x01\x02\x33") // 563 in u8Fixed8
	case v4:
		return appendFixed([]byte("para\x00\x00\x00\x00\x00\x03\x00\x00"), 2.4, 1/1.055, 0.055/1.055, 1/12.92, 0.04045)
	}
	const n = 1024
	b := []byte("curv\x00\x00\x00\x00\x00\x00\x04\x00")
	for i := range n {
		b = binary.BigEndian.AppendUint16(b, uint16(math.Round(s.Linear(float64(i)/(n-1))*65535)))
	}
	return b
}
