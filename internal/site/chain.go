package site

import (
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"
)

// chain is an element and those around it, from the outermost: what a selector can
// tell it by.
type chain []element

// element is one element of a chain.
type element struct {
	tag     string
	classes []string // those that a selector can name as they are, each once
	nth     int      // of its siblings of that tag, from 1; where that is anyTag, of all
}

// anyTag stands for a tag's name that a selector doesn't take as it is, such as o:p.
const anyTag = "*"

// chainOf reads a chain from a tree.
func chainOf(node *html.Node) chain {
	var c chain
	for ; node != nil && node.Type == html.ElementNode; node = node.Parent {
		e := element{tag: node.Data, nth: 1}
		if !plainName(e.tag) || strings.ToLower(e.tag) != e.tag {
			e.tag = anyTag
		}
		for before := node.PrevSibling; before != nil; before = before.PrevSibling {
			if before.Type == html.ElementNode && (before.Data == node.Data || e.tag == anyTag) {
				e.nth++
			}
		}
		for _, a := range node.Attr {
			if a.Key != "class" {
				continue
			}
			for _, class := range strings.Fields(a.Val) {
				if plainName(class) && !slices.Contains(e.classes, class) {
					e.classes = append(e.classes, class)
				}
			}
		}
		c = append(c, e)
	}
	slices.Reverse(c)
	return c
}

// plainName tells whether CSS takes a name as it stands. Those with other characters
// have to be escaped, and nobody wants to read that.
func plainName(name string) bool {
	for i := range len(name) {
		c := lowerByte(name[i])
		if !('a' <= c && c <= 'z' || c == '_' || i > 0 && (c == '-' || '0' <= c && c <= '9')) {
			return false
		}
	}
	return name != ""
}

// String spells the chain as the selector of just that place in a page.
func (c chain) String() string {
	var parts []string
	for i, e := range c {
		if i == 0 && e.tag == "html" {
			continue
		}
		switch e.tag {
		case "body":
			parts = append(parts, e.tag)
		case anyTag:
			parts = append(parts, ":nth-child("+strconv.Itoa(e.nth)+")")
		default:
			parts = append(parts, e.tag+nthOfType(e.nth))
		}
	}
	return strings.Join(parts, " > ")
}

func nthOfType(n int) string { return ":nth-of-type(" + strconv.Itoa(n) + ")" }

// names are all tags and classes of the chain.
func (c chain) names() string {
	var b strings.Builder
	for _, e := range c {
		b.WriteString(e.tag + " " + strings.Join(e.classes, " ") + "\n")
	}
	return b.String()
}

// telling are the tags whose names say what is in them.
var telling = map[string]bool{"a": true, "article": true, "aside": true, "blockquote": true, "details": true, "figure": true, "footer": true,
	"header": true, "li": true, "main": true, "nav": true, "p": true, "section": true, "table": true}

// names are the simple selectors that an element is told by.
func (e element) names() []string {
	var all []string
	if telling[e.tag] {
		all = append(all, e.tag)
	}
	for _, class := range e.classes {
		all = append(all, "."+class)
	}
	return all
}

// selectors are the short ones that hold for the chain's element. A selector that is
// among those of one chain is among those of every chain that it holds for; so whether
// it holds for another image is a look into a map (cover.go).
func (c chain) selectors() []string {
	own := c[len(c)-1]
	set := newSelectors()
	tails := []string{own.tag}
	for _, class := range own.classes {
		tails = append(tails, own.tag+"."+class)
	}
	if len(c) > 1 {
		parent := c[len(c)-2]
		if parent.tag != anyTag {
			tails = append(tails, parent.tag+" > "+own.tag)
		}
		for _, class := range parent.classes {
			tails = append(tails, "."+class+" > "+own.tag)
		}
	}
	for _, tail := range tails {
		set.add(tail)
	}
	for i, around := range c[:len(c)-1] {
		for _, name := range around.names() {
			for _, tail := range tails {
				// A parent in the tail is inside of what is in front of it.
				if i < len(c)-2 || !strings.Contains(tail, " > ") {
					set.add(name + " " + tail)
				}
			}
			for _, inner := range c[i+1 : len(c)-1] {
				for _, innerName := range inner.names() {
					set.add(name + " " + innerName + " " + own.tag)
				}
			}
		}
	}
	return set.all
}

// placed are selectors that count siblings, too, with what selectors says of them.
func (c chain) placed() []string {
	own := c[len(c)-1]
	set := newSelectors()
	if len(c) < 2 {
		return nil
	}
	parent := c[len(c)-2]
	var tails []string
	if parent.tag != anyTag {
		tails = []string{
			parent.tag + " > " + own.tag + nthOfType(own.nth),
			parent.tag + nthOfType(parent.nth) + " > " + own.tag,
			parent.tag + nthOfType(parent.nth) + " > " + own.tag + nthOfType(own.nth),
		}
	}
	for _, tail := range tails {
		set.add(tail)
	}
	for i, around := range c[:len(c)-1] {
		for _, name := range around.names() {
			if i < len(c)-2 {
				for _, tail := range tails {
					set.add(name + " " + tail)
				}
			}
			inside := c[i+1]
			switch {
			case i+1 == len(c)-1:
				set.add(name + " > " + own.tag + nthOfType(own.nth))
			case inside.tag != anyTag:
				set.add(name + " > " + inside.tag + nthOfType(inside.nth) + " " + own.tag)
			}
		}
	}
	return set.all
}

// selectors keeps each once, in order.
type selectors struct {
	all  []string
	have map[string]bool
}

func newSelectors() *selectors { return &selectors{have: map[string]bool{}} }

func (s *selectors) add(selector string) {
	if !s.have[selector] {
		s.have[selector] = true
		s.all = append(s.all, selector)
	}
}
