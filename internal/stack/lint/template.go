package lint

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"photofit/internal/cfn"
)

// resource is one of a template's.
type resource struct {
	name  string
	kind  string // its type, or empty
	at    place
	props place // its Properties
}

var sections = []string{"AWSTemplateFormatVersion", "Conditions", "Description", "Globals", "Hooks", "Mappings", "Metadata", "Outputs", "Parameters", "Resources", "Rules", "Transform"}

// Version is one of custom resources only.
var attributes = []string{"Condition", "CreationPolicy", "DeletionPolicy", "DependsOn", "Metadata", "Properties", "Type", "UpdatePolicy", "UpdateReplacePolicy", "Version"}

// CloudFormation's quotas.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
const (
	maxInline      = 51_200 // bytes of a template that is sent with the request
	maxDescription = 1024   // bytes
)

var maxNames = []struct {
	section string
	most    int
}{{"Resources", 500}, {"Parameters", 200}, {"Outputs", 200}, {"Mappings", 200}}

// template looks at a template: its parts, and each resource by its schema.
func (c *checker) template(root place, size int) {
	m := root.value.(cfn.Object)
	c.transformed = m["Transform"] != nil || preprocessed(root.value)
	c.foreign = preprocessed(root.value) || slices.ContainsFunc(root.texts("Transform"), func(name string) bool { return !strings.HasPrefix(name, "AWS::") })
	for _, key := range slices.Sorted(maps.Keys(m)) {
		if !slices.Contains(sections, key) && !strings.HasPrefix(key, "Fn::") {
			c.errorf("unknown-section", root.at(key), meant(key, sections, "a template has "+listed(sections)), "CloudFormation knows no section %s", key)
		}
	}
	if v := root.at("AWSTemplateFormatVersion"); !v.absent && !v.is("2010-09-09") {
		c.errorf("format-version", v, `write "2010-09-09"`, "there is one version of the format only, 2010-09-09")
	}
	if text, ok := root.at("Description").text(); ok && len(text) > maxDescription {
		c.errorf("template-quota", root.at("Description"), "make it shorter", "the description has %d bytes, and CloudFormation takes %d", len(text), maxDescription)
	}
	if size > maxInline {
		c.warnf("template-size", root, "upload it to a bucket and deploy it by its URL, or make it smaller", "it has %d bytes; CloudFormation takes %d with the request, and more only from a bucket", size, maxInline)
	}
	for _, quota := range maxNames {
		section := root.at(quota.section)
		names, isMap := section.value.(cfn.Object)
		switch {
		case section.value == nil && !section.absent && quota.section != "Resources":
			c.errorf("null-value", section, "leave it out", "%s is null; CloudFormation takes no null values", quota.section)
		case section.value != nil && !isMap:
			c.errorf("wrong-type", section, "write a map of names", "%s is %s, and CloudFormation takes a map", quota.section, kindOf(section.value))
		}
		if len(names) > quota.most {
			c.errorf("template-quota", section, "split the template", "there are %d %s, and CloudFormation takes %d", len(names), quota.section, quota.most)
		}
	}
	c.collect(root.at("Resources"))
	c.transformed = c.transformed || slices.ContainsFunc(c.resources, func(r *resource) bool { return strings.HasSuffix(r.kind, "::MODULE") })
	for _, r := range c.resources {
		c.resource(r)
	}
	c.parameters(root)
	c.outputs(root)
	c.parameter = map[string]bool{}
	for _, name := range members(root.at("Parameters")) {
		c.parameter[name] = true
	}
	if !c.foreign {
		for _, section := range []string{"Conditions", "Outputs", "Resources"} {
			c.functions(root.at(section))
		}
	}
	c.references(root)
	c.circles()
	for _, r := range c.resources {
		if r.kind == "AWS::CloudFront::Distribution" {
			c.distribution(r.name, r.props, false)
		}
	}
}

var logical = regexp.MustCompile(`^[A-Za-z0-9]+$`)

// collect takes down the resources.
func (c *checker) collect(at place) {
	c.byName = map[string]*resource{}
	m, ok := at.value.(cfn.Object)
	if !ok || len(m) == 0 {
		c.errorf("no-resources", at, "add Resources", "the template has no resources; CloudFormation wants one at least")
		return
	}
	for _, name := range slices.Sorted(maps.Keys(m)) {
		if strings.HasPrefix(name, "Fn::") {
			continue // ForEach makes resources, and comes with a Transform
		}
		p := at.at(name)
		if !logical.MatchString(name) {
			c.errorf("logical-id", p, "use letters and digits only", "%q is no name of a resource", name)
		}
		if _, ok := p.value.(cfn.Object); !ok {
			c.errorf("wrong-type", p, "give it a Type and Properties", "%s is %s, and a resource is a map", name, kindOf(p.value))
			continue
		}
		kind, _ := p.at("Type").value.(string)
		r := &resource{name: name, kind: kind, at: p, props: p.at("Properties")}
		if condition, ok := p.at("Condition").value.(string); ok {
			r.props.given = []given{{condition, true}}
		}
		if _, ok := r.props.value.(cfn.Object); !ok && !r.props.absent {
			c.errorf("wrong-type", r.props, "write a map", "Properties of %s is %s", name, kindOf(r.props.value))
			r.props.value = nil
		}
		c.resources = append(c.resources, r)
		c.byName[name] = r
	}
}

