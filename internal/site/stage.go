package site

import (
	"context"
	"fmt"
	"mime"
	"os"
	"path"
	"path/filepath"
	"strings"

	"photofit"
)

// NumberAttr is the attribute by which Serve numbers images.
const NumberAttr = numberAttr

// Address is where a page of the site is.
func (r *Rewriter) Address(name string) string {
	return r.site.scheme + "://" + r.site.host + r.site.path + percent(name)
}

// Serve answers for the site in a folder as it is to be, for those who measure it: a
// page is rewritten, and its images carry their numbers; a photo at Base is an empty
// picture of its size. It is not ok for what is elsewhere, and for what is not there.
func (r *Rewriter) Serve(ctx context.Context, folder, url string) (mediaType string, body []byte, ok bool) {
	a, ok := address{}.follow(url)
	if !ok {
		return "", nil, false
	}
	if _, atBase := a.under(r.base); atBase {
		t, left := r.target(r.site, url)
		if left != "" {
			return "", nil, false
		}
		info, err := r.info(ctx, t.photo)
		if err != nil {
			return "", nil, false
		}
		w, h := info.Width, info.Height
		if t.recipe.Fit == photofit.Cover {
			w, h = t.recipe.Width, t.recipe.Height
		}
		return "image/svg+xml", fmt.Appendf(nil, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d"/>`, w, h), true
	}
	rel, ok := a.under(r.site)
	if !ok {
		return "", nil, false
	}
	name, ok := decoded(rel)
	if name == "" || strings.HasSuffix(name, "/") {
		name += "index.html"
	}
	if !ok || !filepath.IsLocal(filepath.FromSlash(name)) {
		return "", nil, false
	}
	body, err := os.ReadFile(filepath.Join(folder, filepath.FromSlash(name)))
	if err != nil {
		return "", nil, false
	}
	if !IsPage(name) {
		return mime.TypeByExtension(path.Ext(name)), body, true
	}
	page, err := r.Page(ctx, name, body, nil)
	if err != nil {
		return "", nil, false
	}
	// Rewriting moves no tag, so a spot's number stays.
	return "text/html", numbered(page.HTML, scan(page.HTML, r.config.Backgrounds).spots), true
}
