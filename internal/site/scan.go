package site

import (
	"bytes"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/text/encoding"
)

// kind is what a spot of a page may ask for a photo by.
type kind uint8

const (
	image   kind = iota // <img>
	link                // <a href>
	preload             // <link rel=preload as=image href>
	poster              // <video poster>
	styled              // any tag with a style attribute
	sheet               // the text of a <style>
)

// setting is where a spot stands, as far as that keeps it from being rewritten.
type setting uint8

const (
	plainly    setting = iota
	inTemplate         // scripts make something of it, nobody knows what
	inNoscript         // for browsers without scripts, as a copy of what scripts load
	inPicture          // the <source> elements before it choose
)

// spot is a place in a page that may change.
type spot struct {
	kind    kind
	setting setting
	at, end int    // in the page's bytes: of the whole tag, or of the text
	name    string // of the tag, in small letters
	attrs   []attr // in order, each name once
}

// attr gives an attribute of the spot's tag, or nil.
func (s *spot) attr(name string) *attr {
	for i := range s.attrs {
		if s.attrs[i].name == name {
			return &s.attrs[i]
		}
	}
	return nil
}

// scanned is what a page has of interest.
type scanned struct {
	base    string // of <base href>, or empty
	spots   []spot // in the page's order
	charset encoding.Encoding
}

// scan finds the spots. Styles are looked for if backgrounds is set.
func scan(page []byte, backgrounds bool) scanned {
	s := scanner{page: page, backgrounds: backgrounds}
	s.found.charset = charsetOf(page)
	s.scan(0, len(page), plainly)
	return s.found
}

type scanner struct {
	page        []byte
	backgrounds bool
	found       scanned
	based       bool
	templates   []bool // the open ones: whether it is one of no effect
	inert       int    // how many of these are
	sources     int    // of the <picture> that is open
	picture     bool
}

// scan tokenises a part of the page. Offsets are counted by the tokens' raw bytes,
// which together are the input's.
func (s *scanner) scan(from, to int, within setting) {
	z := html.NewTokenizer(bytes.NewReader(s.page[from:to]))
	at := from
	raw := "" // the element whose text comes next
	for {
		kind := z.Next()
		end := at + len(z.Raw())
		switch kind {
		case html.ErrorToken:
			return
		case html.TextToken:
			switch {
			case raw == "noscript" && within == plainly:
				s.scan(at, end, inNoscript)
			case raw == "style" && s.backgrounds && within == plainly && s.inert == 0:
				s.found.spots = append(s.found.spots, spot{kind: sheet, at: at, end: end, name: raw})
			}
			raw = ""
		case html.StartTagToken, html.SelfClosingTagToken:
			raw = s.start(z, at, end, within)
		case html.EndTagToken:
			raw = ""
			if within != plainly {
				break
			}
			switch name, _ := z.TagName(); string(name) {
			case "template":
				if n := len(s.templates); n > 0 {
					if s.templates[n-1] {
						s.inert--
					}
					s.templates = s.templates[:n-1]
				}
			case "picture":
				s.picture, s.sources = false, 0
			}
		}
		at = end
	}
}

