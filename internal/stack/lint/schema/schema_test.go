package schema

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

// All of the extract can be used: each reference leads somewhere, each pattern is one of RE2's.
func TestExtract(t *testing.T) {
	if len(extract) > 300_000 {
		t.Errorf("it has %d bytes", len(extract))
	}
	e := Load()
	shapes, patterns := 0, 0
	var walk func(r *Resource, s *Shape, where string)
	walk = func(r *Resource, s *Shape, where string) {
		if s == nil {
			return
		}
		shapes++
		if s.Ref != "" && r.Resolve(s) == nil {
			t.Errorf("%s: %s leads nowhere", where, s.Ref)
		}
		if s.Pattern != "" {
			patterns++
			if _, err := regexp.Compile(s.Pattern); err != nil {
				t.Errorf("%s: %v", where, err)
			}
		}
		for _, name := range s.Required {
			if len(s.Props) > 0 && s.Props[name] == nil {
				t.Errorf("%s: %s is required and unknown", where, name)
			}
		}
		for name, p := range s.Props {
			walk(r, p, where+"."+name)
		}
		walk(r, s.Items, where+"[]")
		walk(r, s.Values, where+".*")
		for _, a := range s.Any {
			walk(r, a, where)
		}
	}
	resources := []*Resource{e.Distribution}
	for name, r := range e.Resources {
		if !e.Known(name) {
			t.Errorf("%s is not among the types", name)
		}
		resources = append(resources, r)
	}
	for _, r := range resources {
		walk(r, &r.Shape, "")
		for name, s := range r.Shapes {
			walk(r, s, name)
		}
	}
	types := 0
	for _, kinds := range e.Types {
		types += len(kinds)
	}
	t.Logf("%d types, %d with properties, %d shapes, %d patterns", types, len(e.Resources), shapes, patterns)
	if types < 1500 || len(e.Resources) < 50 || shapes < 1000 {
		t.Error("that is not all")
	}
}

// Facts that are known otherwise.
func TestFacts(t *testing.T) {
	e := Load()
	bucket := e.Resources["AWS::S3::Bucket"]
	if !slices.Contains(bucket.Attributes, "RegionalDomainName") || slices.Contains(bucket.Attributes, "BucketName") {
		t.Errorf("GetAtt of a bucket gives %q", bucket.Attributes)
	}
	if queue := e.Resources["AWS::SQS::Queue"]; !slices.Contains(queue.Attributes, "QueueName") {
		t.Errorf("GetAtt of a queue gives %q", queue.Attributes)
	}
	if got := strings.Join(e.Distribution.Required, " "); got != "CallerReference Comment DefaultCacheBehavior Enabled Origins" {
		t.Errorf("a DistributionConfig needs %s", got)
	}
	if !e.Known("AWS::WAFv2::WebACL") || e.Known("AWS::WAFv2::WebACLs") || e.Known("WAFv2") || e.Known("") {
		t.Error("which types there are is wrong")
	}
	s := &Shape{Pattern: "^a+$"}
	if !s.Fits("aa") || s.Fits("ab") || !(&Shape{}).Fits("ab") {
		t.Error("Fits does not go by the pattern")
	}
}
