package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"text/tabwriter"
)

// console is where commands print.
type console struct {
	out, err io.Writer
	failed   error         // the first failure to write to out
	answers  *bufio.Reader // standard input, once a question was asked
}

// printf prints to standard output.
func (c *console) printf(format string, args ...any) {
	if _, err := fmt.Fprintf(c.out, format, args...); err != nil && c.failed == nil {
		c.failed = err
	}
}

// sayf prints to standard error: what is going on, for a person.
func (c *console) sayf(format string, args ...any) { fmt.Fprintf(c.err, format, args...) }

// json prints a value to standard output, for scripts.
func (c *console) json(v any) error {
	e := json.NewEncoder(c.out)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

// table prints rows in aligned columns; those whose names start with ">" are
// aligned to the right. A cell is one line, whatever it holds.
func (c *console) table(columns []string, rows [][]string) {
	for _, row := range rows {
		for i := range row {
			row[i] = visibleText(row[i])
		}
	}
	widths := make([]int, len(columns))
	for i, name := range columns {
		widths[i] = columnsOf(strings.TrimPrefix(name, ">"))
		for _, row := range rows {
			widths[i] = max(widths[i], columnsOf(row[i]))
		}
	}
	line := func(cells []string) {
		var b strings.Builder
		for i, cell := range cells {
			pad := strings.Repeat(" ", widths[i]-columnsOf(cell))
			if strings.HasPrefix(columns[i], ">") {
				cell = pad + cell
			} else {
				cell += pad
			}
			if i > 0 {
				b.WriteString("   ")
			}
			b.WriteString(cell)
		}
		c.printf("%s\n", strings.TrimRight(b.String(), " "))
	}
	names := make([]string, len(columns))
	for i, name := range columns {
		names[i] = strings.TrimPrefix(name, ">")
	}
	line(names)
	for _, row := range rows {
		line(row)
	}
}

// pairs prints names and values in two columns.
func (c *console) pairs(pairs ...string) {
	w := tabwriter.NewWriter(c.out, 0, 0, 3, ' ', 0)
	for i := 0; i+1 < len(pairs); i += 2 {
		fmt.Fprintf(w, "%s\t%s\n", pairs[i], pairs[i+1])
	}
	if err := w.Flush(); err != nil && c.failed == nil {
		c.failed = err
	}
}

// terminal tells whether a person reads standard error as it is written.
func (c *console) terminal() bool { return terminal(c.err) }

// terminal tells whether a person reads what is written.
func terminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// bytesText is a size for people: "842 KB", "7.4 MB".
func bytesText(n int64) string {
	units := []string{"B", "KB", "MB", "GB", "TB"}
	value, i := float64(n), 0
	for value >= 1000 && i < len(units)-1 {
		value /= 1000
		i++
	}
	if i > 1 && value < 10 {
		return strconv.FormatFloat(value, 'f', 1, 64) + " " + units[i]
	}
	return strconv.FormatFloat(value, 'f', 0, 64) + " " + units[i]
}

// thousands is a number with separators: "19,305".
func thousands(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
