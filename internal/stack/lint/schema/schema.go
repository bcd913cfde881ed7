// Package schema is what AWS publishes of its resources' properties: names, types,
// what is required, values and ranges. It is an extract (extract.json) of
// CloudFormation's resource schemas, and of the Go SDK's types for the
// DistributionConfig that the AWS command line takes; package schemagen makes it
// anew. Facts only: no descriptions, and of patterns those that RE2 can.
package schema

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"sync"
)

//go:embed extract.json
var extract []byte

// Shape is what a value may be. What is zero asks for nothing.
type Shape struct {
	Ref      string            `json:"ref,omitempty"` // it is the one of this name in Resource.Shapes
	Types    []string          `json:"t,omitempty"`   // any of these: string, integer, number, boolean, object, array
	Props    map[string]*Shape `json:"p,omitempty"`
	Closed   bool              `json:"c,omitempty"` // no names but those of Props
	Required []string          `json:"r,omitempty"`
	Items    *Shape            `json:"i,omitempty"`
	Values   *Shape            `json:"v,omitempty"`  // under names that are not in Props
	Enum     []string          `json:"e,omitempty"`  // numbers as text, too
	Pattern  string            `json:"re,omitempty"` // anywhere in the text, unless it has anchors
	Min      *float64          `json:"min,omitempty"`
	Max      *float64          `json:"max,omitempty"`
	MinLen   *int              `json:"minl,omitempty"` // characters
	MaxLen   *int              `json:"maxl,omitempty"`
	MinItems *int              `json:"mini,omitempty"`
	MaxItems *int              `json:"maxi,omitempty"`

	Together map[string][]string `json:"with,omitempty"` // who has the one needs the others
	Apart    map[string][]string `json:"not,omitempty"`  // who has the one may not have the others
	One      []string            `json:"one,omitempty"`  // exactly one of these
	Some     []string            `json:"some,omitempty"` // at least one of these
	Any      []*Shape            `json:"any,omitempty"`  // it fits one of these, or more
}

// Resource is a type of resource: the shape of its Properties, and what else is
// known of it.
type Resource struct {
	Shape
	Shapes     map[string]*Shape `json:"d,omitempty"`
	Attributes []string          `json:"att,omitempty"` // what GetAtt gives
	ReadOnly   []string          `json:"ro,omitempty"`  // properties that only AWS sets, dotted
	Deprecated []string          `json:"old,omitempty"` // dotted
}

// Resolve is the shape itself, or the one that it refers to.
func (r *Resource) Resolve(s *Shape) *Shape {
	for range 8 {
		if s == nil || s.Ref == "" {
			break
		}
		s = r.Shapes[s.Ref]
	}
	return s
}

// Extract is all that is known.
type Extract struct {
	// Types are all types of resources that there are, without "AWS::", by service.
	Types map[string][]string `json:"types"`
	// Resources are those whose properties are known, by type.
	Resources map[string]*Resource `json:"resources"`
	// Distribution is the DistributionConfig of the AWS command line and the SDKs.
	Distribution *Resource `json:"distribution"`
}

// Known tells whether there is a type of resource of AWS's own.
func (e *Extract) Known(name string) bool {
	service, kind, ok := strings.Cut(strings.TrimPrefix(name, "AWS::"), "::")
	if ok {
		for _, k := range e.Types[service] {
			if k == kind {
				return true
			}
		}
	}
	return false
}

// Load is the extract, read once; nobody may change it.
var Load = sync.OnceValue(func() *Extract {
	var e Extract
	if err := json.Unmarshal(extract, &e); err != nil {
		panic(fmt.Sprintf("schema: extract.json: %v", err)) // a test reads it
	}
	return &e
})

var patterns sync.Map // *regexp.Regexp by text

// Fits tells whether a text has the shape's pattern.
func (s *Shape) Fits(text string) bool {
	if s.Pattern == "" {
		return true
	}
	known, ok := patterns.Load(s.Pattern)
	if !ok {
		known, _ = patterns.LoadOrStore(s.Pattern, regexp.MustCompile(s.Pattern)) // the test compiles each
	}
	return known.(*regexp.Regexp).MatchString(text)
}
