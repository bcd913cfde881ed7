package probe

// TIFF 6.0 tags, and those by which raw files are told.
const (
	tagSubfile     = 254
	tagWidth       = 256
	tagHeight      = 257
	tagBits        = 258
	tagCompression = 259
	tagPhotometric = 262
	tagMake        = 271
	tagSamples     = 277
	tagRows        = 278
	tagPlanar      = 284
	tagTileWidth   = 322
	tagTileHeight  = 323
	tagSubIFDs     = 330
	tagExtra       = 338
	tagXMP         = 700
	tagIPTC        = 33723
	tagPhotoshop   = 34377
	tagICC         = 34675
	tagDNGVersion  = 50706
)

const (
	maxPages = 256
	maxXMP   = 1 << 20
)

// readTIFF reads the first directory and counts the others.
func readTIFF(s *source, h *Header) error {
	t, err := openTIFF(s)
	if err != nil {
		return err
	}
	m, next, err := t.directory(t.first)
	if err != nil {
		return err
	}
	if name := t.raw(m); name != "" {
		return unsupported("camera raw (%s)", name)
	}
	if m[tagWidth].raw == nil || m[tagHeight].raw == nil {
		return damaged("TIFF without a size")
	}
	h.Width, h.Height = t.number(m, tagWidth, 0), t.number(m, tagHeight, 0)
	h.Channels, h.Depth = t.number(m, tagSamples, 1), t.number(m, tagBits, 1)
	if h.Channels < 1 || h.Channels > 256 || h.Depth < 1 || h.Depth > 64 {
		return damaged("TIFF of %d samples of %d bits", h.Channels, h.Depth)
	}
	h.Planar = t.number(m, tagPlanar, 1) == 2
	t.blocks(m, h)
	t.colour(m, h)

	e := t.facts(m)
	h.Orientation, h.Colour.AdobeRGB = e.orientation, e.adobeRGB
	h.Taken, h.TakenZoned = e.taken, e.zoned
	iptc := readPhotoshop(t.blob(m, tagPhotoshop, maxIPTC))
	if b := t.blob(m, tagIPTC, maxIPTC); b != nil {
		iptc = readIIM(b)
	}
	x := readXMP(t.blob(m, tagXMP, maxXMP))
	h.Rights = merge(x.rights, iptc.rights, e.rights)
	h.Caption = firstText(x.caption, iptc.caption, e.caption)
	h.setICC(t.blob(m, tagICC, maxICC))
	return t.countPages(next, h)
}

// raw names the maker of a camera raw file, which is a TIFF by its outside;
// empty for a TIFF proper.
func (t *tiff) raw(m map[int]entry) string {
	if m[tagDNGVersion].raw != nil {
		return "DNG"
	}
	if b, err := t.s.at(8, 2); err == nil && string(b) == "CR" && t.first == 16 {
		return "Canon CR2"
	}
	maker := t.text(m, tagMake)
	if maker == "" {
		maker = "unknown maker"
	}
	switch t.number(m, tagCompression, 1) {
	case 32767, 32769, 32770, 34713, 34892, 65000, 65535: // Sony, packed, Samsung, Nikon, lossy DNG, Kodak, Pentax
		return maker
	}
	switch t.number(m, tagPhotometric, 0) {
	case 32803, 34892: // colour filter array, linear raw
		return maker
	}
	// A small preview first, the real picture in a directory below: how
	// Nikon, Sony and others arrange it.
	if t.number(m, tagSubfile, 0)&1 != 0 && m[tagSubIFDs].raw != nil {
		return maker
	}
	return ""
}

func (t *tiff) blocks(m map[int]entry, h *Header) {
	h.BlockWidth, h.BlockHeight = h.Width, min(h.Height, t.number(m, tagRows, h.Height))
	if m[tagTileWidth].raw != nil {
		h.BlockWidth = t.number(m, tagTileWidth, h.Width)
		h.BlockHeight = t.number(m, tagTileHeight, h.Height)
	}
	if h.BlockHeight == 0 {
		h.BlockHeight = h.Height
	}
}

func (t *tiff) colour(m map[int]entry, h *Header) {
	colours := 3
	switch t.number(m, tagPhotometric, 1) {
	case 0, 1:
		h.Colour.Space, colours = SpaceGrey, 1
	case 3:
		h.Palette, h.Colour.Space, colours = true, SpaceRGB, 1
	case 5:
		h.CMYK, h.Colour.Space, colours = true, SpaceCMYK, 4
	case 6:
		h.Colour.Space = SpaceYCC
	case 8, 9, 10:
		h.Colour.Space = SpaceLab
	default:
		h.Colour.Space = SpaceRGB
	}
	// Extra samples of kind 1 and 2 are alpha; without the field a fourth
	// sample of RGB is taken for it by decoders.
	extra, told := t.uint(m[tagExtra], 0)
	h.Alpha = told && (extra == 1 || extra == 2) || !told && h.Channels == colours+1
	switch t.number(m, tagCompression, 1) {
	case 6, 7: // JPEG
	default:
		h.Lossless = true
	}
}

// blob gives a copy of a field's bytes, nil if it is absent, broken or larger
// than limit.
func (t *tiff) blob(m map[int]entry, tag, limit int) []byte {
	b, err := t.bytes(m[tag], limit)
	if err != nil {
		return nil
	}
	return clone(b)
}

// countPages follows the chain of directories. A loop ends by the cap.
func (t *tiff) countPages(next int64, h *Header) error {
	seen := map[int64]bool{t.first: true}
	for next != 0 {
		if h.Pages == maxPages {
			h.PagesCut = true
			return nil
		}
		if seen[next] {
			return nil
		}
		seen[next] = true
		_, after, err := t.entries(next)
		if err != nil {
			h.PagesCut = true
			return headerOnly(err)
		}
		h.Pages++
		next = after
	}
	return nil
}
