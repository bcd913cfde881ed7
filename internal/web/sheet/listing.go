package sheet

import (
	"slices"
	"strings"
	"unicode/utf8"

	"photofit/internal/store"
)

// listing is what is in a folder, sorted out.
type listing struct {
	folder  string
	folders []string      // names
	photos  []store.Entry // those that Photofit takes
	others  []string      // names of files that it doesn't take
}

// sortOut keeps the order of the entries. A name that is not UTF-8 can be in no
// URL, so it is not taken.
func sortOut(folder string, entries []store.Entry) listing {
	l := listing{folder: folder}
	for _, e := range entries {
		switch {
		case e.Folder && utf8.ValidString(e.Name):
			l.folders = append(l.folders, e.Name)
		case e.Folder:
		case picture(e.Name):
			l.photos = append(l.photos, e)
		case !incidental(e.Name):
			l.others = append(l.others, e.Name)
		}
	}
	return l
}

// find is the index of a photo, or -1.
func (l *listing) find(name string) int {
	return slices.IndexFunc(l.photos, func(e store.Entry) bool { return e.Name == name })
}

// picture tells whether a file's name is one of a photo that Photofit takes.
func picture(name string) bool {
	dot := strings.LastIndexByte(name, '.')
	if dot < 0 || !utf8.ValidString(name) {
		return false
	}
	switch strings.ToLower(name[dot:]) {
	case ".jpg", ".jpeg", ".png", ".webp", ".avif", ".tif", ".tiff", ".gif":
		return true
	}
	return false
}

// incidental tells whether a file's name is one that systems and programs leave
// beside photos unasked: thumbnails, a folder's looks, what was done to the photo
// of that name. Nobody expects to see it here. Names with a dot in front are in no
// listing.
func incidental(name string) bool {
	switch lower := strings.ToLower(name); lower {
	case "thumbs.db", "ehthumbs.db", "desktop.ini", "icon\r":
		return true
	default:
		return strings.HasSuffix(lower, ".xmp") || strings.HasSuffix(lower, ".aae")
	}
}

// plainName is a photo's name without its extension, which is what it says of
// itself: its alternative text until somebody writes a better one.
func plainName(name string) string {
	if dot := strings.LastIndexByte(name, '.'); dot > 0 {
		return name[:dot]
	}
	return name
}
