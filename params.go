package photofit

import "strings"

// param is one of the query parameters that Photofit takes.
type param uint8

const (
	paramW param = iota
	paramH
	paramAR
	paramFit
	paramCrop
	paramFPX
	paramFPY
	paramQ
	paramFM
	paramAuto
	paramDPR
	paramS
	paramExpires
	paramCount
)

var paramNames = [paramCount]string{"w", "h", "ar", "fit", "crop", "fp-x", "fp-y", "q", "fm", "auto", "dpr", "s", "expires"}

// standing is what a query parameter's name is to us.
type standing uint8

const (
	unknown     standing = iota // a tracker, a cache buster: dropped
	ours                        // one of paramNames
	reserved                    // will mean something later
	unsupported                 // changes pixels on imgix, and we lack it
)

// classify tells what a decoded parameter name is. Names are case-sensitive.
func classify(name string) (standing, param) {
	switch name {
	case "w":
		return ours, paramW
	case "h":
		return ours, paramH
	case "ar":
		return ours, paramAR
	case "fit":
		return ours, paramFit
	case "crop":
		return ours, paramCrop
	case "fp-x":
		return ours, paramFPX
	case "fp-y":
		return ours, paramFPY
	case "q":
		return ours, paramQ
	case "fm":
		return ours, paramFM
	case "auto":
		return ours, paramAuto
	case "dpr":
		return ours, paramDPR
	case "s":
		return reserved, paramS // ours under a signed policy
	case "expires":
		return reserved, paramExpires // likewise
	case "cs", "hdr", "frame":
		return reserved, 0
	}
	if lacking(name) {
		return unsupported, 0
	}
	// imgix takes any value in base64, under the name with 64 after it.
	if base, ok := strings.CutSuffix(name, "64"); ok {
		if what, _ := classify(base); what == ours || lacking(base) {
			return unsupported, 0
		}
	}
	return unknown, 0
}

// lacking tells whether a name is an imgix parameter that would change the
// result and that Photofit doesn't have. Left out are those that only refine
// another of the list, and one-letter aliases that are more often a cache
// buster's.
func lacking(name string) bool {
	switch name {
	case "width", "height", "max-w", "max-h", "min-w", "min-h", "max-width", "max-height", "min-width", "min-height",
		"rect", "flip", "or", "orient", "corner-radius", "fp-z", "fp-debug", "transparency",
		"blur", "bri", "con", "exp", "gam", "high", "htn", "hue", "inv", "invert", "mono", "nr", "nrs", "px", "sat",
		"sepia", "shad", "sharp", "usm", "usmrad", "vib",
		"chromasub", "colorquant", "lossless", "palette", "fps", "interval", "loop", "reverse", "skip",
		"lp-blur", "license-plate-blur":
		return true
	}
	// Whole families: "txt" and "txt-size".
	family, rest, dashed := strings.Cut(name, "-")
	switch family {
	case "background", "bg", "blend", "border", "duotone", "face", "fill", "mark", "mask", "monochrome", "pad", "rot",
		"trim", "txt", "upscale":
	case "object":
		if rest != "removal" && !strings.HasPrefix(rest, "removal-") {
			return false
		}
	default:
		return false
	}
	if !dashed {
		return family != "background" && family != "face"
	}
	// The name is shown to whoever asked, so let it be a name.
	for i := 0; i < len(rest); i++ {
		if c := rest[i]; c != '-' && (c < 'a' || c > 'z') && (c < '0' || c > '9') {
			return false
		}
	}
	return len(rest) <= 32
}
