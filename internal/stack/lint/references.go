package lint

import (
	"maps"
	"slices"
	"strings"

	"photofit/internal/cfn"
)

// references sees that what is used is there, and what is there is used.
func (c *checker) references(root place) {
	m := root.value.(cfn.Object)
	names := func(section string) cfn.Object { of, _ := m[section].(cfn.Object); return of }
	parameters, conditions, mappings := names("Parameters"), names("Conditions"), names("Mappings")
	resources := slices.Sorted(maps.Keys(c.byName))
	things := slices.Concat(resources, slices.Collect(maps.Keys(parameters)))
	used := map[string]bool{}
	for _, u := range c.uses(root) {
		at := place{path: u.Path}
		switch u.Kind {
		case cfn.If, cfn.Condition:
			used[cfn.Condition+u.Name] = true
			if conditions[u.Name] == nil && !c.transformed {
				c.errorf("reference-to-nothing", at, meant(u.Name, slices.Collect(maps.Keys(conditions)), "add it to Conditions"), "no condition is called %s", short(u.Name))
			}
		case cfn.FindInMap:
			used[cfn.FindInMap+u.Name] = true
			if mappings[u.Name] == nil && u.Name != "" && !c.transformed {
				c.errorf("reference-to-nothing", at, meant(u.Name, slices.Collect(maps.Keys(mappings)), "add it to Mappings"), "no mapping is called %s", short(u.Name))
			}
		default:
			used[u.Name] = true
			switch r := c.byName[u.Name]; {
			case r != nil:
				c.attribute(u, r, at)
			case parameters[u.Name] == nil && !strings.HasPrefix(u.Name, "AWS::") && !c.transformed:
				c.errorf("reference-to-nothing", at, meant(u.Name, things, "add it to Parameters or Resources"), "nothing is called %s", short(u.Name))
			case u.Attribute != "" && parameters[u.Name] != nil && !c.transformed:
				c.errorf("reference-to-nothing", at, "use Ref", "%s is a parameter, and has no attribute %s", u.Name, short(u.Attribute))
			}
		}
	}
	if c.transformed {
		return // a macro may use the rest
	}
	for _, name := range slices.Sorted(maps.Keys(parameters)) {
		if !used[name] {
			c.warnf("unused", root.at("Parameters").at(name), "take it out", "the parameter %s is used by nothing", name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(conditions)) {
		if !used[cfn.Condition+name] {
			c.warnf("unused", root.at("Conditions").at(name), "take it out", "the condition %s is used by nothing", name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(mappings)) {
		if !used[cfn.FindInMap+name] && !used[cfn.FindInMap] {
			c.warnf("unused", root.at("Mappings").at(name), "take it out", "the mapping %s is used by nothing", name)
		}
	}
	for _, r := range c.resources {
		for _, on := range c.dependsOn(r) {
			if name, _ := on.value.(string); c.byName[name] == nil && name != "" && !c.transformed {
				c.errorf("reference-to-nothing", on, meant(name, resources, "take it out"), "%s waits for %s, which is not there", r.name, short(name))
			}
		}
	}
}

// uses are a template's uses of names. In Properties a text under Condition is a
// condition's name only where there is nothing beside it.
func (c *checker) uses(root place) []cfn.Use {
	var all []cfn.Use
	for _, section := range []string{"Conditions", "Outputs", "Resources", "Rules"} {
		all = append(all, cfn.Uses(root.at(section).value, section)...)
	}
	return slices.DeleteFunc(all, func(u cfn.Use) bool {
		if u.Kind != cfn.Condition {
			return false
		}
		around, _ := cfn.At(root.value, u.Path[:len(u.Path)-1]...).(cfn.Object)
		return len(u.Path) > 3 && u.Path[0] == "Resources" && len(around) != 1
	})
}

// attribute sees that a resource has what is asked of it.
func (c *checker) attribute(u cfn.Use, r *resource, at place) {
	known := c.known.Resources[r.kind]
	if known == nil || u.Attribute == "" || slices.Contains(known.Attributes, u.Attribute) || strings.Contains(u.Attribute, "${") {
		return
	}
	c.errorf("unknown-attribute", at, meant(u.Attribute, known.Attributes, "it has "+listed(known.Attributes)), "%s, an %s, has no attribute %s", r.name, r.kind, short(u.Attribute))
}

// dependsOn are the names that a resource says that it waits for.
func (c *checker) dependsOn(r *resource) []place {
	on := r.at.at("DependsOn")
	list, ok := on.value.([]any)
	if !ok {
		return []place{on}
	}
	var all []place
	for i := range list {
		all = append(all, on.at(i))
	}
	return all
}

// circles finds resources that wait for themselves. Each circle is told once.
func (c *checker) circles() {
	needs := map[string][]string{}
	for _, r := range c.resources {
		if strings.HasPrefix(r.kind, "AWS::Serverless::") || strings.HasSuffix(r.kind, "::MODULE") {
			continue // it becomes several, which may be no circle
		}
		for _, on := range c.dependsOn(r) {
			if name, ok := on.value.(string); ok {
				needs[r.name] = append(needs[r.name], name)
			}
		}
		for _, u := range r.props.refers() {
			if c.byName[u.Name] != nil && (u.Kind == cfn.Ref || u.Kind == cfn.GetAtt || u.Kind == cfn.Sub) {
				needs[r.name] = append(needs[r.name], u.Name)
			}
		}
	}
	const underWay, done = 1, 2
	state := map[string]int{}
	var visit func(name string, way []string)
	visit = func(name string, way []string) {
		switch state[name] {
		case underWay:
			way = append(way[slices.Index(way, name):], name)
			c.errorf("circular-dependency", c.byName[name].at, "cut it: give one of them its value afterwards, by a name put together instead of Ref or GetAtt, or by a resource of its own (a Permission, a policy)",
				"a circle: %s; CloudFormation refuses the template with \"Circular dependency between resources\"", strings.Join(way, " waits for "))
			return
		case done:
			return
		}
		state[name] = underWay
		for _, on := range needs[name] {
			if c.byName[on] != nil {
				visit(on, append(way, name))
			}
		}
		state[name] = done
	}
	for _, r := range c.resources {
		visit(r.name, nil)
	}
}
