package awsfake

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"time"

	"photofit/internal/cfn"
)

// changeSet is one of a stack's.
type changeSet struct {
	id, name, kind       string
	description          string
	status, reason       string // CREATE_PENDING …
	execution            string // UNAVAILABLE …
	made                 time.Time
	template             *template
	values               map[string]string
	tags                 []tag
	capabilities         []string
	role                 string
	onFailure            string
	retainExceptOnCreate bool
	token                string
	clientToken          string // of the request that made it
	changes              []resourceChange
	empty                bool // nothing would change
}

// step has a change set go on, as it is asked about.
func (set *changeSet) step() {
	switch {
	case set.status == "CREATE_PENDING":
		set.status = "CREATE_IN_PROGRESS"
	case set.status == "CREATE_IN_PROGRESS" && set.empty:
		set.status, set.reason = "FAILED", "The submitted information didn't contain changes. Submit different information to create a change set."
	case set.status == "CREATE_IN_PROGRESS":
		set.status, set.execution = "CREATE_COMPLETE", "AVAILABLE"
	}
}

// resourceChange is one of a change set's.
type resourceChange struct {
	PolicyAction       string `xml:",omitempty"`
	Action             string
	LogicalResourceId  string
	PhysicalResourceId string `xml:",omitempty"`
	ResourceType       string
	Replacement        string         `xml:",omitempty"`
	Scope              []string       `xml:"Scope>member"`
	Details            []changeDetail `xml:"Details>member"`
	BeforeContext      string         `xml:",omitempty"`
	AfterContext       string         `xml:",omitempty"`
}

type changeDetail struct {
	Target        changeTarget
	Evaluation    string
	ChangeSource  string
	CausingEntity string `xml:",omitempty"`
}

type changeTarget struct {
	Attribute           string
	Name                string `xml:",omitempty"`
	RequiresRecreation  string
	Path                string `xml:",omitempty"`
	BeforeValue         string `xml:",omitempty"`
	AfterValue          string `xml:",omitempty"`
	AttributeChangeType string `xml:",omitempty"`
}

// comparison finds the changes of a change set.
type comparison struct {
	s        *stack
	set      *changeSet
	e        *evaluation
	replaced map[string]string // by logical id: True, Conditional
	changed  map[string]bool   // parameters
}

// compare fills in the changes of a change set.
func (c *Cloud) compare(s *stack, set *changeSet) error {
	k := &comparison{s: s, set: set, replaced: map[string]string{}, changed: map[string]bool{}}
	e, err := newEvaluation(set.template, c.pseudo(s), set.values, func(id string) *resource {
		if k.replaced[id] == "True" {
			return nil
		}
		return s.existing(id)
	})
	if err != nil {
		return err
	}
	k.e = e
	if err := e.rules(); err != nil {
		return err
	}
	there := e.there()
	if needed := set.template.capability(there); needed != "" && !slices.Contains(set.capabilities, needed) && !slices.Contains(set.capabilities, "CAPABILITY_NAMED_IAM") {
		return refuse(400, "InsufficientCapabilitiesException", "Requires capabilities : [%s]", needed)
	}
	for name := range set.values {
		before, had := s.parameters[name]
		k.changed[name] = !had || before != set.values[name]
	}
	levels, err := set.template.levels(there)
	if err != nil {
		return err
	}
	for _, id := range slices.Concat(levels...) {
		if err := k.resource(id); err != nil {
			return err
		}
	}
	for _, id := range slices.Backward(s.order) {
		if r := s.existing(id); r != nil && !there[id] {
			action := "Delete"
			if r.policy == "Retain" || r.policy == "RetainExceptOnCreate" {
				action = "Retain"
			}
			set.changes = append(set.changes, resourceChange{PolicyAction: action, Action: "Remove", LogicalResourceId: id, PhysicalResourceId: r.physical, ResourceType: r.kind, BeforeContext: shown(r.properties)})
		}
	}
	outputs, err := outputsOf(e)
	if err != nil {
		return err
	}
	set.empty = len(set.changes) == 0 && slices.Equal(outputs, s.outputs)
	return nil
}

