package site

import (
	"math"
	"regexp"
	"strconv"
	"strings"
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

// Bytes estimates what a device loads of a spot that is rewritten: before is the whole
// photo, after the step of the ladder that a browser chooses by sizes, as AVIF. What a
// rendition weighs is not known before it is made: taken is what camera photos do on
// average, and never more of the photo's own bytes a pixel than twice.
func (f Found) Bytes(d Device) (before, after int64) {
	before = f.Info.Bytes
	if f.Left != "" || f.What != "image" {
		return before, before
	}
	shown, ok := widthAt(f.Sizes, d.Viewport)
	if !ok {
		shown = float64(d.Viewport)
	}
	steps := widths(f.Srcset)
	if len(steps) == 0 {
		return before, before
	}
	taken := steps[len(steps)-1]
	for _, w := range steps {
		if float64(w) >= shown*d.Density-.01 {
			taken = w
			break
		}
	}
	pixels := float64(taken) * float64(f.look.height(taken))
	own := 8 * float64(before) / (float64(f.Info.Width) * float64(f.Info.Height))
	return before, min(int64(pixels*min(averageBits(pixels), 2*own)/8), before)
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
