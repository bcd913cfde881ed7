package main

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// elements reads an SVG strictly, and gives its elements with what is in them.
func elements(t *testing.T, svg []byte) (all []xml.StartElement, texts []string) {
	t.Helper()
	for d := xml.NewDecoder(bytes.NewReader(svg)); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return all, texts
		}
		if err != nil {
			t.Fatalf("%v in\n%s", err, svg)
		}
		switch token := token.(type) {
		case xml.StartElement:
			all = append(all, token.Copy())
		case xml.CharData:
			texts = append(texts, string(token))
		}
	}
}

func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

func TestDrawing(t *testing.T) {
	svg := drawing([]figure{
		{Name: "<b> & \"c\"", Peer: "sha<rp", Unit: "×", Drawn: "one", Values: []float64{0.5, 0.25, 1}},
		{Name: "hits", Peer: "nginx", Unit: "×", Drawn: "two", AtLeast: 0.4, Values: []float64{0.5, 4}},
		{Name: "not drawn", Peer: "x", Unit: "×", Values: []float64{1}},
		{Name: "nothing known", Peer: "x", Unit: "×", Drawn: "one"},
		{Name: "no ratio", Peer: "x", Unit: "×", Drawn: "one", Values: []float64{0}},
	})
	all, texts := elements(t, svg)
	said := strings.Join(texts, "|")
	for _, want := range []string{"<b> & \"c\"", "sha<rp", "0.50 ×", "|one|", "|two|", "hits, inverse", "1.12 ×"} {
		if !strings.Contains(said, want) {
			t.Errorf("no %q in %s", want, said)
		}
	}
	for _, never := range []string{"not drawn", "nothing known", "no ratio", "NaN", "Inf", "%!"} {
		if strings.Contains(said+string(svg), never) {
			t.Errorf("%q in the picture", never)
		}
	}
	// Dot and line lie where the ratios do: 0.5 is halfway from 0.25 to 1.
	var dots []float64
	var lines [][2]float64
	for _, e := range all {
		switch {
		case e.Name.Local == "circle":
			dots = append(dots, number(t, attribute(e, "cx")))
		case strings.HasPrefix(attribute(e, "class"), "range"):
			from, rest, _ := strings.Cut(strings.TrimPrefix(attribute(e, "d"), "M"), " ")
			_, to, _ := strings.Cut(rest, "H")
			lines = append(lines, [2]float64{number(t, from), number(t, to)})
		}
	}
	if len(dots) != 2 || len(lines) != 2 {
		t.Fatalf("%d dots, %d lines, want 2", len(dots), len(lines))
	}
	if middle := (lines[0][0] + lines[0][1]) / 2; math.Abs(dots[0]-middle) > 0.2 {
		t.Errorf("the dot is at %.1f of %v, want %.1f", dots[0], lines[0], middle)
	}
	for _, line := range lines {
		if line[0] < plotLeft || line[1] > plotRight || line[0] >= line[1] {
			t.Errorf("a line at %v leaves the plot", line)
		}
	}
}

func number(t *testing.T, text string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(text, 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestNothingToDraw(t *testing.T) {
	if all, _ := elements(t, drawing(nil)); len(all) == 0 || all[0].Name.Local != "svg" {
		t.Errorf("%v", all)
	}
}

func TestAxis(t *testing.T) {
	for _, values := range [][]float64{{1}, {0.98, 1.01}, {0.0007, 0.9}, {60, 65}, {0.001, 1000}, {0.43}} {
		a := panel{figures: []figure{{Values: values}}}.axis()
		ticks := a.ticks()
		if a.low > slices.Min(values) || a.high < slices.Max(values) || a.low > 1 || a.high < 1 {
			t.Errorf("%v: from %v to %v", values, a.low, a.high)
		}
		if !slices.Contains(ticks, 1) || len(ticks) > 9 || !slices.IsSorted(ticks) {
			t.Errorf("%v: ticks %v", values, ticks)
		}
	}
}
