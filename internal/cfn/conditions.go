package cfn

import (
	"maps"
	"slices"
)

// condition tells whether a condition holds. path is where it is asked for.
func (e *evaluator) condition(name string, path []any) (bool, error) {
	if known, begun := e.conditions[name]; begun {
		if known == nil {
			return false, e.fault(path, "the condition %s depends on itself", name)
		}
		return *known, nil
	}
	at := []any{"Conditions", name}
	declared := At(e.d.Root, at...)
	if declared == nil {
		return false, e.fault(path, "no condition is called %s", name)
	}
	e.conditions[name] = nil
	holds, err := e.truth(declared, at)
	if err != nil {
		return false, err
	}
	e.conditions[name] = &holds
	return holds, nil
}

// truth evaluates what is to be true or false.
func (e *evaluator) truth(v any, path []any) (bool, error) {
	if o, ok := v.(Object); ok && len(o) == 1 {
		if name, ok := o["Condition"].(string); ok {
			return e.condition(name, with(path, "Condition"))
		}
	}
	got, err := e.value(v, path)
	if err != nil {
		return false, err
	}
	holds, ok := got.(bool)
	if !ok {
		return false, e.fault(path, "a condition is neither true nor false")
	}
	return holds, nil
}

// logic evaluates Fn::Equals, And, Or and Not.
func (e *evaluator) logic(name string, arg any, path []any) (any, error) {
	list, _ := arg.([]any)
	if name == "Fn::Equals" {
		given, err := e.value(arg, path)
		if err != nil {
			return nil, err
		}
		pair, _ := given.([]any)
		if len(pair) != 2 {
			return nil, e.fault(path, "Fn::Equals takes two values")
		}
		return scalarText(pair[0]) == scalarText(pair[1]), nil
	}
	if name == "Fn::Not" && len(list) != 1 || name != "Fn::Not" && (len(list) < 2 || len(list) > 10) {
		return nil, e.fault(path, "%s takes another number of conditions", name)
	}
	all, some := true, false
	for i, item := range list {
		holds, err := e.truth(item, with(path, i))
		if err != nil {
			return nil, err
		}
		all, some = all && holds, some || holds
	}
	switch name {
	case "Fn::And":
		return all, nil
	case "Fn::Or":
		return some, nil
	}
	return !some, nil
}

// rules checks the template's Rules.
func (e *evaluator) rules() error {
	all, _ := e.d.Root["Rules"].(Object)
	for _, name := range slices.Sorted(maps.Keys(all)) {
		path := []any{"Rules", name}
		if when := At(all, name, "RuleCondition"); when != nil {
			if holds, err := e.truth(when, with(path, "RuleCondition")); err != nil {
				return err
			} else if !holds {
				continue
			}
		}
		assertions, _ := At(all, name, "Assertions").([]any)
		for i, a := range assertions {
			at := append(slices.Clone(path), "Assertions", i, "Assert")
			holds, err := e.truth(At(a, "Assert"), at)
			if err != nil {
				return err
			}
			if !holds {
				return e.fault(at, "the rule %s: %s", name, scalarText(At(a, "AssertDescription")))
			}
		}
	}
	return nil
}
