package awsfake

import (
	"crypto/sha256"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

type createRequest struct {
	StackName, ChangeSetName, ChangeSetType, Description, ClientToken string
	TemplateBody, TemplateURL                                         *string
	UsePreviousTemplate                                               bool
	Parameters                                                        []parameter
	Capabilities                                                      []string
	Tags                                                              []tag
	RoleARN, OnStackFailure                                           string
	NotificationARNs, ResourceTypes                                   []string
	IncludeNestedStacks, ImportExistingResources                      bool
}

// canUpdate are the states from which a stack can be changed.
var canUpdate = []string{"CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", "IMPORT_COMPLETE", "IMPORT_ROLLBACK_COMPLETE"}

// cannotUpdate refuses the change of a stack in a state.
func (s *stack) cannotUpdate() error {
	if slices.Contains(canUpdate, s.status) || s.noRollback && (s.status == "UPDATE_FAILED" || s.status == "CREATE_FAILED") {
		return nil
	}
	return invalid("Stack:%s is in %s state and can not be updated.", s.id, s.status)
}

func createChangeSet(c *Cloud, q *call, in createRequest) (any, error) {
	q.resource = in.StackName
	kind := in.ChangeSetType
	if kind == "" {
		kind = "UPDATE"
	}
	if err := oneOf("changeSetType", kind, "CREATE", "UPDATE"); err != nil {
		return nil, err
	}
	if in.OnStackFailure != "" {
		if err := oneOf("onStackFailure", in.OnStackFailure, "DELETE", "DO_NOTHING", "ROLLBACK"); err != nil {
			return nil, err
		}
	}
	for _, capability := range in.Capabilities {
		if err := oneOf("capabilities", capability, "CAPABILITY_AUTO_EXPAND", "CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"); err != nil {
			return nil, err
		}
	}
	if !stackName.MatchString(in.ChangeSetName) {
		return nil, misunderstood(http.StatusBadRequest, "ValidationError", "1 validation error detected: Value '%s' at 'changeSetName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*", in.ChangeSetName)
	}
	s, err := c.stackOf(q, in.StackName)
	if err != nil && err.(*refusal).fault {
		return nil, err
	}
	switch {
	case kind == "CREATE" && strings.HasPrefix(in.StackName, "arn:"):
		return nil, misunderstood(http.StatusBadRequest, "ValidationError", "a stack that is not there yet has no ARN: %s", in.StackName)
	case kind == "CREATE" && s != nil && s.status != "REVIEW_IN_PROGRESS":
		return nil, invalid("Stack [%s] already exists and cannot be created again with the changeSet [%s].", in.StackName, in.ChangeSetName)
	case kind == "UPDATE" && (s == nil || s.gone()):
		return nil, invalid("Stack [%s] does not exist", in.StackName)
	case kind == "UPDATE":
		if err := s.cannotUpdate(); err != nil {
			return nil, err
		}
		if in.OnStackFailure == "DELETE" {
			return nil, invalid("OnStackFailure cannot be DELETE for change sets of type UPDATE")
		}
	}
	if i := s.indexOf(in.ChangeSetName); i >= 0 {
		if set := s.changeSets[i]; in.ClientToken != "" && set.clientToken == in.ClientToken {
			return struct{ Id, StackId string }{set.id, s.id}, nil // the same request once more
		}
		return nil, refuse(http.StatusBadRequest, "AlreadyExistsException", "ChangeSet %s already exists", in.ChangeSetName)
	}
	before := state{}
	if s != nil {
		before = s.state
	}
	t, err := c.templateOf(in, before)
	if err != nil {
		return nil, err
	}
	values, err := t.values(in.Parameters, before.parameters)
	if err != nil {
		return nil, err
	}
	for i, tag := range in.Tags {
		if tag.Key == "" || strings.HasPrefix(tag.Key, "aws:") || slices.ContainsFunc(in.Tags[:i], sameKey(tag.Key)) {
			return nil, invalid("Invalid tag key: %s", tag.Key)
		}
	}
	fresh := s == nil
	if fresh {
		s = &stack{name: in.StackName, region: q.region, created: c.now(), status: "REVIEW_IN_PROGRESS", reason: "User Initiated"}
		s.id = s.arn(c, "cloudformation", "stack/"+s.name+"/"+c.uuid())
	}
	set := &changeSet{name: in.ChangeSetName, kind: kind, description: in.Description, status: "CREATE_PENDING", execution: "UNAVAILABLE", made: c.now(), template: t, values: values,
		clientToken: in.ClientToken, tags: in.Tags, capabilities: in.Capabilities, role: in.RoleARN, onFailure: in.OnStackFailure}
	set.id = s.arn(c, "cloudformation", "changeSet/"+set.name+"/"+c.uuid())
	if set.role == "" {
		set.role = s.role
	}
	if in.Tags == nil { // those of before stay
		set.tags = before.tags
	}
	if err := c.compare(s, set); err != nil {
		return nil, err
	}
	if fresh {
		c.stacks = append(c.stacks, s)
		c.set(s, "REVIEW_IN_PROGRESS", "User Initiated")
	}
	s.changeSets = append(s.changeSets, set)
	return struct{ Id, StackId string }{set.id, s.id}, nil
}

// indexOf is the place of a change set by its name, -1 if there is none; s may be nil.
func (s *stack) indexOf(name string) int {
	if s == nil {
		return -1
	}
	return slices.IndexFunc(s.changeSets, func(o *changeSet) bool { return o.name == name })
}

// uuid is another one each time.
func (c *Cloud) uuid() string {
	h := fmt.Sprintf("%x", sha256.Sum256([]byte("uuid"+text(c.number()))))
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:32]
}

