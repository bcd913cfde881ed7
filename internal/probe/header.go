package probe

import "time"

// Type is a kind of picture file. The zero value is none.
type Type uint8

// The types that Read takes, and HEIC, which it recognises only.
const (
	JPEG Type = iota + 1
	PNG       // animated PNG too
	GIF
	WebP
	AVIF // also other HEIF brands whose pictures are coded with AV1
	TIFF
	HEIC // HEIF whose pictures are coded with HEVC; never without ErrUnsupported
)

var typeNames = [...]string{"", "JPEG", "PNG", "GIF", "WebP", "AVIF", "TIFF", "HEIC"}

// String gives the name that people use: "JPEG". It is empty for none.
func (t Type) String() string {
	if int(t) < len(typeNames) {
		return typeNames[t]
	}
	return ""
}

// Header is what a photo's bytes say of it. It owns all that it points to.
type Header struct {
	Type Type

	// Width and Height are in pixels as stored, before anything is turned or
	// cropped. Both are at least 1 and below 2³¹. Size gives what a viewer
	// sees.
	Width, Height int

	// CleanWidth and CleanHeight are what HEIF's clean aperture (clap) leaves
	// of Width × Height; 0 if there is none. libheif applies it.
	CleanWidth, CleanHeight int

	// Orientation is 1 to 8, as EXIF 2.32 tag 0x0112 counts: 1 upright, 6 to
	// be turned clockwise by a quarter. For AVIF it is what irot and imir
	// (ISO/IEC 23008-12 6.5.10, 6.5.12) amount to; EXIF's own value has no
	// say there.
	Orientation int

	// SelfTurned is true if the decoder applies Orientation itself, so that
	// nobody may do it again: AVIF.
	SelfTurned bool

	Channels int  // samples per pixel as stored, alpha included; 1 for a palette
	Alpha    bool // an alpha channel, or a transparent colour
	Depth    int  // bits per sample; of the index for a palette
	Palette  bool
	CMYK     bool // CMYK or YCCK

	// Progressive is true for a JPEG that is refined scan by scan (SOF2, SOF10).
	Progressive bool

	// MultiScan is true for a JPEG whose first scan does not carry the whole
	// picture: a progressive one, and a sequential one that stores its
	// components one after the other. A decoder holds all coefficients of
	// such a photo: Samples × 2 bytes.
	MultiScan bool

	// Samples is the number of a JPEG's samples: the sum over its components
	// of their subsampled width × height, padded to whole MCUs (ITU-T T.81
	// A.2.4). 0 for other types.
	Samples int64

	Interlaced bool // PNG's Adam7 or GIF's four passes: decoded as a whole
	Lossless   bool // pixels are stored as they are

	// Animated is true for a film: GIF, WebP and PNG with more than one frame, an AVIF
	// sequence. Frames is its number of frames, 1 for a still.
	Animated bool
	Frames   int
	// FramesCut is true if counting stopped at a limit: there may be more.
	FramesCut bool

	Pages    int  // TIFF: directories in the main chain; 1 for other types
	PagesCut bool // counting stopped at a limit: there may be more

	// BlockWidth and BlockHeight are the extent of a TIFF's strip or tile in
	// pixels, which a decoder holds as a whole. 0 for other types.
	BlockWidth, BlockHeight int
	// Planar is true for a TIFF that stores its channels one after the other.
	Planar bool

	// ICC is the embedded profile, whole; nil if there is none or it is larger
	// than 4 MiB.
	ICC    []byte
	Colour Colour

	// GainMap is true if an HDR gain map comes along: a JPEG with hdrgm
	// metadata (Ultra HDR) or ISO 21496-1's marker, an AVIF with a tmap item.
	GainMap bool

	Rights Rights

	// Caption is what the owner wrote to be read beside the photo: XMP dc:description,
	// IPTC IIM 2:120 or EXIF ImageDescription, one line of at most 1 KiB of UTF-8.
	// Empty is nothing, or what a camera writes into each of its photos.
	Caption string

	// Taken is when the shutter opened (EXIF DateTimeOriginal), zero if it is
	// not told. It is in UTC when the camera did not tell its zone.
	Taken time.Time
	// TakenZoned is true if the camera told its zone.
	TakenZoned bool
}

// Size gives the width and height in pixels of the upright picture: cropped to
// HEIF's clean aperture, then turned by Orientation.
func (h Header) Size() (w, ht int) {
	w, ht = h.Width, h.Height
	if h.CleanWidth > 0 && h.CleanHeight > 0 {
		w, ht = h.CleanWidth, h.CleanHeight
	}
	if h.Orientation >= 5 {
		w, ht = ht, w
	}
	return w, ht
}

// Pixels is Width × Height of one frame, as stored.
func (h Header) Pixels() int64 {
	return int64(h.Width) * int64(h.Height)
}

// Wide says whether the photo's colours lie in a gamut clearly larger than
// sRGB's, by its profile or, without a readable one, by what else it says.
func (h Header) Wide() bool { return h.Colour.Wide() }
