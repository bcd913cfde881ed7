package awsfake

import (
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"photofit/internal/cfn"
)

// template is one that CloudFormation would take.
type template struct {
	text      string
	root      cfn.Object
	resources map[string]cfn.Object
}

// maxInline is how large a TemplateBody may be, in bytes.
const maxInline = 51_200

var sections = []string{"AWSTemplateFormatVersion", "Conditions", "Description", "Mappings", "Metadata", "Outputs", "Parameters", "Resources", "Rules", "Transform"}

// readTemplate refuses what CloudFormation refuses before it looks at any value.
func readTemplate(text string) (*template, error) {
	d, err := cfn.Parse([]byte(text))
	if err != nil {
		return nil, invalid("Template format error: %v", err)
	}
	t := &template{text: text, root: d.Root, resources: map[string]cfn.Object{}}
	for _, name := range slices.Sorted(maps.Keys(t.root)) {
		if !slices.Contains(sections, name) {
			return nil, invalid("Invalid template property or properties [%s]", name)
		}
	}
	if t.root["Transform"] != nil || t.root["Mappings"] != nil {
		return nil, misunderstood(http.StatusBadRequest, "ValidationError", "templates with Transform or Mappings are not known here")
	}
	resources, _ := t.root["Resources"].(cfn.Object)
	if len(resources) == 0 {
		return nil, invalid("Template format error: At least one Resources member must be defined.")
	}
	var unknown []string
	for _, id := range slices.Sorted(maps.Keys(resources)) {
		r, _ := resources[id].(cfn.Object)
		name, ok := r["Type"].(string)
		if !ok {
			return nil, invalid("Template format error: [/Resources/%s] Every Resources object must contain a Type member.", id)
		}
		if _, ok := kinds[name]; !ok {
			unknown = append(unknown, name)
		}
		for key := range r {
			if !slices.Contains([]string{"Type", "Condition", "Properties", "DependsOn", "DeletionPolicy", "UpdateReplacePolicy", "Metadata"}, key) {
				return nil, invalid("Invalid template resource property '%s'", key)
			}
		}
		t.resources[id] = r
	}
	if len(unknown) > 0 {
		return nil, misunderstood(http.StatusBadRequest, "ValidationError", "Template format error: Unrecognized resource types: [%s]", strings.Join(slices.Compact(unknown), ", "))
	}
	return t, t.references()
}

// parameters are the template's, by name.
func (t *template) parameters() cfn.Object {
	p, _ := t.root["Parameters"].(cfn.Object)
	return p
}

// references refuses names of what is not there.
func (t *template) references() error {
	missing := func(section string, value any, resources bool) error {
		var lost []string
		var noCondition string
		cfn.References(value, func(name, attribute string) {
			_, parameter := t.parameters()[name]
			_, resource := t.resources[name]
			if !strings.HasPrefix(name, "AWS::") && !(parameter && attribute == "") && !(resource && resources) {
				lost = append(lost, name)
			}
		}, func(name string) {
			if cfn.At(t.root, "Conditions", name) == nil {
				noCondition = name
			}
		})
		slices.Sort(lost)
		switch {
		case len(lost) > 0:
			return invalid("Template format error: Unresolved resource dependencies [%s] in the %s block of the template", strings.Join(slices.Compact(lost), ", "), section)
		case noCondition != "":
			return invalid("Template format error: Unresolved condition dependency %s in the %s block of the template", noCondition, section)
		}
		return nil
	}
	for _, section := range []string{"Conditions", "Rules"} {
		if err := missing(section, t.root[section], false); err != nil {
			return err
		}
	}
	if err := missing("Outputs", t.root["Outputs"], true); err != nil {
		return err
	}
	for _, id := range slices.Sorted(maps.Keys(t.resources)) {
		r := t.resources[id]
		if err := missing("Resources", r["Properties"], true); err != nil {
			return err
		}
		if condition, ok := r["Condition"].(string); ok && cfn.At(t.root, "Conditions", condition) == nil {
			return invalid("Template format error: Unresolved condition dependency %s in the Resources block of the template", condition)
		}
		for _, name := range texts(r["DependsOn"]) {
			if t.resources[name] == nil {
				return invalid("Template format error: Unresolved resource dependencies [%s] in the Resources block of the template", name)
			}
		}
	}
	return nil
}

// needs are the resources that one refers to and of which there are those in there.
func (t *template) needs(id string, there map[string]bool) []string {
	var names []string
	add := func(name, _ string) {
		if there[name] {
			names = append(names, name)
		}
	}
	cfn.References(t.resources[id]["Properties"], add, nil)
	for _, name := range texts(t.resources[id]["DependsOn"]) {
		add(name, "")
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// levels are the resources in the order in which they can be made; those of one level
// do not need each other.
func (t *template) levels(there map[string]bool) ([][]string, error) {
	done := map[string]bool{}
	var levels [][]string
	for len(done) < len(there) {
		var level, left []string
		for _, id := range slices.Sorted(maps.Keys(there)) {
			switch {
			case done[id]:
			case slices.ContainsFunc(t.needs(id, there), func(need string) bool { return !done[need] }):
				left = append(left, id)
			default:
				level = append(level, id)
			}
		}
		if len(level) == 0 {
			return nil, invalid("Circular dependency between resources: [%s]", strings.Join(left, ", "))
		}
		for _, id := range level {
			done[id] = true
		}
		levels = append(levels, level)
	}
	return levels, nil
}

// capability is what a caller must acknowledge; empty is nothing.
func (t *template) capability(there map[string]bool) string {
	needed := ""
	for id := range there {
		r := t.resources[id]
		name, _ := r["Type"].(string)
		if !strings.HasPrefix(name, "AWS::IAM::") {
			continue
		}
		if cfn.At(r, "Properties", "RoleName") != nil {
			return "CAPABILITY_NAMED_IAM"
		}
		needed = "CAPABILITY_IAM"
	}
	return needed
}

// same tells whether two values of templates are equal; 1 and "1" are, and true
// and "true".
func same(a, b any) bool { return reflect.DeepEqual(flat(a), flat(b)) }

func flat(value any) any {
	switch value := value.(type) {
	case cfn.Object:
		m := cfn.Object{}
		for k, v := range value {
			m[k] = flat(v)
		}
		return m
	case []any:
		list := make([]any, len(value))
		for i, v := range value {
			list[i] = flat(v)
		}
		return list
	}
	return text(value)
}
