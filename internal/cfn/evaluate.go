package cfn

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Inputs is what a template is evaluated with.
type Inputs struct {
	// Parameters are values of the template's parameters, as text; those left out
	// have their defaults.
	Parameters map[string]string

	// Pseudo are the values of AWS::Region and the like, by their whole names.
	Pseudo map[string]string

	// Attribute gives what a resource is called once it is there: what Ref gives for
	// an empty attribute, else what GetAtt gives. False: there is no such attribute.
	Attribute func(name, kind, attribute string) (string, bool)
}

// Stack is an evaluated template: what CloudFormation would make.
type Stack struct {
	Resources map[string]Resource // those whose condition holds
	Outputs   map[string]any
}

// Resource is one resource, without references.
type Resource struct {
	Type       string
	Properties Object
	Line       int // in the template
}

// Of gives the names of all resources of a type, in order.
func (s *Stack) Of(kind string) []string {
	var names []string
	for name, r := range s.Resources {
		if r.Type == kind {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// Evaluate puts values in for what a template refers to: parameters, conditions,
// the functions Ref, GetAtt, Sub, If, Select, Split, Join, Equals, And, Or and Not.
// It does not change the document. An error names the line, and for what it cannot
// evaluate the function: another one than these, a name that is not there, a
// condition that goes in a circle, a value that a parameter does not take, a rule
// that does not hold.
func Evaluate(d *Document, in Inputs) (*Stack, error) {
	e := &evaluator{d: d, in: in, params: map[string]any{}, conditions: map[string]*bool{}}
	e.resources, _ = d.Root["Resources"].(Object)
	if len(e.resources) == 0 {
		return nil, fmt.Errorf("line %d: there are no Resources", d.Line())
	}
	if err := e.parameters(); err != nil {
		return nil, err
	}
	if err := e.rules(); err != nil {
		return nil, err
	}
	stack := &Stack{Resources: map[string]Resource{}, Outputs: map[string]any{}}
	for _, name := range slices.Sorted(maps.Keys(e.resources)) {
		there, err := e.there(name)
		if err != nil {
			return nil, err
		}
		if !there {
			continue
		}
		path := []any{"Resources", name, "Properties"}
		properties, err := e.value(At(d.Root, path...), path)
		if err != nil {
			return nil, err
		}
		o, ok := properties.(Object)
		if !ok && properties != nil {
			return nil, e.fault(path, "the Properties of %s are no map", name)
		}
		kind, _ := At(d.Root, "Resources", name, "Type").(string)
		stack.Resources[name] = Resource{kind, o, d.Line("Resources", name)}
	}
	outputs, _ := d.Root["Outputs"].(Object)
	for _, name := range slices.Sorted(maps.Keys(outputs)) {
		path := []any{"Outputs", name}
		if on, ok := At(outputs, name, "Condition").(string); ok {
			if holds, err := e.condition(on, path); err != nil {
				return nil, err
			} else if !holds {
				continue
			}
		}
		path = append(path, "Value")
		v, err := e.value(At(d.Root, path...), path)
		if err != nil {
			return nil, err
		}
		stack.Outputs[name] = v
	}
	return stack, nil
}

type evaluator struct {
	d          *Document
	in         Inputs
	resources  Object
	params     map[string]any
	conditions map[string]*bool // nil: being worked out
}

// noValue is what AWS::NoValue stands for: what holds it goes.
type noValue struct{}

func (e *evaluator) fault(path []any, format string, args ...any) error {
	return fmt.Errorf("line %d: %s", e.d.Line(path...), fmt.Sprintf(format, args...))
}

// parameters checks those that were given, and fills in the defaults.
func (e *evaluator) parameters() error {
	all, _ := e.d.Root["Parameters"].(Object)
	for _, name := range slices.Sorted(maps.Keys(e.in.Parameters)) {
		if _, known := all[name]; !known {
			return fmt.Errorf("the template has no parameter %s", name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		path := []any{"Parameters", name}
		text, given := e.in.Parameters[name]
		if !given {
			standard := At(all, name, "Default")
			if standard == nil {
				return e.fault(path, "the parameter %s is needed", name)
			}
			text = scalarText(standard)
		}
		if why := unfit(all[name], text); why != "" {
			return e.fault(path, "the parameter %s is %q: %s", name, text, why)
		}
		e.params[name] = text
		if kind, _ := At(all, name, "Type").(string); kind == "CommaDelimitedList" || strings.HasPrefix(kind, "List<") {
			list := []any{}
			for one := range strings.SplitSeq(text, ",") {
				list = append(list, strings.TrimSpace(one))
			}
			e.params[name] = list
		}
	}
	return nil
}

// unfit tells why a parameter does not take a value; empty: it does.
func unfit(declared any, text string) string {
	number := func(key string) (float64, bool) {
		n, err := strconv.ParseFloat(scalarText(At(declared, key)), 64)
		return n, err == nil
	}
	if list, ok := At(declared, "AllowedValues").([]any); ok && !slices.ContainsFunc(list, func(v any) bool { return scalarText(v) == text }) {
		return fmt.Sprintf("it is one of %v", list)
	}
	if pattern, ok := At(declared, "AllowedPattern").(string); ok {
		if r, err := regexp.Compile("^(?:" + pattern + ")$"); err != nil || !r.MatchString(text) {
			return "it does not match " + pattern
		}
	}
	if least, ok := number("MinLength"); ok && float64(len(text)) < least {
		return "it is too short"
	}
	if most, ok := number("MaxLength"); ok && float64(len(text)) > most {
		return "it is too long"
	}
	if At(declared, "Type") == "Number" {
		n, err := strconv.ParseFloat(text, 64)
		least, low := number("MinValue")
		most, high := number("MaxValue")
		switch {
		case err != nil:
			return "it is no number"
		case low && n < least, high && n > most:
			return "it is out of range"
		}
	}
	return ""
}

// scalarText is how CloudFormation has a scalar as text.
func scalarText(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return fmt.Sprint(v)
}

// there tells whether a resource is made.
func (e *evaluator) there(name string) (bool, error) {
	on, ok := At(e.resources, name, "Condition").(string)
	if !ok {
		return true, nil
	}
	return e.condition(on, []any{"Resources", name, "Condition"})
}
