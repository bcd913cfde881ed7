package site

import (
	"context"
	"regexp"
	"strings"
)

// link has a link to a photo lead to one that a screen can show.
func (p *pageRun) link(i int) error {
	if p.config.Backgrounds && p.spots[i].attr("style") != nil {
		if err := p.styled(i); err != nil {
			return err
		}
	}
	href := p.spots[i].attr("href")
	if !p.config.Links || href == nil {
		return nil
	}
	if p.spots[i].attr("download") != nil {
		p.found(Found{What: "link", Source: href.value, Left: Download})
		return nil
	}
	f, ok, err := p.ask("link", href.value, i)
	if err != nil || !ok {
		return err
	}
	t := tagEdits{spot: &p.spots[i], anchor: href}
	t.put("href", p.url(f.look, p.width(i, p.config.LinkWidth)))
	f.Changed = len(t.set) > 0
	p.edits = append(p.edits, t.all()...)
	p.found(f)
	return nil
}

// width is what a rule says, or else that.
func (p *pageRun) width(i, otherwise int) int {
	if set := p.said[i]; set.width != nil {
		return *set.width
	}
	return otherwise
}

// poster has a video's picture ask for a background's width, and its style likewise.
func (p *pageRun) poster(i int) error {
	if p.spots[i].attr("style") != nil {
		if err := p.styled(i); err != nil {
			return err
		}
	}
	have := p.spots[i].attr("poster")
	f, ok, err := p.ask("background", have.value, i)
	if err != nil || !ok {
		return err
	}
	f.src, f.asks = p.background(f, i)
	t := tagEdits{spot: &p.spots[i], anchor: have}
	t.put("poster", f.src)
	f.Changed = len(t.set) > 0
	p.edits = append(p.edits, t.all()...)
	p.found(f)
	return nil
}

// background is the address by which a photo is asked for as one, and how wide what comes
// is, in pixels.
func (p *pageRun) background(f Found, i int) (url string, width int) {
	url = p.url(f.look, p.width(i, p.config.BackgroundWidth))
	if t, left := p.target(p.from, url); left == "" {
		width = asked(t.recipe, f.Info)
	}
	return url, width
}

// styled rewrites the backgrounds of a style attribute.
func (p *pageRun) styled(i int) error {
	style := p.spots[i].attr("style")
	if p.charset != nil && !ascii(style.value) {
		return nil // what is written is ASCII, and the rest of it would not be the page's encoding
	}
	css, err := p.css(i, style.value)
	if err != nil || css == style.value {
		return err
	}
	t := tagEdits{spot: &p.spots[i], anchor: style}
	t.put("style", css)
	p.edits = append(p.edits, t.all()...)
	return nil
}

// sheet rewrites the backgrounds of a <style>.
func (p *pageRun) sheet(i int) error {
	s := p.spots[i]
	text := string(p.html[s.at:s.end])
	css, err := p.css(i, text)
	if err != nil || css == text {
		return err
	}
	p.edits = append(p.edits, edit{s.at, s.end, css})
	return nil
}

// What is in a comment is part of a token of its own, so that it is skipped; else the
// first group is the property, the second what url() has around the third, the address.
var cssTokens = regexp.MustCompile(`(?is)/\*.*?\*/|\burl\(\s*("[^"\\\r\n]*"|'[^'\\\r\n]*'|[^\s"'()\\]*)\s*\)`)

// background tells whether a declaration that ends in a url( is of a background.
var background = regexp.MustCompile(`(?is)(?:^|[;{\s/])background(?:-image)?\s*:[^;{}]*$`)

// css rewrites the url() of backgrounds.
func (p *pageRun) css(i int, css string) (string, error) {
	var b strings.Builder
	at := 0
	for _, m := range cssTokens.FindAllStringSubmatchIndex(css, -1) {
		if m[2] < 0 || !background.MatchString(css[declaration(css, m[0]):m[0]]) {
			continue
		}
		ref := strings.Trim(css[m[2]:m[3]], `"'`)
		if ref == "" {
			continue
		}
		f, ok, err := p.ask("background", string(inUTF8([]byte(ref), p.charset)), i)
		if err != nil {
			return "", err
		}
		if !ok {
			continue
		}
		f.src, f.asks = p.background(f, i)
		if f.Changed = f.src != ref; f.Changed {
			b.WriteString(css[at:m[2]])
			quote := css[m[2] : m[2]+1]
			if quote != `"` && quote != "'" {
				quote = ""
			}
			b.WriteString(quote + f.src + quote)
			at = m[3]
		}
		p.found(f)
	}
	return b.String() + css[at:], nil
}

// declaration is where the declaration begins that css[at] is in.
func declaration(css string, at int) int {
	return strings.LastIndexAny(css[:at], ";{}") + 1
}

// Sheet rewrites the backgrounds of the style sheet that has that path in the site's
// folder. Rules don't apply: they are about tags.
func (r *Rewriter) Sheet(ctx context.Context, name string, css []byte) (Page, error) {
	p := pageRun{Rewriter: r, ctx: ctx, from: r.site, said: make([]settings, 1), page: Page{HTML: css}}
	p.from.path += percent(name)
	out, err := p.css(0, string(css))
	if err == nil && out != string(css) {
		p.page.HTML, p.page.Changed = []byte(out), true
	}
	return p.page, err
}
