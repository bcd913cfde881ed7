package lint

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"photofit/internal/cfn"
	"photofit/internal/stack/lint/schema"
)

// fitting holds values against a resource's published shape.
type fitting struct {
	*checker
	of     *schema.Resource
	what   string // the type, as people know it
	strict bool   // "80" is no number: the command line is strict, CloudFormation is not
}

// fit looks at a value and all within it. name is its dotted name in the resource.
func (f fitting) fit(p place, s *schema.Shape, name string) {
	s = f.of.Resolve(s)
	if s == nil {
		return
	}
	for _, v := range p.possible() {
		switch {
		case v.absent || v.unknown():
		case v.value == nil:
			f.errorf("null-value", v, "leave it out, or give it a value", "%s is null; AWS takes no null values", last(v.path))
		case f.typed(v, s):
			f.within(v, s, name)
		}
	}
}

// packaged are the properties that may be a path of this machine's: `aws
// cloudformation package` uploads what is there.
var packaged = map[string]string{"AWS::Lambda::Function": "Code", "AWS::Lambda::LayerVersion": "Content"}

// typed tells whether a value is of one of the shape's types.
func (f fitting) typed(v place, s *schema.Shape) bool {
	text, isText := v.value.(string)
	if len(s.Types) == 0 || isText && (strings.Contains(words(text), hole) || packaged[f.what] == last(v.path)) {
		return true
	}
	for _, t := range s.Types {
		if f.isA(v.value, t) {
			return true
		}
	}
	f.errorf("wrong-type", v, "write "+article(s.Types), "%s is %s, and AWS takes %s", last(v.path), kindOf(v.value), article(s.Types))
	return false
}

func (f fitting) isA(value any, t string) bool {
	text, isText := value.(string)
	switch t {
	case "object":
		_, ok := value.(cfn.Object)
		return ok
	case "array":
		_, ok := value.([]any)
		return ok
	case "boolean":
		_, ok := value.(bool)
		return ok || !f.strict && (strings.EqualFold(text, "true") || strings.EqualFold(text, "false"))
	case "integer", "number":
		if isText {
			if f.strict {
				return false
			}
			n, err := strconv.ParseFloat(text, 64)
			return err == nil && (t == "number" || n == math.Trunc(n))
		}
		switch n := value.(type) {
		case int:
			return true
		case float64:
			return t == "number" || n == math.Trunc(n)
		}
		return false
	case "string":
		switch value.(type) {
		case int, float64, bool:
			return !f.strict
		}
		return isText
	}
	return true
}

// within looks at what a value of the right type holds.
func (f fitting) within(v place, s *schema.Shape, name string) {
	switch value := v.value.(type) {
	case cfn.Object:
		f.members(v, value, s, name)
	case []any:
		f.count(v, len(value), s)
		for i := range value {
			f.fit(v.at(i), s.Items, name+".*")
		}
	default:
		f.scalar(v, s)
	}
	f.any(v, s, name)
}

func (f fitting) members(v place, m cfn.Object, s *schema.Shape, name string) {
	for key := range m {
		if strings.HasPrefix(key, "Fn::") {
			return // it is put together by a deployment
		}
	}
	names := slices.Sorted(maps.Keys(s.Props))
	for _, key := range slices.Sorted(maps.Keys(m)) {
		at, dotted := v.at(key), strings.TrimPrefix(name+"."+key, ".")
		shape, known := s.Props[key]
		switch {
		case known:
			if slices.Contains(f.of.ReadOnly, dotted) {
				f.errorf("read-only-property", at, "leave it out; others read it by GetAtt", "%s is set by AWS only", dotted)
				continue
			}
			if slices.Contains(f.of.Deprecated, dotted) {
				f.warnf("legacy-property", at, "use what AWS's documentation names in its place", "%s of %s is deprecated", dotted, f.what)
			}
			f.fit(at, shape, dotted)
		case s.Values != nil:
			f.fit(at, s.Values, dotted+".*")
		case s.Closed:
			whose := f.what
			if name != "" {
				whose = name + " of " + f.what
			}
			f.errorf("unknown-property", at, meant(key, names, "it may be "+listed(names)), "%s has no property %s", strings.ReplaceAll(whose, ".*", ""), key)
		}
	}
	there := func(key string) bool {
		for _, p := range v.at(key).possible() {
			if !p.absent {
				return true
			}
		}
		return false
	}
	for _, key := range s.Required {
		if !there(key) {
			f.errorf("required-missing", v, "add "+key, "%s is missing in %s, which needs it", key, orWhat(name, f.what))
		}
	}
	for _, key := range slices.Sorted(maps.Keys(s.Together)) {
		for _, other := range s.Together[key] {
			if there(key) && !there(other) {
				f.errorf("required-missing", v.at(key), "add "+other, "%s is set, and needs %s", key, other)
			}
		}
	}
	for _, key := range slices.Sorted(maps.Keys(s.Apart)) {
		for _, other := range s.Apart[key] {
			if key < other && f.both(v, key, other) {
				f.errorf("not-together", v.at(key), "keep one of the two", "%s and %s exclude each other", key, other)
			}
		}
	}
	count := func(names []string) (n int) {
		for _, name := range names {
			if there(name) {
				n++
			}
		}
		return n
	}
	if len(s.One) > 0 {
		if n := count(s.One); n == 0 {
			f.errorf("required-missing", v, "add one of them", "%s needs one of %s", orWhat(name, f.what), listed(s.One))
		} else if n > 1 {
			for i, a := range s.One {
				for _, b := range s.One[i+1:] {
					if f.both(v, a, b) {
						f.errorf("not-together", v.at(b), "keep one of the two", "%s and %s exclude each other", a, b)
					}
				}
			}
		}
	}
	if len(s.Some) > 0 && count(s.Some) == 0 {
		f.errorf("required-missing", v, "add one of them", "%s needs %s", orWhat(name, f.what), listed(s.Some))
	}
}

