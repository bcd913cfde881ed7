package lint

import (
	"fmt"
	"strconv"
	"strings"

	"photofit/internal/cfn"
)

func between(low, high *float64) string {
	switch {
	case low == nil:
		return fmt.Sprintf("up to %v", *high)
	case high == nil:
		return fmt.Sprintf("from %v on", *low)
	}
	return fmt.Sprintf("from %v to %v", *low, *high)
}

// last is the name of what stands at a path: its last key, and indexes behind it.
func last(path []any) string {
	for i := len(path) - 1; i >= 0; i-- {
		if name, ok := path[i].(string); ok && !isFunction(name) {
			behind := inBranches.ReplaceAllString("."+pathText(path[i+1:]), "")
			return name + strings.TrimPrefix(behind, ".")
		}
	}
	return "the document"
}

func orWhat(name, what string) string {
	if name == "" {
		return what
	}
	return strings.ReplaceAll(name, ".*", "")
}

func kindOf(value any) string {
	switch value := value.(type) {
	case cfn.Object:
		return "a map"
	case []any:
		return "a list"
	case string:
		return "the text " + strconv.Quote(short(value))
	case int:
		return "the number " + strconv.Itoa(value)
	case float64:
		return fmt.Sprint("the number ", value)
	}
	if value == nil {
		return "null"
	}
	return fmt.Sprint(value)
}

func article(types []string) string {
	names := map[string]string{"object": "a map", "array": "a list", "string": "a text", "integer": "a whole number", "number": "a number", "boolean": "true or false"}
	var all []string
	for _, t := range types {
		all = append(all, names[t])
	}
	return strings.Join(all, " or ")
}

// short is the beginning of a text.
func short(text string) string {
	if r := []rune(text); len(r) > 60 {
		return string(r[:57]) + "..."
	}
	return text
}

// listed are names in a sentence, a dozen at most.
func listed(names []string) string {
	if len(names) > 12 {
		return strings.Join(names[:12], ", ") + " ..."
	}
	return strings.Join(names, ", ")
}
