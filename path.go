package photofit

import (
	"strings"
	"unicode/utf8"
)

// ParsePath reads a canonical path, and nothing else: where it succeeds,
// the recipe's Path is the argument. It knows no policy. The error is an
// *Error.
func ParsePath(path string) (Recipe, error) {
	notCanonical := badPath("not a canonical path, like /trip/b.jpg/_w800.webp")
	slash := strings.LastIndexByte(path, '/')
	if slash < 1 || path[0] != '/' {
		return Recipe{}, notCanonical
	}
	w, ok := parseForm(path[slash+1:])
	if !ok {
		return Recipe{}, notCanonical
	}
	photo, err := UnescapePhoto(path[1:slash])
	if err != nil {
		return Recipe{}, err
	}
	r := Recipe{photo, int(w.w), int(w.h), w.fit, w.crop, w.quality, w.format}.normal()
	if r.Path() != path {
		return Recipe{}, notCanonical
	}
	return r, nil
}

// ParseKey reads what Key wrote, and nothing else. A key of another shelf is an
// *Error too.
func ParseKey(key string) (Recipe, error) {
	rest, ok := strings.CutPrefix(key, shelf)
	if !ok {
		return Recipe{}, badPath("not a key of this version, which starts with " + shelf)
	}
	return ParsePath("/" + rest)
}

// location is what a request's path says.
type location struct {
	photo string
	form  bool // the path form: wish is all that is asked
	wish  wish
}

// readPath reads the path as a viewer sent it: percent-encoded, with a leading
// slash. A plus is a plus.
func readPath(path string) (location, error) {
	if path == "" || path[0] != '/' {
		return location{}, badPath("a path starts with /")
	}
	name, ok := unescape(path[1:], '%', false)
	if !ok {
		return location{}, badPath("a % in a path is followed by two hexadecimal digits; a % itself is %25")
	}
	// An edge that hands over characters has put U+FFFD for what was none, so what
	// is not UTF-8 before it is decoded, or that character as it is, names nothing.
	if !utf8.ValidString(name) || strings.ContainsRune(path, utf8.RuneError) {
		return location{}, badPath("the path is not UTF-8")
	}
	if name == "-" || strings.HasPrefix(name, "-/") {
		return location{}, badPath("/-/ is Photofit's own; a folder of that name is reached as /~2D/…/_w800.auto")
	}
	folder, last := "", name
	if i := strings.LastIndexByte(name, '/'); i >= 0 {
		folder, last = name[:i], name[i+1:]
	}
	l := location{photo: name}
	if l.wish, l.form = parseForm(last); l.form {
		var err error
		if l.photo, err = untilde(folder); err != nil {
			return location{}, err
		}
	}
	if l.photo == "" {
		return location{}, badPath("the path names no photo: /trip/b.jpg?w=800")
	}
	return l, nil
}

// parseForm reads the last segment of a path form. That it is not ok means that
// the segment is a photo's name. Each recipe has one spelling here too, but for
// what Recipe.normal drops and fp50-50, which is crop.
func parseForm(s string) (w wish, ok bool) {
	switch s {
	case "_original":
		return wish{format: Original}, true
	case "_info.json":
		return wish{format: InfoJSON}, true
	}
	s, ok = strings.CutPrefix(s, "_")
	if !ok {
		return wish{}, false
	}
	h := "h"
	if rest, found := strings.CutPrefix(s, "w"); found {
		if w.w, s = formNumber(rest, MaxSide); w.w < 1 {
			return wish{}, false
		}
		h = "-h"
	}
	if rest, found := strings.CutPrefix(s, h); found {
		if w.h, s = formNumber(rest, MaxSide); w.h < 1 {
			return wish{}, false
		}
	} else if h == "h" {
		return wish{}, false
	}
	if rest, found := strings.CutPrefix(s, "-crop"); found {
		w.fit, s = Cover, rest
	} else if rest, found := strings.CutPrefix(s, "-smart"); found {
		w.fit, w.crop, s = Cover, SmartCrop, rest
	} else if rest, found := strings.CutPrefix(s, "-fp"); found {
		x, rest := formNumber(rest, 100)
		y, rest := formNumber(strings.TrimPrefix(rest, "-"), 100)
		if x < 0 || y < 0 {
			return wish{}, false
		}
		w.fit, w.crop, s = Cover, FocalPoint(int(x), int(y)), rest
	}
	if rest, found := strings.CutPrefix(s, "-q"); found {
		var q int64
		if q, s = formNumber(rest, 100); q < 1 {
			return wish{}, false
		}
		w.quality = int(q)
	}
	for f := Auto; f < Original; f++ {
		if s == formatExts[f] {
			w.format = f
			return w, true
		}
	}
	return wish{}, false
}

// formNumber reads an integer up to limit, without leading zeros, and gives
// what follows it; or -1.
func formNumber(s string, limit int64) (int64, string) {
	n, i := int64(0), 0
	for ; i < len(s) && '0' <= s[i] && s[i] <= '9'; i++ {
		if n = n*10 + int64(s[i]-'0'); n > limit {
			return -1, s
		}
	}
	if i == 0 || i > 1 && s[0] == '0' {
		return -1, s
	}
	return n, s[i:]
}
