package site

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// edit puts a text in place of page[at:end].
type edit struct {
	at, end int
	text    string
}

// splice makes edits, which don't overlap. Those at one place come in their order, what is
// put in before what is put in the place of something.
func splice(page []byte, edits []edit) []byte {
	if len(edits) == 0 {
		return page
	}
	slices.SortStableFunc(edits, func(a, b edit) int { return cmp.Or(a.at-b.at, a.end-b.end) })
	size := len(page)
	for _, e := range edits {
		size += len(e.text) - (e.end - e.at)
	}
	out := make([]byte, 0, size)
	at := 0
	for _, e := range edits {
		out = append(append(out, page[at:e.at]...), e.text...)
		at = e.end
	}
	return append(out, page[at:]...)
}

// tagEdits collects the edits of one tag. Attributes that it lacks come behind
// anchor, in the order in which they are set.
type tagEdits struct {
	spot   *spot
	anchor *attr
	edits  []edit
	added  strings.Builder
	set    []string // the names of what has another value now
}

// put gives an attribute a value; if it has that value, whatever its spelling, it
// stays as it is.
func (t *tagEdits) put(name, value string) {
	a := t.spot.attr(name)
	switch {
	case a == nil:
		t.added.WriteString(" " + name + "=" + quoted(value))
	case a.value == value:
		return
	case a.from == a.end && a.value == "": // name, or name=
		t.edits = append(t.edits, edit{a.at, a.end, name + "=" + quoted(value)})
	default:
		t.edits = append(t.edits, edit{a.from, a.end, quoted(value)})
	}
	t.set = append(t.set, name)
}

// putPixels is put for a width or height. One that says the same stays as it is spelled.
func (t *tagEdits) putPixels(name string, n int) {
	if have, ok := pixels(t.spot.attr(name)); !ok || have != n {
		t.put(name, strconv.Itoa(n))
	}
}

// putIfAbsent is put for what the page's author did not decide.
func (t *tagEdits) putIfAbsent(name, value string) {
	if t.spot.attr(name) == nil {
		t.put(name, value)
	}
}

// all gives the edits.
func (t *tagEdits) all() []edit {
	if t.added.Len() > 0 {
		t.edits = append(t.edits, edit{t.anchor.end, t.anchor.end, t.added.String()})
	}
	return t.edits
}

// quoted is a value as an attribute has it.
func quoted(value string) string { return `"` + escapes.Replace(value) + `"` }

var escapes = strings.NewReplacer("&", "&amp;", `"`, "&#34;", "<", "&lt;", ">", "&gt;")
