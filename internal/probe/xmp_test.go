package probe

import (
	"strings"
	"testing"
)

const xmpSpaces = ` xmlns:rdf="` + nsRDF + `" xmlns:dc="` + nsDC + `" xmlns:ps="` + nsPhotoshop + `" xmlns:r="` + nsRights +
	`" xmlns:plus="` + nsPLUS + `" xmlns:g="` + nsGainMap + `" xmlns:q="https://example.org/q"`

func xmpOf(body string) []byte {
	return []byte(`<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF` + xmpSpaces + `>` + body + `</rdf:RDF></x:xmpmeta>`)
}

func TestXMP(t *testing.T) {
	d := func(s string) string { return "<rdf:Description>" + s + "</rdf:Description>" }
	tests := []struct {
		name string
		body string
		want Rights
	}{
		{"attributes", `<rdf:Description ps:Credit="A &amp; B" r:WebStatement="https://example.org"/>`, Rights{Credit: "A & B", Statement: "https://example.org"}},
		{"elements", d("<ps:Credit>\n A </ps:Credit><r:WebStatement>https://example.org</r:WebStatement>"), Rights{Credit: "A", Statement: "https://example.org"}},
		{"default language last", d(`<dc:rights><rdf:Alt><rdf:li xml:lang="de">alle</rdf:li><rdf:li xml:lang="x-default">all</rdf:li></rdf:Alt></dc:rights>`), Rights{Copyright: "all"}},
		{"no default language", d(`<dc:rights><rdf:Alt><rdf:li xml:lang="de">alle</rdf:li><rdf:li xml:lang="fr">tous</rdf:li></rdf:Alt></dc:rights>`), Rights{Copyright: "alle"}},
		{"creators", d(`<dc:creator><rdf:Seq><rdf:li>A</rdf:li><rdf:li>B</rdf:li><rdf:li>A</rdf:li><rdf:li/></rdf:Seq></dc:creator>`), Rights{Creator: "A; B"}},
		{"creator without a list", d(`<dc:creator>A</dc:creator>`), Rights{Creator: "A"}},
		{"terms", d(`<r:UsageTerms><rdf:Alt><rdf:li xml:lang="x-default">ask</rdf:li></rdf:Alt></r:UsageTerms>`), Rights{Terms: "ask"}},
		{"address as a resource", d(`<r:WebStatement rdf:resource="https://example.org"/>`), Rights{Statement: "https://example.org"}},
		{"licensor as a resource", d(`<plus:Licensor><rdf:Seq><rdf:li rdf:parseType="Resource"><plus:LicensorName>x</plus:LicensorName><plus:LicensorURL>https://a</plus:LicensorURL></rdf:li></rdf:Seq></plus:Licensor>`), Rights{Licensor: "https://a"}},
		{"licensor as attributes", d(`<plus:Licensor><rdf:Bag><rdf:li plus:LicensorURL="https://a"/></rdf:Bag></plus:Licensor>`), Rights{Licensor: "https://a"}},
		{"licensor as a description", d(`<plus:Licensor><rdf:Bag><rdf:li><rdf:Description plus:LicensorURL="https://a"/></rdf:li></rdf:Bag></plus:Licensor>`), Rights{Licensor: "https://a"}},
		{"two descriptions", d(`<ps:Credit>A</ps:Credit>`) + d(`<ps:Credit>B</ps:Credit><dc:rights>C</dc:rights>`), Rights{Credit: "A", Copyright: "C"}},
		{"of an ingredient", d(`<q:Ingredients><rdf:Bag><rdf:li><rdf:Description ps:Credit="X"><dc:rights>Y</dc:rights></rdf:Description></rdf:li></rdf:Bag></q:Ingredients>`), Rights{}},
		{"other namespace", d(`<q:Credit>X</q:Credit><q:rights>X</q:rights>`), Rights{}},
		{"entities stay out", d(`<ps:Credit>&lt;b&gt;&#169;</ps:Credit>`), Rights{Credit: "<b>©"}},
		{"broken later", d(`<ps:Credit>A</ps:Credit><dc:rights>B`), Rights{Credit: "A"}},
		{"outside of RDF", d(``) + `</rdf:RDF><rdf:Description ps:Credit="X"/><rdf:RDF>`, Rights{}},
		{"long", d(`<ps:Credit>` + strings.Repeat("x", 9000) + `</ps:Credit>`), Rights{Credit: strings.Repeat("x", maxText)}},
	}
	for _, tt := range tests {
		if got := readXMP(xmpOf(tt.body)); got.rights != tt.want || got.gainMap {
			t.Errorf("%s: %+v, want %+v", tt.name, got.rights, tt.want)
		}
	}
}

func TestXMPGainMap(t *testing.T) {
	for body, want := range map[string]bool{
		`<rdf:Description g:Version="1.0"/>`:                                               true,
		`<rdf:Description><g:Version>1.0</g:Version></rdf:Description>`:                    true,
		`<rdf:Description q:Version="1.0"/>`:                                               false,
		`<rdf:Description><q:a><rdf:Description g:Version="1.0"/></q:a></rdf:Description>`: false,
	} {
		if got := readXMP(xmpOf(body)).gainMap; got != want {
			t.Errorf("%s: %v", body, got)
		}
	}
}

func TestXMPLimits(t *testing.T) {
	credit := `<rdf:Description ps:Credit="A"/>`
	for name, tt := range map[string]struct {
		b    []byte
		want string
	}{
		"as deep as may be": {xmpOf(`<rdf:Description>` + strings.Repeat("<q:a>", maxXMPDepth-3) + strings.Repeat("</q:a>", maxXMPDepth-3) + `</rdf:Description>` + credit), "A"},
		"too deep":          {xmpOf(`<rdf:Description>` + strings.Repeat("<q:a>", maxXMPDepth) + strings.Repeat("</q:a>", maxXMPDepth) + `</rdf:Description>` + credit), ""},
		"too many tokens":   {xmpOf(strings.Repeat("<q:a/>", maxXMPTokens) + credit), ""},
		"too long":          {xmpOf(strings.Repeat(" ", maxXMP) + credit), ""},
		"entities":          {[]byte(`<!DOCTYPE x [<!ENTITY a "aaaa">]>` + string(xmpOf(`<rdf:Description><ps:Credit>&a;</ps:Credit></rdf:Description>`))), ""},
		"empty":             {nil, ""},
		"not XML":           {[]byte("\x00\xff"), ""},
	} {
		if got := readXMP(tt.b).rights.Credit; got != tt.want {
			t.Errorf("%s: %q", name, got)
		}
	}
}
