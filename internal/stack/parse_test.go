package stack

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// A template as its tests see it: maps, lists and scalars, with CloudFormation's
// short tags in their long form.
type object = map[string]any

// parse reads a template.
func parse(template []byte) (object, error) {
	var node yaml.Node
	if err := yaml.Unmarshal(template, &node); err != nil {
		return nil, err
	}
	value, err := valueOf(node.Content[0])
	if err != nil {
		return nil, err
	}
	return value.(object), nil
}

func valueOf(node *yaml.Node) (any, error) {
	var value any
	switch node.Kind {
	case yaml.MappingNode:
		m := object{}
		for i := 0; i < len(node.Content); i += 2 {
			key := node.Content[i].Value
			if _, twice := m[key]; twice {
				return nil, fmt.Errorf("line %d: %s is there twice", node.Content[i].Line, key)
			}
			v, err := valueOf(node.Content[i+1])
			if err != nil {
				return nil, err
			}
			m[key] = v
		}
		value = m
	case yaml.SequenceNode:
		list := []any{}
		for _, item := range node.Content {
			v, err := valueOf(item)
			if err != nil {
				return nil, err
			}
			list = append(list, v)
		}
		value = list
	case yaml.ScalarNode:
		value = node.Value
		if node.Tag == "!!int" || node.Tag == "!!bool" {
			if err := node.Decode(&value); err != nil {
				return nil, err
			}
		}
	default:
		return nil, fmt.Errorf("line %d: anchors are not for CloudFormation", node.Line)
	}
	if tag := node.Tag; strings.HasPrefix(tag, "!") && !strings.HasPrefix(tag, "!!") {
		name := tag[1:]
		if name != "Ref" && name != "Condition" {
			name = "Fn::" + name
		}
		if parts, ok := value.(string); ok && name == "Fn::GetAtt" {
			before, after, _ := strings.Cut(parts, ".")
			value = []any{before, after}
		}
		value = object{name: value}
	}
	return value, nil
}

var inSub = regexp.MustCompile(`\$\{([^!}][^}]*)\}`)

// walk calls use for each name that a value refers to: of a resource, a
// parameter, a pseudo parameter; and condition for each of a condition.
func walk(value any, use, condition func(name string)) {
	switch value := value.(type) {
	case []any:
		for _, v := range value {
			walk(v, use, condition)
		}
	case object:
		for key, v := range value {
			switch key {
			case "Ref":
				use(v.(string))
			case "Fn::GetAtt":
				use(v.([]any)[0].(string))
			case "Fn::Sub":
				text, own := v, object{}
				if list, ok := v.([]any); ok {
					text, own = list[0], list[1].(object)
				}
				for _, m := range inSub.FindAllStringSubmatch(text.(string), -1) {
					if _, ok := own[m[1]]; !ok {
						use(strings.SplitN(m[1], ".", 2)[0])
					}
				}
				walk(own, use, condition)
				continue
			case "Fn::If":
				condition(v.([]any)[0].(string))
			case "Condition":
				if name, ok := v.(string); ok {
					condition(name)
				}
			}
			walk(v, use, condition)
		}
	}
}

// at is the value at a path of keys and indexes, nil if there is none.
func at(value any, path ...any) any {
	for _, step := range path {
		switch step := step.(type) {
		case string:
			m, _ := value.(object)
			value = m[step]
		case int:
			list, _ := value.([]any)
			if step >= len(list) {
				return nil
			}
			value = list[step]
		}
	}
	return value
}

// code is an edge function that does nothing.
const code = "function handler(event) {\n  return event.request;\n}\n"

func finished(t testing.TB) []byte {
	t.Helper()
	made, err := Template(Options{FunctionCode: code, Settings: map[string]string{"PHOTOFIT_WIDTHS": "100,200"}})
	if err != nil {
		t.Fatal(err)
	}
	return made
}
