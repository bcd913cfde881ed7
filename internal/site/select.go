package site

import (
	"bytes"
	"fmt"
	"strconv"

	"golang.org/x/net/html"
)

// number is the attribute by which a tag is found again in a tree.
const numberAttr = "data-photofit-spot"

// numbered gives the page with the number of each spot written into its tag.
func numbered(page []byte, spots []spot) []byte {
	var edits []edit
	for i, s := range spots {
		if s.kind != sheet && s.setting != inNoscript {
			behind := s.at + 1 + len(s.name)
			edits = append(edits, edit{behind, behind, fmt.Sprintf(` %s="%d"`, numberAttr, i)})
		}
	}
	return splice(page, edits)
}

// apply gives what the rules say of each spot.
//
// Which tags a selector means, only a tree tells, and a parser moves tags about: out of
// tables, into paragraphs that it closes. So a copy of the page is parsed in which each
// tag of interest carries its number. What is written is never made of the tree.
func (rules Rules) apply(page []byte, spots []spot) ([]settings, error) {
	all := make([]settings, len(spots))
	if len(rules) == 0 || len(spots) == 0 {
		return all, nil
	}
	tree, err := html.Parse(bytes.NewReader(numbered(page, spots)))
	if err != nil {
		return nil, err
	}
	for node := range tree.Descendants() {
		if node.Type != html.ElementNode {
			continue
		}
		i := numberOf(node)
		if i < 0 || i >= len(spots) {
			continue
		}
		for _, rule := range rules {
			if rule.match.Match(node) {
				all[i].over(rule.set)
			}
		}
	}
	return all, nil
}

func numberOf(node *html.Node) int {
	for _, a := range node.Attr {
		if a.Key == numberAttr {
			if n, err := strconv.Atoi(a.Val); err == nil {
				return n
			}
		}
	}
	return -1
}
