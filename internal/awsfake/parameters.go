package awsfake

import (
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"photofit/internal/cfn"
)

// parameter is one of a request, or of an answer.
type parameter struct {
	ParameterKey     string
	ParameterValue   *string `xml:",omitempty"`
	UsePreviousValue bool    `xml:",omitempty"`
}

// values are the template's parameters: those given, the values of before where these
// are wanted, else defaults. Wrong ones are refused in CloudFormation's words.
func (t *template) values(given []parameter, before map[string]string) (map[string]string, error) {
	values, declared := map[string]string{}, t.parameters()
	var unknown []string
	seen := map[string]bool{}
	for _, p := range given {
		_, ok := declared[p.ParameterKey]
		previous, had := before[p.ParameterKey]
		switch {
		case p.ParameterKey == "":
			return nil, invalid("ParameterKey must not be null")
		case seen[p.ParameterKey]:
			return nil, invalid("Duplicate parameter keys: [%s]", p.ParameterKey)
		case !ok:
			unknown = append(unknown, p.ParameterKey)
		case p.UsePreviousValue && p.ParameterValue != nil:
			return nil, invalid("Invalid input for parameter key %s. Cannot specify usePreviousValue as true and non empty value for a parameter.", p.ParameterKey)
		case p.UsePreviousValue && !had:
			return nil, invalid("Invalid input for parameter key %s. Cannot specify usePreviousValue as true for a parameter key not in the previous template.", p.ParameterKey)
		case p.UsePreviousValue:
			values[p.ParameterKey] = previous
		case p.ParameterValue == nil:
			return nil, invalid("Invalid input for parameter key %s. Need to specify either usePreviousValue as true or a value for the parameter", p.ParameterKey)
		default:
			values[p.ParameterKey] = *p.ParameterValue
		}
		seen[p.ParameterKey] = true
	}
	if len(unknown) > 0 {
		return nil, invalid("Parameters: [%s] do not exist in the template", strings.Join(unknown, ", "))
	}
	var missing []string
	for _, name := range slices.Sorted(maps.Keys(declared)) {
		if _, ok := values[name]; ok {
			continue
		}
		if standard, ok := declared[name].(cfn.Object)["Default"]; ok {
			values[name] = text(standard)
		} else {
			missing = append(missing, name)
		}
	}
	if len(missing) > 0 {
		return nil, invalid("Parameters: [%s] must have values", strings.Join(missing, ", "))
	}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if err := fits(name, values[name], declared[name].(cfn.Object)); err != nil {
			return nil, err
		}
	}
	return values, nil
}

// fits checks a value against a parameter's constraints.
func fits(name, value string, p cfn.Object) error {
	say := func(words string) error {
		if description, ok := p["ConstraintDescription"].(string); ok {
			return invalid("Parameter %s failed to satisfy constraint: %s", name, description)
		}
		return invalid("Parameter '%s' %s", name, words)
	}
	if allowed, ok := p["AllowedValues"].([]any); ok && !slices.ContainsFunc(allowed, func(v any) bool { return text(v) == value }) {
		return say("must be one of AllowedValues")
	}
	if pattern, ok := p["AllowedPattern"].(string); ok && !regexp.MustCompile("^(?:"+pattern+")$").MatchString(value) {
		return say("must match pattern " + pattern)
	}
	length := len([]rune(value))
	if p["MinLength"] != nil && length < atoi(p["MinLength"]) {
		return say("must contain at least " + text(p["MinLength"]) + " characters")
	}
	if p["MaxLength"] != nil && length > atoi(p["MaxLength"]) {
		return say("must contain at most " + text(p["MaxLength"]) + " characters")
	}
	if p["Type"] != "Number" {
		return nil
	}
	n, err := strconv.ParseFloat(value, 64)
	if err != nil {
		return invalid("Parameter '%s' must be a number", name)
	}
	if least, err := strconv.ParseFloat(text(p["MinValue"]), 64); err == nil && n < least {
		return say("must be a number not less than " + text(p["MinValue"]))
	}
	if most, err := strconv.ParseFloat(text(p["MaxValue"]), 64); err == nil && n > most {
		return say("must be a number not greater than " + text(p["MaxValue"]))
	}
	return nil
}

func atoi(v any) int {
	n, _ := strconv.Atoi(text(v))
	return n
}

// rules refuses parameters that break a rule's assertion.
func (e *evaluation) rules() error {
	rules, _ := e.template.root["Rules"].(cfn.Object)
	for _, name := range slices.Sorted(maps.Keys(rules)) {
		if condition := cfn.At(rules, name, "RuleCondition"); condition != nil {
			holds, err := e.boolean(condition, 0)
			if err != nil {
				return err
			}
			if !holds {
				continue
			}
		}
		assertions, _ := cfn.At(rules, name, "Assertions").([]any)
		for _, a := range assertions {
			holds, err := e.boolean(cfn.At(a, "Assert"), 0)
			if err != nil {
				return err
			}
			if !holds {
				return invalid("Template validation error: Rule %s failed: %v", name, cfn.At(a, "AssertDescription"))
			}
		}
	}
	return nil
}
