// Package cfn reads CloudFormation templates, and what else is written like them
// (a DistributionConfig in JSON): as maps, lists and scalars, with the line at which
// each value stands. CloudFormation's short tags (!Ref, !GetAtt) are given in their long
// form, so that a template in YAML and the same in JSON are equal.
//
// Evaluate puts in what references stand for, given what resources are called.
//
// It knows the syntax only. What a resource may hold, and what makes sense, is
// for package lint.
package cfn

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Object is a map of a document. Values are Object, []any, string, int, float64,
// bool or nil.
type Object = map[string]any

// Document is what was read.
type Document struct {
	Root  Object
	lines map[string]int // by path
}

// MaxSize is how large a document may be, in bytes: CloudFormation's own limit
// for a template in a bucket.
const MaxSize = 1 << 20

// maxDepth is how deep maps and lists may lie within each other.
const maxDepth = 100

// Parse reads a document, YAML or JSON. The error says at which line it is wrong.
func Parse(text []byte) (*Document, error) {
	if len(text) > MaxSize {
		return nil, fmt.Errorf("it has %d bytes, and CloudFormation takes %d", len(text), MaxSize)
	}
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	if trimmed := bytes.TrimSpace(text); len(trimmed) > 0 && trimmed[0] == '{' {
		// JSON is YAML, but for the tabs between its tokens; in its strings there are none.
		if json.Valid(trimmed) {
			text = bytes.ReplaceAll(text, []byte("\t"), []byte(" "))
		}
	}
	var node, more yaml.Node
	documents := yaml.NewDecoder(bytes.NewReader(text))
	if err := documents.Decode(&node); err != nil && err != io.EOF {
		return nil, errors.New(strings.TrimPrefix(err.Error(), "yaml: "))
	}
	if err := documents.Decode(&more); err == nil && len(more.Content) > 0 && more.Content[0].Tag != "!!null" {
		return nil, fmt.Errorf("line %d: there is a second document behind ---, and a file holds one", more.Content[0].Line)
	}
	if len(node.Content) == 0 {
		return nil, errors.New("it is empty")
	}
	d := &Document{lines: map[string]int{}}
	value, err := d.value(node.Content[0], "", 0)
	if err != nil {
		return nil, err
	}
	root, ok := value.(Object)
	if !ok {
		return nil, fmt.Errorf("line %d: it is no map of names and values", node.Content[0].Line)
	}
	d.Root = root
	return d, nil
}

// Line is the line, from 1 on, at which the value at a path of keys (string) and
// indexes (int) stands; that of its key, if it has one. Where there is no such value it is the line
// of what would hold it.
func (d *Document) Line(path ...any) int {
	for n := len(path); ; n-- {
		if line, ok := d.lines[pathText(path[:n])]; ok || n == 0 {
			return line
		}
	}
}

func pathText(path []any) string {
	var b strings.Builder
	for _, step := range path {
		b.WriteByte(0)
		switch step := step.(type) {
		case string:
			b.WriteString(step)
		case int:
			b.WriteString(strconv.Itoa(step))
		}
	}
	return b.String()
}

// value is what a node holds. What lies under a short tag lies at the path of the
// long form.
func (d *Document) value(node *yaml.Node, path string, depth int) (any, error) {
	if depth > maxDepth {
		return nil, fmt.Errorf("line %d: maps and lists lie more than %d deep", node.Line, maxDepth)
	}
	if _, there := d.lines[path]; !there {
		d.lines[path] = node.Line
	}
	name := longTag(node)
	if name != "" {
		path += "\x00" + name
		d.lines[path] = node.Line
	}
	value, err := d.plain(node, path, depth)
	if err != nil || name == "" {
		return value, err
	}
	if parts, ok := value.(string); ok && name == "Fn::GetAtt" {
		before, after, _ := strings.Cut(parts, ".")
		value = []any{before, after}
	}
	return Object{name: value}, nil
}

// longTag is a short tag's function: "Fn::Sub" for !Sub. Empty: there is none.
func longTag(node *yaml.Node) string {
	tag := node.Tag
	switch {
	case !strings.HasPrefix(tag, "!") || strings.HasPrefix(tag, "!!"):
		return ""
	case tag == "!Ref" || tag == "!Condition":
		return tag[1:]
	}
	return "Fn::" + tag[1:]
}

func (d *Document) plain(node *yaml.Node, path string, depth int) (any, error) {
	switch node.Kind {
	case yaml.MappingNode:
		m := Object{}
		for i := 0; i+1 < len(node.Content); i += 2 {
			key := node.Content[i]
			if key.Kind != yaml.ScalarNode {
				return nil, fmt.Errorf("line %d: a key is no text", key.Line)
			}
			if _, twice := m[key.Value]; twice {
				return nil, fmt.Errorf("line %d: %s is there twice", key.Line, key.Value)
			}
			at := path + "\x00" + key.Value
			d.lines[at] = key.Line
			v, err := d.value(node.Content[i+1], at, depth+1)
			if err != nil {
				return nil, err
			}
			m[key.Value] = v
		}
		return m, nil
	case yaml.SequenceNode:
		list := []any{}
		for i, item := range node.Content {
			v, err := d.value(item, path+"\x00"+strconv.Itoa(i), depth+1)
			if err != nil {
				return nil, err
			}
			list = append(list, v)
		}
		return list, nil
	case yaml.ScalarNode:
		var value any
		switch node.Tag {
		case "!!int", "!!bool", "!!float", "!!null":
			if err := node.Decode(&value); err != nil {
				return nil, fmt.Errorf("line %d: %w", node.Line, err)
			}
			switch value.(type) {
			case int, bool, float64, nil:
				return value, nil
			}
		}
		return node.Value, nil // a date is a text, too
	}
	return nil, fmt.Errorf("line %d: anchors and aliases are not for CloudFormation", node.Line)
}
