// Package photofit holds the words of Photofit: what may be asked of a photo,
// and the one spelling of each answer.
//
// A photo is an original under its own name, "trip/b.jpg". What a browser asks
// of it, "/trip/b.jpg?w=790" with an Accept header, is resolved under a Policy
// into a Recipe: a small comparable value that says which rendition to make.
// A recipe has exactly one path, "/trip/b.jpg/_w800.auto-avif", which is the
// cache key, the key in a bucket and the name of a file at once. So however
// many ways there are to ask, each rendition is made and kept once.
//
// The default policy is a ladder: sizes, ratios and qualities snap to a short
// list, hence a photo has a known number of renditions (Policy.Count) and
// nobody can fill a disk by asking for w=1, w=2, w=3. OpenPolicy and
// SignedPolicy take any size, the latter from those only who hold a key.
//
// Everything here is pure: no files, no network, no clock but Policy.Now. All
// functions and methods are safe for concurrent use.
package photofit

import (
	"strconv"
	"strings"
)

// Shelf is the version of the renderer's results. It stands in front of every
// key, so a renderer that makes other pictures of the same recipes gets a new
// shelf, and nothing that was kept needs to be invalidated.
const Shelf = 1

// shelf is the prefix of every key.
const shelf = "r1/"

// MaxSide is the greatest width or height, in pixels, that a recipe can hold:
// what the most common format, JPEG, can.
const MaxSide = 65535

// Recipe says which rendition of which photo is meant. Recipes are comparable:
// two are equal exactly when their paths are.
//
// Those from Resolve, ParsePath and ParseKey are canonical: they hold nothing
// that has no effect. One made by hand may (a Crop where Fit is Clip, say);
// Path drops it.
type Recipe struct {
	// Photo is the key of the original, without a leading slash and without any
	// escaping: "trip/b.jpg". Any valid UTF-8 but the empty string is a name.
	Photo string

	// Width and Height are in pixels, 1 to MaxSide; 0 leaves that side free.
	// At least one is given unless Format is Original or InfoJSON. Nothing is
	// ever enlarged, so they are upper bounds.
	Width, Height int

	// Fit tells how the photo meets a box, where both sides are given.
	Fit Fit

	// Crop is the part to keep where Fit is Cover.
	Crop Crop

	// Quality is 1 to 100; 0 is auto, which the renderer decides by format.
	Quality int

	// Format is the type of the result, or the class within which the renderer
	// chooses it.
	Format Format
}

// normal gives the recipe without what has no effect.
func (r Recipe) normal() Recipe {
	if r.Format.plain() {
		return Recipe{Photo: r.Photo, Format: r.Format}
	}
	if r.Width == 0 || r.Height == 0 {
		r.Fit = Clip
	}
	if r.Fit == Clip {
		r.Crop = 0
	}
	if r.Format == PNG {
		r.Quality = 0
	}
	return r
}

// Path is the one spelling of the recipe, as a URL path that needs no percent
// encoding: "/trip/b.jpg/_w800-h450-crop-q80.webp". After the photo's escaped
// name (see EscapePhoto) comes a segment of
//
//	_w800         the width, and
//	_h450  -h450  the height, at least one of them
//	-crop         fill the box, keep the centre; or
//	-fp50-0       keep what lies around a point, in percent from left and top; or
//	-smart        keep what matters most
//	-q80          the quality
//	.webp         the format
//
// in this order, or _original, or _info.json. ParsePath is the inverse.
func (r Recipe) Path() string {
	return string(r.appendPath(make([]byte, 0, len(r.Photo)+64), "/"))
}

// Key is Path on its version shelf, without a leading slash:
// "r1/trip/b.jpg/_w800.auto-avif". ParseKey is the inverse.
func (r Recipe) Key() string {
	return string(r.appendPath(make([]byte, 0, len(r.Photo)+64), shelf))
}

// KeyPrefix is what the keys of all renditions of a photo, and of nothing else,
// start with: "r1/trip/b.jpg/_".
func KeyPrefix(photo string) string {
	b := appendEscaped([]byte(shelf), photo)
	if photo != "" {
		b = append(b, '/')
	}
	return string(append(b, '_'))
}

// MasterKey is the key under which a photo's master is kept, a smaller picture from
// which renditions are made: "r1/trip/b.jpg/_~master". It has the photo's
// KeyPrefix, and no URL can spell it.
func MasterKey(photo string) string { return KeyPrefix(photo) + master }

const master = "~master"

// IsMasterKey tells whether a key is that of some photo's master, on any version
// shelf.
func IsMasterKey(key string) bool { return strings.HasSuffix(key, "/_"+master) }

func (r Recipe) appendPath(b []byte, prefix string) []byte {
	r = r.normal()
	b = append(b, prefix...)
	b = appendEscaped(b, r.Photo)
	if r.Photo != "" {
		b = append(b, '/')
	}
	b = append(b, '_')
	switch r.Format {
	case Original:
		return append(b, "original"...)
	case InfoJSON:
		return append(b, "info.json"...)
	}
	if r.Width != 0 {
		b = strconv.AppendInt(append(b, 'w'), int64(r.Width), 10)
	}
	if r.Height != 0 {
		if r.Width != 0 {
			b = append(b, '-')
		}
		b = strconv.AppendInt(append(b, 'h'), int64(r.Height), 10)
	}
	if r.Fit == Cover {
		b = append(append(b, '-'), r.Crop.String()...)
	}
	if r.Quality != 0 {
		b = strconv.AppendInt(append(b, "-q"...), int64(r.Quality), 10)
	}
	return append(b, r.Format.Ext()...)
}
