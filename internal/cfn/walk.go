package cfn

import (
	"maps"
	"regexp"
	"slices"
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

// Kinds of uses: the functions by which a name is used.
const (
	Ref       = "Ref"
	GetAtt    = "Fn::GetAtt"
	Sub       = "Fn::Sub"
	FindInMap = "Fn::FindInMap"
	If        = "Fn::If"
	Condition = "Condition"
)

// Use is a place where something is called by its name: a resource, a parameter
// or a pseudo parameter (Ref, GetAtt, Sub), a condition (If, Condition), or a
// map (FindInMap).
type Use struct {
	Kind      string
	Name      string // empty: a map that only a deployment knows
	Attribute string // what is asked of a resource, or empty
	Path      []any  // of the function, its name included
}

// Uses are all uses within a value that stands at a path, in the order of the
// keys. What is not of the form that CloudFormation asks for uses nothing.
func Uses(value any, path ...any) []Use {
	var found []Use
	uses(value, slices.Clip(path), &found)
	return found
}

func uses(value any, path []any, found *[]Use) {
	switch value := value.(type) {
	case []any:
		for i, v := range value {
			uses(v, append(path, i), found)
		}
	case Object:
		for _, key := range slices.Sorted(maps.Keys(value)) {
			v, at := value[key], slices.Clip(append(path, key))
			add := func(name, attribute string) {
				*found = append(*found, Use{Kind: key, Name: name, Attribute: attribute, Path: slices.Clone(at)})
			}
			switch key {
			case Ref, Condition:
				if name, ok := v.(string); ok {
					add(name, "")
				}
			case GetAtt:
				name, _ := At(v, 0).(string)
				attribute, _ := At(v, 1).(string)
				if dotted, ok := v.(string); ok { // as JSON may have it
					name, attribute, _ = strings.Cut(dotted, ".")
				}
				if name != "" {
					add(name, attribute)
				}
			case Sub:
				text, own := v, Object{}
				if list, ok := v.([]any); ok {
					text = At(list, 0)
					own, _ = At(list, 1).(Object)
				}
				words, _ := text.(string)
				for _, m := range inSub.FindAllStringSubmatch(words, -1) {
					if _, ok := own[m[1]]; !ok {
						name, attribute, _ := strings.Cut(strings.TrimSpace(m[1]), ".")
						add(name, attribute)
					}
				}
				uses(own, append(at, 1), found)
				continue
			case If:
				if name, ok := At(v, 0).(string); ok {
					add(name, "")
				}
			case FindInMap:
				name, _ := At(v, 0).(string)
				add(name, "")
			}
			uses(v, at, found)
		}
	}
}

// References calls use for each name that a value refers to, of a resource, a
// parameter or a pseudo parameter (attribute is what GetAtt asks of it, or empty),
// and condition for each that it names of a condition. Either may be nil. What is
// not of the form that CloudFormation asks for refers to nothing.
func References(value any, use func(name, attribute string), condition func(name string)) {
	for _, u := range Uses(value) {
		switch u.Kind {
		case Ref, GetAtt, Sub:
			if use != nil {
				use(u.Name, u.Attribute)
			}
		case If, Condition:
			if condition != nil {
				condition(u.Name)
			}
		}
	}
}

// Fill is the text of Fn::Sub with each name in it replaced by what with gives.
func Fill(text string, with func(name string) string) string {
	filled := inSub.ReplaceAllStringFunc(text, func(m string) string { return with(strings.TrimSpace(m[2 : len(m)-1])) })
	return strings.ReplaceAll(filled, "${!", "${")
}
