package lint

import (
	"regexp"
	"strconv"
	"strings"

	"photofit/internal/cfn"
)

// hole stands in a text for what only a deployment knows.
const hole = "\x00"

// dynamic is a reference to a parameter or secret that a deployment looks up.
var dynamic = regexp.MustCompile(`\{\{[^{}]*resolve:[^{}]*\}\}`)

// words is a text with a hole for each part that is not known.
func (p place) words() string { return words(p.value) }

func words(value any) string {
	switch value := value.(type) {
	case string:
		return dynamic.ReplaceAllString(value, hole)
	case int:
		return strconv.Itoa(value)
	case float64:
		return strconv.FormatFloat(value, 'f', -1, 64)
	case bool:
		return strconv.FormatBool(value)
	case cfn.Object:
		if sub, ok := value["Fn::Sub"]; ok {
			var own cfn.Object
			if list, ok := sub.([]any); ok {
				sub = cfn.At(list, 0)
				own, _ = cfn.At(list, 1).(cfn.Object)
			}
			text, ok := sub.(string)
			if !ok {
				return hole
			}
			return cfn.Fill(words(text), func(name string) string {
				if v, ok := own[name]; ok {
					return words(v)
				}
				return hole
			})
		}
		if join, ok := value["Fn::Join"].([]any); ok && len(join) == 2 {
			with, text := join[0], []string{}
			parts, ok := join[1].([]any)
			if delimiter, isText := with.(string); isText && ok {
				for _, part := range parts {
					text = append(text, words(part))
				}
				return strings.Join(text, delimiter)
			}
		}
	}
	return hole
}

// text is a text that is known, whole.
func (p place) text() (string, bool) {
	if p.absent || p.value == nil {
		return "", false
	}
	text := p.words()
	return text, !strings.Contains(text, hole)
}
