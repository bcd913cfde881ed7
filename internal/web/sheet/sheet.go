package sheet

import (
	"bytes"
	"context"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"photofit"
	"photofit/internal/store"
)

// Prefix is where the sheet's own files are. Requests below it, and those whose
// path ends in a slash, are the sheet's.
const Prefix = "/-/sheet/"

// Config is what a sheet shows and how.
type Config struct {
	// Photos is what is shown. It must not be nil.
	Photos store.Photos

	// Policy is that of the server which answers for the photos: its ladder is
	// what the pages offer. Under a signed policy the addresses on the pages
	// are signed, so whoever sees a page may see its photos.
	Policy photofit.Policy

	// Title is the name of the top folder; empty is "Photos".
	Title string

	// PerPage is the number of photos on one page; 0 is 200.
	PerPage int

	// Facts tells what a photo says of itself, if the server can say so cheaply.
	// It is asked for the opened photo only. If it is nil or fails, the scripts
	// find out the size from the loaded picture.
	Facts func(ctx context.Context, photo string) (Facts, error)

	// Fail answers a request that cannot be met: errors.Is(err,
	// fs.ErrNotExist) holds for a folder, photo, page or file that is not
	// there; anything else came from Photos. page makes the HTML that tells it
	// to people, of the line that says what is wrong; it is nil where nobody
	// would see it. By default the status is 404 or 500.
	Fail func(w http.ResponseWriter, r *http.Request, err error, page func(text string) []byte)
}

// Facts are what a photo says of itself. The zero value is that nothing is known.
type Facts struct {
	Width, Height int    // of the upright photo, in pixels
	Caption       string // as far as the server tells it to anybody
	Film          bool   // its automatic and WebP renditions move
}

// policyHeader is the Content-Security-Policy of every answer.
const policyHeader = "default-src 'none'; img-src 'self'; style-src 'self'; script-src 'self'; connect-src 'self'; " +
	"base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

type handler struct {
	Config
	offers offers
}

// New gives the handler of the sheet. It takes GET and HEAD for Prefix and for
// all paths that end in a slash, and is safe for concurrent use. The lists in
// c.Policy must not change afterwards.
func New(c Config) http.Handler {
	if c.Title == "" {
		c.Title = "Photos"
	}
	if c.PerPage <= 0 {
		c.PerPage = 200
	}
	if c.Fail == nil {
		c.Fail = fail
	}
	return &handler{Config: c, offers: newOffers(c.Policy)}
}

// ServeHTTP answers for a folder or for a file of the sheet's own.
func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header.Set("Content-Security-Policy", policyHeader)
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Referrer-Policy", "same-origin")
	if name, ok := strings.CutPrefix(r.URL.Path, Prefix); ok {
		if !serveAsset(w, r, name) {
			h.Fail(w, r, absent("file", name), nil)
		}
		return
	}
	page, err := h.answer(r)
	if err != nil {
		h.Fail(w, r, err, h.noticeOf(r, err))
		return
	}
	header.Set("Content-Type", "text/html; charset=utf-8")
	header.Set("Cache-Control", "no-cache")
	sum := sha256.Sum256(page)
	header.Set("ETag", `"`+base64.RawURLEncoding.EncodeToString(sum[:12])+`"`)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(page))
}

// answer is the HTML for a request.
func (h *handler) answer(r *http.Request) ([]byte, error) {
	query := r.URL.Query()
	folder, err := folderOf(r.URL.Path)
	if err != nil {
		return nil, err
	}
	if name := query.Get("photo"); name != "" && query.Get("part") == "view" {
		v, err := h.viewAlone(r.Context(), folder, name, query)
		if err != nil {
			return nil, err
		}
		return execute("view", v)
	}
	p, err := h.page(r.Context(), folder, query)
	if err != nil {
		return nil, err
	}
	return execute("page", p)
}

// page is a folder's page, with a photo opened if the query names one.
func (h *handler) page(ctx context.Context, folder string, query url.Values) (*page, error) {
	entries, err := h.Photos.List(ctx, folder)
	if err != nil {
		return nil, err
	}
	l := sortOut(folder, entries)
	at := -1
	if name := query.Get("photo"); name != "" {
		if at = l.find(name); at < 0 {
			listed := slices.ContainsFunc(entries, func(e store.Entry) bool { return e.Name == name && !e.Folder })
			return nil, &absence{"photo", name, listed}
		}
	}
	p, err := h.lay(l, at, query.Get("page"))
	if err != nil || at < 0 {
		return p, err
	}
	p.View = h.view(ctx, folder, l.photos[at].Name, l.photos[at].Photo.Size, h.offers.choose(query))
	p.View.Close = p.Self
	if at > 0 {
		p.View.Before = p.View.Choice.on(viewAddress(folder, l.photos[at-1].Name))
	}
	if at+1 < len(l.photos) {
		p.View.After = p.View.Choice.on(viewAddress(folder, l.photos[at+1].Name))
	}
	return p, nil
}

// fail is Config.Fail by default.
func fail(w http.ResponseWriter, _ *http.Request, err error, page func(string) []byte) {
	text, status := "The folder could not be read: try again, or see the server's log.", http.StatusInternalServerError
	if errors.Is(err, fs.ErrNotExist) {
		text, status = "Nothing of that name is here: the contact sheet starts at /", http.StatusNotFound
	}
	w.Header().Set("Cache-Control", "no-store")
	if page == nil {
		http.Error(w, text, status)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(page(text))
}

//go:embed page.html view.html
var pages embed.FS

var templates = template.Must(template.ParseFS(pages, "*.html"))

func execute(name string, data any) ([]byte, error) {
	var b bytes.Buffer
	if err := templates.ExecuteTemplate(&b, name, data); err != nil {
		return nil, fmt.Errorf("sheet: %w", err)
	}
	return b.Bytes(), nil
}
