package site

import (
	"errors"
	"path"
	"strings"
)

// readPages reads the patterns of pages that a rule is for, parted by commas. What is
// spelled out in them may be percent-encoded as in an address; a star is anything
// but a slash. In quotes, since CSS takes a slash and a star for a comment.
func readPages(value string) ([]string, error) {
	var patterns []string
	for pattern := range strings.SplitSeq(value, ",") {
		pattern = strings.TrimPrefix(strings.Trim(strings.TrimSpace(pattern), `"'`), "/")
		if pattern == "" {
			return nil, errors.New(`page is the path of a page in the site's folder, or some, parted by commas: "posts/*/index.html", about.html`)
		}
		stars := strings.Split(pattern, "*")
		for i, part := range stars {
			stars[i] = percent(decoded(part))
		}
		patterns = append(patterns, strings.Join(stars, "*"))
	}
	return patterns, nil
}

// of gives the rules for the page that has that name.
func (rules Rules) of(name string) Rules {
	name = percent(name)
	var held Rules
	for _, rule := range rules {
		if rule.holdsOn(name) {
			held = append(held, rule)
		}
	}
	return held
}

// holdsOn tells whether a rule is for a page, by its name as in an address.
func (r Rule) holdsOn(name string) bool {
	for _, pattern := range r.pages {
		// Nothing in a pattern is special but stars, so it is never malformed.
		if ok, _ := path.Match(pattern, name); ok {
			return true
		}
	}
	return len(r.pages) == 0
}
