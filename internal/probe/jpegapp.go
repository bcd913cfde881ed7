package probe

import "bytes"

const (
	maxICC  = 4 << 20
	maxIPTC = 1 << 20

	exifMark  = "Exif\x00\x00"
	xmpMark   = "http://ns.adobe.com/xap/1.0/\x00"
	iccMark   = "ICC_PROFILE\x00"
	photoMark = "Photoshop 3.0\x00"
	gainMark  = "urn:iso:std:iso:ts:21496:-1\x00"
	adobeMark = "Adobe"
)

// appData gathers a JPEG's APPn segments. They stay slices of what was read
// until finish.
type appData struct {
	exif, xmp []byte
	icc       [256][]byte // by its sequence number, ICC.1 B.4
	iccCount  int
	iccSize   int
	photoshop []byte // the segments' contents, one after the other
	gain      bool
	rgb       bool // Adobe's transform 0 with three components
}

func (a *appData) add(n byte, b []byte) {
	cut := func(mark string) ([]byte, bool) { return bytes.CutPrefix(b, []byte(mark)) }
	switch n {
	case 1:
		if v, ok := cut(exifMark); ok && a.exif == nil {
			a.exif = v
		}
		if v, ok := cut(xmpMark); ok && a.xmp == nil {
			a.xmp = v
		}
	case 2:
		if v, ok := cut(iccMark); ok && len(v) > 2 {
			seq := v[0]
			if a.icc[seq] == nil && a.iccSize+len(v) <= maxICC {
				a.icc[seq], a.iccCount = v[2:], int(v[1])
				a.iccSize += len(v) - 2
			}
		}
		if _, ok := cut(gainMark); ok {
			a.gain = true
		}
	case 13:
		if v, ok := cut(photoMark); ok && len(a.photoshop)+len(v) <= maxIPTC {
			a.photoshop = append(a.photoshop, v...)
		}
	case 14:
		if v, ok := cut(adobeMark); ok && len(v) >= 7 {
			a.rgb = v[6] == 0
		}
	}
}

func (a *appData) finish(h *Header) {
	x := readXMP(a.xmp)
	e := readExif(a.exif)
	h.Orientation, h.Taken, h.TakenZoned = e.orientation, e.taken, e.zoned
	h.GainMap = a.gain || x.gainMap
	iptc := readPhotoshop(a.photoshop)
	h.Rights = merge(x.rights, iptc.rights, e.rights)
	h.Caption = firstText(x.caption, iptc.caption, e.caption)
	switch {
	case h.Channels == 1:
		h.Colour.Space = SpaceGrey
	case h.CMYK:
		h.Colour.Space = SpaceCMYK
	case a.rgb && h.Channels == 3:
		h.Colour.Space = SpaceRGB
	default:
		h.Colour.Space = SpaceYCC
	}
	h.Colour.AdobeRGB = e.adobeRGB
	h.setICC(a.profile())
}

// profile joins the pieces of an ICC profile; nil unless all are there.
func (a *appData) profile() []byte {
	if a.iccCount == 0 {
		return nil
	}
	out := make([]byte, 0, a.iccSize)
	for _, p := range a.icc[1 : a.iccCount+1] {
		if p == nil {
			return nil
		}
		out = append(out, p...)
	}
	return out
}