// start looks at a start tag, and gives its name if its text is raw.
func (s *scanner) start(z *html.Tokenizer, at, end int, within setting) string {
	name, has := z.TagName()
	if within != plainly && string(name) != "img" {
		return ""
	}
	switch string(name) {
	case "img":
		where := within
		switch {
		case within != plainly:
		case s.inert > 0:
			where = inTemplate
		case s.sources > 0:
			where = inPicture
		}
		s.add(z, spot{kind: image, setting: where, at: at, end: end, name: "img"}, has)
	case "a":
		if s.inert == 0 && has {
			s.add(z, spot{kind: link, at: at, end: end, name: "a"}, has)
		}
	case "base":
		if s.inert == 0 && !s.based {
			if attrs, ok := attributes(z, s.page, at, end, has); ok {
				tag := spot{at: at, end: end, attrs: attrs}
				s.recode(&tag)
				if href := tag.attr("href"); href != nil {
					s.found.base, s.based = href.value, true
				}
			}
		}
	case "link":
		if s.inert == 0 && has {
			s.add(z, spot{kind: preload, at: at, end: end, name: "link"}, has)
		}
	case "video":
		if s.backgrounds && s.inert == 0 && has {
			s.add(z, spot{kind: poster, at: at, end: end, name: "video"}, has)
		}
	case "template":
		s.template(z, at, end, has)
	case "picture":
		s.picture, s.sources = true, 0
	case "source":
		if s.picture {
			s.sources++
		}
	case "noscript", "style":
		return string(name)
	default:
		// A tag's name is read already, so what is left is its attributes.
		if s.backgrounds && has && s.inert == 0 && containsFold(s.page[at:end], "url(") {
			s.add(z, spot{kind: styled, at: at, end: end, name: string(name)}, has)
		}
	}
	return ""
}

// recode reads the values of a tag's attributes anew, if they are not UTF-8: what they
// spell by entities is, so the bytes come first.
func (s *scanner) recode(found *spot) {
	tag := s.page[found.at:found.end]
	if s.found.charset == nil || utf8.Valid(tag) {
		return
	}
	z := html.NewTokenizer(bytes.NewReader(inUTF8(tag, s.found.charset)))
	z.Next()
	values := map[string]string{}
	for _, a := range z.Token().Attr {
		if _, twice := values[a.Key]; !twice {
			values[a.Key] = a.Val
		}
	}
	for i := range found.attrs {
		if value, ok := values[found.attrs[i].name]; ok {
			found.attrs[i].value = value
		}
	}
}

// template notes one that opens. With shadowrootmode its content is shown
// (https://html.spec.whatwg.org/#attr-template-shadowrootmode).
func (s *scanner) template(z *html.Tokenizer, at, end int, has bool) {
	t := spot{at: at, end: end}
	if attrs, ok := attributes(z, s.page, at, end, has); ok {
		t.attrs = attrs
	}
	inert := true
	if mode := t.attr("shadowrootmode"); mode != nil {
		inert = !strings.EqualFold(mode.value, "open") && !strings.EqualFold(mode.value, "closed")
	}
	if inert {
		s.inert++
	}
	s.templates = append(s.templates, inert)
}

// preloadsImage tells whether a <link> is rel=preload as=image.
func (s *spot) preloadsImage() bool {
	rel, as := s.attr("rel"), s.attr("as")
	if rel == nil || as == nil || s.attr("href") == nil || !strings.EqualFold(as.value, "image") {
		return false
	}
	return slices.ContainsFunc(strings.Fields(rel.value), func(r string) bool { return strings.EqualFold(r, "preload") })
}

func (s *scanner) add(z *html.Tokenizer, found spot, has bool) {
	attrs, ok := attributes(z, s.page, found.at, found.end, has)
	if !ok {
		return
	}
	found.attrs = attrs
	s.recode(&found)
	switch {
	case found.kind == styled && found.attr("style") == nil:
		return
	case found.kind == preload && !found.preloadsImage():
		return
	case found.kind == poster && found.attr("poster") == nil:
		if found.kind = styled; found.attr("style") == nil {
			return
		}
	}
	s.found.spots = append(s.found.spots, found)
}

// containsFold tells whether b has an ASCII text, given in small letters, in any case.
func containsFold(b []byte, text string) bool {
	for i := 0; i+len(text) <= len(b); i++ {
		if lowerByte(b[i]) == text[0] && equalFold(b[i:i+len(text)], text) {
			return true
		}
	}
	return false
}

func equalFold(b []byte, text string) bool {
	if len(b) != len(text) {
		return false
	}
	for i := range b {
		if lowerByte(b[i]) != text[i] {
			return false
		}
	}
	return true
}

func lowerByte(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}
