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

// The lines between which a file of rules has what was measured.
const (
	measuredBegin = "/* measured: photofit rewrite --measure writes what is between these lines */"
	measuredEnd   = "/* measured: end */"
)

// MeasuredRules says by rules what was measured of the pages in a folder, by page and
// number: as few as there may be, and so that the rules give each image its
// sizes. n is how many.
func (r *Rewriter) MeasuredRules(folder string, measured map[string]map[int]string) (text string, n int, err error) {
	var images []measuredImage
	for _, name := range slices.Sorted(maps.Keys(measured)) {
		page, err := os.ReadFile(filepath.Join(folder, filepath.FromSlash(name)))
		if err != nil {
			return "", 0, err
		}
		err = inTree(page, scan(page, r.config.Backgrounds).spots, func(i int, node *html.Node) {
			if sizes := measured[name][i]; sizes != "" {
				images = append(images, measuredImage{percent(name), chainOf(node), sizes})
			}
		})
		if err != nil {
			return "", 0, fmt.Errorf("%s: %w", name, err)
		}
	}
	text, n = ruleText(cover(images))
	return text, n, nil
}

// ruleText writes selectors as rules, those of the same sizes and pages together.
func ruleText(all []chosen) (text string, n int) {
	type place struct{ selector, sizes string }
	pages := map[place][]string{} // empty: all
	for _, c := range all {
		p := place{c.selector, c.sizes}
		if c.page == "" {
			pages[p] = nil
		} else {
			pages[p] = append(pages[p], c.page)
		}
	}
	type body struct{ pages, sizes string }
	selectors := map[body][]string{}
	for p, on := range pages {
		b := body{strings.Join(on, ", "), p.sizes}
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
		b.WriteString("sizes: " + rule.sizes + " }\n")
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