// templateOf is the template that a request names in one of three ways.
func (c *Cloud) templateOf(in createRequest, before state) (*template, error) {
	ways := 0
	for _, given := range []bool{in.TemplateBody != nil, in.TemplateURL != nil, in.UsePreviousTemplate} {
		if given {
			ways++
		}
	}
	switch {
	case ways != 1:
		return nil, invalid("Either Template URL or Template Body must be specified.")
	case in.UsePreviousTemplate && before.template == nil:
		return nil, invalid("UsePreviousTemplate cannot be true for a stack without a template")
	case in.UsePreviousTemplate:
		return before.template, nil
	case in.TemplateBody != nil && len(*in.TemplateBody) > maxInline:
		return nil, invalid("1 validation error detected: Value '…' at 'templateBody' failed to satisfy constraint: Member must have length less than or equal to 51200")
	case in.TemplateBody != nil:
		return readTemplate(*in.TemplateBody)
	}
	u, err := url.Parse(*in.TemplateURL)
	if err != nil || u.Scheme != "https" || !strings.HasSuffix(u.Host, ".amazonaws.com") || !strings.Contains(u.Host, "s3.") {
		return nil, invalid("TemplateURL must be a supported URL.")
	}
	name, key, _ := strings.Cut(u.Host, ".s3.")
	path := strings.TrimPrefix(u.Path, "/")
	if key == "" {
		name, path, _ = strings.Cut(path, "/")
	}
	b := c.buckets[name]
	if b == nil || b.foreign {
		return nil, invalid("S3 error: Access Denied\nFor more information check http://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html")
	}
	o, err := b.find(path, "")
	if err != nil {
		return nil, invalid("S3 error: The specified key does not exist.\nFor more information check http://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html")
	}
	return readTemplate(string(o.body))
}

// changeSet is one by its name or id.
func (s *stack) changeSet(name string) (*changeSet, error) {
	for _, set := range s.changeSets {
		if set.name == name || set.id == name {
			return set, nil
		}
	}
	if s.executed != nil && (s.executed.name == name || s.executed.id == name) {
		return s.executed, nil
	}
	return nil, refuse(http.StatusNotFound, "ChangeSetNotFound", "ChangeSet [%s] does not exist", name)
}

// executing brings the execution of the last change set up to the stack's status.
func (s *stack) executing() {
	switch {
	case s.executed == nil || s.inProgress():
	case s.status == "CREATE_COMPLETE" || s.status == "UPDATE_COMPLETE":
		s.executed.execution = "EXECUTE_COMPLETE"
	default:
		s.executed.execution = "EXECUTE_FAILED"
	}
}

// setOf finds a change set by its id, or by its name and stack.
func (c *Cloud) setOf(q *call, name, stackName string) (*stack, *changeSet, error) {
	if stackName == "" {
		q.resource = name
		for _, s := range c.stacks {
			if set, err := s.changeSet(name); err == nil && set.id == name && s.region == q.region {
				return s, set, nil
			}
		}
		if !strings.HasPrefix(name, "arn:") {
			return nil, nil, misunderstood(http.StatusBadRequest, "ValidationError", "StackName must be specified if ChangeSetName is not specified as an ARN.")
		}
		return nil, nil, refuse(http.StatusNotFound, "ChangeSetNotFound", "ChangeSet [%s] does not exist", name)
	}
	s, err := c.stackOf(q, stackName)
	if err != nil {
		if r := err.(*refusal); !r.fault {
			r.message = "Stack [" + stackName + "] does not exist"
		}
		return nil, nil, err
	}
	set, err := s.changeSet(name)
	return s, set, err
}

type setRequest struct {
	ChangeSetName, StackName, NextToken string
	IncludePropertyValues               bool
}