// preprocessed tells whether Rain is yet to make a template of it: it has
// its functions, such as !Rain::Module.
func preprocessed(value any) bool {
	switch value := value.(type) {
	case []any:
		return slices.ContainsFunc(value, preprocessed)
	case cfn.Object:
		for name, v := range value {
			if strings.HasPrefix(strings.TrimPrefix(name, "Fn::"), "Rain::") || preprocessed(v) {
				return true
			}
		}
	}
	return false
}

// resource looks at one by what AWS publishes of its type.
func (c *checker) resource(r *resource) {
	for _, key := range slices.Sorted(maps.Keys(r.at.value.(cfn.Object))) {
		if !slices.Contains(attributes, key) && !strings.HasPrefix(key, "Fn::") && !c.transformed {
			c.errorf("unknown-attribute", r.at.at(key), meant(key, attributes, "a property belongs under Properties"), "a resource has no %s beside its Type", key)
		}
	}
	for _, key := range []string{"DeletionPolicy", "UpdateReplacePolicy"} {
		values := []string{"Delete", "Retain", "Snapshot"}
		if key == "DeletionPolicy" {
			values = append(values, "RetainExceptOnCreate")
		}
		if v := r.at.at(key); !v.absent && !v.unknown() {
			if text, _ := v.text(); !slices.Contains(values, text) {
				c.errorf("no-such-value", v, meant(text, values, "use one of "+listed(values)), "%s is %q, which CloudFormation does not know", key, short(text))
			}
		}
	}
	if c.foreign {
		return // what it is, a macro knows
	}
	if r.kind == "" {
		c.errorf("no-type", r.at, "add a Type", "%s has no Type", r.name)
		return
	}
	shape := c.known.Resources[r.kind]
	if shape == nil {
		c.unknownType(r)
		return
	}
	f := fitting{c, shape, r.kind, false}
	if r.props.absent || r.props.value == nil {
		r.props.value, r.props.absent = cfn.Object{}, false
	}
	f.fit(r.props, &shape.Shape, "")
}

// unknownType says so of a type that AWS does not have. Those of others, of
// macros and of modules are theirs.
func (c *checker) unknownType(r *resource) {
	rest, ours := strings.CutPrefix(r.kind, "AWS::")
	service, _, two := strings.Cut(rest, "::")
	switch {
	case service == "Serverless" && !c.transformed:
		c.errorf("unknown-type", r.at.at("Type"), "add Transform: AWS::Serverless-2016-10-31", "%s is known only to the transform AWS::Serverless-2016-10-31, which the template does not name", r.kind)
		return
	case !ours && strings.Contains(r.kind, "::"), c.known.Known(r.kind), strings.HasSuffix(r.kind, "::MODULE"),
		service == "CloudFormation", service == "Serverless", service == "SDB", service == "CDK":
		return
	}
	var kinds []string
	for name, list := range c.known.Types {
		if !two || near(service, []string{name}) != "" {
			for _, kind := range list {
				kinds = append(kinds, "AWS::"+name+"::"+kind)
			}
		}
	}
	c.errorf("unknown-type", r.at.at("Type"), meant(r.kind, kinds, "look it up in CloudFormation's reference"), "AWS has no type of resource %s", short(r.kind))
}

// parameterType is what a parameter's Type may be; of AWS's own types it is taken
// that there are new ones.
var parameterType = regexp.MustCompile(`^(String|Number|CommaDelimitedList|List<Number>|List<String>|(List<)?AWS::[A-Za-z0-9:]+(<[A-Za-z0-9:<>]+>)?>?)$`)

// outputs sees that each has a value.
func (c *checker) outputs(root place) {
	all := root.at("Outputs")
	for _, name := range members(all) {
		p := all.at(name)
		if _, ok := p.value.(cfn.Object); ok && !strings.HasPrefix(name, "Fn::") && p.at("Value").absent {
			c.errorf("required-missing", p, "add Value", "the output %s has no Value", name)
		}
	}
}

