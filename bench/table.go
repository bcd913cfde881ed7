package main

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// figure is one line of the table.
type figure struct {
	Section string    `json:"section"`
	Name    string    `json:"name"`
	Peer    string    `json:"peer,omitempty"`     // with what it is compared, if not in the name
	Unit    string    `json:"unit,omitempty"`     // "×", "MB", "ms"
	AtMost  float64   `json:"at_most,omitempty"`  // the target; 0: none
	AtLeast float64   `json:"at_least,omitempty"` // the target; 0: none
	Worst   bool      `json:"worst,omitempty"`    // every value must meet it, not the median alone
	Values  []float64 `json:"values"`
	Note    string    `json:"note,omitempty"`
	Failed  bool      `json:"failed,omitempty"` // it could not be measured
	Drawn   string    `json:"drawn,omitempty"`  // the panel of the picture that a ratio is in, too
}

// Missed tells whether the figure has a target and does not meet it.
func (f figure) Missed() bool {
	if f.Failed {
		return true
	}
	if len(f.Values) == 0 {
		return false
	}
	low, high := median(f.Values), median(f.Values)
	if f.Worst {
		low, high = slices.Min(f.Values), slices.Max(f.Values)
	}
	return f.AtMost > 0 && high > f.AtMost || f.AtLeast > 0 && low < f.AtLeast
}

func (f figure) format(v float64) string {
	switch f.Unit {
	case "×":
		if v > 0 && v < 0.095 {
			return fmt.Sprintf("%#.2g ×", v)
		}
		return fmt.Sprintf("%.2f ×", v)
	case "":
		return fmt.Sprintf("%.0f", v)
	}
	return fmt.Sprintf("%.1f %s", v, f.Unit)
}

// label is what the figure is of, in words.
func (f figure) label() string {
	if f.Peer == "" {
		return f.Name
	}
	return f.Name + ", of " + f.Peer + "'s"
}

func (f figure) target() string {
	switch {
	case f.AtMost > 0:
		return "≤ " + f.format(f.AtMost)
	case f.AtLeast > 0:
		return "≥ " + f.format(f.AtLeast)
	}
	return ""
}

func (f figure) mark() string {
	switch {
	case f.Missed():
		return "✗"
	case len(f.Values) > 0 && f.target() != "":
		return "✓"
	}
	return "–"
}

// median is the middle of the values, or the mean of the two in the middle; 0
// of none.
func median(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(values))
	half := len(sorted) / 2
	if len(sorted)%2 == 1 {
		return sorted[half]
	}
	return (sorted[half-1] + sorted[half]) / 2
}

// duration is how long a section took.
type duration struct {
	section string
	took    time.Duration
}

// durations says in one line how long a run took.
func durations(all []duration) string {
	if len(all) == 0 {
		return ""
	}
	var each []string
	var sum time.Duration
	for _, d := range all {
		each = append(each, d.section+" "+d.took.Round(time.Second).String())
		sum += d.took
	}
	return fmt.Sprintf("\nIt took %s: %s.\n", sum.Round(time.Second), strings.Join(each, ", "))
}

// table lays the figures out for reading, one line each.
func table(figures []figure) string {
	rows := [][]string{{"", "figure", "target", "min", "median", "max", "", ""}}
	section := ""
	for _, f := range figures {
		row := []string{"", f.label(), f.target(), "", "", "", f.mark(), f.Note}
		if f.Section != section {
			section = f.Section
			row[0] = section
		}
		if len(f.Values) > 0 {
			row[3], row[4], row[5] = f.format(slices.Min(f.Values)), f.format(median(f.Values)), f.format(slices.Max(f.Values))
		}
		rows = append(rows, row)
	}
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	var b strings.Builder
	for _, row := range rows {
		var line strings.Builder
		for i, cell := range row {
			pad := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell))
			if i >= 2 && i <= 5 { // numbers
				cell, pad = pad+cell, ""
			}
			line.WriteString(cell + pad + "  ")
		}
		b.WriteString(strings.TrimRight(line.String(), " ") + "\n")
	}
	return b.String()
}
