package awsfake

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"photofit/internal/cfn"
)

// evaluation is what the names of a template stand for.
type evaluation struct {
	template   *template
	pseudo     map[string]string // AWS::Region and the like
	parameters map[string]string
	conditions map[string]bool
	// resource is nil for one that is not there yet.
	resource func(id string) *resource
}

// later stands for what is known when the change set was executed, as CloudFormation has
// it.
const later = "{{changeSet:KNOWN_AFTER_APPLY}}"

// nothing is AWS::NoValue.
type nothing struct{}

// newEvaluation finds out the conditions.
func newEvaluation(t *template, pseudo, parameters map[string]string, resource func(string) *resource) (*evaluation, error) {
	e := &evaluation{t, pseudo, parameters, map[string]bool{}, resource}
	conditions, _ := t.root["Conditions"].(cfn.Object)
	for name := range conditions {
		if _, err := e.condition(name, 0); err != nil {
			return nil, err
		}
	}
	return e, nil
}

func (e *evaluation) condition(name string, depth int) (bool, error) {
	if known, ok := e.conditions[name]; ok {
		return known, nil
	}
	if depth > 50 {
		return false, invalid("Template format error: Circular dependency in conditions: %s", name)
	}
	result, err := e.boolean(cfn.At(e.template.root, "Conditions", name), depth)
	if err == nil {
		e.conditions[name] = result
	}
	return result, err
}

// boolean is what a function of conditions and rules gives.
func (e *evaluation) boolean(value any, depth int) (bool, error) {
	m, _ := value.(cfn.Object)
	if len(m) == 1 {
		for name, of := range m {
			list, _ := of.([]any)
			switch {
			case name == "Condition":
				other, _ := of.(string)
				return e.condition(other, depth+1)
			case name == "Fn::Not" && len(list) == 1:
				b, err := e.boolean(list[0], depth)
				return !b, err
			case (name == "Fn::And" || name == "Fn::Or") && len(list) >= 2 && len(list) <= 10:
				result := name == "Fn::And"
				for _, v := range list {
					b, err := e.boolean(v, depth)
					if err != nil {
						return false, err
					}
					if name == "Fn::And" {
						result = result && b
					} else {
						result = result || b
					}
				}
				return result, nil
			case name == "Fn::Equals" && len(list) == 2:
				a, err := e.value(list[0])
				if err != nil {
					return false, err
				}
				b, err := e.value(list[1])
				return same(a, b), err
			}
		}
	}
	return false, invalid("Template format error: %v is no condition", value)
}

// has tells whether a resource or output is to be there.
func (e *evaluation) has(v cfn.Object) bool {
	name, ok := v["Condition"].(string)
	return !ok || e.conditions[name]
}

// there are the resources that are to be there.
func (e *evaluation) there() map[string]bool {
	there := map[string]bool{}
	for id, r := range e.template.resources {
		if e.has(r) {
			there[id] = true
		}
	}
	return there
}

// value is what a value of a template comes to: maps, lists and scalars.
func (e *evaluation) value(v any) (any, error) {
	switch v := v.(type) {
	case []any:
		list := []any{}
		for _, item := range v {
			made, err := e.value(item)
			if err != nil {
				return nil, err
			}
			if made != (nothing{}) {
				list = append(list, made)
			}
		}
		return list, nil
	case cfn.Object:
		if len(v) == 1 {
			for name, of := range v {
				if name == "Ref" || strings.HasPrefix(name, "Fn::") {
					return e.function(name, of)
				}
			}
		}
		m := cfn.Object{}
		for name, item := range v {
			made, err := e.value(item)
			if err != nil {
				return nil, err
			}
			if made != (nothing{}) {
				m[name] = made
			}
		}
		return m, nil
	}
	return v, nil
}

