package cfn

import (
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// value evaluates a value that stands at a path.
func (e *evaluator) value(v any, path []any) (any, error) {
	switch v := v.(type) {
	case []any:
		list := []any{}
		for i, item := range v {
			got, err := e.value(item, with(path, i))
			if err != nil {
				return nil, err
			}
			if got != (noValue{}) {
				list = append(list, got)
			}
		}
		return list, nil
	case Object:
		for key := range v {
			if key != "Ref" && !strings.HasPrefix(key, "Fn::") {
				continue
			}
			if len(v) > 1 {
				return nil, e.fault(with(path, key), "%s stands beside other keys", key)
			}
			return e.function(key, v[key], with(path, key))
		}
		o := Object{}
		for _, key := range slices.Sorted(maps.Keys(v)) {
			got, err := e.value(v[key], with(path, key))
			if err != nil {
				return nil, err
			}
			if got != (noValue{}) {
				o[key] = got
			}
		}
		return o, nil
	}
	return v, nil
}

func with(path []any, step any) []any { return append(slices.Clone(path), step) }

// function evaluates a function with its argument, which stands at path.
func (e *evaluator) function(name string, arg any, path []any) (any, error) {
	switch name {
	case "Ref":
		target, ok := arg.(string)
		if !ok {
			return nil, e.fault(path, "Ref takes a name")
		}
		return e.ref(target, path)
	case "Fn::GetAtt":
		target, _ := At(arg, 0).(string)
		attribute, _ := At(arg, 1).(string)
		if dotted, ok := arg.(string); ok {
			target, attribute, _ = strings.Cut(dotted, ".")
		}
		return e.attribute(target, attribute, path)
	case "Fn::Sub":
		return e.sub(arg, path)
	case "Fn::If":
		return e.choose(arg, path)
	case "Fn::Equals", "Fn::And", "Fn::Or", "Fn::Not":
		return e.logic(name, arg, path)
	case "Fn::Select", "Fn::Split", "Fn::Join":
	default:
		return nil, e.fault(path, "%s is no function that is evaluated here", name)
	}
	given, err := e.value(arg, path)
	if err != nil {
		return nil, err
	}
	list, _ := given.([]any)
	if len(list) != 2 {
		return nil, e.fault(path, "%s takes two values", name)
	}
	switch name {
	case "Fn::Select":
		from, ok := list[1].([]any)
		i, err := strconv.Atoi(scalarText(list[0]))
		if !ok || err != nil || i < 0 || i >= len(from) {
			return nil, e.fault(path, "Fn::Select: there is no item %v", list[0])
		}
		return from[i], nil
	case "Fn::Split":
		by, ok1 := list[0].(string)
		text, ok2 := list[1].(string)
		if !ok1 || !ok2 || by == "" {
			return nil, e.fault(path, "Fn::Split takes a delimiter and a text")
		}
		parts := []any{}
		for part := range strings.SplitSeq(text, by) {
			parts = append(parts, part)
		}
		return parts, nil
	}
	by, ok1 := list[0].(string)
	items, ok2 := list[1].([]any)
	if !ok1 || !ok2 {
		return nil, e.fault(path, "Fn::Join takes a delimiter and a list")
	}
	parts := make([]string, len(items))
	for i, item := range items {
		parts[i] = scalarText(item)
	}
	return strings.Join(parts, by), nil
}

func (e *evaluator) ref(name string, path []any) (any, error) {
	if name == "AWS::NoValue" {
		return noValue{}, nil
	}
	if v, ok := e.params[name]; ok {
		return v, nil
	}
	if v, ok := e.in.Pseudo[name]; ok {
		return v, nil
	}
	return e.attribute(name, "", path)
}

// attribute asks what a resource is called; one that is not made is an error, as
// it is for CloudFormation.
func (e *evaluator) attribute(name, attribute string, path []any) (any, error) {
	resource, ok := e.resources[name].(Object)
	if !ok {
		return nil, e.fault(path, "nothing is called %s", name)
	}
	if there, err := e.there(name); err != nil {
		return nil, err
	} else if !there {
		return nil, e.fault(path, "%s is not made, as its condition does not hold", name)
	}
	kind, _ := resource["Type"].(string)
	if e.in.Attribute != nil {
		if v, ok := e.in.Attribute(name, kind, attribute); ok {
			return v, nil
		}
	}
	if attribute == "" {
		return nil, e.fault(path, "Ref: what a %s is called is not known here", kind)
	}
	return nil, e.fault(path, "Fn::GetAtt: the attribute %s of a %s is not known here", attribute, kind)
}

// sub evaluates Fn::Sub.
func (e *evaluator) sub(arg any, path []any) (any, error) {
	text, own := arg, Object{}
	if list, ok := arg.([]any); ok {
		text = At(list, 0)
		v, err := e.value(At(list, 1), with(path, 1))
		if err != nil {
			return nil, err
		}
		if own, ok = v.(Object); !ok || len(list) != 2 {
			return nil, e.fault(path, "Fn::Sub takes a text, or a text and a map")
		}
	}
	words, ok := text.(string)
	if !ok {
		return nil, e.fault(path, "Fn::Sub takes a text, or a text and a map")
	}
	var failed error
	made := inSub.ReplaceAllStringFunc(words, func(m string) string {
		name := strings.TrimSpace(m[2 : len(m)-1])
		v, ok := own[name]
		if !ok {
			var err error
			if target, attribute, dotted := strings.Cut(name, "."); dotted {
				v, err = e.attribute(target, attribute, path)
			} else {
				v, err = e.ref(name, path)
			}
			failed = errors.Join(failed, err)
		}
		return scalarText(v)
	})
	if failed != nil {
		return nil, failed
	}
	return strings.ReplaceAll(made, "${!", "${"), nil
}

// choose evaluates Fn::If; what is not chosen is not looked at.
func (e *evaluator) choose(arg any, path []any) (any, error) {
	name, ok := At(arg, 0).(string)
	if list, _ := arg.([]any); !ok || len(list) != 3 {
		return nil, e.fault(path, "Fn::If takes a condition's name and two values")
	}
	holds, err := e.condition(name, path)
	if err != nil {
		return nil, err
	}
	chosen := 2
	if holds {
		chosen = 1
	}
	return e.value(At(arg, chosen), with(path, chosen))
}
