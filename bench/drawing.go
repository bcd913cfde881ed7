package main

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"math"
	"slices"
	"strconv"
)

// The picture's measures, in pixels.
const (
	drawnWidth  = 1060
	plotLeft    = 450
	plotRight   = 810
	lineHeight  = 21
	panelMargin = 34 // above a panel's title
	panelHead   = 46 // from there to the first line: the axis
)

// drawnColours are for peers, in the order in which they come: on a light ground and on a dark one.
var drawnColours = [][2]string{{"#0b6e99", "#5cc3ee"}, {"#c05600", "#ff9d4d"}, {"#4b7f1f", "#9bd465"}, {"#8a3fa0", "#d79ae8"}, {"#a8324a", "#ff8fa3"}}

// panel is figures that have an axis together.
type panel struct {
	title   string
	figures []figure
}

// panels are what is to be drawn of the figures, in their order.
func panels(figures []figure) (all []panel) {
	for _, f := range figures {
		if f.Drawn == "" || len(f.Values) == 0 {
			continue
		}
		if f.AtLeast > 0 { // more is better; in the picture less is, throughout
			f.Name += ", inverse"
			f.Values = slices.Clone(f.Values)
			for i, v := range f.Values {
				f.Values[i] = 1 / v
			}
		}
		if slices.ContainsFunc(f.Values, func(v float64) bool { return !(v > 0) || math.IsInf(v, 1) }) {
			continue // it has no place on such an axis
		}
		i := slices.IndexFunc(all, func(p panel) bool { return p.title == f.Drawn })
		if i < 0 {
			i, all = len(all), append(all, panel{title: f.Drawn})
		}
		all[i].figures = append(all[i].figures, f)
	}
	return all
}

// axis is a logarithmic one from low to high, of which 1 is always a part.
type axis struct{ low, high float64 }

func (p panel) axis() axis {
	a := axis{1, 1}
	for _, f := range p.figures {
		a.low, a.high = min(a.low, slices.Min(f.Values)), max(a.high, slices.Max(f.Values))
	}
	return axis{min(a.low/1.1, 0.8), max(a.high*1.1, 1.25)}
}

// at is where a ratio lies, in pixels from the left.
func (a axis) at(v float64) float64 {
	return plotLeft + (plotRight-plotLeft)*math.Log(v/a.low)/math.Log(a.high/a.low)
}

// ticks are round ratios, of which there is room for the numbers.
func (a axis) ticks() (at []float64) {
	const room = 44
	var tried []float64
	for decade := math.Floor(math.Log10(a.low)); decade <= math.Log10(a.high); decade++ {
		for _, step := range []float64{1, 2, 5, 1.5, 3, 7, 8, 9, 1.1, 1.2} { // by importance
			tried = append(tried, step*math.Pow(10, decade))
		}
	}
	importance := func(v float64) int { return slices.Index([]float64{1, 2, 5, 1.5, 3, 7, 8, 9, 1.1, 1.2}, mantissa(v)) }
	slices.SortStableFunc(tried, func(v, w float64) int { return importance(v) - importance(w) })
	at = []float64{1}
	for _, v := range tried {
		near := slices.ContainsFunc(at, func(t float64) bool { return math.Abs(a.at(t)-a.at(v)) < room })
		if v >= a.low && v <= a.high && !near {
			at = append(at, v)
		}
	}
	slices.Sort(at)
	return at
}

// mantissa is a number's first two digits, as in 1.5.
func mantissa(v float64) float64 {
	return math.Round(v/math.Pow(10, math.Floor(math.Log10(v)+1e-9))*10) / 10
}