func (e *evaluation) function(name string, of any) (any, error) {
	list, _ := of.([]any)
	switch {
	case name == "Ref":
		id, _ := of.(string)
		return e.reference(id, "")
	case name == "Fn::GetAtt" && len(list) == 2:
		id, _ := list[0].(string)
		attribute, _ := list[1].(string)
		return e.reference(id, attribute)
	case name == "Fn::Sub":
		return e.sub(of)
	case name == "Fn::If" && len(list) == 3:
		condition, _ := list[0].(string)
		if e.conditions[condition] {
			return e.value(list[1])
		}
		return e.value(list[2])
	case name == "Fn::Select" && len(list) == 2:
		return e.selected(list)
	case name == "Fn::Split" && len(list) == 2:
		whole, err := e.value(list[1])
		if err != nil {
			return nil, err
		}
		if whole == later {
			return later, nil
		}
		parts := []any{}
		for part := range strings.SplitSeq(text(whole), text(list[0])) {
			parts = append(parts, part)
		}
		return parts, nil
	case name == "Fn::Join" && len(list) == 2:
		parts, err := e.value(list[1])
		if err != nil || parts == later {
			return parts, err
		}
		words, ok := parts.([]any)
		if !ok {
			break
		}
		var b strings.Builder
		for i, word := range words {
			if i > 0 {
				b.WriteString(text(list[0]))
			}
			b.WriteString(text(word))
		}
		return b.String(), nil
	}
	return nil, invalid("Template error: every %s object requires another value than %v", name, of)
}

// selected is Fn::Select's item.
func (e *evaluation) selected(list []any) (any, error) {
	index, err := e.value(list[0])
	if err != nil {
		return nil, err
	}
	items, err := e.value(list[1])
	if err != nil || items == later {
		return items, err
	}
	n, err := strconv.Atoi(text(index))
	from, ok := items.([]any)
	if err != nil || !ok || n < 0 || n >= len(from) {
		return nil, invalid("Template error: Fn::Select cannot select nonexistent value at index %v", index)
	}
	return from[n], nil
}

// reference is what Ref or, with an attribute, GetAtt gives.
func (e *evaluation) reference(id, attribute string) (any, error) {
	if value, ok := e.parameters[id]; ok && attribute == "" {
		kind, _ := cfn.At(e.template.parameters(), id, "Type").(string)
		if kind == "CommaDelimitedList" || strings.HasPrefix(kind, "List<") {
			items := []any{}
			for item := range strings.SplitSeq(value, ",") {
				items = append(items, strings.TrimSpace(item))
			}
			return items, nil
		}
		return value, nil
	}
	if id == "AWS::NoValue" {
		return nothing{}, nil
	}
	if value, ok := e.pseudo[id]; ok {
		return value, nil
	}
	raw, ok := e.template.resources[id]
	if !ok || !e.has(raw) {
		return nil, invalid("Template format error: Unresolved resource dependencies [%s] in the Resources block of the template", id)
	}
	kind, _ := raw["Type"].(string)
	if attribute != "" && !kinds[kind].gives(attribute) {
		return nil, invalid("Template error: resource %s does not support attribute type %s in Fn::GetAtt", id, attribute)
	}
	r := e.resource(id)
	switch {
	case r == nil || r.physical == "":
		return later, nil
	case attribute == "":
		return r.ref(), nil
	}
	return r.attributes[attribute], nil
}

var placeholder = regexp.MustCompile(`\$\{[^}]*\}`)

func (e *evaluation) sub(of any) (any, error) {
	own := cfn.Object{}
	if list, ok := of.([]any); ok {
		of = cfn.At(list, 0)
		own, _ = cfn.At(list, 1).(cfn.Object)
	}
	words, ok := of.(string)
	if !ok {
		return nil, invalid("Template error: One or more Fn::Sub intrinsic functions don't specify expected arguments.")
	}
	var failed error
	unknown := false
	made := placeholder.ReplaceAllStringFunc(words, func(p string) string {
		name := strings.TrimSpace(p[2 : len(p)-1])
		if strings.HasPrefix(name, "!") {
			return "${" + name[1:] + "}"
		}
		var value any
		var err error
		if of, ok := own[name]; ok {
			value, err = e.value(of)
		} else {
			id, attribute, _ := strings.Cut(name, ".")
			value, err = e.reference(id, attribute)
		}
		if err != nil {
			failed = err
		}
		unknown = unknown || text(value) == later
		return text(value)
	})
	if unknown {
		made = later
	}
	return made, failed
}

// text is a scalar as text.
func text(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case nil:
		return ""
	}
	return fmt.Sprint(v)
}

// pending tells whether a value holds what is known later only.
func pending(v any) bool {
	switch v := v.(type) {
	case string:
		return v == later
	case []any:
		for _, item := range v {
			if pending(item) {
				return true
			}
		}
	case cfn.Object:
		for _, item := range v {
			if pending(item) {
				return true
			}
		}
	}
	return false
}
