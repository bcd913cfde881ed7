package photofit

import (
	"math"
	"strconv"
	"strings"
	"testing"
)

// Numbers agree with strconv's, in thousandths.
func TestParseDecimal(t *testing.T) {
	for _, s := range []string{"0", "1", "800", "0.5", ".5", "5.", "1.2345", "0.0009", "999999.999", "1000000", "007", "0.1230", "12.0010000", "1.00010"} {
		exact, err := strconv.ParseFloat(s, 64)
		if err != nil {
			t.Fatal(err)
		}
		milli, more, ok := parseDecimal(s)
		if whole := int64(math.Floor(exact*1000 + 1e-9)); !ok || milli != whole || more != (exact*1000-float64(whole) > 1e-6) {
			t.Errorf("parseDecimal(%q) = %d, %v, %v", s, milli, more, ok)
		}
	}
	if milli, _, ok := parseDecimal("12345678901234567890.5"); !ok || milli != maxInteger*thousand+500 {
		t.Errorf("a great number became %d, %v", milli, ok)
	}
	for _, s := range []string{"", ".", "-1", "+1", "1e3", "1,5", "0x1", " 1", "1 ", "1_000", "∞", "1.2.3"} {
		if milli, _, ok := parseDecimal(s); ok {
			t.Errorf("parseDecimal(%q) = %d", s, milli)
		}
	}
}

// Names that must not be lost among the trackers, and trackers that must not be
// taken for parameters.
func TestClassify(t *testing.T) {
	for p, name := range paramNames {
		want := ours
		if name == "s" || name == "expires" {
			want = reserved
		}
		if what, got := classify(name); what != want || got != param(p) {
			t.Errorf("%s is %v, %v", name, what, got)
		}
	}
	for _, name := range []string{"rot", "flip", "orient", "rect", "blur", "bg", "bg-remove", "bg-remove-fallback", "background-replace", "mark", "mark-align",
		"mark64", "txt", "txt-font", "txt64", "blend", "blend-mode", "mono", "monochrome", "sepia", "sat", "hue", "bri", "con", "exp", "gam", "high",
		"shad", "sharp", "usm", "usmrad", "vib", "invert", "px", "htn", "border", "border-radius", "pad", "pad-top", "mask", "mask-bg", "trim", "trim-tol",
		"fill", "fill-color", "fill-gen-prompt", "colorquant", "duotone", "duotone-alpha", "upscale", "face-blur", "lp-blur", "nr", "fp-z", "max-w", "min-h",
		"width", "height", "lossless", "w64", "q64", "fit64"} {
		if what, _ := classify(name); what != unsupported {
			t.Errorf("%s is %v", name, what)
		}
	}
	for _, name := range []string{"", "W", "ww", "64", "utm_source", "fbclid", "gclid", "v", "ver", "t", "b", "m", "f", "cb", "ts", "_", "marketing", "masked",
		"background", "face", "object", "object-fit", "object-removals", "dl", "ch", "ixlib", "ixid", "page", "txt-Ü", "txt-\n", "bg-<b>", "s64x",
		"fill-" + strings.Repeat("a", 40)} {
		if what, _ := classify(name); what != unknown {
			t.Errorf("%q is %v", name, what)
		}
	}
}
