package site

import (
	"math"
	"regexp"
	"strconv"
	"strings"

	"photofit"
)

// Device is one by whose screen a site's bytes are counted.
type Device struct {
	Viewport int     // in CSS pixels
	Density  float64 // pixels to a CSS pixel
}

// The devices of the report.
var (
	Phone   = Device{390, 3}
	Desktop = Device{1440, 1}
)

// Bytes estimates what a device with an empty cache loads of the photos of a page:
// before, as the page asked for them, and after. Of sizes taken is the step of the ladder
// that a browser chooses, as AVIF. What a picture is loaded by twice counts once.
func (p Page) Bytes(d Device) (before, after int64) {
	type picture struct {
		photo   string
		ratio   photofit.Ratio
		crop    photofit.Crop
		quality int
		width   int
	}
	was, is := map[picture]bool{}, map[picture]bool{}
	count := func(seen map[picture]bool, l look, width int, sum *int64) {
		loaded := picture{l.photo, l.ratio, l.crop, l.quality, width}
		if width == 0 {
			loaded = picture{photo: l.photo}
		}
		if !seen[loaded] {
			seen[loaded] = true
			*sum += l.bytes(width)
		}
	}
	for _, f := range p.Found {
		if f.Left != "" || f.What != "image" && f.What != "background" {
			continue // a link is loaded by a click, and what is preloaded is an image, too
		}
		now := f.asks
		if f.What == "image" {
			now = f.taken(d)
		}
		then := f.look.asked
		if f.offered {
			then = now
		}
		count(was, f.look, then, &before)
		count(is, f.look, now, &after)
	}
	return before, after
}

// taken is the step of an image's srcset that a device takes, in pixels.
func (f Found) taken(d Device) int {
	shown, ok := widthAt(f.Sizes, d.Viewport)
	if !ok {
		shown = float64(d.Viewport)
	}
	steps := widths(f.Srcset)
	for _, w := range steps {
		if float64(w) >= shown*d.Density-.01 {
			return w
		}
	}
	if len(steps) == 0 {
		return 0
	}
	return steps[len(steps)-1]
}

// bytes estimates what a photo weighs at a width. What a rendition weighs is not known
// before it is made: taken is what camera photos do on average, and never more of the
// photo's own bytes a pixel than twice. A width of 0 is the photo itself.
func (l look) bytes(width int) int64 {
	if width == 0 {
		return l.info.Bytes
	}
	width = min(width, l.info.Width)
	pixels := float64(width) * float64(l.height(width))
	own := 8 * float64(l.info.Bytes) / (float64(l.info.Width) * float64(l.info.Height))
	return min(int64(pixels*min(averageBits(pixels), 2*own)/8), l.info.Bytes)
}

// averageBits are those of a pixel, in a picture of so many, as AVIF by the default
// quality. Fitted, by least squares of the logarithms, to the means of nine photos of
// cameras and phones (2 to 24 megapixels) at 160, 320, 480, 640, 960, 1280, 1920 and 2560
// pixels of width: within 2 % of each mean. A single picture has 0.17 to 2.7 times as
// many bits, four of five have 0.45 to 1.7 times. As WebP the same photos take 1.1
// to 1.3 times as many bytes.
func averageBits(pixels float64) float64 { return 1.08 * math.Pow(pixels/(320*213), -.18) }

var (
	condition = regexp.MustCompile(`^\((min|max)-width:\s*([\d.]+)px\)\s+(.+)$`)
	length    = regexp.MustCompile(`^([\d.]+)(px|vw)$`)
	sum       = regexp.MustCompile(`^calc\(([\d.]+)vw\s*([+-])\s*([\d.]+)px\)$`)
)

// widthAt evaluates sizes at a viewport, as far as pages write it: not ok if there is more.
func widthAt(sizes string, viewport int) (float64, bool) {
	for entry := range strings.SplitSeq(sizes, ",") {
		entry = strings.TrimSpace(entry)
		if strings.EqualFold(entry, "auto") {
			continue
		}
		if m := condition.FindStringSubmatch(entry); m != nil {
			edge, err := strconv.ParseFloat(m[2], 64)
			if err != nil {
				return 0, false
			}
			if m[1] == "min" && float64(viewport) < edge || m[1] == "max" && float64(viewport) > edge {
				continue
			}
			entry = m[3]
		}
		if m := length.FindStringSubmatch(entry); m != nil {
			n, err := strconv.ParseFloat(m[1], 64)
			if m[2] == "vw" {
				n *= float64(viewport) / 100
			}
			return n, err == nil
		}
		if m := sum.FindStringSubmatch(entry); m != nil {
			share, err1 := strconv.ParseFloat(m[1], 64)
			rest, err2 := strconv.ParseFloat(m[3], 64)
			if m[2] == "-" {
				rest = -rest
			}
			return share*float64(viewport)/100 + rest, err1 == nil && err2 == nil
		}
		return 0, false
	}
	return 0, false
}
