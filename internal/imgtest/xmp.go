package imgtest

import (
	"encoding/binary"
	"encoding/xml"
	"fmt"
	"math"
	"strings"
)

// XMP is what a picture's XMP packet says. Zero fields are left out.
type XMP struct {
	Title, Creator, Rights string // dc:title, dc:creator, dc:rights
	Serial                 string // aux:SerialNumber
	GPS                    *Position
}

// Packet is the packet as ISO 16684-1 has it.
func (x XMP) Packet() string {
	var b strings.Builder
	put := func(format, v string) {
		if v == "" {
			return
		}
		var esc strings.Builder
		_ = xml.EscapeText(&esc, []byte(v)) // a Builder never fails
		fmt.Fprintf(&b, format, esc.String())
	}
	b.WriteString("<?xpacket begin=\"\uFEFF\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n" +
		`<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">` +
		`<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:exif="http://ns.adobe.com/exif/1.0/"` +
		` xmlns:aux="http://ns.adobe.com/exif/1.0/aux/">`)
	put(`<dc:title><rdf:Alt><rdf:li xml:lang="x-default">%s</rdf:li></rdf:Alt></dc:title>`, x.Title)
	put(`<dc:creator><rdf:Seq><rdf:li>%s</rdf:li></rdf:Seq></dc:creator>`, x.Creator)
	put(`<dc:rights><rdf:Alt><rdf:li xml:lang="x-default">%s</rdf:li></rdf:Alt></dc:rights>`, x.Rights)
	put(`<aux:SerialNumber>%s</aux:SerialNumber>`, x.Serial)
	if x.GPS != nil {
		put(`<exif:GPSLatitude>%s</exif:GPSLatitude>`, xmpDegrees(x.GPS.Lat, "N", "S"))
		put(`<exif:GPSLongitude>%s</exif:GPSLongitude>`, xmpDegrees(x.GPS.Lon, "E", "W"))
	}
	b.WriteString("</rdf:Description></rdf:RDF></x:xmpmeta>\n<?xpacket end=\"w\"?>")
	return b.String()
}

// xmpDegrees writes "46,34.56N": degrees, then minutes with a fraction.
func xmpDegrees(v float64, pos, neg string) string {
	if v < 0 {
		pos = neg
	}
	d, f := math.Modf(math.Abs(v))
	return fmt.Sprintf("%d,%.4f%s", int(d), f*60, pos)
}

// IPTC is the older press metadata (IIM 4.2, application record), in UTF-8. Zero fields are left out.
type IPTC struct{ Headline, Byline, City, Copyright, Caption string }

// Segment wraps the datasets in Photoshop's resource 0x0404, as cameras and editors do.
func (p IPTC) Segment() Segment {
	iim := []byte{0x1C, 1, 90, 0, 3, 0x1B, '%', 'G'} // "what follows is UTF-8"
	for _, d := range []struct {
		set  byte
		text string
	}{{105, p.Headline}, {80, p.Byline}, {90, p.City}, {116, p.Copyright}, {120, p.Caption}} {
		if d.text != "" {
			iim = binary.BigEndian.AppendUint16(append(iim, 0x1C, 2, d.set), uint16(len(d.text)))
			iim = append(iim, d.text...)
		}
	}
	out := []byte(iptcHead + "8BIM\x04\x04\x00\x00")
	out = append(binary.BigEndian.AppendUint32(out, uint32(len(iim))), iim...)
	if len(iim)%2 == 1 {
		out = append(out, 0)
	}
	return Segment{APP13, out}
}