// resource compares one.
func (k *comparison) resource(id string) error {
	raw := k.set.template.resources[id]
	properties, err := k.e.value(raw["Properties"])
	if err != nil {
		return err
	}
	now, _ := properties.(cfn.Object)
	change := resourceChange{Action: "Add", LogicalResourceId: id, ResourceType: text(raw["Type"]), AfterContext: shown(now)}
	then := k.s.existing(id)
	if then == nil {
		k.set.changes = append(k.set.changes, change)
		return nil
	}
	change.Action, change.PhysicalResourceId, change.Replacement, change.BeforeContext = "Modify", then.physical, "False", shown(then.properties)
	if then.kind != change.ResourceType {
		change.Replacement = "True"
	}
	kind := kinds[change.ResourceType]
	for _, name := range slices.Sorted(maps.Keys(union(then.properties, now))) {
		if same(then.properties[name], now[name]) {
			continue
		}
		change.Details = append(change.Details, k.details(id, name, then.properties[name], now[name], &change, kind)...)
	}
	if len(change.Details) > 0 {
		change.Scope = append(change.Scope, "Properties")
	}
	if _, tagged := kind.property("Tags"); tagged && !slices.Equal(k.set.tags, k.s.tags) {
		change.Scope = append(change.Scope, "Tags")
		change.Details = append(change.Details, changeDetail{changeTarget{Attribute: "Tags", RequiresRecreation: "Never"}, "Static", "DirectModification", ""})
	}
	for attribute, before := range map[string]string{"DeletionPolicy": then.policy, "UpdateReplacePolicy": then.replaced} {
		if text(raw[attribute]) != before {
			change.Scope = append(change.Scope, attribute)
			change.Details = append(change.Details, changeDetail{changeTarget{Attribute: attribute, RequiresRecreation: "Never"}, "Static", "DirectModification", ""})
		}
	}
	if change.Replacement == "True" {
		change.PolicyAction = "ReplaceAndDelete"
		if then.replaced == "Retain" {
			change.PolicyAction = "ReplaceAndRetain"
		}
	}
	if change.Replacement != "False" {
		k.replaced[id] = change.Replacement
	}
	if len(change.Details) > 0 || change.Replacement == "True" {
		k.set.changes = append(k.set.changes, change)
	}
	return nil
}

// details are why a property changes: the parameters, resources or words behind it.
func (k *comparison) details(id, name string, before, after any, change *resourceChange, kind kind) []changeDetail {
	target := changeTarget{Attribute: "Properties", Name: name, RequiresRecreation: "Never", Path: "/Properties/" + name, BeforeValue: shown(before), AfterValue: shown(after), AttributeChangeType: "Modify"}
	switch {
	case before == nil:
		target.AttributeChangeType = "Add"
	case after == nil:
		target.AttributeChangeType = "Remove"
	}
	evaluation := "Static"
	if pending(after) {
		evaluation = "Dynamic"
	}
	if kind.replaces(name) {
		target.RequiresRecreation = "Always"
		if evaluation == "Static" {
			change.Replacement = "True"
		} else if change.Replacement != "True" {
			change.Replacement = "Conditional"
		}
	}
	written := cfn.At(k.set.template.resources[id], "Properties", name)
	var list []changeDetail
	for _, parameter := range k.parameters(written) {
		list = append(list, changeDetail{target, "Static", "ParameterReference", parameter})
	}
	direct := k.s.template == nil || !reflect.DeepEqual(written, cfn.At(k.s.template.resources[id], "Properties", name))
	switch {
	case direct:
		list = append(list, changeDetail{target, evaluation, "DirectModification", ""})
	case len(list) > 0:
		list = append(list, changeDetail{target, "Dynamic", "DirectModification", ""}) // as CloudFormation has it
	default:
		cfn.References(written, func(other, attribute string) {
			if k.replaced[other] == "" && k.s.existing(other) != nil {
				return
			}
			source := "ResourceReference"
			if attribute != "" {
				source, other = "ResourceAttribute", other+"."+attribute
			}
			list = append(list, changeDetail{target, "Dynamic", source, other})
		}, nil)
	}
	return list
}

// parameters are those changed that a value depends on, by name or by a condition.
func (k *comparison) parameters(written any) []string {
	found, seen := map[string]bool{}, map[string]bool{}
	var look func(any)
	look = func(value any) {
		cfn.References(value, func(name, attribute string) {
			if attribute == "" && k.changed[name] {
				found[name] = true
			}
		}, func(condition string) {
			if !seen[condition] {
				seen[condition] = true
				look(cfn.At(k.set.template.root, "Conditions", condition))
			}
		})
	}
	look(written)
	return slices.Sorted(maps.Keys(found))
}

// shown is a value as a change set shows it.
func shown(value any) string {
	if value == nil {
		return ""
	}
	if s, ok := value.(string); ok {
		return s
	}
	body, err := json.Marshal(value)
	if err != nil {
		panic(err) // values of a template
	}
	return string(body)
}
