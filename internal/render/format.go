package render

import (
	"photofit"
	"photofit/internal/probe"
)

// choose gives the type that a rendition will have: the one asked for, or the
// best of the class that was negotiated for this photo. Auto with transparency
// is settled only when the pixels are known; until then it is PNG.
func choose(h probe.Header, r photofit.Recipe) photofit.Format {
	film := Film(h)
	out := newPlan(h, r, 1).Out
	fits := func(f photofit.Format) bool { return out.within(maxSide(f)) }
	switch r.Format {
	case photofit.AutoAVIF:
		switch {
		case fits(photofit.WebP) && (film || out.pixels() < thumbnail): // a film stays one
			return photofit.WebP
		case fits(photofit.AVIF):
			return photofit.AVIF
		}
	case photofit.AutoWebP:
		photo := h.Type == probe.JPEG && out.pixels() >= screenful
		if fits(photofit.WebP) && !photo {
			return photofit.WebP
		}
	case photofit.Auto:
	default:
		return r.Format
	}
	if h.Alpha || !fits(photofit.JPEG) {
		return photofit.PNG
	}
	return photofit.JPEG
}

// Film tells whether a photo's automatic and WebP renditions move: those of other
// films are their first frame.
func Film(h probe.Header) bool {
	return h.Animated && (h.Type == probe.GIF || h.Type == probe.WebP)
}

// framesFor tells how many frames of the photo a rendition of that type holds:
// films are made as WebP only.
func framesFor(h probe.Header, f photofit.Format) int {
	if f == photofit.WebP && Film(h) {
		return h.Frames
	}
	return 1
}

// maxSide is the largest width and height of a type, in pixels: WebP's bit
// stream has 14 bits for each, libvips's AVIF encoder stops at 16,384, JPEG
// counts with 16 bits.
func maxSide(f photofit.Format) int {
	switch f {
	case photofit.WebP:
		return 16383
	case photofit.AVIF:
		return 16384
	case photofit.JPEG:
		return 65500
	}
	return 1<<31 - 1
}

// opaque tells whether a type has no transparency.
func opaque(f photofit.Format) bool { return f == photofit.JPEG }

// Sizes at which another type pays, in pixels of the rendition; measured at
// equal looks (CONTRIBUTING, "Decisions"). Up to about 200 × 150 an AVIF's
// container makes it larger than a WebP. From 1200 × 900 on, a photo's WebP is
// hardly smaller than its JPEG, and takes ten times as long to make.
const (
	thumbnail = 30_000
	screenful = 1_080_000
)

// How hard the encoders try. WebP's 0 to 6, AVIF's 0 to 9, PNG's 0 to 9. libvips
// cannot stop an AVIF's encoder, so it must be a quick one.
const (
	webpEffort     = 4
	avifEffort     = 0
	pngCompression = 6
)

// quality is the encoder's setting for a recipe: what was asked for, or the
// type's own.
func quality(r photofit.Recipe, f photofit.Format, out size) int {
	if r.Quality > 0 {
		return r.Quality
	}
	return AutoQuality(f, out.W, out.H)
}

// AutoQuality is the quality, of 1 to 100, at which a rendition of that type and
// size in pixels looks like a plain JPEG at 80 in the median of photos, as
// SSIMULACRA2 has it.
func AutoQuality(f photofit.Format, width, height int) int {
	switch f {
	case photofit.WebP:
		if (size{width, height}).pixels() < thumbnail {
			return 78
		}
		return 84
	case photofit.AVIF:
		return 64
	}
	return 80
}

// fullChroma tells whether colours are kept at full size: only where the
// quality shows that it matters to whoever asks.
func fullChroma(quality int) bool { return quality >= 90 }

// wideFrom is how many pixels a rendition must have before a wide gamut is
// worth its profile's 548 bytes: below, they would be a tenth of it or more.
const wideFrom = 160 * 120
