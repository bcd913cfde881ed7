package site

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// Measured is what was seen of an image.
type Measured struct {
	Sizes string // what sizes is to say; empty is not known

	// NoDimensions is that width and height would put it out of shape, since a style sheet
	// sets one of them only.
	NoDimensions bool

	// NoPlaceholder is that one would be seen beside the photo (object-fit: contain).
	NoPlaceholder bool
}

// declarations says it as a rule does; empty is nothing.
func (m Measured) declarations() string {
	var all []string
	if m.Sizes != "" {
		all = append(all, "sizes: "+m.Sizes)
	}
	if m.NoDimensions {
		all = append(all, "dimensions: no")
	}
	if m.NoPlaceholder {
		all = append(all, "placeholder: none")
	}
	return strings.Join(all, "; ")
}

// The lines between which a file of rules has what was measured.
const (
	measuredBegin = "/* measured: photofit rewrite --measure writes what is between these lines */"
	measuredEnd   = "/* measured: end */"
)

// MeasuredRules says by rules what was measured of the pages in a folder, by page and
// number: as few as there may be, and so that the rules tell each image the same. n is
// how many.
func (r *Rewriter) MeasuredRules(folder string, measured map[string]map[int]Measured) (text string, n int, err error) {
	var images []measuredImage
	for _, name := range slices.Sorted(maps.Keys(measured)) {
		page, err := os.ReadFile(filepath.Join(folder, filepath.FromSlash(name)))
		if err != nil {
			return "", 0, err
		}
		s := scan(page, r.config.Backgrounds)
		tree, err := parseTree(page, s)
		if err != nil {
			return "", 0, fmt.Errorf("%s: %w", name, err)
		}
		eachSpot(tree, s.spots, func(i int, node *html.Node) {
			if says := measured[name][i].declarations(); says != "" {
				images = append(images, measuredImage{percent(name), chainOf(node), says})
			}
		})
	}
	text, n = ruleText(cover(images))
	return text, n, nil
}

// ruleText writes selectors as rules, those that say the same of the same pages together.
func ruleText(all []chosen) (text string, n int) {
	type place struct{ selector, says string }
	pages := map[place][]string{} // empty: all
	for _, c := range all {
		p := place{c.selector, c.says}
		if c.page == "" {
			pages[p] = nil
		} else {
			pages[p] = append(pages[p], c.page)
		}
	}
	type body struct{ pages, says string }
	selectors := map[body][]string{}
	for p, on := range pages {
		b := body{strings.Join(on, ", "), p.says}
		selectors[b] = append(selectors[b], p.selector)
	}
	var b strings.Builder
	for _, rule := range slices.SortedFunc(maps.Keys(selectors), func(a, b body) int {
		return cmp.Or(strings.Compare(a.pages, b.pages), strings.Compare(slices.Min(selectors[a]), slices.Min(selectors[b])))
	}) {
		slices.Sort(selectors[rule])
		b.WriteString(strings.Join(selectors[rule], ",\n") + " { ")
		if rule.pages != "" {
			b.WriteString("page: " + rule.pages + "; ")
		}
		b.WriteString(rule.says + " }\n")
	}
	return b.String(), len(selectors)
}

// WithMeasured gives a file of rules with what was measured in the place of what was
// measured before, or else at its end. All else stays as it is.
func WithMeasured(file, rules string) (string, error) {
	section := measuredBegin + "\n" + rules + measuredEnd + "\n"
	before, rest, found := strings.Cut(file, measuredBegin)
	if !found {
		if rules == "" {
			return file, nil
		}
		if file != "" {
			file = strings.TrimRight(file, "\r\n") + "\n\n"
		}
		return file + section, nil
	}
	_, after, found := strings.Cut(rest, measuredEnd)
	if !found || strings.Contains(after, measuredBegin) {
		return "", errors.New("what was measured has a first line and no last one: take out both, and what is between them")
	}
	return before + section + strings.TrimPrefix(strings.TrimPrefix(after, "\r"), "\n"), nil
}
