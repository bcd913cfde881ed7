package sheet

import (
	"fmt"
	"strconv"
	"strings"
)

// counts says what is in a folder: "3 folders · 128 photos", and which of the
// photos are on this page if not all.
func counts(l listing, first, shown int) string {
	var parts []string
	if n := len(l.folders); n > 0 {
		parts = append(parts, count(n, "folder"))
	}
	n := len(l.photos)
	switch {
	case shown < n:
		parts = append(parts, fmt.Sprintf("photos %s to %s of %s", thousands(first+1), thousands(first+shown), thousands(n)))
	case n > 0 || len(parts) == 0:
		parts = append(parts, count(n, "photo"))
	}
	return strings.Join(parts, " · ")
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return thousands(n) + " " + what + "s"
}

// others says which files of a folder are not shown: all of a few, or the first.
type others struct {
	Text  string // "3 files are not shown, as Photofit does not scale them"
	Names []string
	More  string // " and 9 more", or empty
}

// named is how many files are named at most.
const named = 3

func othersOf(names []string) *others {
	if len(names) == 0 {
		return nil
	}
	o := &others{Text: "1 file is not shown, as Photofit does not scale it"}
	if n := len(names); n > 1 {
		o.Text = thousands(n) + " files are not shown, as Photofit does not scale them"
	}
	for _, name := range names[:min(len(names), named)] {
		o.Names = append(o.Names, short(name))
	}
	if n := len(names) - named; n > 0 {
		o.More = " and " + thousands(n) + " more"
	}
	return o
}

// short is a name of at most 40 characters: of a longer one the middle is left out,
// as its end says most.
func short(name string) string {
	runes := []rune(name)
	if len(runes) <= 40 {
		return string(runes)
	}
	return string(runes[:24]) + "…" + string(runes[len(runes)-15:])
}

// thousands is a number of zero or more with commas: "10,000".
func thousands(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// weight is a number of bytes in decimal units with about two digits, "7.4 MB"
// or "842 KB". static/view.js has the same in JavaScript.
func weight(bytes int64) string {
	if bytes < 1000 {
		return strconv.FormatInt(bytes, 10) + " bytes"
	}
	value := float64(bytes) / 1000
	units := []string{"KB", "MB", "GB", "TB"}
	for value >= 999.5 && len(units) > 1 {
		value, units = value/1000, units[1:]
	}
	digits := 0
	if value < 9.95 {
		digits = 1
	}
	return strconv.FormatFloat(value, 'f', digits, 64) + " " + units[0]
}
