package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Names of files may hold anything, and a terminal obeys some of it. So no byte
// of theirs is printed that is not to be seen.

// nameText is a name as it is printed: itself, or as a Go string in quotes where
// it is not UTF-8, or holds what cannot be seen.
func nameText(name string) string {
	if name == visibleText(name) {
		return name
	}
	return strconv.Quote(name)
}

// visibleText is a text with what cannot be seen written as in a Go string, line
// ends too.
func visibleText(s string) string {
	if utf8.ValidString(s) && strings.IndexFunc(s, unseen) < 0 {
		return s
	}
	var b strings.Builder
	for len(s) > 0 {
		r, size := utf8.DecodeRuneInString(s)
		if r == utf8.RuneError && size == 1 || unseen(r) {
			quoted := strconv.Quote(s[:size])
			b.WriteString(quoted[1 : len(quoted)-1])
		} else {
			b.WriteString(s[:size])
		}
		s = s[size:]
	}
	return b.String()
}

// unseen tells whether a rune is a control character, or one that moves or hides
// others. Spaces of all widths and what joins emoji and letters is not.
func unseen(r rune) bool {
	const nonJoiner, joiner = 0x200c, 0x200d
	return !unicode.IsGraphic(r) && r != nonJoiner && r != joiner
}

// visibleLines is visibleText of each line.
func visibleLines(s string) string {
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		lines[i] = visibleText(line)
	}
	return strings.Join(lines, "\n")
}

// visibleWriter writes each text that it gets as visibleLines.
type visibleWriter struct{ io.Writer }

// Write writes one text, whole.
func (w visibleWriter) Write(p []byte) (int, error) {
	if _, err := io.WriteString(w.Writer, visibleLines(string(p))); err != nil {
		return 0, err
	}
	return len(p), nil
}

// photoError is why a photo of that name failed, with the name.
func photoError(name string, err error) error {
	var path *fs.PathError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%s: there is no such photo", nameText(name))
	case errors.As(err, &path):
		return fmt.Errorf("%s: %w", nameText(name), path.Err)
	case strings.HasPrefix(err.Error(), name):
		return err
	}
	return fmt.Errorf("%s: %w", nameText(name), err)
}