func describeChangeSet(c *Cloud, q *call, in setRequest) (any, error) {
	s, set, err := c.setOf(q, in.ChangeSetName, in.StackName)
	if err != nil {
		return nil, err
	}
	if in.NextToken == "" {
		defer set.step()
	}
	type change struct {
		Type           string
		ResourceChange resourceChange
	}
	var out struct {
		ChangeSetName, ChangeSetId, StackId, StackName string
		Description                                    string      `xml:",omitempty"`
		Parameters                                     []parameter `xml:"Parameters>member"`
		CreationTime, ExecutionStatus, Status          string
		StatusReason                                   string   `xml:",omitempty"`
		Capabilities                                   []string `xml:"Capabilities>member"`
		Tags                                           []tag    `xml:"Tags>member"`
		Changes                                        []change `xml:"Changes>member"`
		NextToken                                      string   `xml:",omitempty"`
		OnStackFailure                                 string   `xml:",omitempty"`
	}
	s.executing()
	out.ChangeSetName, out.ChangeSetId, out.StackId, out.StackName, out.Description = set.name, set.id, s.id, s.name, set.description
	out.Parameters, out.CreationTime, out.ExecutionStatus, out.Status, out.StatusReason = parameterList(set.template, set.values), stamp(set.made), set.execution, set.status, set.reason
	out.Capabilities, out.Tags, out.OnStackFailure = set.capabilities, set.tags, set.onFailure
	if set.status != "CREATE_COMPLETE" {
		return out, nil
	}
	var changes []resourceChange
	changes, out.NextToken, err = page(set.changes, in.NextToken, 10)
	for _, r := range changes {
		if !in.IncludePropertyValues {
			r.BeforeContext, r.AfterContext = "", ""
			r.Details = slices.Clone(r.Details)
			for i := range r.Details {
				t := &r.Details[i].Target
				t.Path, t.BeforeValue, t.AfterValue, t.AttributeChangeType = "", "", "", ""
			}
		}
		out.Changes = append(out.Changes, change{"Resource", r})
	}
	return out, err
}

func deleteChangeSet(c *Cloud, q *call, in struct{ ChangeSetName, StackName string }) (any, error) {
	s, set, err := c.setOf(q, in.ChangeSetName, in.StackName)
	if err != nil {
		if err.(*refusal).code == "ChangeSetNotFound" {
			return struct{}{}, nil // what is not there is deleted
		}
		return nil, err
	}
	if strings.HasPrefix(set.execution, "EXECUTE_") {
		return nil, refuse(http.StatusBadRequest, "InvalidChangeSetStatus", "ChangeSet [%s] cannot be deleted in its current execution status of [%s]", set.id, set.execution)
	}
	s.changeSets = slices.DeleteFunc(s.changeSets, func(o *changeSet) bool { return o == set })
	return struct{}{}, nil
}

func listChangeSets(c *Cloud, q *call, in stackRequest) (any, error) {
	s, err := c.stackOf(q, in.StackName)
	if err != nil {
		return nil, err
	}
	type summary struct {
		StackId, StackName, ChangeSetId, ChangeSetName, ExecutionStatus, Status, CreationTime string
		StatusReason, Description                                                             string `xml:",omitempty"`
	}
	var list []summary
	for _, set := range s.changeSets {
		list = append(list, summary{s.id, s.name, set.id, set.name, set.execution, set.status, stamp(set.made), set.reason, set.description})
	}
	var out struct {
		Summaries []summary `xml:"Summaries>member"`
		NextToken string    `xml:",omitempty"`
	}
	out.Summaries, out.NextToken, err = page(list, in.NextToken, 100)
	return out, err
}

func executeChangeSet(c *Cloud, q *call, in struct {
	ChangeSetName, StackName, ClientRequestToken string
	DisableRollback, RetainExceptOnCreate        bool
}) (any, error) {
	s, set, err := c.setOf(q, in.ChangeSetName, in.StackName)
	switch {
	case err != nil:
		return nil, err
	case set.status != "CREATE_COMPLETE":
		return nil, refuse(http.StatusBadRequest, "InvalidChangeSetStatus", "ChangeSet [%s] cannot be executed in its current status of [%s]", set.id, set.status)
	case set == s.executed && in.ClientRequestToken != "" && in.ClientRequestToken == s.token:
		return struct{}{}, nil // the same request once more
	case set.execution != "AVAILABLE":
		s.executing()
		return nil, refuse(http.StatusBadRequest, "InvalidChangeSetStatus", "ChangeSet [%s] cannot be executed in its current execution status of [%s]", set.id, set.execution)
	case in.DisableRollback && set.onFailure != "":
		return nil, invalid("Cannot specify DisableRollback when the change set has OnStackFailure")
	case s.status != "REVIEW_IN_PROGRESS":
		if err := s.cannotUpdate(); err != nil {
			return nil, err
		}
	}
	if in.DisableRollback {
		set.onFailure = "DO_NOTHING"
	}
	set.token, set.retainExceptOnCreate = in.ClientRequestToken, in.RetainExceptOnCreate
	if err := c.execute(s, set); err != nil {
		return nil, err
	}
	set.execution = "EXECUTE_IN_PROGRESS"
	s.changeSets, s.executed = nil, set // the others are out of date
	return struct{}{}, nil
}

func sameKey(key string) func(tag) bool { return func(t tag) bool { return t.Key == key } }
