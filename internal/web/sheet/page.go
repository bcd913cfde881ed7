package sheet

import (
	"strconv"
	"strings"
)

// page is what the template "page" shows.
type page struct {
	Assets  map[string]string
	Title   string  // of the window
	Heading string  // the folder's own name
	Above   []link  // the folders above it, the top first
	Counts  string  // "3 folders · 128 photos"
	Others  *others // files that are not shown; nil on later pages, and where there are none
	Folders []link
	Tiles   []tile
	Sizes   string // of every tile
	Self    string // where this page is, without an opened photo
	Pages   *pager // nil if there is one page only

	// Before and After are where the arrow keys lead from the first and the
	// last tile, or empty.
	Before, After string

	View   *view   // the opened photo, or nil
	Notice *notice // in place of all that a folder has; nil where all is well
}

type link struct{ Name, Address string }

// tile is one photo in the grid.
type tile struct {
	Name          string
	Alt           string
	View          string // where it is shown opened
	Src, Srcset   string
	Width, Height int // of Src, in pixels
}

// pager leads to the neighbouring pages; addresses are empty where there is
// none.
type pager struct {
	Number, Of            int
	First, Previous, Next string
	Last                  string
}

// lay makes the page of a listing on which the photo of index at is, or if at
// is negative the one of that number ("" is the first).
func (h *handler) lay(l listing, at int, number string) (*page, error) {
	pages := max((len(l.photos)+h.PerPage-1)/h.PerPage, 1)
	n := 1
	switch {
	case at >= 0:
		n = at/h.PerPage + 1
	case number != "":
		var err error
		if n, err = strconv.Atoi(number); err != nil || n < 1 || n > pages {
			return nil, absent("page", number)
		}
	}
	first := (n - 1) * h.PerPage
	shown := l.photos[first:min(first+h.PerPage, len(l.photos))]

	p := &page{
		Assets:  assetAddresses,
		Title:   h.Title,
		Heading: h.Title,
		Self:    pageAddress(l.folder, n),
		Sizes:   tileSizes,
		Counts:  counts(l, first, len(shown)),
	}
	p.nameAfter(l.folder, h.Title)
	if n == 1 {
		p.Others = othersOf(l.others)
		for _, name := range l.folders {
			p.Folders = append(p.Folders, link{name, folderAddress(join(l.folder, name))})
		}
	}
	for _, e := range shown {
		p.Tiles = append(p.Tiles, h.tile(l.folder, e.Name))
	}
	if first > 0 {
		p.Before = viewAddress(l.folder, l.photos[first-1].Name)
	}
	if end := first + len(shown); end < len(l.photos) {
		p.After = viewAddress(l.folder, l.photos[end].Name)
	}
	if pages > 1 {
		p.Pages = &pager{Number: n, Of: pages}
		if n > 1 {
			p.Pages.First, p.Pages.Previous = pageAddress(l.folder, 1), pageAddress(l.folder, n-1)
		}
		if n < pages {
			p.Pages.Next, p.Pages.Last = pageAddress(l.folder, n+1), pageAddress(l.folder, pages)
		}
	}
	return p, nil
}

// nameAfter sets the headings of a folder below the top.
func (p *page) nameAfter(folder, title string) {
	if folder == "" {
		return
	}
	names := strings.Split(folder, "/")
	p.Above = []link{{title, "/"}}
	for i, name := range names[:len(names)-1] {
		p.Above = append(p.Above, link{name, folderAddress(strings.Join(names[:i+1], "/"))})
	}
	p.Heading = names[len(names)-1]
	p.Title = p.Heading + " · " + title
}

func (h *handler) tile(folder, name string) tile {
	steps := h.offers.tiles
	key := join(folder, name)
	src := steps[len(steps)/2]
	return tile{
		Name:   name,
		Alt:    plainName(name),
		View:   viewAddress(folder, name),
		Src:    h.offers.address(key, src, h.offers.tileLook),
		Srcset: h.offers.srcset(key, steps, h.offers.tileLook),
		Width:  src.width, Height: src.height,
	}
}

func pageAddress(folder string, n int) string {
	if n == 1 {
		return folderAddress(folder)
	}
	return folderAddress(folder) + "?page=" + strconv.Itoa(n)
}
