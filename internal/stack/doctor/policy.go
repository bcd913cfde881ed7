package doctor

import (
	"encoding/json"
	"fmt"
	"strings"

	"photofit"
	"photofit/internal/stack/account"
)

// policy is a resource's policy: of a bucket, of a function.
type policy struct {
	Statement []statement
}

type statement struct {
	Effect    string
	Principal any
	Action    any
	Resource  any
	Condition map[string]map[string]any
}

// readPolicy reads one from its JSON.
func readPolicy(text string) (*policy, error) {
	var p policy
	if err := json.Unmarshal([]byte(text), &p); err != nil {
		return nil, fmt.Errorf("a policy cannot be read: %w", err)
	}
	return &p, nil
}

// grants tells whether a service may do something on a resource, for a source alone.
func (p *policy) grants(service, action, resource, source string) bool {
	for _, s := range p.Statement {
		if s.Effect == "Allow" && has(principals(s.Principal, "Service"), service) && has(list(s.Action), action) && has(list(s.Resource), resource) && has(s.sources(), source) {
			return true
		}
	}
	return false
}

// anybody tells whether anybody at all may do something.
func (p *policy) anybody(action string) bool {
	for _, s := range p.Statement {
		if s.Effect == "Allow" && has(list(s.Action), action) && len(s.Condition) == 0 && (s.Principal == "*" || has(principals(s.Principal, "AWS"), "*")) {
			return true
		}
	}
	return false
}

// sources are those that a statement is for: aws:SourceArn, in whatever case.
func (s statement) sources() (all []string) {
	for _, test := range s.Condition {
		for key, value := range test {
			if strings.EqualFold(key, "aws:SourceArn") {
				all = append(all, list(value)...)
			}
		}
	}
	return all
}

func principals(value any, kind string) []string {
	m, _ := value.(map[string]any)
	return list(m[kind])
}

// list is one text or several.
func list(value any) (all []string) {
	switch value := value.(type) {
	case string:
		return []string{value}
	case []any:
		for _, v := range value {
			if text, ok := v.(string); ok {
				all = append(all, text)
			}
		}
	}
	return all
}

func has(all []string, one string) bool {
	for _, s := range all {
		if s == one || s == "*" || strings.HasSuffix(s, ":*") && strings.HasPrefix(one, strings.TrimSuffix(s, "*")) {
			return true
		}
	}
	return false
}

// distributionArn is the ARN of the stack's distribution.
func (p *patient) distributionArn() string {
	return "arn:" + account.Partition(p.account.Region) + ":cloudfront::" + p.account.ID + ":distribution/" + p.stack.Outputs.DistributionID
}

// shelf is the prefix of what is in use in the renditions bucket.
func (p *patient) shelf() string { return fmt.Sprintf("r%d/", photofit.Shelf) }
