package site

import (
	"cmp"
	"strings"
)

// findPreloads notes which photos the page has loaded before their images come.
func (p *pageRun) findPreloads() {
	for i := range p.spots {
		if s := &p.spots[i]; s.kind == preload {
			if t, left := p.target(p.from, s.attr("href").value); left == "" {
				if p.preload == nil {
					p.preload = map[string]bool{}
				}
				p.preload[t.photo] = true
			}
		}
	}
}

// preloads tells whether the page preloads an image's photo, which then is for the
// first image of it.
func (p *pageRun) preloads(photo string) bool {
	is := p.preload[photo]
	delete(p.preload, photo)
	return is
}

// preloaded has <link rel=preload as=image> load what the image will, which has to be
// written already: the same candidates and sizes, or the browser would load two
// (https://html.spec.whatwg.org/#attr-link-imagesrcset).
func (p *pageRun) preloaded(i int) error {
	href := p.spots[i].attr("href")
	f, ok, err := p.ask("preload", href.value, i)
	if err != nil || !ok {
		return err
	}
	t := tagEdits{spot: &p.spots[i], anchor: href}
	set := t.spot.attr("imagesrcset")
	use := p.use(f.Photo)
	switch {
	case set != nil && strings.TrimSpace(set.value) != "" && !p.ours(set.value):
		f.Left = HasSrcset
	case use == nil:
		f.Left = NotShown
	case use.What == "image":
		t.put("href", use.src)
		t.put("imagesrcset", use.Srcset)
		t.put("imagesizes", cmp.Or(strings.TrimSpace(autoSizes.ReplaceAllString(use.Sizes, "")), "100vw"))
	default:
		t.put("href", use.src)
	}
	f.Changed = len(t.set) > 0
	p.edits = append(p.edits, t.all()...)
	p.found(f)
	return nil
}

// use is the first image, or else the first background, of a photo that the page has.
func (p *pageRun) use(photo string) *Found {
	var use *Found
	for i := range p.page.Found {
		f := &p.page.Found[i]
		switch {
		case f.Photo != photo || f.Left != "":
		case f.What == "image":
			return f
		case f.What == "background" && use == nil:
			use = f
		}
	}
	return use
}
