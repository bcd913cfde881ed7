package probe

import (
	"encoding/binary"
	"encoding/xml"
	"strings"
)

// EXIF gives an EXIF block that says Copyright and Creator and nothing else:
// no orientation (so upright), no preview. It starts with "Exif\0\0", as a
// JPEG's APP1 segment and libvips's exif-data field want it; WebP, PNG and
// HEIF hold it without those six bytes. Texts are UTF-8, as every reader
// takes them today. nil if there is neither.
//
// It is at most 2 KiB and a bit. The caller owns it.
func (r Rights) EXIF() []byte {
	var tags []int // in ascending order, TIFF 6.0 section 2
	var values []string
	if r.Creator != "" {
		tags, values = append(tags, tagArtist), append(values, r.Creator)
	}
	if r.Copyright != "" {
		tags, values = append(tags, tagCopyright), append(values, r.Copyright)
	}
	if len(tags) == 0 {
		return nil
	}
	le := binary.LittleEndian
	b := []byte(exifMark)
	b = append(b, "II*\x00\x08\x00\x00\x00"...)
	b = le.AppendUint16(b, uint16(len(tags)))
	end := 8 + 2 + 12*len(tags) + 4 // where the values begin, from the TIFF header
	var tail []byte
	for i, tag := range tags {
		v := values[i] + "\x00"
		b = le.AppendUint16(b, uint16(tag))
		b = le.AppendUint16(b, 2) // ASCII
		b = le.AppendUint32(b, uint32(len(v)))
		if len(v) <= 4 {
			b = append(b, (v + "\x00\x00\x00")[:4]...)
			continue
		}
		b = le.AppendUint32(b, uint32(end+len(tail)))
		tail = append(tail, v...)
		if len(v)%2 == 1 {
			tail = append(tail, 0) // values begin on a word boundary
		}
	}
	b = le.AppendUint32(b, 0) // no further directory
	return append(b, tail...)
}

// XMP gives an XMP packet (ISO 16684-1) with all fields and nothing else, in
// UTF-8, without JPEG's "http://ns.adobe.com/xap/1.0/\0" in front, as
// libvips's xmp-data field wants it. nil if Rights is empty. The caller owns
// it.
func (r Rights) XMP() []byte {
	if r.Empty() {
		return nil
	}
	var props, spaces strings.Builder
	used := map[string]bool{}
	add := func(prefix, uri, name, before, value, after string) {
		if value == "" {
			return
		}
		if !used[prefix] {
			used[prefix] = true
			spaces.WriteString(" xmlns:" + prefix + `="` + uri + `"`)
		}
		props.WriteString("<" + prefix + ":" + name + ">" + before)
		// A strings.Builder never fails.
		_ = xml.EscapeText(&props, []byte(value))
		props.WriteString(after + "</" + prefix + ":" + name + ">")
	}
	const (
		alt, altEnd = `<rdf:Alt><rdf:li xml:lang="x-default">`, `</rdf:li></rdf:Alt>`
		seq, seqEnd = `<rdf:Seq><rdf:li>`, `</rdf:li></rdf:Seq>`
		lic, licEnd = `<rdf:Seq><rdf:li rdf:parseType="Resource"><plus:LicensorURL>`, `</plus:LicensorURL></rdf:li></rdf:Seq>`
	)
	add("dc", nsDC, "rights", alt, r.Copyright, altEnd)
	add("dc", nsDC, "creator", seq, r.Creator, seqEnd)
	add("photoshop", nsPhotoshop, "Credit", "", r.Credit, "")
	add("xmpRights", nsRights, "UsageTerms", alt, r.Terms, altEnd)
	add("xmpRights", nsRights, "WebStatement", "", r.Statement, "")
	add("plus", nsPLUS, "Licensor", lic, r.Licensor, licEnd)
	return []byte("<?xpacket begin=\"\ufeff\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>" +
		`<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="` + nsRDF + `">` +
		`<rdf:Description rdf:about=""` + spaces.String() + ">" + props.String() +
		`</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="r"?>`)
}
