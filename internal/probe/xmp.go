package probe

import (
	"bytes"
	"encoding/xml"
	"strings"
)

// XMP's namespaces, ISO 16684-1 and the makers' own.
const (
	nsRDF       = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
	nsDC        = "http://purl.org/dc/elements/1.1/"
	nsPhotoshop = "http://ns.adobe.com/photoshop/1.0/"
	nsRights    = "http://ns.adobe.com/xap/1.0/rights/"
	nsPLUS      = "http://ns.useplus.org/ldf/xmp/1.0/"
	nsGainMap   = "http://ns.adobe.com/hdr-gain-map/1.0/"
)

const (
	maxXMPTokens = 20000
	maxXMPDepth  = 32
	maxXMPList   = 32 // items of one list
)

// xmpFacts is what we take from XMP.
type xmpFacts struct {
	rights  Rights
	caption string
	gainMap bool
}

// readXMP reads a packet in UTF-8. What comes before a fault counts.
func readXMP(b []byte) xmpFacts {
	p := xmpParser{lists: map[xml.Name][]string{}}
	if len(b) == 0 || len(b) > maxXMP {
		return p.facts
	}
	d := xml.NewDecoder(bytes.NewReader(b))
	for range maxXMPTokens {
		// RawToken would be cheaper, but leaves namespaces to us.
		tok, err := d.Token()
		if err != nil {
			break
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			if len(p.path) == maxXMPDepth {
				return p.finish()
			}
			p.start(tok)
		case xml.EndElement:
			p.end()
		case xml.CharData:
			if p.text.Len() < 4*maxText {
				p.text.Write(tok)
			}
		}
	}
	return p.finish()
}

type xmpParser struct {
	path  []xml.Name // open elements
	root  int        // length of path at rdf:RDF; 0 outside
	text  strings.Builder
	lang  string                // of the open rdf:li
	lists map[xml.Name][]string // properties as read, by name
	facts xmpFacts
}

// property is the name of the property that the parser is within: a child of
// a top-level rdf:Description. The same names deeper down speak of something
// else, such as what a collage was made of.
func (p *xmpParser) property() xml.Name {
	if p.root == 0 || len(p.path) < p.root+2 || p.path[p.root] != rdf("Description") {
		return xml.Name{}
	}
	return p.path[p.root+1]
}

func (p *xmpParser) start(e xml.StartElement) {
	p.path = append(p.path, e.Name)
	p.text.Reset()
	switch {
	case p.root == 0 && e.Name == rdf("RDF"):
		p.root = len(p.path)
	case p.root > 0 && len(p.path) == p.root+1 && e.Name == rdf("Description"):
		for _, a := range e.Attr {
			p.keep(a.Name, a.Value, "")
		}
	case p.root > 0 && len(p.path) == p.root+2:
		for _, a := range e.Attr {
			if a.Name == rdf("resource") {
				p.keep(e.Name, a.Value, "")
			}
		}
	}
	if e.Name == rdf("li") {
		p.lang = ""
	}
	for _, a := range e.Attr {
		if a.Name.Local == "lang" {
			p.lang = a.Value
		}
		// A structure may be written as attributes of its item.
		if a.Name == licensorURL && p.property() == licensor {
			p.keep(licensorURL, a.Value, "")
		}
	}
}

func (p *xmpParser) end() {
	if len(p.path) == 0 {
		return
	}
	name, prop, text := p.path[len(p.path)-1], p.property(), p.text.String()
	switch {
	case prop == licensor && name == licensorURL:
		p.keep(licensorURL, text, "")
	case prop == licensor || prop == xml.Name{}:
	case len(p.path) == p.root+2: // the property itself ends
		p.keep(prop, text, "")
	case name == rdf("li") && len(p.path) == p.root+4: // property, container, item
		p.keep(prop, text, p.lang)
	}
	p.text.Reset()
	p.path = p.path[:len(p.path)-1]
	if len(p.path) < p.root {
		p.root = 0
	}
}

// keep notes a value. The default language of several goes to the front.
func (p *xmpParser) keep(name xml.Name, value, lang string) {
	if name == (xml.Name{Space: nsGainMap, Local: "Version"}) {
		p.facts.gainMap = true
	}
	list := p.lists[name]
	if !wanted[name] || len(list) == maxXMPList {
		return
	}
	if value = cleanText(value); value == "" {
		return
	}
	if lang == "x-default" {
		p.lists[name] = append([]string{value}, list...)
		return
	}
	p.lists[name] = append(list, value)
}

func rdf(local string) xml.Name { return xml.Name{Space: nsRDF, Local: local} }

var (
	copyrightNotice = xml.Name{Space: nsDC, Local: "rights"}
	creator         = xml.Name{Space: nsDC, Local: "creator"}
	description     = xml.Name{Space: nsDC, Local: "description"}
	credit          = xml.Name{Space: nsPhotoshop, Local: "Credit"}
	usageTerms      = xml.Name{Space: nsRights, Local: "UsageTerms"}
	webStatement    = xml.Name{Space: nsRights, Local: "WebStatement"}
	licensor        = xml.Name{Space: nsPLUS, Local: "Licensor"}
	licensorURL     = xml.Name{Space: nsPLUS, Local: "LicensorURL"}

	wanted = map[xml.Name]bool{copyrightNotice: true, creator: true, description: true, credit: true,
		usageTerms: true, webStatement: true, licensorURL: true}
)

func (p *xmpParser) finish() xmpFacts {
	first := func(n xml.Name) string {
		if l := p.lists[n]; len(l) > 0 {
			return l[0]
		}
		return ""
	}
	p.facts.rights = Rights{
		Copyright: first(copyrightNotice),
		Creator:   joinTexts(p.lists[creator]...),
		Credit:    first(credit),
		Terms:     first(usageTerms),
		Statement: first(webStatement),
		Licensor:  first(licensorURL),
	}
	p.facts.caption = first(description)
	return p.facts
}
