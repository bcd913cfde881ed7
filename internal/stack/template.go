// Package stack holds what Photofit is on AWS: one CloudFormation template.
//
// The template (template.yaml) is whole as it stands but for three places, which
// Template fills in: the edge function's code, settings of the two functions
// that a parameter cannot hold, and the rules that empty old version shelves.
// All else that differs between two stacks is a parameter of the template, so
// that the same template makes a stack and changes it.
package stack

import (
	_ "embed"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"photofit"
)

//go:embed template.yaml
var source string

// MaxInline is how large a template may be, in bytes, to be sent to
// CloudFormation as it is (TemplateBody of CreateChangeSet). A larger one would
// have to lie in a bucket, and Template makes none.
const MaxInline = 51_200

// MaxFunctionCode is how large an edge function may be, in bytes: CloudFront's
// quota "Maximum function size, 10 KB".
const MaxFunctionCode = 10_240

// oldShelfDays is how long renditions of an older version stay, in days: an
// update that is rolled back finds them still.
const oldShelfDays = 30

// Options is what a template is made of.
type Options struct {
	// FunctionCode is the edge function, for the runtime cloudfront-js-2.0; at
	// most MaxFunctionCode bytes. It is needed.
	FunctionCode string

	// Settings are environment variables of both functions, besides those that
	// the template has: the policy, such as PHOTOFIT_WIDTHS. They must be those
	// that the edge function was made from.
	Settings map[string]string
}

// Template is the finished template: YAML of at most MaxInline bytes, the same
// for the same options. The error says what is wrong with the options.
func Template(o Options) ([]byte, error) {
	return build(o, photofit.Shelf)
}

// build is Template for a version shelf.
func build(o Options, shelf int) ([]byte, error) {
	switch {
	case strings.TrimSpace(o.FunctionCode) == "":
		return nil, errors.New("the edge function has no code")
	case len(o.FunctionCode) > MaxFunctionCode:
		return nil, fmt.Errorf("the edge function has %d bytes, and CloudFront takes %d", len(o.FunctionCode), MaxFunctionCode)
	case !utf8.ValidString(o.FunctionCode):
		return nil, errors.New("the edge function's code is not UTF-8")
	}
	var settings strings.Builder
	for _, name := range slices.Sorted(maps.Keys(o.Settings)) {
		if strings.Contains(source, " "+name+":") || !strings.HasPrefix(name, "PHOTOFIT_") || strings.Trim(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_") != "" {
			return nil, fmt.Errorf("the setting %s: it is none that can be added to the template's own", name)
		}
		if !utf8.ValidString(o.Settings[name]) {
			return nil, fmt.Errorf("the setting %s is not UTF-8", name)
		}
		fmt.Fprintf(&settings, "          %s: %s\n", name, quoted(o.Settings[name]))
	}
	made := strings.NewReplacer(
		"          # <settings>\n", settings.String(),
		"          # <old shelves>\n", oldShelves(shelf),
		" <edge function>\n", scalar(o.FunctionCode, 8),
	).Replace(source)
	if len(made) > MaxInline {
		return nil, fmt.Errorf("the template has %d bytes, and CloudFormation takes %d: make the edge function's code shorter, or of fewer lines", len(made), MaxInline)
	}
	return []byte(made), nil
}

// oldShelves are the lifecycle rules for the shelves before the one in use. They
// are the only ones that delete renditions: what goes from the shelf in use while
// an edge holds it, the purge would not know of.
func oldShelves(shelf int) string {
	var b strings.Builder
	for n := 1; n < shelf; n++ {
		fmt.Fprintf(&b, "          - Id: old-shelf-%d\n            Status: Enabled\n            Prefix: r%d/\n            ExpirationInDays: %d\n", n, n, oldShelfDays)
	}
	return b.String()
}

// scalar is a text as the value of a YAML key whose block is indented by indent
// spaces, two more than the key: line by line where YAML keeps its bytes so, else
// quoted.
func scalar(text string, indent int) string {
	for i := range len(text) {
		if c := text[i]; c != '\n' && (c < ' ' || c > '~') {
			return " " + quoted(text) + "\n"
		}
	}
	keep := "-"
	if strings.HasSuffix(text, "\n") {
		keep, text = "+", text[:len(text)-1]
	}
	var b strings.Builder
	b.WriteString(" |2" + keep + "\n")
	for line := range strings.SplitSeq(text, "\n") {
		if line != "" {
			b.WriteString(strings.Repeat(" ", indent) + line)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// quoted is a text as YAML's double-quoted scalar, whose escapes are those of Go
// for text that is UTF-8.
func quoted(text string) string { return strconv.QuoteToASCII(text) }