// parameters sees that a parameter may have its own default.
func (c *checker) parameters(root place) {
	m, _ := root.at("Parameters").value.(cfn.Object)
	for _, name := range slices.Sorted(maps.Keys(m)) {
		p := root.at("Parameters").at(name)
		if _, ok := p.value.(cfn.Object); !ok {
			c.errorf("wrong-type", p, "give it a Type", "the parameter %s is %s, and should be a map", name, kindOf(p.value))
			continue
		}
		if _, ok := p.at("Type").text(); !ok {
			c.errorf("required-missing", p, "add Type: String", "the parameter %s has no Type", name)
		}
		if kind, ok := p.at("Type").text(); ok && !parameterType.MatchString(kind) {
			c.errorf("no-such-value", p.at("Type"), meant(kind, []string{"String", "Number", "CommaDelimitedList", "List<Number>"}, "write String, Number, CommaDelimitedList, List<Number>, or a type of AWS's"), "CloudFormation knows no parameters of the type %s", short(kind))
		}
		text, ok := p.at("Default").text()
		if n, isNumber := p.at("Default").number(); ok && isNumber && p.at("Type").is("Number") {
			low, hasLow := p.at("MinValue").number()
			high, hasHigh := p.at("MaxValue").number()
			if hasLow && n < low || hasHigh && n > high {
				c.errorf("default-not-allowed", p.at("Default"), "change the default or the bounds", "the default of %s, %s, is not between its MinValue and MaxValue", name, text)
			}
		}
		ok = ok && (p.at("Type").is("String") || p.at("Type").is("Number")) // of lists each item counts
		if allowed := p.texts("AllowedValues"); ok && len(allowed) > 0 && !slices.Contains(allowed, text) {
			c.errorf("default-not-allowed", p.at("Default"), "use one of AllowedValues", "the default of %s, %q, is none of its AllowedValues", name, short(text))
		}
		if pattern, there := p.at("AllowedPattern").text(); ok && there {
			// AllowedPattern is for all of the text.
			if re, err := regexp.Compile(`^(?:` + pattern + `)$`); err == nil && !re.MatchString(text) {
				c.errorf("default-not-allowed", p.at("Default"), "change the default or the pattern", "the default of %s, %q, does not have its AllowedPattern", name, short(text))
			}
		}
	}
}

// capabilities are what the template's resources make one acknowledge.
func (c *checker) capabilities() []string {
	needs := map[string]bool{}
	for _, r := range c.resources {
		service, kind, _ := strings.Cut(strings.TrimPrefix(r.kind, "AWS::"), "::")
		if service != "IAM" || kind == "OIDCProvider" || kind == "SAMLProvider" || kind == "ServerCertificate" {
			continue
		}
		name := "CAPABILITY_IAM"
		for _, property := range []string{kind + "Name", "ManagedPolicyName"} {
			if kind != "Policy" && kind != "RolePolicy" && kind != "UserPolicy" && kind != "GroupPolicy" && !r.props.at(property).absent {
				name = "CAPABILITY_NAMED_IAM" // it includes the other
			}
		}
		needs[name] = true
	}
	if needs["CAPABILITY_NAMED_IAM"] {
		delete(needs, "CAPABILITY_IAM")
	}
	if c.transformed {
		needs["CAPABILITY_AUTO_EXPAND"] = true
	}
	return slices.Sorted(maps.Keys(needs))
}

// command looks at a DistributionConfig of the command line.
func (c *checker) command(config place) {
	f := fitting{c, c.known.Distribution, distributionConfig, true}
	f.fit(config, &f.of.Shape, "")
	c.noFunctions(config)
	c.distribution("", config, true)
}

// noFunctions sees that what is for the command line does not have CloudFormation's
// functions, which nobody evaluates there.
func (c *checker) noFunctions(p place) {
	switch value := p.value.(type) {
	case []any:
		for i := range value {
			c.noFunctions(p.at(i))
		}
	case cfn.Object:
		for _, key := range members(p) {
			if len(value) == 1 && (key == "Ref" || strings.HasPrefix(key, "Fn::")) {
				c.errorf("function-in-command", p, "write the value itself", "%s is a function of CloudFormation's, which the command line does not know", key)
				return
			}
			c.noFunctions(p.at(key))
		}
	}
}

// quantities sees that each Quantity is that of its Items.
func (c *checker) quantities(p place) {
	switch value := p.value.(type) {
	case []any:
		for i := range value {
			c.quantities(p.at(i))
		}
	case cfn.Object:
		if n, ok := value["Quantity"].(int); ok {
			items, isList := value["Items"].([]any)
			if there := value["Items"] == nil || isList; there && n != len(items) {
				c.errorf("quantity", p.at("Quantity"), fmt.Sprintf("write %d, or correct Items", len(items)), "%s says Quantity %d and lists %d; CloudFront refuses it with InconsistentQuantities", last(p.path), n, len(items))
			}
		}
		for _, key := range slices.Sorted(maps.Keys(value)) {
			c.quantities(p.at(key))
		}
	}
}
