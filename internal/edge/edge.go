// Package edge makes the function that CloudFront runs at its edges, from the
// policy that the server has.
//
// The function (edge.js, for the runtime cloudfront-js-2.0) is photofit.Resolve in
// JavaScript: it rewrites what a viewer asks to the one path of the rendition, so
// that the cache, the bucket and the function behind them know one name for it.
// What cannot be a rendition, it refuses by itself, with the server's own words.
//
// That the two agree is what the tests are about: they run the function as it is
// deployed, on the events that CloudFront makes of a viewer's bytes, and compare.
package edge

import (
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"photofit"
)

// MaxSize is how large a function may be, in bytes (CloudFront's quota, which is
// not raised: "Maximum function size, 10 KB").
const MaxSize = 10 << 10

// ErrSigned: the policy wants signed URLs, which the edge function cannot check.
var ErrSigned = errors.New("signed URLs cannot be checked at the edge yet: leave out --policy signed, or serve without CloudFront's function")

//go:embed edge.js
var source string

// placeholder stands in the source for what depends on the policy.
const placeholder = "PHOTOFIT_POLICY"

// tables is what the function knows of a policy. Its lists are never empty, but for
// Qualities; under a free policy there are none, and Side bounds both sides.
type tables struct {
	Shelf     string   `json:"shelf"`
	Originals bool     `json:"originals"`
	Side      int      `json:"side,omitempty"`
	Widths    []int    `json:"widths,omitempty"`
	Boxes     []int    `json:"boxes,omitempty"`
	Ratios    [][2]int `json:"ratios,omitempty"`
	Qualities []int    `json:"qualities"`
}

// Function is the code of the edge function for a policy. The error says what is
// wrong with the policy: ErrSigned, what Policy.Check says, or lists so long that
// the code would be larger than MaxSize.
func Function(p photofit.Policy) (string, error) {
	if p.Signed || len(p.Key) > 0 {
		return "", ErrSigned
	}
	if err := p.Check(); err != nil {
		return "", err
	}
	code, err := withPolicy(p)
	if err != nil {
		return "", err
	}
	code = minify(code)
	if len(code) > MaxSize {
		return "", fmt.Errorf("the edge function would have %d bytes, and CloudFront takes %d: make the policy's lists of widths and ratios shorter", len(code), MaxSize)
	}
	return code, nil
}

// withPolicy is the source for a policy, as people read it.
func withPolicy(p photofit.Policy) (string, error) {
	literal, err := json.Marshal(tablesOf(p)) // JSON is JavaScript
	if err != nil {
		return "", err
	}
	kind := "ladder"
	if p.Free {
		kind = "free"
	}
	return strings.Replace(only(kind, source), "= "+placeholder+";", "= "+string(literal)+";", 1), nil
}

func tablesOf(p photofit.Policy) tables {
	t := tables{Shelf: "/r" + strconv.Itoa(photofit.Shelf), Originals: p.OriginalsPublic, Qualities: []int{}}
	if p.Free {
		t.Side = p.FreeSide
		if t.Side == 0 {
			t.Side = 8192
		}
		return t
	}
	whole := photofit.DefaultPolicy()
	t.Widths, t.Boxes, t.Qualities = p.Widths, p.CropWidths, p.Qualities
	if len(t.Widths) == 0 {
		t.Widths = whole.Widths
	}
	if len(t.Boxes) == 0 {
		t.Boxes = whole.CropWidths
	}
	if t.Qualities == nil {
		t.Qualities = whole.Qualities
	}
	ratios := p.Ratios
	if len(ratios) == 0 {
		ratios = whole.Ratios
	}
	for _, r := range ratios {
		t.Ratios = append(t.Ratios, [2]int{r.W, r.H})
	}
	return t
}

// only drops the lines of the source that are for another kind of policy: those
// between "//only <another>" and the next such line or "//end".
func only(kind, source string) string {
	var b strings.Builder
	keep := true
	for line := range strings.Lines(source) {
		text := strings.TrimSpace(line)
		if other, ok := strings.CutPrefix(text, "//only "); ok {
			keep = other == kind
		} else if text == "//end" {
			keep = true
		} else if keep {
			b.WriteString(line)
		}
	}
	return b.String()
}
