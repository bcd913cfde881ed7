package lint

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"photofit/internal/cfn"
)

// place is a value, where it stands, and under which conditions.
type place struct {
	doc    *cfn.Document
	value  any
	absent bool // there is none: the path is where it would be
	path   []any
	given  []given
}

// given is a condition that holds, or does not, where a place is.
type given struct {
	name string
	yes  bool
}

// at is the place of a member or an item, as it is written.
func (p place) at(step any) place {
	value := cfn.At(p.value, step)
	absent := value == nil
	if m, ok := p.value.(cfn.Object); ok {
		if name, isName := step.(string); isName {
			_, there := m[name]
			absent = !there
		}
	}
	return place{p.doc, value, absent, append(slices.Clip(p.path), step), p.given}
}

// possible are the places that this one may be: the branches of Fn::If, and of
// those within. AWS::NoValue is absent.
func (p place) possible() []place {
	if cfn.At(p.value, "Ref") == "AWS::NoValue" {
		p.value, p.absent = nil, true
		return []place{p}
	}
	branches, ok := cfn.At(p.value, "Fn::If").([]any)
	if !ok || len(branches) != 3 || len(p.value.(cfn.Object)) != 1 {
		return []place{p}
	}
	name, _ := branches[0].(string)
	var all []place
	for i, yes := range []bool{true, false} {
		if slices.Contains(p.given, given{name, !yes}) {
			continue
		}
		branch := p.at("Fn::If").at(i + 1)
		branch.given = append(slices.Clip(p.given), given{name, yes})
		all = append(all, branch.possible()...)
	}
	return all
}

// get are the possible places of a member, several steps deep. There is at least
// one, which may be absent.
func (p place) get(names ...string) []place {
	all := p.possible()
	for _, name := range names {
		var next []place
		for _, v := range all {
			if v.unknown() {
				v.absent = false
				next = append(next, v) // so is all that is within
				continue
			}
			next = append(next, v.at(name).possible()...)
		}
		all = next
	}
	return all
}

// list are the possible items of a list that is a member. whole tells whether
// there can be no others. A list may be written as the command line has it, too: {Quantity, Items}.
func (p place) list(names ...string) (items []place, whole bool) {
	whole = true
	for _, v := range p.get(names...) {
		switch value := v.value.(type) {
		case []any:
			for i := range value {
				for _, item := range v.at(i).possible() {
					if !item.absent {
						items = append(items, item)
					}
				}
			}
		case cfn.Object:
			switch {
			case v.unknown():
				whole = false
			case value["Items"] != nil:
				more, all := v.list("Items")
				items, whole = append(items, more...), whole && all
			}
		}
	}
	return items, whole
}

// functions are CloudFormation's, under which a value is not known.
func isFunction(name string) bool {
	return name == "Ref" || name == "Condition" || strings.HasPrefix(name, "Fn::") || strings.HasPrefix(name, "Rain::")
}

// unknown tells whether only a deployment knows the value.
func (p place) unknown() bool {
	m, ok := p.value.(cfn.Object)
	if !ok {
		return false
	}
	for name := range m {
		if name != "Condition" && isFunction(name) {
			return true
		}
	}
	return false
}

// is tells whether the value is known and is this one.
func (p place) is(text string) bool {
	got, ok := p.text()
	return ok && strings.EqualFold(got, text)
}

// number is a number that is known, if it is there.
func (p place) number() (float64, bool) {
	text, ok := p.text()
	if !ok {
		return 0, false
	}
	n, err := strconv.ParseFloat(text, 64)
	return n, err == nil
}

// numberOr is a member's number in each of its branches, or what is so if it is left out. Those
// that are not known are not among them.
func (p place) numberOr(absent float64, names ...string) (numbers []float64) {
	for _, v := range p.get(names...) {
		if v.absent {
			numbers = append(numbers, absent)
		} else if n, ok := v.number(); ok {
			numbers = append(numbers, n)
		}
	}
	return numbers
}

// refers are the names that the value uses, and what it asks of them.
func (p place) refers() []cfn.Use { return cfn.Uses(p.value, p.path...) }

// target is the one resource or parameter that the value is, by Ref, GetAtt or a Sub of nothing
// else.
func (p place) target() (name, attribute string) {
	m, _ := p.value.(cfn.Object)
	if len(m) != 1 || m["Ref"] == nil && m["Fn::GetAtt"] == nil && m["Fn::Sub"] == nil || p.words() != hole {
		return "", ""
	}
	if _, own := m["Fn::Sub"].([]any); own {
		return "", "" // it is made of what is beside the text
	}
	if found := p.refers(); len(found) == 1 {
		return found[0].Name, found[0].Attribute
	}
	return "", ""
}

// together tells whether two places are surely there at the same time: neither
// stands under a condition of which the other knows nothing, unless that is alone.
func together(a, b place) bool {
	missing := func(a, b place) bool {
		return slices.ContainsFunc(a.given, func(g given) bool { return !slices.Contains(b.given, g) })
	}
	for _, g := range a.given {
		if slices.Contains(b.given, given{g.name, !g.yes}) {
			return false
		}
	}
	return !missing(a, b) || !missing(b, a)
}

// texts are the possible texts of a value or a list of them, with holes.
func (p place) texts(names ...string) (all []string) {
	for _, v := range p.get(names...) {
		if list, ok := v.value.([]any); ok {
			for i := range list {
				for _, item := range v.at(i).possible() {
					if !item.absent {
						all = append(all, item.words())
					}
				}
			}
		} else if !v.absent {
			all = append(all, v.words())
		}
	}
	return all
}

// members are the names in a map, sorted.
func members(p place) []string {
	m, _ := p.value.(cfn.Object)
	return slices.Sorted(maps.Keys(m))
}
