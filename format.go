package photofit

// Format is what a rendition is encoded as.
//
// The first three are negotiation classes, not formats: what suits a photo best
// depends on the photo (has it alpha, is it animated, is AVIF really smaller),
// and who resolves a request hasn't seen it. They say what the client takes;
// the renderer chooses within that.
type Format uint8

const (
	Auto     Format = iota // the client takes neither WebP nor AVIF
	AutoWebP               // the client takes WebP
	AutoAVIF               // the client takes WebP and AVIF
	JPEG
	WebP
	AVIF
	PNG      // lossless: a recipe for it has no quality
	Original // the photo's own bytes, as they are
	InfoJSON // what there is to know of the photo, as JSON: an Info
)

var formatNames = [...]string{"auto", "auto-webp", "auto-avif", "jpg", "webp", "avif", "png", "original", "json"}

var formatExts = [...]string{".auto", ".auto-webp", ".auto-avif", ".jpg", ".webp", ".avif", ".png", "", ""}

var formatTypes = [...]string{JPEG: "image/jpeg", WebP: "image/webp", AVIF: "image/avif", PNG: "image/png", Original: "", InfoJSON: "application/json"}

// plain tells whether the format is of the photo as it is: no size, no quality.
func (f Format) plain() bool { return f >= Original }

// Negotiated tells whether the format is a class, within which the renderer
// chooses.
func (f Format) Negotiated() bool { return f <= AutoAVIF }

// Ext is how a path in that format ends, with the dot: ".webp", ".auto-avif".
// It is empty for Original and InfoJSON, and for what is not a Format of this package.
func (f Format) Ext() string {
	if int(f) < len(formatExts) {
		return formatExts[f]
	}
	return ""
}

// MediaType is the format's media type: "image/webp". It is empty for those
// whose type isn't known from the recipe: the negotiated ones and Original.
func (f Format) MediaType() string {
	if int(f) < len(formatTypes) {
		return formatTypes[f]
	}
	return ""
}

// String is the format's name: "webp", "auto-avif", "original".
func (f Format) String() string {
	if int(f) < len(formatNames) {
		return formatNames[f]
	}
	return "unknown"
}
