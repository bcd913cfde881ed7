package probe

// Space is how a photo stores its colours. The zero value is not told.
type Space uint8

// The colour spaces that are told apart.
const (
	SpaceRGB Space = iota + 1
	SpaceYCC       // luma and two colour differences of RGB
	SpaceGrey
	SpaceCMYK // also YCCK
	SpaceLab
)

// Primaries and transfer characteristics of ITU-T H.273 that matter here.
const (
	PrimariesBT709  = 1 // sRGB's
	PrimariesBT2020 = 9
	PrimariesP3     = 12 // Display P3's

	TransferSRGB = 13
	TransferPQ   = 16
	TransferHLG  = 18
)

// Colour is what a photo says of its colours. The zero value says nothing,
// which means sRGB.
type Colour struct {
	Space Space

	// Profile is the embedded ICC profile as read; zero if there is none or it
	// is unreadable. It comes before Primaries.
	Profile Profile

	// Primaries and Transfer are code points of ITU-T H.273, from an AVIF's
	// nclx or a PNG's cICP or sRGB chunk. 0 if not told (H.273 reserves it), 2
	// if told to be unspecified.
	Primaries, Transfer int

	// Gamma and Gamut are a PNG's gAMA and cHRM: the exponent as stored
	// (0.45455 for 2.2) and the primaries. Zero if not told.
	Gamma float64
	Gamut Gamut

	// AdobeRGB is true if the photo has no profile but EXIF says that its
	// camera was set to Adobe RGB (DCF 2.0).
	AdobeRGB bool
}

// HDR says that the pixels themselves are coded for a display beyond SDR: PQ
// or HLG (ITU-R BT.2100).
func (c Colour) HDR() bool { return c.Transfer == TransferPQ || c.Transfer == TransferHLG }

// Wide says whether the gamut is clearly larger than sRGB's. The first of
// these that is told decides: the ICC profile, the primaries by number, a PNG's
// primaries, EXIF.
func (c Colour) Wide() bool {
	switch {
	case c.Profile.Space != "":
		return c.Profile.Wide()
	case c.Primaries != 0 && c.Primaries != 2:
		return widePrimaries[c.Primaries]
	case c.Gamut != Gamut{}:
		return c.Gamut.area() > wideArea*gamutBT709.area()
	}
	return c.AdobeRGB
}

// widePrimaries are the code points of H.273 table 2 whose triangle is clearly
// larger than BT.709's: NTSC of 1953, film, BT.2020, XYZ, the two P3.
var widePrimaries = map[int]bool{4: true, 8: true, 9: true, 10: true, 11: true, 12: true}

// wideArea is the least ratio to sRGB's area in xy that counts as wide. The
// small variants of sRGB lie within 2 percent of it; Adobe RGB, Display P3 and
// larger ones are 1.3 and more.
const wideArea = 1.1

// Point is a chromaticity, CIE 1931 x and y.
type Point struct{ X, Y float64 }

// Gamut is the triangle of a colour space's primaries.
type Gamut struct{ Red, Green, Blue Point }

// area is the triangle's area in xy, whichever way round it goes.
func (g Gamut) area() float64 {
	a := (g.Green.X-g.Red.X)*(g.Blue.Y-g.Red.Y) - (g.Blue.X-g.Red.X)*(g.Green.Y-g.Red.Y)
	return max(a, -a) / 2
}

// near says that no primary of g is farther than d from o's in x or y.
func (g Gamut) near(o Gamut, d float64) bool {
	alike := func(a, b Point) bool {
		return a.X-b.X <= d && b.X-a.X <= d && a.Y-b.Y <= d && b.Y-a.Y <= d
	}
	return alike(g.Red, o.Red) && alike(g.Green, o.Green) && alike(g.Blue, o.Blue)
}

var (
	// gamutBT709 is ITU-R BT.709's, which sRGB shares.
	gamutBT709 = Gamut{Point{0.64, 0.33}, Point{0.30, 0.60}, Point{0.15, 0.06}}
	// gamutSRGB is the same as ICC profiles have it, adapted to D50 (IEC
	// 61966-2-1 by Bradford).
	gamutSRGB = Gamut{Point{0.6484, 0.3309}, Point{0.3212, 0.5979}, Point{0.1559, 0.0660}}
)

// setICC keeps an embedded profile and what it says.
func (h *Header) setICC(icc []byte) {
	if len(icc) == 0 {
		return
	}
	h.ICC = icc
	if p, err := ParseProfile(icc); err == nil {
		h.Colour.Profile = p
		h.Colour.AdobeRGB = false
	}
}
