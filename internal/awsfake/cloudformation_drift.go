package awsfake

import (
	"net/http"
	"slices"
)

// Drift is a property of a stack's resource that somebody has changed elsewhere.
type Drift struct {
	Resource         string // its logical id
	Path             string // "/Environment/Variables/PHOTOFIT_WARM"
	Expected, Actual string
	Deleted          bool // the whole resource is gone
}

// Drift has resources of a stack be found changed by the next detection. The stack and
// the resources must be there.
func (c *Cloud) Drift(region, stackName string, drifts ...Drift) {
	c.mu.Lock()
	defer c.mu.Unlock()
	s := c.find(region, stackName)
	for _, d := range drifts {
		r := s.resources[d.Resource]
		r.drifts = append(r.drifts, d)
	}
}

// driftCheck is a detection under way.
type driftCheck struct {
	id   string
	s    *stack
	done bool
}

func driftOf(drifts []Drift) string {
	switch {
	case len(drifts) == 0:
		return "IN_SYNC"
	case slices.ContainsFunc(drifts, func(d Drift) bool { return d.Deleted }):
		return "DELETED"
	}
	return "MODIFIED"
}

func detectDrift(c *Cloud, q *call, in struct {
	StackName          string
	LogicalResourceIds []string
}) (any, error) {
	s, err := c.stackOf(q, in.StackName)
	if err != nil {
		return nil, err
	}
	if s.inProgress() || s.status == "REVIEW_IN_PROGRESS" || s.gone() {
		return nil, invalid("Cannot detect drift on stack [%s] while in %s state", s.id, s.status)
	}
	for _, other := range c.drifts {
		if other.s == s && !other.done {
			return nil, invalid("Drift detection is already in progress for stack [%s]", s.id)
		}
	}
	check := &driftCheck{id: c.uuid(), s: s}
	c.drifts[check.id] = check
	return struct{ StackDriftDetectionId string }{check.id}, nil
}

func driftStatus(c *Cloud, _ *call, in struct{ StackDriftDetectionId string }) (any, error) {
	check := c.drifts[in.StackDriftDetectionId]
	if check == nil {
		return nil, invalid("Drift detection %s does not exist", in.StackDriftDetectionId)
	}
	out := struct {
		StackId, StackDriftDetectionId, DetectionStatus, Timestamp string
		StackDriftStatus                                           string `xml:",omitempty"`
		DriftedStackResourceCount                                  *int   `xml:",omitempty"`
	}{check.s.id, check.id, "DETECTION_IN_PROGRESS", stamp(c.now()), "", nil}
	if !check.done { // the next time it is
		check.done = true
		s := check.s
		s.drift, s.driftTime = "IN_SYNC", c.now()
		for id, r := range s.resources {
			if r.kind == "AWS::S3::Bucket" && c.buckets[r.physical] == nil && s.existing(id) != nil {
				r.drifts = []Drift{{Resource: id, Deleted: true}}
			}
			if len(r.drifts) > 0 {
				s.drift = "DRIFTED"
			}
		}
		return out, nil
	}
	count := 0
	for _, r := range check.s.resources {
		if len(r.drifts) > 0 {
			count++
		}
	}
	out.DetectionStatus, out.StackDriftStatus, out.DriftedStackResourceCount = "DETECTION_COMPLETE", check.s.drift, &count
	return out, nil
}

func resourceDrifts(c *Cloud, q *call, in struct {
	StackName, NextToken            string
	MaxResults                      int
	StackResourceDriftStatusFilters []string
}) (any, error) {
	s, err := c.stackOf(q, in.StackName)
	if err != nil {
		return nil, err
	}
	if in.MaxResults < 0 || in.MaxResults > 100 {
		return nil, misunderstood(http.StatusBadRequest, "ValidationError", "MaxResults %d", in.MaxResults)
	}
	type difference struct{ PropertyPath, ExpectedValue, ActualValue, DifferenceType string }
	type drifted struct {
		StackId, LogicalResourceId, PhysicalResourceId, ResourceType string
		PropertyDifferences                                          []difference `xml:"PropertyDifferences>member"`
		StackResourceDriftStatus, Timestamp                          string
	}
	var list []drifted
	for _, id := range s.order {
		r := s.resources[id]
		if r == nil || s.drift == "" {
			continue
		}
		d := drifted{s.id, id, r.physical, r.kind, nil, driftOf(r.drifts), stamp(s.driftTime)}
		if len(in.StackResourceDriftStatusFilters) > 0 && !slices.Contains(in.StackResourceDriftStatusFilters, d.StackResourceDriftStatus) {
			continue
		}
		for _, of := range r.drifts {
			if !of.Deleted {
				d.PropertyDifferences = append(d.PropertyDifferences, difference{of.Path, of.Expected, of.Actual, "NOT_EQUAL"})
			}
		}
		list = append(list, d)
	}
	size := in.MaxResults
	if size == 0 {
		size = 100
	}
	var out struct {
		StackResourceDrifts []drifted `xml:"StackResourceDrifts>member"`
		NextToken           string    `xml:",omitempty"`
	}
	out.StackResourceDrifts, out.NextToken, err = page(list, in.NextToken, size)
	return out, err
}