// both tells whether two members are there at the same time.
func (f fitting) both(v place, a, b string) bool {
	for _, x := range v.at(a).possible() {
		for _, y := range v.at(b).possible() {
			if !x.absent && !y.absent && !x.is("false") && !y.is("false") && together(x, y) {
				return true
			}
		}
	}
	return false
}

func (f fitting) count(v place, n int, s *schema.Shape) {
	switch {
	case s.MinItems != nil && n < *s.MinItems:
		f.errorf("out-of-range", v, fmt.Sprintf("list %d or more", *s.MinItems), "%s has %d items, and AWS wants at least %d", last(v.path), n, *s.MinItems)
	case s.MaxItems != nil && n > *s.MaxItems:
		f.errorf("out-of-range", v, fmt.Sprintf("list %d at most", *s.MaxItems), "%s has %d items, and AWS takes at most %d", last(v.path), n, *s.MaxItems)
	}
}

// quotas are ranges that AWS documents and that its schemas do not have.
// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesOrigin.html
var quotas = map[string]map[string][2]float64{"AWS::CloudFront::Distribution": originQuotas, distributionConfig: originQuotas}

var originQuotas = map[string][2]float64{"ConnectionAttempts": {1, 3}, "ConnectionTimeout": {1, 10}, "OriginReadTimeout": {1, 180}}

// distributionConfig is what the command line's shape is called.
const distributionConfig = "DistributionConfig"

func (f fitting) scalar(v place, s *schema.Shape) {
	text, ok := v.text()
	if !ok {
		return // a deployment looks it up
	}
	if len(s.Enum) > 0 && !slices.Contains(s.Enum, text) {
		fix := "use one of " + listed(s.Enum)
		if other := nearest(text, s.Enum); other != "" {
			if life := lifecycles[other]; life.next != "" {
				other = life.next
			}
			fix = "did you mean " + other + "?"
		}
		f.errorf("no-such-value", v, fix, "%s is %q, which is none of the values that AWS takes", last(v.path), short(text))
		return
	}
	if bounds, ok := quotas[f.what][last(v.path)]; ok && s.Min == nil && s.Max == nil {
		s = &schema.Shape{Min: &bounds[0], Max: &bounds[1]}
	}
	if n, ok := v.number(); ok && (s.Min != nil || s.Max != nil) {
		if s.Min != nil && n < *s.Min || s.Max != nil && n > *s.Max {
			f.errorf("out-of-range", v, "use a number "+between(s.Min, s.Max), "%s is %s, and AWS takes numbers %s", last(v.path), text, between(s.Min, s.Max))
		}
		return
	}
	length := utf8.RuneCountInString(text)
	switch {
	case s.MinLen != nil && length < *s.MinLen:
		fix := "make it longer"
		if _, number := v.value.(int); number {
			fix = "write it in quotes: a number loses the zeros in front"
		}
		f.errorf("out-of-range", v, fix, "%s has %d characters, and AWS wants at least %d", last(v.path), length, *s.MinLen)
	case s.MaxLen != nil && length > *s.MaxLen:
		f.errorf("out-of-range", v, "make it shorter", "%s has %d characters, and AWS takes at most %d", last(v.path), length, *s.MaxLen)
	case !s.Fits(text):
		f.errorf("wrong-form", v, "write it in the form "+s.Pattern, "%s is %q, which is not of the form that AWS takes", last(v.path), short(text))
	}
}

// any sees that a value fits one of several shapes. If none, it is told of the
// one that is the nearest.
func (f fitting) any(v place, s *schema.Shape, name string) {
	if len(s.Any) == 0 {
		return
	}
	var needs []string
	var nearest []Finding
	for _, a := range s.Any {
		trial := f
		trial.checker = &checker{doc: f.doc, known: f.known}
		trial.fit(v, a, name)
		if len(trial.findings) == 0 {
			return
		}
		if nearest == nil || len(trial.findings) < len(nearest) {
			nearest = trial.findings
		}
		needs = append(needs, strings.Join(a.Required, " and "))
	}
	if !slices.Contains(needs, "") {
		f.errorf("required-missing", v, "add one of them", "%s needs one of %s", orWhat(name, f.what), listed(needs))
		return
	}
	f.findings = append(f.findings, nearest...)
}
