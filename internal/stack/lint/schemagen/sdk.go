package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"photofit/internal/stack/lint/schema"
)

// sdkFolder is where the SDK's types of CloudFront are.
func sdkFolder() (string, error) {
	out, err := exec.Command("go", "list", "-f", "{{.Dir}}", "github.com/aws/aws-sdk-go-v2/service/cloudfront/types").Output()
	if err != nil {
		return "", fmt.Errorf("go list: %w", err)
	}
	return strings.TrimSpace(string(out)), nil
}

// declared is what a package's files declare.
type declared struct {
	structs map[string]*ast.StructType
	enums   map[string][]string // the values of each type of text
}

// structs makes a shape of a struct of the package in a folder, and of all that it leads to.
func structs(folder, root string) (*schema.Resource, error) {
	files, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil {
		return nil, err
	}
	d := declared{map[string]*ast.StructType{}, map[string][]string{}}
	set := token.NewFileSet()
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		f, err := parser.ParseFile(set, name, text, parser.ParseComments)
		if err != nil {
			return nil, err
		}
		ast.Inspect(f, d.note)
	}
	if d.structs[root] == nil {
		return nil, fmt.Errorf("%s has no %s", folder, root)
	}
	r := &schema.Resource{Shapes: map[string]*schema.Shape{}}
	r.Shape = *d.members(root, r)
	return r, nil
}

// note takes down a struct or a value of an enum.
func (d *declared) note(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.TypeSpec:
		if s, ok := n.Type.(*ast.StructType); ok {
			d.structs[n.Name.Name] = s
		}
	case *ast.ValueSpec:
		kind, ok := n.Type.(*ast.Ident)
		if !ok || len(n.Values) != 1 {
			break
		}
		if value, ok := n.Values[0].(*ast.BasicLit); ok && value.Kind == token.STRING {
			if text, err := strconv.Unquote(value.Value); err == nil {
				d.enums[kind.Name] = append(d.enums[kind.Name], text)
			}
		}
	}
	return true
}

// members is the shape of a struct. Its comments say "This member is required."
// of what is.
func (d *declared) members(name string, r *schema.Resource) *schema.Shape {
	s := &schema.Shape{Types: []string{"object"}, Closed: true, Props: map[string]*schema.Shape{}}
	for _, field := range d.structs[name].Fields.List {
		for _, member := range field.Names {
			if !member.IsExported() {
				continue
			}
			s.Props[member.Name] = d.shape(field.Type, r)
			if strings.Contains(field.Doc.Text(), "This member is required.") {
				s.Required = append(s.Required, member.Name)
			}
		}
	}
	slices.Sort(s.Required)
	return s
}

func (d *declared) shape(e ast.Expr, r *schema.Resource) *schema.Shape {
	switch e := e.(type) {
	case *ast.StarExpr:
		return d.shape(e.X, r)
	case *ast.ArrayType:
		return &schema.Shape{Types: []string{"array"}, Items: d.shape(e.Elt, r)}
	case *ast.Ident:
		switch e.Name {
		case "string":
			return &schema.Shape{Types: []string{"string"}}
		case "int32", "int64":
			return &schema.Shape{Types: []string{"integer"}}
		case "float32", "float64":
			return &schema.Shape{Types: []string{"number"}}
		case "bool":
			return &schema.Shape{Types: []string{"boolean"}}
		}
		if values, ok := d.enums[e.Name]; ok {
			return &schema.Shape{Types: []string{"string"}, Enum: values}
		}
		if d.structs[e.Name] != nil {
			if _, there := r.Shapes[e.Name]; !there {
				r.Shapes[e.Name] = nil // it may lead to itself
				r.Shapes[e.Name] = d.members(e.Name, r)
			}
			return &schema.Shape{Ref: e.Name}
		}
	}
	return &schema.Shape{} // whatever it is, all of it is taken
}
