// Package lint finds what is wrong with a set-up of AWS while it is still a file:
// a CloudFormation template, or the DistributionConfig that the AWS command line
// takes. It asks nobody: AWS's published schemas are in package schema, and what is
// known beyond them are rules, in files by their topic.
//
// A rule says nothing where it is not sure. What only a deployment knows (Ref,
// GetAtt, parameters) is an unknown value, both branches of Fn::If are looked at,
// and what stands in different branches is not held against each other.
//
// Which mistake is found by which rule, and which are not to be seen in a file,
// is in rows_test.go.
package lint

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"photofit/internal/cfn"
	"photofit/internal/stack/lint/schema"
)

// Severity is how bad a finding is.
type Severity string

const (
	// Error: AWS refuses it, or it does not work.
	Error Severity = "error"
	// Warning: it works, and is a risk, or of the past.
	Warning Severity = "warning"
)

// Finding is one thing that is wrong.
type Finding struct {
	Severity Severity
	Rule     string // its stable name, such as target-names-no-origin
	Line     int    // from 1 on
	Path     string // where, such as Resources.Photos.Properties.Tags[0]; empty: the document
	Text     string // what is wrong, and what AWS will say or do
	Fix      string // what to do
}

// Kind is what a document was taken for.
type Kind string

// The kinds of documents.
const (
	Template Kind = "CloudFormation template"
	Config   Kind = "DistributionConfig"
)

// Report is what is said of a document.
type Report struct {
	Kind      Kind
	Resources int // of a template

	// Capabilities are what a deployment of the template must acknowledge, such as
	// CAPABILITY_IAM: without it CloudFormation refuses with
	// InsufficientCapabilities. That is no fault of the template.
	Capabilities []string

	Findings []Finding // in the order of lines
}

// Check looks at a document, YAML or JSON. What is deprecated is so as of today.
// The error says why it cannot be read, or that it is of no kind that is known.
func Check(text []byte, today time.Time) (Report, error) {
	d, err := cfn.Parse(text)
	if err != nil {
		return Report{}, err
	}
	malformed := notJSON(text)
	c := &checker{doc: d, today: today, known: schema.Load()}
	root := place{doc: d, value: d.Root}
	if malformed != nil {
		c.findings = append(c.findings, *malformed)
	}
	report := Report{}
	switch {
	case isTemplate(d.Root):
		report.Kind = Template
		c.template(root, len(text))
		report.Resources, report.Capabilities = len(c.resources), c.capabilities()
	default:
		config, ok := configIn(root)
		if !ok {
			return Report{}, errNoKind
		}
		report.Kind = Config
		c.command(config)
	}
	for _, rule := range rules {
		rule(c)
	}
	slices.SortStableFunc(c.findings, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Severity, b.Severity))
	})
	seen := map[Finding]bool{}
	report.Findings = slices.DeleteFunc(c.findings, func(f Finding) bool {
		f.Path = inBranches.ReplaceAllString(f.Path, "") // which are many, where they are within each other
		before := seen[f]
		seen[f] = true
		return before
	})
	return report, nil
}

// inBranches are the steps of a path into a branch of Fn::If.
var inBranches = regexp.MustCompile(`\.Fn::If\[[12]\]`)

// notJSON is what is wrong with a document that begins as JSON does. YAML would take
// it; CloudFormation and the command line read it as JSON.
func notJSON(text []byte) *Finding {
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	if trimmed := bytes.TrimSpace(text); len(trimmed) == 0 || trimmed[0] != '{' {
		return nil
	}
	var any json.RawMessage
	err := json.Unmarshal(text, &any)
	if err == nil {
		return nil
	}
	line := 1
	var at *json.SyntaxError
	if errors.As(err, &at) {
		line += bytes.Count(text[:min(int(at.Offset), len(text))], []byte("\n"))
	}
	return &Finding{Error, "not-json", line, "", "it begins with { and is no JSON: " + err.Error(), "correct it there: JSON has neither comments, single quotes nor a comma behind the last item"}
}

// checker is one look at a document.
type checker struct {
	doc   *cfn.Document
	today time.Time
	known *schema.Extract

	resources     []*resource // by name
	byName        map[string]*resource
	parameter     map[string]bool
	transformed   bool // macros add what is not to be seen
	foreign       bool // macros that are not AWS's change whatever they like
	distributions []*distribution
	read          map[string][]statement // by the types that they are of

	findings []Finding
}

// say adds a finding at a place.
func (c *checker) say(s Severity, rule string, p place, text, fix string) {
	c.findings = append(c.findings, Finding{s, rule, c.doc.Line(p.path...), pathText(p.path), text, fix})
}

func (c *checker) errorf(rule string, p place, fix, format string, args ...any) {
	c.say(Error, rule, p, fmt.Sprintf(format, args...), fix)
}

func (c *checker) warnf(rule string, p place, fix, format string, args ...any) {
	c.say(Warning, rule, p, fmt.Sprintf(format, args...), fix)
}

// pathText is a path for people: A.B[0].C.
func pathText(path []any) string {
	var b strings.Builder
	for _, step := range path {
		if index, ok := step.(int); ok {
			fmt.Fprintf(&b, "[%d]", index)
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('.')
		}
		fmt.Fprint(&b, step)
	}
	return b.String()
}
