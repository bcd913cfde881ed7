package lint

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"photofit/internal/cfn"
)

// form is what a function of CloudFormation's takes.
type form struct {
	least, most int  // items of its list; 0: it takes no list
	other       bool // it takes something else than a list, too
}

var intrinsics = map[string]form{
	"Fn::And": {2, 10, false}, "Fn::Or": {2, 10, false}, "Fn::Not": {1, 1, false}, "Fn::Equals": {2, 2, false}, "Fn::If": {3, 3, false},
	"Fn::Base64": {0, 0, true}, "Fn::Cidr": {2, 3, false}, "Fn::FindInMap": {3, 4, false}, "Fn::GetAtt": {2, 2, true}, "Fn::GetAZs": {0, 0, true},
	"Fn::ImportValue": {0, 0, true}, "Fn::Join": {2, 2, false}, "Fn::Select": {2, 2, false}, "Fn::Split": {2, 2, false}, "Fn::Sub": {2, 2, true},
	"Fn::Length": {0, 100, true}, "Fn::ToJsonString": {0, 100, true}, "Fn::Transform": {1, 100, true}, "Fn::GetStackOutput": {0, 0, true},
	"Fn::Contains": {2, 2, false}, "Fn::EachMemberEquals": {2, 2, false}, "Fn::EachMemberIn": {2, 2, false},
	"Fn::RefAll": {0, 0, true}, "Fn::ValueOf": {2, 2, false}, "Fn::ValueOfAll": {2, 2, false},
}

// functions sees that there are the functions that a template uses, and that they
// get what they take.
func (c *checker) functions(p place) { c.functionsIn(p, false) }

// functionsIn is functions; in a program ${...} may be the program's own.
func (c *checker) functionsIn(p place, program bool) {
	switch value := p.value.(type) {
	case []any:
		for i := range value {
			c.functionsIn(p.at(i), program)
		}
	case cfn.Object:
		for _, key := range slices.Sorted(maps.Keys(value)) {
			at := p.at(key)
			if strings.HasPrefix(key, "Fn::") && !strings.HasPrefix(key, "Fn::ForEach") {
				c.function(at, key)
			}
			if key != "Fn::Sub" {
				c.functionsIn(at, program || slices.Contains(codes, key))
			}
		}
	case string:
		if program {
			return
		}
		for _, m := range inText.FindAllStringSubmatch(value, -1) {
			name, _, _ := strings.Cut(m[1], ".")
			if c.byName[name] != nil || c.parameter[name] || strings.HasPrefix(name, "AWS::") {
				c.warnf("sub-missing", p, "write !Sub in front of it", "%s stands in a text that no Fn::Sub looks at, and stays as it is", m[0])
				return
			}
		}
	}
}

// inText is a name as Fn::Sub has it.
var inText = regexp.MustCompile(`\$\{([A-Za-z0-9:.]+)\}`)

// codes are the members that hold programs, in which ${...} may be the program's own.
var codes = []string{"FunctionCode", "ZipFile", "Metadata", "UserData", "DashboardBody", "TemplateBody", "Content", "Code", "Variables"}

func (c *checker) function(at place, name string) {
	takes, known := intrinsics[name]
	if !known {
		c.errorf("unknown-function", at, meant(name, slices.Collect(maps.Keys(intrinsics)), "look it up in CloudFormation's reference"), "CloudFormation has no function %s", short(name))
		return
	}
	list, isList := at.value.([]any)
	_, isMap := at.value.(cfn.Object)
	switch {
	case at.value == nil && name != "Fn::GetAZs": // to which nothing is where the stack is
		c.errorf("function-form", at, "give it a value", "%s gets nothing", name)
	case isList && (len(list) < takes.least || len(list) > takes.most), !isList && !isMap && !takes.other:
		want := "one value"
		if takes.most > 0 {
			want = "a list of " + counts(takes)
		}
		got := kindOf(at.value)
		if isList {
			got = "a list of " + counts(form{least: len(list), most: len(list)})
		}
		c.errorf("function-form", at, "give it "+want, "%s gets %s, and takes %s", name, got, want)
	}
}

func counts(f form) string {
	switch {
	case f.least == f.most && f.least == 1:
		return "1 item"
	case f.least == f.most:
		return words(f.least) + " items"
	}
	return words(f.least) + " to " + words(f.most) + " items"
}
