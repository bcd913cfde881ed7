package sheet

import (
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"strings"
)

// absence is what somebody asks for and what is not there: errors.Is(err,
// fs.ErrNotExist) holds.
type absence struct {
	what   string // folder, photo, page or file
	name   string
	listed bool // a file of that name is there, which Photofit does not scale
}

func absent(what, name string) error { return &absence{what: what, name: name} }

func (a *absence) Error() string {
	return fmt.Sprintf("sheet: %s %q: %v", a.what, a.name, fs.ErrNotExist)
}

func (a *absence) Unwrap() error { return fs.ErrNotExist }

// notice stands on a page in place of photos: what is wrong, and where to go on.
type notice struct {
	Name string // what was asked for, in front of Text; empty if it isn't named
	Text string
	Verb string // of the link To, before its name
	To   link
}

// noticeOf gives what makes the page for a request that cannot be met, of the line
// that says why; nil where no person sees it: for the scripts and for files.
func (h *handler) noticeOf(r *http.Request, err error) func(text string) []byte {
	if strings.HasPrefix(r.URL.Path, Prefix) || r.URL.Query().Get("part") == "view" {
		return nil
	}
	return func(text string) []byte {
		body, err := execute("page", h.noticePage(r.URL.Path, err, text))
		if err != nil {
			return []byte(text) // it is a fault of the template's
		}
		return body
	}
}

func (h *handler) noticePage(path string, err error, text string) *page {
	p := &page{Assets: assetAddresses, Above: []link{{h.Title, "/"}}}
	var gone *absence
	errors.As(err, &gone)
	folder, noFolder := folderOf(path)
	switch {
	case gone != nil && gone.what != "folder" && noFolder == nil:
		of := &page{Heading: h.Title}
		of.nameAfter(folder, h.Title)
		here := link{of.Heading, folderAddress(folder)}
		p.Above = append(of.Above, here)
		p.Notice = &notice{Name: short(gone.name), Verb: "Back to", To: here}
		switch {
		case gone.what == "page":
			p.Heading, p.Notice.Text = "No such page", "is no page of this folder."
		case gone.listed:
			p.Heading, p.Notice.Text = "Not a photo that can be scaled", "is in this folder, but Photofit takes JPEG, PNG, WebP, AVIF, TIFF and GIF only."
		default:
			p.Heading, p.Notice.Text = "No such photo", "is not in this folder. It may have been renamed or removed."
		}
	case errors.Is(err, fs.ErrNotExist):
		p.Heading = "No such folder"
		p.Notice = &notice{Name: short(strings.Trim(path, "/")), Text: "is not here. It may have been renamed or removed.", Verb: "Back to", To: link{h.Title, "/"}}
	default:
		p.Heading = "This folder cannot be shown"
		p.Notice = &notice{Text: text, Verb: "Try again", To: link{"", folderAddress(folder)}}
	}
	p.Title = p.Heading + " · " + h.Title
	return p
}
