package awsfake

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strings"
	"time"

	"photofit/internal/cfn"
)

// stack is one of CloudFormation's; a deleted one stays, to be found by its id.
type stack struct {
	id, name, region string
	status, reason   string
	created          time.Time
	updated, deleted time.Time
	state
	role       string
	token      string // of the operation under way or before
	protected  bool   // from deletion
	noRollback bool
	drift      string
	driftTime  time.Time
	events     []event // the oldest first
	changeSets []*changeSet
	executed   *changeSet // the last that was
	todo       []func()   // what goes on whenever somebody asks
	run        *run       // the operation under way, or that failed
}

// state is what an update changes, and its rollback brings back.
type state struct {
	template     *template
	parameters   map[string]string
	capabilities []string
	tags         []tag
	resources    map[string]*resource
	order        []string // in which they were made
	outputs      []output
}

// resource is one of a stack.
type resource struct {
	id, kind, stackName string
	salt                string // tells two of one logical id apart
	physical            string
	key                 string // in Cloud.named
	properties          cfn.Object
	attributes          map[string]string
	status, reason      string
	when                time.Time
	policy, replaced    string // DeletionPolicy, UpdateReplacePolicy
	drifts              []Drift
}

type output struct {
	OutputKey, OutputValue string
	Description            string `xml:",omitempty"`
}

// event is one of a stack's.
type event struct {
	StackId, EventId, StackName string
	LogicalResourceId           string
	PhysicalResourceId          string
	ResourceType                string
	Timestamp                   string
	ResourceStatus              string
	ResourceStatusReason        string `xml:",omitempty"`
	ResourceProperties          string `xml:",omitempty"`
	ClientRequestToken          string `xml:",omitempty"`
}

// clone is a state whose resources can change without the other's.
func (s state) clone() state {
	resources := map[string]*resource{}
	for id, r := range s.resources {
		resources[id] = r.clone()
	}
	s.resources, s.order = resources, slices.Clone(s.order)
	return s
}

func (r *resource) clone() *resource {
	made := *r
	made.attributes = maps.Clone(r.attributes)
	return &made
}

// ref is what Ref gives.
func (r *resource) ref() string { return r.physical }

// unique is n letters and digits that belong to the resource.
func (r *resource) unique(n int) string { return hash(r.salt, r.id)[:n] }

// hash is 40 letters and digits.
func hash(of ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(of, "\x00")))
	return fmt.Sprintf("%040s", new(big.Int).SetBytes(sum[:]).Text(36))[:40]
}

// inProgress tells whether something is under way.
func (s *stack) inProgress() bool {
	return strings.HasSuffix(s.status, "_IN_PROGRESS") && s.status != "REVIEW_IN_PROGRESS"
}

// gone tells whether it was deleted.
func (s *stack) gone() bool { return s.status == "DELETE_COMPLETE" }

// find is a stack by its id, or the one of a name that is not deleted; nil if there is
// none.
func (c *Cloud) find(region, name string) *stack {
	for _, s := range slices.Backward(c.stacks) {
		if s.region == region && (s.id == name || s.name == name && !s.gone()) {
			return s
		}
	}
	return nil
}

// asked has a stack go on.
func (c *Cloud) asked(s *stack) {
	for range max(c.Pace, 1) {
		for before := len(s.events); len(s.todo) > 0 && len(s.events) == before; {
			step := s.todo[0]
			s.todo = s.todo[1:]
			step()
		}
	}
}

// Finish has all that is under way come to its end at once.
func (c *Cloud) Finish() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, s := range c.stacks {
		for len(s.todo) > 0 {
			c.asked(s)
		}
	}
}

// set gives a stack another status, with its event.
func (c *Cloud) set(s *stack, status, reason string) {
	s.status, s.reason = status, reason
	s.events = append(s.events, event{s.id, fmt.Sprintf("event-%d", c.number()), s.name, s.name, s.id, "AWS::CloudFormation::Stack", stamp(c.now()), status, reason, "", s.token})
}

// tell gives a resource another status, with its event.
func (c *Cloud) tell(s *stack, r *resource, status, reason string) {
	r.status, r.reason, r.when = status, reason, c.now()
	properties, err := json.Marshal(r.properties)
	if err != nil {
		panic(err) // values of a template
	}
	s.events = append(s.events, event{s.id, fmt.Sprintf("%s-%s-%d", r.id, status, c.number()), s.name, r.id, r.physical, r.kind, stamp(r.when), status, reason, string(properties), s.token})
}

// pseudo are AWS::Region and the like for a stack.
func (c *Cloud) pseudo(s *stack) map[string]string {
	return map[string]string{"AWS::Region": s.region, "AWS::AccountId": c.Account, "AWS::Partition": partition(s.region),
		"AWS::StackName": s.name, "AWS::StackId": s.id, "AWS::URLSuffix": "amazonaws.com"}
}

// existing is a resource of a stack that is there.
func (s *stack) existing(id string) *resource {
	if r := s.resources[id]; r != nil && r.status != "DELETE_COMPLETE" {
		return r
	}
	return nil
}

// outputsOf are a template's outputs.
func outputsOf(e *evaluation) ([]output, error) {
	var list []output
	outputs, _ := e.template.root["Outputs"].(cfn.Object)
	for _, name := range slices.Sorted(maps.Keys(outputs)) {
		o, _ := outputs[name].(cfn.Object)
		if !e.has(o) {
			continue
		}
		value, err := e.value(o["Value"])
		if err != nil {
			return nil, err
		}
		list = append(list, output{name, text(value), text(o["Description"])})
	}
	return list, nil
}
