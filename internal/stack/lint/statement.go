package lint

import (
	"regexp"
	"slices"
	"strings"

	"photofit/internal/cfn"
)

// statement is one of a policy's.
type statement struct {
	place
	of        *resource // whose policy it is
	actions   []string
	resources []place
}

// policyPaths are where a type of resource has its policies.
var policyPaths = map[string][][]string{
	"AWS::IAM::ManagedPolicy":     {{"PolicyDocument"}},
	"AWS::IAM::Policy":            {{"PolicyDocument"}},
	"AWS::IAM::Role":              {{"Policies", "*", "PolicyDocument"}, {"AssumeRolePolicyDocument"}},
	"AWS::IAM::RolePolicy":        {{"PolicyDocument"}},
	"AWS::IAM::User":              {{"Policies", "*", "PolicyDocument"}},
	"AWS::IAM::UserPolicy":        {{"PolicyDocument"}},
	"AWS::KMS::Key":               {{"KeyPolicy"}},
	"AWS::S3::BucketPolicy":       {{"PolicyDocument"}},
	"AWS::SNS::TopicPolicy":       {{"PolicyDocument"}},
	"AWS::SQS::QueueInlinePolicy": {{"PolicyDocument"}},
	"AWS::SQS::QueuePolicy":       {{"PolicyDocument"}},
}

// documents are a resource's policies.
func documents(r *resource) (all []place) {
	for _, path := range policyPaths[r.kind] {
		from, i := []place{r.props}, slices.Index(path, "*")
		if i >= 0 {
			from, _ = r.props.list(path[:i]...)
			path = path[i+1:]
		}
		for _, p := range from {
			all = append(all, p.get(path...)...)
		}
	}
	return all
}

// statements of a document: a list, or one.
func statementsOf(r *resource, document place) (all []statement) {
	items, _ := document.list("Statement")
	for _, v := range document.get("Statement") {
		if _, one := v.value.(cfn.Object); one {
			items = append(items, v)
		}
	}
	for _, item := range items {
		if _, ok := item.value.(cfn.Object); !ok || item.unknown() {
			continue
		}
		s := statement{place: item, of: r, actions: item.texts("Action")}
		for _, v := range item.get("Resource") {
			if _, list := v.value.([]any); list {
				more, _ := place{doc: v.doc, value: v.value, path: v.path, given: v.given}.list()
				s.resources = append(s.resources, more...)
			} else if !v.absent {
				s.resources = append(s.resources, v)
			}
		}
		all = append(all, s)
	}
	return all
}

// statements are those of all policies of some types of resources.
func (c *checker) statements(kinds ...string) (all []statement) {
	key := strings.Join(kinds, " ")
	if known, ok := c.read[key]; ok {
		return known
	}
	for _, r := range c.of(kinds...) {
		for _, document := range documents(r) {
			all = append(all, statementsOf(r, document)...)
		}
	}
	if c.read == nil {
		c.read = map[string][]statement{}
	}
	c.read[key] = all
	return all
}

func (s statement) allows() bool { return s.at("Effect").is("Allow") }

// may tells whether the statement is about an action; stars in it stand for
// anything.
func (s statement) may(action string) bool {
	return slices.ContainsFunc(s.actions, func(a string) bool { return matches(strings.ToLower(a), strings.ToLower(action)) })
}

// matches tells whether a text fits a pattern with stars and question marks. A hole
// fits anything.
func matches(pattern, text string) bool {
	var b strings.Builder
	for _, r := range pattern {
		switch {
		case r == '*' || string(r) == hole:
			b.WriteString(".*")
		case r == '?':
			b.WriteByte('.')
		default:
			b.WriteString(regexp.QuoteMeta(string(r)))
		}
	}
	re, err := regexp.Compile("^(?s:" + b.String() + ")$")
	return err == nil && re.MatchString(text)
}

// services are the AWS services that a statement is for.
func (s statement) services() []string { return s.texts("Principal", "Service") }

// everybody tells whether it is for whoever asks.
func (s statement) everybody() bool {
	if s.at("Principal").is("*") {
		return true
	}
	return slices.Contains(s.texts("Principal", "AWS"), "*")
}

// conditions calls f for each condition of a statement: its operator, key and value.
func (s statement) conditions(f func(operator, key string, value place)) {
	for _, condition := range s.get("Condition") {
		for _, operator := range members(condition) {
			for _, test := range condition.at(operator).possible() {
				for _, key := range members(test) {
					f(operator, key, test.at(key))
				}
			}
		}
	}
}

// sourced tells whether a statement has a condition on who is behind it.
func sourced(s statement) bool {
	if s.at("Condition").unknown() {
		return true
	}
	found := false
	s.conditions(func(_, key string, _ place) {
		key = strings.ToLower(key)
		found = found || key == "aws:sourcearn" || key == "aws:sourceaccount" || strings.HasPrefix(key, "aws:sourceorg") || key == "aws:principalorgid"
	})
	return found
}
