package awsfake

import (
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

func cloudFormationService() service {
	return service{name: queryName("2010-05-15"), refuse: refuseXML, operations: map[string]operation{
		"CreateChangeSet": query(createChangeSet), "DescribeChangeSet": query(describeChangeSet), "DeleteChangeSet": query(deleteChangeSet),
		"ListChangeSets": query(listChangeSets), "ExecuteChangeSet": query(executeChangeSet),
		"DescribeStacks": query(describeStacks), "ListStacks": query(listStacks), "DescribeStackEvents": query(describeEvents),
		"DescribeStackResource": query(describeResource), "DescribeStackResources": query(describeResources), "ListStackResources": query(listResources),
		"GetTemplate": query(getTemplate), "DeleteStack": query(deleteStack), "UpdateTerminationProtection": query(protect),
		"ContinueUpdateRollback": query(continueRollback), "RollbackStack": query(rollbackStack),
		"DetectStackDrift": query(detectDrift), "DescribeStackDriftDetectionStatus": query(driftStatus), "DescribeStackResourceDrifts": query(resourceDrifts),
	}}
}

var stackName = regexp.MustCompile(`^[a-zA-Z][-a-zA-Z0-9]{0,127}$`)

// stackOf is a stack by name or id.
func (c *Cloud) stackOf(q *call, name string) (*stack, error) {
	q.resource = name
	if name == "" {
		return nil, misunderstood(http.StatusBadRequest, "ValidationError", "1 validation error detected: Value null at 'stackName' failed to satisfy constraint: Member must not be null")
	}
	if !strings.HasPrefix(name, "arn:") && !stackName.MatchString(name) {
		return nil, misunderstood(http.StatusBadRequest, "ValidationError", "1 validation error detected: Value '%s' at 'stackName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*|arn:[-a-zA-Z0-9:/._+]*", name)
	}
	s := c.find(q.region, name)
	if s == nil {
		return nil, invalid("Stack with id %s does not exist", name)
	}
	return s, nil
}

// page is a part of a list, and the token of the next.
func page[T any](list []T, token string, size int) ([]T, string, error) {
	from := 0
	if token != "" {
		n, err := strconv.Atoi(strings.TrimPrefix(token, "from-"))
		if err != nil || n < 0 || n > len(list) {
			return nil, "", misunderstood(http.StatusBadRequest, "ValidationError", "NextToken %s is not valid", token)
		}
		from = n
	}
	if to := from + size; to < len(list) {
		return list[from:to], "from-" + strconv.Itoa(to), nil
	}
	return list[from:], "", nil
}

type stackAnswer struct {
	StackId, StackName          string
	ChangeSetId                 string      `xml:",omitempty"`
	Description                 string      `xml:",omitempty"`
	Parameters                  []parameter `xml:"Parameters>member"`
	CreationTime                string
	DeletionTime                string `xml:",omitempty"`
	LastUpdatedTime             string `xml:",omitempty"`
	StackStatus                 string
	StackStatusReason           string `xml:",omitempty"`
	DisableRollback             bool
	EnableTerminationProtection bool
	RoleARN                     string   `xml:",omitempty"`
	Capabilities                []string `xml:"Capabilities>member"`
	Outputs                     []output `xml:"Outputs>member"`
	Tags                        []tag    `xml:"Tags>member"`
	DriftInformation            struct {
		StackDriftStatus   string
		LastCheckTimestamp string `xml:",omitempty"`
	}
}

func (s *stack) answer() stackAnswer {
	a := stackAnswer{StackId: s.id, StackName: s.name, CreationTime: stamp(s.created), StackStatus: s.status, StackStatusReason: s.reason,
		DisableRollback: s.noRollback, EnableTerminationProtection: s.protected, RoleARN: s.role, Capabilities: s.capabilities, Outputs: s.outputs, Tags: s.tags,
		Parameters: parameterList(s.template, s.parameters)}
	a.DriftInformation.StackDriftStatus = "NOT_CHECKED"
	if s.drift != "" {
		a.DriftInformation.StackDriftStatus, a.DriftInformation.LastCheckTimestamp = s.drift, stamp(s.driftTime)
	}
	if !s.updated.IsZero() {
		a.LastUpdatedTime = stamp(s.updated)
	}
	if s.gone() {
		a.DeletionTime = stamp(s.deleted)
	}
	if s.template != nil {
		a.Description = text(s.template.root["Description"])
	}
	return a
}

// parameterList is a stack's parameters as they are shown.
func parameterList(t *template, values map[string]string) []parameter {
	var list []parameter
	for name, value := range values {
		if t != nil {
			if p, ok := t.parameters()[name].(map[string]any); ok && text(p["NoEcho"]) == "true" {
				value = "****"
			}
		}
		list = append(list, parameter{ParameterKey: name, ParameterValue: &value})
	}
	slices.SortFunc(list, func(a, b parameter) int { return strings.Compare(a.ParameterKey, b.ParameterKey) })
	return list
}

type stackRequest struct{ StackName, NextToken string }

func describeStacks(c *Cloud, q *call, in stackRequest) (any, error) {
	var out struct {
		Stacks    []stackAnswer `xml:"Stacks>member"`
		NextToken string        `xml:",omitempty"`
	}
	if in.StackName != "" {
		s, err := c.stackOf(q, in.StackName)
		if err != nil {
			return nil, err
		}
		c.asked(s)
		out.Stacks = append(out.Stacks, s.answer())
		return out, nil
	}
	var list []stackAnswer
	for _, s := range slices.Backward(c.stacks) {
		if s.region == q.region && !s.gone() {
			c.asked(s)
			list = append(list, s.answer())
		}
	}
	var err error
	out.Stacks, out.NextToken, err = page(list, in.NextToken, 100)
	return out, err
}

func listStacks(c *Cloud, q *call, in struct {
	NextToken         string
	StackStatusFilter []string
}) (any, error) {
	type summary struct {
		StackId, StackName, CreationTime, StackStatus string
		StackStatusReason, TemplateDescription        string `xml:",omitempty"`
	}
	var list []summary
	for _, s := range slices.Backward(c.stacks) {
		if s.region == q.region && (len(in.StackStatusFilter) == 0 || slices.Contains(in.StackStatusFilter, s.status)) {
			a := s.answer()
			list = append(list, summary{a.StackId, a.StackName, a.CreationTime, a.StackStatus, a.StackStatusReason, a.Description})
		}
	}
	var out struct {
		StackSummaries []summary `xml:"StackSummaries>member"`
		NextToken      string    `xml:",omitempty"`
	}
	var err error
	out.StackSummaries, out.NextToken, err = page(list, in.NextToken, 100)
	return out, err
}

func describeEvents(c *Cloud, q *call, in stackRequest) (any, error) {
	s, err := c.stackOf(q, in.StackName)
	if err != nil {
		if r := err.(*refusal); !r.fault {
			r.message = "Stack [" + in.StackName + "] does not exist"
		}
		return nil, err
	}
	if in.NextToken == "" {
		c.asked(s)
	}
	events := slices.Clone(s.events)
	slices.Reverse(events)
	var out struct {
		StackEvents []event `xml:"StackEvents>member"`
		NextToken   string  `xml:",omitempty"`
	}
	// The token names an event, so that new ones do not move what follows.
	if in.NextToken != "" {
		i := slices.IndexFunc(events, func(e event) bool { return e.EventId == in.NextToken })
		if i < 0 {
			return nil, misunderstood(http.StatusBadRequest, "ValidationError", "NextToken %s is not valid", in.NextToken)
		}
		events = events[i:]
	}
	if len(events) > 100 {
		out.NextToken = events[100].EventId
		events = events[:100]
	}
	out.StackEvents = events
	return out, nil
}

func getTemplate(c *Cloud, q *call, in struct{ StackName, ChangeSetName, TemplateStage string }) (any, error) {
	s, err := c.stackOf(q, in.StackName)
	if err != nil {
		return nil, err
	}
	t := s.template
	if in.ChangeSetName != "" {
		set, err := s.changeSet(in.ChangeSetName)
		if err != nil {
			return nil, err
		}
		t = set.template
	}
	if t == nil {
		return nil, invalid("Template for stack [%s] is not available", in.StackName)
	}
	return struct {
		TemplateBody    string
		StagesAvailable []string `xml:"StagesAvailable>member"`
	}{t.text, []string{"Original", "Processed"}}, nil
}

type resourceAnswer struct {
	StackName, StackId              string `xml:",omitempty"`
	LogicalResourceId, ResourceType string
	PhysicalResourceId              string `xml:",omitempty"`
	Timestamp, LastUpdatedTimestamp string `xml:",omitempty"`
	ResourceStatus                  string
	ResourceStatusReason            string `xml:",omitempty"`
	DriftInformation                struct{ StackResourceDriftStatus string }
}

func (s *stack) resourceList(summary bool) []resourceAnswer {
	var list []resourceAnswer
	for _, id := range s.order {
		r := s.resources[id]
		if r == nil {
			continue
		}
		a := resourceAnswer{LogicalResourceId: id, ResourceType: r.kind, PhysicalResourceId: r.physical, ResourceStatus: r.status, ResourceStatusReason: r.reason}
		a.DriftInformation.StackResourceDriftStatus = "NOT_CHECKED"
		if s.drift != "" {
			a.DriftInformation.StackResourceDriftStatus = driftOf(r.drifts)
		}
		if summary {
			a.LastUpdatedTimestamp = stamp(r.when)
		} else {
			a.StackName, a.StackId, a.Timestamp = s.name, s.id, stamp(r.when)
		}
		list = append(list, a)
	}
	return list
}

func describeResources(c *Cloud, q *call, in struct{ StackName, LogicalResourceId string }) (any, error) {
	s, err := c.stackOf(q, in.StackName)
	if err != nil {
		return nil, err
	}
	list := s.resourceList(false)
	if in.LogicalResourceId != "" {
		list = slices.DeleteFunc(list, func(a resourceAnswer) bool { return a.LogicalResourceId != in.LogicalResourceId })
	}
	if len(list) > 100 {
		list = list[:100]
	}
	return struct {
		StackResources []resourceAnswer `xml:"StackResources>member"`
	}{list}, nil
}

func describeResource(c *Cloud, q *call, in struct{ StackName, LogicalResourceId string }) (any, error) {
	s, err := c.stackOf(q, in.StackName)
	if err != nil {
		return nil, err
	}
	for _, a := range s.resourceList(true) {
		if a.LogicalResourceId == in.LogicalResourceId {
			a.StackName, a.StackId = s.name, s.id
			return struct{ StackResourceDetail resourceAnswer }{a}, nil
		}
	}
	return nil, invalid("Resource %s does not exist for stack %s", in.LogicalResourceId, s.name)
}

func listResources(c *Cloud, q *call, in stackRequest) (any, error) {
	s, err := c.stackOf(q, in.StackName)
	if err != nil {
		return nil, err
	}
	var out struct {
		StackResourceSummaries []resourceAnswer `xml:"StackResourceSummaries>member"`
		NextToken              string           `xml:",omitempty"`
	}
	out.StackResourceSummaries, out.NextToken, err = page(s.resourceList(true), in.NextToken, 100)
	return out, err
}
