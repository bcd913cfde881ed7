package site

import (
	"crypto/sha256"
	"path/filepath"
	"strings"
	"sync"

	"golang.org/x/net/html"

	"photofit/internal/site/shape"
)

// shapesOf reads what the page's style sheets say of its images, as far as these are the
// site's: by spot.
func (p *pageRun) shapesOf(tree *html.Node) []shape.Sides {
	var sheets []*shape.Sheet
	for node := range tree.Descendants() {
		switch {
		case node.Type != html.ElementNode:
		case node.Data == "style":
			text := ""
			for child := range node.ChildNodes() {
				text += child.Data
			}
			sheets = p.withImports(sheets, p.styleSheet(text), p.from)
		case node.Data == "meta":
			p.unstyled = p.unstyled || forbidsStyles(node)
		case node.Data == "link" && styles(node):
			sheets = p.linked(sheets, p.from, attribute(node, "href"))
		}
	}
	all := make([]shape.Sides, len(p.spots))
	eachSpot(tree, p.spots, func(i int, node *html.Node) {
		if p.spots[i].kind != image {
			return
		}
		all[i] = shape.Inline(node)
		for _, sheet := range sheets {
			all[i] = all[i].Or(sheet.Of(node))
		}
	})
	return all
}

// mostSheets is how many sheets of a page are read, with those that others import.
const mostSheets = 100

// linked adds the sheet that a reference leads to, if it is the site's, and what that
// imports.
func (p *pageRun) linked(sheets []*shape.Sheet, from address, ref string) []*shape.Sheet {
	a, ok := from.follow(ref)
	path, own := a.under(p.site)
	name := decoded(path)
	if !ok || !own || p.config.Read == nil || len(sheets) >= mostSheets || !filepath.IsLocal(filepath.FromSlash(name)) {
		p.unread = true
		return sheets
	}
	s := p.sheetFile(name)
	p.unread = p.unread || s == nil
	return p.withImports(sheets, s, a)
}

func (p *pageRun) withImports(sheets []*shape.Sheet, s *shape.Sheet, at address) []*shape.Sheet {
	if s == nil {
		return sheets
	}
	sheets = append(sheets, s)
	for _, ref := range s.Imports {
		sheets = p.linked(sheets, at, ref)
	}
	return sheets
}

// sheets are those that were read, by what they are known by.
type sheets struct {
	mu    sync.Mutex
	known map[string]func() *shape.Sheet
}

// get reads one, once, whoever wants it.
func (s *sheets) get(key string, read func() *shape.Sheet) *shape.Sheet {
	s.mu.Lock()
	if s.known == nil {
		s.known = map[string]func() *shape.Sheet{}
	}
	once := s.known[key]
	if once == nil {
		once = sync.OnceValue(read)
		s.known[key] = once
	}
	s.mu.Unlock()
	return once()
}

// sheetFile reads a style sheet of the site, once; nil if there is none.
func (r *Rewriter) sheetFile(name string) *shape.Sheet {
	return r.sheets.get("file "+name, func() *shape.Sheet {
		text, err := r.config.Read(name)
		if err != nil {
			return nil
		}
		return shape.Parse(text)
	})
}

// styleSheet reads the text of a <style>, once for all pages that have it.
func (r *Rewriter) styleSheet(text string) *shape.Sheet {
	sum := sha256.Sum256([]byte(text))
	return r.sheets.get("text "+string(sum[:]), func() *shape.Sheet { return shape.Parse([]byte(text)) })
}

// styles tells whether a <link> is a style sheet that holds from the beginning.
func styles(link *html.Node) bool {
	is, alternate := false, false
	for rel := range strings.FieldsSeq(strings.ToLower(attribute(link, "rel"))) {
		is = is || rel == "stylesheet"
		alternate = alternate || rel == "alternate"
	}
	return is && !alternate
}

func attribute(node *html.Node, name string) string {
	for _, a := range node.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}
