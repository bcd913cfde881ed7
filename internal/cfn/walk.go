package cfn

import (
	"regexp"
	"strings"
)

// At is the value at a path of keys (string) and indexes (int), nil if there is
// none.
func At(value any, path ...any) any {
	for _, step := range path {
		switch step := step.(type) {
		case string:
			m, _ := value.(Object)
			value = m[step]
		case int:
			list, _ := value.([]any)
			if step < 0 || step >= len(list) {
				return nil
			}
			value = list[step]
		}
	}
	return value
}

// inSub is a name in the text of Fn::Sub; "${!Literal}" is none.
var inSub = regexp.MustCompile(`\$\{([^!}][^}]*)\}`)

// References calls use for each name that a value refers to, of a resource, a
// parameter or a pseudo parameter (attribute is what GetAtt asks of it, or empty),
// and condition for each that it names of a condition. Either may be nil. What is
// not of the form that CloudFormation asks for refers to nothing.
func References(value any, use func(name, attribute string), condition func(name string)) {
	if use == nil {
		use = func(string, string) {}
	}
	if condition == nil {
		condition = func(string) {}
	}
	references(value, use, condition)
}

func references(value any, use func(name, attribute string), condition func(name string)) {
	switch value := value.(type) {
	case []any:
		for _, v := range value {
			references(v, use, condition)
		}
	case Object:
		for key, v := range value {
			switch key {
			case "Ref":
				if name, ok := v.(string); ok {
					use(name, "")
				}
			case "Fn::GetAtt":
				name, _ := At(v, 0).(string)
				attribute, _ := At(v, 1).(string)
				if dotted, ok := v.(string); ok { // as JSON may have it
					name, attribute, _ = strings.Cut(dotted, ".")
				}
				if name != "" {
					use(name, attribute)
				}
			case "Fn::Sub":
				text, own := v, Object{}
				if list, ok := v.([]any); ok {
					text = At(list, 0)
					own, _ = At(list, 1).(Object)
				}
				words, _ := text.(string)
				for _, m := range inSub.FindAllStringSubmatch(words, -1) {
					if _, ok := own[m[1]]; !ok {
						name, attribute, _ := strings.Cut(strings.TrimSpace(m[1]), ".")
						use(name, attribute)
					}
				}
				references(own, use, condition)
				continue
			case "Fn::If":
				if name, ok := At(v, 0).(string); ok {
					condition(name)
				}
			case "Condition":
				if name, ok := v.(string); ok {
					condition(name)
				}
			}
			references(v, use, condition)
		}
	}
}
