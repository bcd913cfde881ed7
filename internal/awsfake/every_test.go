package awsfake

import (
	"maps"
	"slices"
	"testing"
)

// TestEveryResourceFails has each resource of Photofit's template fail in turn, and nothing
// be left of the stack.
func TestEveryResourceFails(t *testing.T) {
	text := realTemplate(t, nil)
	template := must[*template](t)(readTemplate(text))
	parameters := map[string]string{"Email": "a@example.com", "MonthlyBudget": "5"}
	n := 0
	for _, id := range slices.Sorted(maps.Keys(template.resources)) {
		r := newRig(t, "eu-central-1")
		r.Pace = 1000
		r.AddBucket("artifacts", "eu-central-1")
		r.PutObject("artifacts", "a.zip", []byte("zip"))
		in := r.setInput("CREATE", "first", text, parameters)
		in.OnStackFailure = "DELETE"
		r.FailResource(id, "no reason")
		s := r.run(r.prepare(in))
		if s.StackStatus != "DELETE_COMPLETE" {
			t.Errorf("when %s fails, it is %s", id, s.StackStatus)
		}
		failed := slices.DeleteFunc(lines(r.history(*s.StackId)), func(line string) bool { return line != id+" CREATE_FAILED: no reason" })
		if len(failed) != 1 {
			t.Errorf("%s fails %d times", id, len(failed))
		}
		if buckets := r.Buckets(); len(buckets) != 1 {
			t.Errorf("when %s fails, there are the buckets %q", id, buckets)
		}
		r.mu.Lock()
		if left := len(r.named) + len(r.functions) + len(r.edgeFunctions) + len(r.distributions); left > 0 {
			t.Errorf("when %s fails, %d things are left: %v", id, left, r.named)
		}
		r.mu.Unlock()
		n++
	}
	if n < 28 {
		t.Errorf("%d resources", n)
	}
}

// TestAdopt makes the stack for a bucket that is there.
func TestAdopt(t *testing.T) {
	r := newRig(t, "eu-central-1")
	r.Pace = 1000
	for _, name := range []string{"artifacts", "mine"} {
		r.AddBucket(name, "eu-central-1")
	}
	r.PutObject("artifacts", "a.zip", []byte("zip"))
	text := realTemplate(t, nil)
	s := r.run(r.prepare(r.setInput("CREATE", "first", text, map[string]string{"PhotosBucketName": "mine", "PhotosPrefix": "album"})))
	if s.StackStatus != "CREATE_COMPLETE" || outputs(s)["PhotosBucket"] != "mine" || len(r.Buckets()) != 3 {
		t.Errorf("it is %s, %q", s.StackStatus, outputs(s))
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for name, f := range r.functions {
		if got := f.configuration()["Environment"].(map[string]any)["Variables"].(map[string]string)["PHOTOFIT_PHOTOS"]; got != "s3://mine/album" {
			t.Errorf("%s has %s", name, got)
		}
	}
}