// drawing is an SVG of the ratios: a line from the least to the most, and a dot
// at the median.
func drawing(figures []figure) []byte {
	all := panels(figures)
	var peers []string
	height := 96.0
	for _, p := range all {
		height += panelMargin + panelHead + lineHeight*float64(len(p.figures))
		for _, f := range p.figures {
			if !slices.Contains(peers, f.Peer) {
				peers = append(peers, f.Peer)
			}
		}
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %.0f" width="%[1]d" height="%.0[2]f" role="img" aria-labelledby="title">`+"\n", drawnWidth, height)
	b.WriteString("<title id=\"title\">Photofit beside others: ratios</title>\n<style>\n" + drawnStyle())
	b.WriteString("</style>\n<rect class=\"ground\" width=\"100%\" height=\"100%\"/>\n")
	write(&b, 24, 34, "head", "start", "Photofit beside others")
	write(&b, 24, 56, "faint", "start", "What photofit takes, of what the other takes: left of 1 it takes less. From least to most, dot: median. Each panel has its own axis.")
	y := 76.0
	for _, p := range all {
		y += panelMargin
		p.draw(&b, y, peers)
		y += panelHead + lineHeight*float64(len(p.figures))
	}
	b.WriteString("</svg>\n")
	return b.Bytes()
}

// draw writes a panel whose title stands at y.
func (p panel) draw(b *bytes.Buffer, y float64, peers []string) {
	a := p.axis()
	write(b, 24, y, "title", "start", p.title)
	bottom := y + panelHead - 14 + lineHeight*float64(len(p.figures))
	for _, v := range a.ticks() {
		class := "grid"
		if v == 1 {
			class = "one"
		}
		fmt.Fprintf(b, `<path class="%s" d="M%.1f %.1fV%.1f"/>`+"\n", class, a.at(v), y+26, bottom)
		write(b, a.at(v), y+20, "faint", "middle", strconv.FormatFloat(v, 'g', 3, 64))
	}
	name := ""
	for i, f := range p.figures {
		row := y + panelHead - 2 + lineHeight*float64(i)
		if f.Name != name {
			name = f.Name
			write(b, 24, row, "", "start", short(f.Name, 66))
		}
		class := fmt.Sprintf("p%d", slices.Index(peers, f.Peer)%len(drawnColours))
		middle := median(f.Values)
		fmt.Fprintf(b, `<path class="range %s" d="M%.1f %.1fH%.1f"/>`, class, a.at(slices.Min(f.Values)), row-4, a.at(slices.Max(f.Values)))
		fmt.Fprintf(b, `<circle class="%s" cx="%.1f" cy="%.1f" r="4.5"/>`+"\n", class, a.at(middle), row-4)
		write(b, 872, row, "value", "end", f.format(middle))
		write(b, 884, row, class, "start", short(f.Peer, 26))
	}
}

// write writes a line of text.
func write(b *bytes.Buffer, x, y float64, class, anchor, text string) {
	fmt.Fprintf(b, `<text x="%.1f" y="%.1f" class="%s" text-anchor="%s">`, x, y, class, anchor)
	_ = xml.EscapeText(b, []byte(text)) // a buffer takes everything
	b.WriteString("</text>\n")
}

// short cuts a text that has no room.
func short(text string, most int) string {
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return text
}

// drawnStyle is the picture's colours, by what whoever looks at it prefers.
func drawnStyle() string {
	style := func(side int, ground, ink, faint, grid string) (css string) {
		css = fmt.Sprintf(".ground { fill: %s } text { fill: %s } .faint { fill: %s } .grid { stroke: %s } .one { stroke: %[3]s }\n", ground, ink, faint, grid)
		for i, c := range drawnColours {
			css += fmt.Sprintf("circle.p%d, text.p%[1]d { fill: %s } path.p%[1]d { stroke: %[2]s }\n", i, c[side])
		}
		return css
	}
	return "text { font: 12.5px system-ui, 'DejaVu Sans', sans-serif; font-variant-numeric: tabular-nums }\n" +
		"text.head { font-size: 19px; font-weight: 650 } text.title { font-size: 13.5px; font-weight: 650 } text.faint { font-size: 11.5px }\n" +
		"text.value { font-weight: 600 } .grid { stroke-width: 1 } .one { stroke-width: 1.5 } .range { stroke-width: 3; stroke-linecap: round; opacity: .55 }\n" +
		style(0, "#ffffff", "#1b1f24", "#59636e", "#e3e7eb") +
		"@media (prefers-color-scheme: dark) {\n" + style(1, "#14181d", "#e8ecf0", "#9aa5b1", "#2a323b") + "}\n"
}
