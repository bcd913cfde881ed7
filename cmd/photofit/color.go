package main

import "os"

// color is one of a terminal's.
type color string

// The colours in use, as SGR parameters (ECMA-48).
const (
	red    color = "31"
	green  color = "32"
	yellow color = "33"
	bold   color = "1"
)

// paint colours a text, where a person reads both outputs on a terminal. NO_COLOR turns it off
// (https://no-color.org).
func (c *console) paint(in color, text string) string {
	if !c.colors() {
		return text
	}
	return "\x1b[" + string(in) + "m" + text + "\x1b[0m"
}

func (c *console) colors() bool {
	return os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb" && terminal(c.out) && terminal(c.err)
}

// mark stands in front of what was looked at.
type mark struct {
	text  string
	color color
}

var (
	good    = mark{"✓", green}
	bad     = mark{"✗", red}
	skipped = mark{"–", yellow}
)
