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

// apply gives what the rules say of each spot of the page that has that name; tree is its.
func (rules Rules) apply(name string, tree *html.Node, spots []spot) []settings {
	all := make([]settings, len(spots))
	rules = rules.of(name)
	if len(rules) == 0 {
		return all
	}
	eachSpot(tree, spots, func(i int, node *html.Node) {
		for _, rule := range rules {
			if rule.match.Match(node) {
				all[i].over(rule.set)
				rule.held.Store(true)
			}
		}
	})
	return all
}

// parseTree gives the tree of a page, for eachSpot. It is in UTF-8.
//
// Which tags a selector means, only a tree tells, and a parser moves tags about: out of
// tables, into paragraphs that it closes. So a copy of the page is parsed in which each
// tag of interest carries its number. What is written is never made of the tree.
func parseTree(page []byte, s scanned) (*html.Node, error) {
	return html.Parse(bytes.NewReader(inUTF8(numbered(page, s.spots), s.charset)))
}

// eachSpot calls a function for each spot that is a tag of the page's tree.
func eachSpot(tree *html.Node, spots []spot, visit func(i int, node *html.Node)) {
	for node := range tree.Descendants() {
		if node.Type != html.ElementNode {
			continue
		}
		if i := numberOf(node); i >= 0 && i < len(spots) {
			visit(i, node)
		}
	}
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
