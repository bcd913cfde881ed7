package main

import (
	"archive/zip"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"

	"photofit/internal/stack/lint/schema"
)

// published is what is read of a resource's schema.
type published struct {
	node
	TypeName             string
	Definitions          map[string]node
	ReadOnlyProperties   []string
	DeprecatedProperties []string
}

// node is what is read of a schema within it.
type node struct {
	Ref                  string `json:"$ref"`
	Type                 texts
	Properties           map[string]node
	PatternProperties    map[string]node
	AdditionalProperties json.RawMessage
	Required             []string
	Items                *node
	Enum                 []any
	Const                any
	Pattern              string
	Minimum, Maximum     *float64
	MinLength, MaxLength *int
	MinItems, MaxItems   *int
	DependentRequired    map[string][]string
	DependentExcluded    map[string][]string
	RequiredXor          []string
	RequiredOr           []string
	AnyOf, OneOf         []node
}

// texts is one text or a list of them.
type texts []string

// UnmarshalJSON reads either.
func (t *texts) UnmarshalJSON(b []byte) error {
	var one string
	if json.Unmarshal(b, &one) == nil {
		*t = texts{one}
		return nil
	}
	return json.Unmarshal(b, (*[]string)(t))
}

// resources reads a folder or a zip of schemas.
func resources(source string) (*schema.Extract, error) {
	var files fs.FS = os.DirFS(source)
	if strings.HasSuffix(source, ".zip") {
		z, err := zip.OpenReader(source)
		if err != nil {
			return nil, err
		}
		defer z.Close()
		files = z
	}
	made := &schema.Extract{Types: map[string][]string{}, Resources: map[string]*schema.Resource{}}
	err := fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(name, ".json") {
			return err
		}
		f, err := files.Open(name)
		if err != nil {
			return err
		}
		defer f.Close()
		text, err := io.ReadAll(f)
		if err != nil {
			return err
		}
		var p published
		if err := json.Unmarshal(text, &p); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		of, ok := strings.CutPrefix(p.TypeName, "AWS::")
		service, kind, two := strings.Cut(of, "::")
		if !ok || !two {
			return nil
		}
		made.Types[service] = append(made.Types[service], kind)
		if slices.Contains(wanted, of) {
			made.Resources[p.TypeName] = resource(p, settable[of])
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for _, kinds := range made.Types {
		slices.Sort(kinds)
	}
	for _, name := range wanted {
		if made.Resources["AWS::"+name] == nil {
			return nil, fmt.Errorf("%s has no schema of AWS::%s", source, name)
		}
	}
	return made, nil
}

func resource(p published, settable bool) *schema.Resource {
	r := &schema.Resource{Shape: *shape(p.node), Shapes: map[string]*schema.Shape{}}
	r.Types = []string{"object"}
	for name, d := range p.Definitions {
		r.Shapes[name] = shape(d)
	}
	// Definitions that nothing leads to are not kept.
	reached := map[string]bool{}
	reach(&r.Shape, r, reached)
	maps.DeleteFunc(r.Shapes, func(name string, _ *schema.Shape) bool { return !reached[name] })
	r.ReadOnly, r.Deprecated = dotted(p.ReadOnlyProperties), dotted(p.DeprecatedProperties)
	r.Attributes = r.ReadOnly
	if settable {
		r.Attributes = slices.Concat(r.ReadOnly, slices.Collect(maps.Keys(p.Properties)))
		slices.Sort(r.Attributes)
		r.Attributes = slices.Compact(r.Attributes)
	}
	return r
}

// dotted are pointers (/properties/A/B) as A.B, sorted; not those into lists.
func dotted(pointers []string) (names []string) {
	for _, p := range pointers {
		name := strings.ReplaceAll(strings.TrimPrefix(p, "/properties/"), "/", ".")
		if !strings.Contains(name, "*") {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

func reach(s *schema.Shape, r *schema.Resource, reached map[string]bool) {
	if s == nil {
		return
	}
	if s.Ref != "" && !reached[s.Ref] {
		reached[s.Ref] = true
		reach(r.Shapes[s.Ref], r, reached)
	}
	for _, p := range s.Props {
		reach(p, r, reached)
	}
	reach(s.Items, r, reached)
	reach(s.Values, r, reached)
	for _, a := range s.Any {
		reach(a, r, reached)
	}
}

func shape(n node) *schema.Shape {
	if name, ok := strings.CutPrefix(n.Ref, "#/definitions/"); ok {
		return &schema.Shape{Ref: name}
	}
	s := &schema.Shape{
		Types: n.Type, Required: n.Required, Pattern: n.Pattern, Min: n.Minimum, Max: n.Maximum,
		MinLen: n.MinLength, MaxLen: n.MaxLength, MinItems: n.MinItems, MaxItems: n.MaxItems,
		Together: n.DependentRequired, Apart: n.DependentExcluded, One: n.RequiredXor, Some: n.RequiredOr,
	}
	slices.Sort(s.Required)
	if _, err := regexp.Compile(s.Pattern); err != nil {
		s.Pattern = "" // it looks ahead or behind
	}
	if len(n.Properties) > 0 {
		s.Props = map[string]*schema.Shape{}
		for name, p := range n.Properties {
			s.Props[name] = shape(p)
		}
	}
	switch string(n.AdditionalProperties) {
	case "":
	case "false":
		s.Closed = len(n.PatternProperties) == 0
	default:
		var values node
		if json.Unmarshal(n.AdditionalProperties, &values) == nil {
			s.Values = shape(values)
		}
	}
	for _, p := range n.PatternProperties {
		s.Values = shape(p)
	}
	if len(n.PatternProperties) > 1 {
		s.Values = &schema.Shape{} // which one holds depends on the name
	}
	if n.Items != nil {
		s.Items = shape(*n.Items)
	}
	if n.Const != nil {
		n.Enum = []any{n.Const}
	}
	for _, v := range n.Enum {
		s.Enum = append(s.Enum, fmt.Sprint(v))
	}
	for _, list := range [][]node{n.AnyOf, n.OneOf} {
		if len(s.Any) > 0 {
			break // who has both is taken at the first
		}
		for _, a := range list {
			s.Any = append(s.Any, shape(a))
		}
	}
	return s
}
