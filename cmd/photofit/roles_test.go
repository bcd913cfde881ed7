//go:build !function

package main

import (
	"cmp"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"photofit/internal/dev"
)

// recording is what functions have asked of AWS. Its zero value is right.
type recording struct {
	mu   sync.Mutex
	all  map[dev.Call]bool
	once map[string]func() // by function and action
}

func (r *recording) add(c dev.Call) {
	r.mu.Lock()
	if r.all == nil {
		r.all = map[dev.Call]bool{}
	}
	r.all[c] = true
	do := r.once[c.Function+" "+c.Action]
	delete(r.once, c.Function+" "+c.Action)
	r.mu.Unlock()
	if do != nil {
		do()
	}
}

// next has something done when a function asks for that action the next time,
// before it is answered.
func (r *recording) next(function, action string, do func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.once == nil {
		r.once = map[string]func(){}
	}
	r.once[function+" "+action] = do
}

// calls are all, in order.
func (r *recording) calls() []dev.Call {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.SortedFunc(maps.Keys(r.all), func(a, b dev.Call) int {
		return cmp.Or(strings.Compare(a.Function, b.Function), strings.Compare(a.Action, b.Action), strings.Compare(a.Resource, b.Resource))
	})
}

// roleRun is a stack whose functions do all that they can. Photos lie in a folder
// of their bucket, "" or "album/".
type roleRun struct {
	name       string
	policy     policyFlags
	parameters map[string]string
	folder     string
	beyond     []string // what its roles must not touch, besides strangers

	template string
	did      []dev.Call
}

var roleRuns = []*roleRun{
	{name: "as it is", policy: policyFlags{Policy: "ladder", Originals: "private"}},
	{name: "without masters", policy: policyFlags{Policy: "ladder", Originals: "private"}, parameters: map[string]string{"Masters": "false"}},
	{name: "with all parameters", policy: policyFlags{Policy: "ladder", Originals: "public"}, folder: "album/",
		parameters: map[string]string{"PhotosBucketName": "photofit-photos", "PhotosPrefix": "album", "Warm": "64", "PhotosKeyArn": "arn:aws:kms:us-east-1:123456789012:key/own"},
		beyond:     []string{"arn:aws:s3:::photofit-photos/a.jpg", "arn:aws:s3:::photofit-photos/albums/a.jpg"}},
}

// TestRoles compares what the functions ask of AWS, from a photo's upload to its
// end, with what their roles allow: nothing is missing, and nothing is too much. To
// see that it can tell, it does the same with roles that are wrong.
func TestRoles(t *testing.T) {
	needsServer(t)
	for _, run := range roleRuns {
		t.Run(run.name, func(t *testing.T) {
			run.record(t)
			for _, fault := range run.faults(t, run.template) {
				t.Error(fault)
			}
			for _, m := range roleMistakes {
				if m.run == "" || m.run == run.name {
					t.Run(m.name, func(t *testing.T) { m.isFound(t, run) })
				}
			}
		})
	}
}

// faults are those of a template's roles, by what the functions did.
func (run *roleRun) faults(t *testing.T, template string) []string {
	t.Helper()
	made, err := dev.Evaluate([]byte(template), run.parameters)
	if err != nil {
		t.Fatal(err)
	}
	return roleFaults(made, run.did, run.beyond...)
}

// record has the functions do all that they can.
func (run *roleRun) record(t *testing.T) {
	t.Helper()
	const (
		name  = "trip 1/é+b.jpg"
		photo = "/trip%201/%C3%A9%2Bb.jpg"
	)
	_, template, err := run.policy.template()
	if err != nil {
		t.Fatal(err)
	}
	run.template = string(template)
	d, err := bringUp(t, run.template, func(c *dev.Config) { c.Parameters = run.parameters })
	if err != nil {
		t.Fatal(err)
	}
	inside := d.config.Inside
	put := func(width int) {
		t.Helper()
		if err := inside.PutPhoto(t.Context(), run.folder+name, dear(width, 1800)); err != nil {
			t.Error(err)
		}
	}
	ask := func(path string, want int) {
		t.Helper()
		a, err := d.config.Client.Get(d.config.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		if _ = whole(t, a); a.StatusCode != want {
			t.Errorf("%s: %s, want %d", path, a.Status, want)
		}
	}

	put(900) // makes a master and renditions ahead, if that is wanted
	ask(photo+"?w=64&fm=jpg", http.StatusOK)
	ask(photo+"?fm=json", http.StatusOK)
	ask(photo+"?w=64&fm=jpg", http.StatusOK)
	ask(photo+"?w=128&fm=jpg", http.StatusOK)
	ask("/missing.jpg?w=64", http.StatusNotFound)
	put(700)                                 // the first pass forgets several
	ask(photo+"?w=64&fm=jpg", http.StatusOK) // the second looks at one, and leaves it
	d.Settle()
	if run.policy.Originals == "public" {
		ask(photo+"?fm=original", http.StatusOK)
	}

	// The photo is replaced while it is rendered, so what was kept is withdrawn.
	withdrawn := make(chan struct{})
	d.calls.next("Render", "s3:PutObject", func() { put(500) })
	d.calls.next("Render", "s3:DeleteObject", func() { close(withdrawn) })
	ask(photo+"?w=128&fm=jpg", http.StatusOK)
	select {
	case <-withdrawn:
	case <-time.After(20 * time.Second):
		t.Fatal("the rendition of the photo as it was stays")
	}
	d.Settle()

	ask(photo+"?w=64&fm=jpg", http.StatusOK)
	if err := inside.DeletePhoto(t.Context(), run.folder+name); err != nil {
		t.Fatal(err)
	}
	d.Settle()
	ask(photo+"?w=64&fm=jpg", http.StatusNotFound)

	run.did = d.calls.calls()
	if t.Failed() {
		t.Logf("the functions said:\n%s", d.log)
	}
}
