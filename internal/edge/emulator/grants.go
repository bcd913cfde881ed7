package emulator

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"photofit/internal/cfn"
)

// caller is who asks an origin: CloudFront for a distribution, or anybody.
type caller struct {
	service string            // "cloudfront.amazonaws.com"; empty: not signed
	context map[string]string // condition keys, in lower case
}

// anybody asks without a signature.
var anybody = caller{context: map[string]string{"aws:securetransport": "true"}}

// statement is one of a bucket policy ("IAM JSON policy elements reference").
type statement struct {
	deny       bool
	anyone     bool     // Principal "*"
	services   []string // Principal Service
	actions    []string
	resources  []string
	conditions []condition
}

type condition struct {
	operator, key string
	values        []string
}

func (r *reader) statement(value any) statement {
	o := r.object(value, "a policy's statement", "Sid", "Effect", "Principal", "Action", "Resource", "Condition")
	s := statement{deny: o["Effect"] == "Deny", actions: r.texts(o["Action"]), resources: r.texts(o["Resource"])}
	if principal, ok := o["Principal"].(string); ok {
		s.anyone = principal == "*"
	} else {
		for kind, who := range r.object(o["Principal"], "Principal", "Service", "AWS") {
			if kind == "Service" {
				s.services = r.texts(who)
			} else {
				s.anyone = s.anyone || slices.Contains(r.texts(who), "*")
			}
		}
	}
	conditions, _ := o["Condition"].(cfn.Object)
	for _, operator := range slices.Sorted(maps.Keys(conditions)) {
		if !slices.Contains([]string{"StringEquals", "StringLike", "ArnEquals", "ArnLike", "Bool"}, operator) {
			r.fail("the condition operator %s is not known to the emulator", operator)
		}
		keys, _ := conditions[operator].(cfn.Object)
		for _, key := range slices.Sorted(maps.Keys(keys)) {
			s.conditions = append(s.conditions, condition{operator, strings.ToLower(key), r.texts(keys[key])})
		}
	}
	return s
}

// texts is a text, or a list of them.
func (r *reader) texts(value any) []string {
	if s, ok := value.(string); ok {
		return []string{s}
	}
	var all []string
	for _, v := range r.list(value) {
		all = append(all, r.text(v))
	}
	return all
}

// covers tells whether the statement speaks of what is asked.
func (s statement) covers(c caller, action, resource string) bool {
	if !s.anyone && (c.service == "" || !slices.Contains(s.services, c.service)) {
		return false
	}
	like := func(pattern string, fold bool) func(string) bool {
		return func(p string) bool { return wild(p, pattern, fold) }
	}
	if !slices.ContainsFunc(s.actions, like(action, true)) || !slices.ContainsFunc(s.resources, like(resource, false)) {
		return false
	}
	for _, c2 := range s.conditions {
		value, ok := c.context[c2.key]
		if !ok || !slices.ContainsFunc(c2.values, func(v string) bool {
			if c2.operator == "StringEquals" || c2.operator == "Bool" {
				return v == value
			}
			return wild(v, value, false)
		}) {
			return false
		}
	}
	return true
}

// allows is the decision of a policy: denied, else allowed, else denied.
func allows(all []statement, c caller, action, resource string) bool {
	allowed := false
	for _, s := range all {
		if !s.covers(c, action, resource) {
			continue
		}
		if s.deny {
			return false
		}
		allowed = true
	}
	return allowed
}

// wild tells whether a text matches a pattern with * and ?.
func wild(pattern, text string, fold bool) bool {
	expression := strings.NewReplacer(`\*`, ".*", `\?`, ".").Replace(regexp.QuoteMeta(pattern))
	if fold {
		expression = "(?i)" + expression
	}
	matched, err := regexp.MatchString("(?s)^"+expression+"$", text)
	return err == nil && matched
}
