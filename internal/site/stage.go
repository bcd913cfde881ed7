package site

import (
	"context"
	"fmt"
	"mime"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync"

	"photofit"
)

// NumberAttr is the attribute by which a stage numbers images.
const NumberAttr = numberAttr

// Address is where a page of the site is.
func (r *Rewriter) Address(name string) string {
	return r.site.scheme + "://" + r.site.host + r.site.path + percent(name)
}

// Stage shows a site as it is to be, but with each photo at the size that it had on its
// page, for those who measure it. It is safe for concurrent use.
type Stage struct {
	rewriter *Rewriter
	folder   string
	mu       sync.Mutex
	measured map[string]map[int]Measured
}

// Stage gives that of the site in a folder.
func (r *Rewriter) Stage(folder string) *Stage {
	return &Stage{rewriter: r, folder: folder, measured: map[string]map[int]Measured{}}
}

// Know has a page shown by what was seen of its images from now on.
func (s *Stage) Know(name string, measured map[int]Measured) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.measured[name] = measured
}

// Serve answers for the site: a page is rewritten, and its images carry their numbers; a
// photo at Base is an empty picture of its size. It is not ok for what is elsewhere, and
// for what is not there.
func (s *Stage) Serve(ctx context.Context, url string) (mediaType string, body []byte, ok bool) {
	r := s.rewriter
	a, ok := address{}.follow(url)
	if !ok {
		return "", nil, false
	}
	if _, atBase := a.under(r.base); atBase {
		return s.photo(ctx, url)
	}
	rel, ok := a.under(r.site)
	if !ok {
		return "", nil, false
	}
	name := decoded(rel)
	if name == "" || strings.HasSuffix(name, "/") {
		name += "index.html"
	}
	if !filepath.IsLocal(filepath.FromSlash(name)) {
		return "", nil, false
	}
	body, err := os.ReadFile(filepath.Join(s.folder, filepath.FromSlash(name)))
	if err != nil {
		return "", nil, false
	}
	if !IsPage(name) {
		return mime.TypeByExtension(path.Ext(name)), body, true
	}
	s.mu.Lock()
	measured := s.measured[name]
	s.mu.Unlock()
	page, err := r.run(ctx, name, body, measured, true)
	if err != nil {
		return "", nil, false
	}
	// Rewriting moves no tag, so a spot's number stays.
	return "text/html", numbered(page.HTML, scan(page.HTML, r.config.Backgrounds).spots), true
}

// photo is an empty picture of the size that an address at Base asks for.
func (s *Stage) photo(ctx context.Context, url string) (mediaType string, body []byte, ok bool) {
	t, left := s.rewriter.target(s.rewriter.site, url)
	if left != "" {
		return "", nil, false
	}
	info, err := s.rewriter.info(ctx, t.photo)
	if err != nil {
		return "", nil, false
	}
	w, h := info.Width, info.Height
	if t.recipe.Fit == photofit.Cover {
		w, h = t.recipe.Width, t.recipe.Height
	} else if width := asked(t.recipe, info); 0 < width && width < w {
		w, h = width, look{info: info}.height(width)
	}
	return "image/svg+xml", fmt.Appendf(nil, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d"/>`, w, h), true
}
