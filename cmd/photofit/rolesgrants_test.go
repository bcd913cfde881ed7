//go:build !function

package main

import (
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"

	"photofit/internal/cfn"
	"photofit/internal/dev"
)

// theFunctions are those of the template, which have a role each.
var theFunctions = []string{"Render", "Purge"}

// lambdasOwn are actions that no function asks for: Lambda does, as its log and its
// event source, and S3 for an object that is encrypted by KMS.
var lambdasOwn = []string{"logs:CreateLogStream", "logs:PutLogEvents", "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "kms:Decrypt"}

// strangers are what no role may touch, by whatever action: what belongs to others,
// and what only looks as if it were the stack's.
var strangers = []string{
	"arn:aws:s3:::strangers", "arn:aws:s3:::strangers/a.jpg", "arn:aws:s3:::photofit-photos-2", "arn:aws:s3:::photofit-photos-2/album/a.jpg",
	"arn:aws:s3:::photofit-renditions-2", "arn:aws:s3:::photofit-renditions-2/r1/a.jpg/_w64.jpg",
	"arn:aws:sqs:us-east-1:123456789012:strangers", "arn:aws:sqs:us-east-1:123456789012:photofit-Failed",
	"arn:aws:cloudfront::123456789012:distribution/ESTRANGERS", "arn:aws:logs:us-east-1:123456789012:log-group:strangers:*",
	"arn:aws:kms:us-east-1:123456789012:key/strangers",
}

// grant is a statement of a role.
type grant struct{ actions, resources []string }

// allows tells whether IAM would allow that. In actions, case does not count.
func (g grant) allows(action, resource string) bool {
	return slices.ContainsFunc(g.actions, func(p string) bool { return wild(strings.ToLower(p), strings.ToLower(action)) }) &&
		slices.ContainsFunc(g.resources, func(p string) bool { return wild(p, resource) })
}

// wild tells whether a text matches a pattern with * and ?.
func wild(pattern, text string) bool {
	expression := strings.NewReplacer(`\*`, ".*", `\?`, ".").Replace(regexp.QuoteMeta(pattern))
	return regexp.MustCompile("(?s)^" + expression + "$").MatchString(text)
}

// texts is one text, or a list of them.
func texts(v any) (all []string) {
	list, ok := v.([]any)
	if !ok {
		return []string{fmt.Sprint(v)}
	}
	for _, one := range list {
		all = append(all, fmt.Sprint(one))
	}
	return all
}

// grantsOf are those of the role that a function has, and what of it cannot be
// judged here.
func grantsOf(made *cfn.Stack, function string) (grants []grant, faults []string) {
	fault := func(format string, args ...any) {
		faults = append(faults, function+": "+fmt.Sprintf(format, args...))
	}
	name := strings.TrimPrefix(path.Base(fmt.Sprint(made.Resources[function].Properties["Role"])), "photofit-")
	role := made.Resources[name]
	if role.Type != "AWS::IAM::Role" {
		fault("it has no role")
	}
	for key := range role.Properties {
		if key != "AssumeRolePolicyDocument" && key != "Policies" {
			fault("%s has %s", name, key)
		}
	}
	policies, _ := role.Properties["Policies"].([]any)
	for _, p := range policies {
		statements, _ := cfn.At(p, "PolicyDocument", "Statement").([]any)
		for _, s := range statements {
			s, _ := s.(cfn.Object)
			for key := range s {
				if !slices.Contains([]string{"Sid", "Effect", "Action", "Resource"}, key) {
					fault("a statement has %s", key)
				}
			}
			if s["Effect"] != "Allow" {
				fault("a statement has the effect %v", s["Effect"])
				continue
			}
			grants = append(grants, grant{texts(s["Action"]), texts(s["Resource"])})
		}
	}
	return grants, faults
}

// refused are what functions did and their roles do not allow, one of each action.
func refused(made *cfn.Stack, did []dev.Call) (faults []string) {
	for _, function := range theFunctions {
		grants, _ := grantsOf(made, function)
		found := map[string]string{}
		for _, c := range did {
			if c.Function == function && !slices.ContainsFunc(grants, func(g grant) bool { return g.allows(c.Action, c.Resource) }) {
				found[c.Action] = c.Resource
			}
		}
		for _, action := range slices.Sorted(maps.Keys(found)) {
			what := action // a request that is not known has no resource
			if found[action] != "" {
				what += " on " + found[action]
			}
			faults = append(faults, fmt.Sprintf("%s did %s, and may not", function, what))
		}
	}
	return faults
}

// roleFaults are where roles differ from what functions did: what they may not, and
// what they may and never did. Beyond is what they must not touch besides strangers.
func roleFaults(made *cfn.Stack, did []dev.Call, beyond ...string) []string {
	faults := refused(made, did)
	for name, r := range made.Resources {
		if strings.HasPrefix(r.Type, "AWS::IAM::") && r.Type != "AWS::IAM::Role" {
			faults = append(faults, name+" may grant something, too")
		}
	}
	for _, function := range theFunctions {
		grants, unclear := grantsOf(made, function)
		faults = append(faults, unclear...)
		calls := slices.DeleteFunc(slices.Clone(did), func(c dev.Call) bool { return c.Function != function })
		for _, g := range grants {
			for _, action := range g.actions {
				faults = append(faults, g.tooMuch(function, action, calls, beyond)...)
			}
		}
	}
	return faults
}

// tooMuch is what a grant of one action allows and nobody needs.
func (g grant) tooMuch(function, action string, calls []dev.Call, beyond []string) (faults []string) {
	if strings.ContainsAny(action, "*?") {
		return []string{fmt.Sprintf("%s may %s, which is more than one action", function, action)}
	}
	for _, resource := range g.resources {
		for _, s := range slices.Concat(strangers, beyond) {
			if wild(resource, s) {
				faults = append(faults, fmt.Sprintf("%s may %s on %s, which is %s, too", function, action, resource, s))
			}
		}
		only := grant{[]string{action}, []string{resource}}
		if !slices.Contains(lambdasOwn, action) && !slices.ContainsFunc(calls, func(c dev.Call) bool { return only.allows(c.Action, c.Resource) }) {
			faults = append(faults, fmt.Sprintf("%s may %s on %s, and never did", function, action, resource))
		}
	}
	return faults
}
