//go:build !function

package main

import (
	"context"
	"errors"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"photofit"
	"photofit/internal/check"
	"photofit/internal/dev"
	"photofit/internal/edge"
	"photofit/internal/imgtest"
	"photofit/internal/stack"
	"photofit/internal/store"
	"photofit/internal/store/s3/gateway"
)

// newTemplate is the one that would be deployed.
func newTemplate(t testing.TB) string {
	t.Helper()
	code, err := edge.Function(photofit.DefaultPolicy())
	if err != nil {
		t.Fatal(err)
	}
	template, err := stack.Template(stack.Options{FunctionCode: code})
	if err != nil {
		t.Fatal(err)
	}
	return string(template)
}

// deployed is a template at work on this machine, with the real zip.
type deployed struct {
	*dev.Stack
	config check.Config
	log    *lockedBuffer
	calls  *recording
}

func bringUp(t *testing.T, template string, change ...func(*dev.Config)) (*deployed, error) {
	t.Helper()
	file, err := functionZip()
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "a b.jpg"), imgtest.JPEG(imgtest.OrientationChart(900, 600), 90), 0o644); err != nil {
		t.Fatal(err)
	}
	photos, err := store.OpenFolder(folder)
	if err != nil {
		t.Fatal(err)
	}
	c, log, calls := &movedClock{}, &lockedBuffer{}, &recording{}
	config := dev.Config{Template: []byte(template), Zip: file, Photos: photos, Temp: t.TempDir(), Clock: c.now, Log: log, Calls: calls.add}
	for _, one := range change {
		one(&config)
	}
	s, err := dev.Start(t.Context(), config)
	if err != nil {
		return nil, err
	}
	t.Cleanup(s.Close)
	secure, plain := httptest.NewUnstartedServer(s.Edge), httptest.NewServer(s.Edge)
	secure.EnableHTTP2 = true
	secure.StartTLS()
	t.Cleanup(secure.Close)
	t.Cleanup(plain.Close)
	return &deployed{s, check.Config{URL: secure.URL, PlainURL: plain.URL, Client: secure.Client(), Inside: s.Inside(), Sleep: c.sleep}, log, calls}, nil
}

// run makes all checks, up to the one of that name if there is one, and gives those
// that did not pass, by name.
func (d *deployed) run(t *testing.T, last string) map[string]check.Result {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	left := map[string]check.Result{}
	err := check.Run(ctx, d.config, func(r check.Result) {
		t.Logf("%-8s %s: %s %s", r.Status, r.Name, r.Detail, r.Fix)
		if r.Status != check.OK {
			left[r.Name] = r
		}
		if r.Name == last {
			stop()
		}
	})
	if err != nil && ctx.Err() == nil {
		t.Fatal(err)
	}
	return left
}

func needsServer(t *testing.T) {
	t.Helper()
	unpacked(t) // skips where the function cannot run
	if err := gateway.Installed(); errors.Is(err, gateway.ErrMissing) && os.Getenv("CI") != "" {
		t.Fatal(err)
	} else if err != nil {
		t.Logf("no real S3 server: %v", err)
	}
}

// TestContract runs the contract against what would be deployed: the template, the
// edge function, the zip, an S3 server.
func TestContract(t *testing.T) {
	needsServer(t)
	d, err := bringUp(t, newTemplate(t))
	if err != nil {
		t.Fatal(err)
	}
	d.config.Aliases = []string{strings.TrimPrefix(d.config.URL, "https://")}
	for name, r := range d.run(t, "") {
		t.Errorf("%s: %s: %s (%s)", r.Status, name, r.Detail, r.Fix)
	}
	made, err := dev.Evaluate([]byte(newTemplate(t)), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, fault := range refused(made, d.calls.calls()) { // by AWS: here, functions may do anything
		t.Error(fault)
	}
	// From outside alone, with a photo that is there.
	d.config.Inside, d.config.Photo, d.config.Sleep = nil, "a b.jpg", nil
	for name, r := range d.run(t, "") {
		if r.Status != check.Skipped || r.Detail == "" {
			t.Errorf("from outside: %s: %s: %s (%s)", r.Status, name, r.Detail, r.Fix)
		}
	}
	if t.Failed() {
		t.Logf("the functions said:\n%s", d.log)
	}
}

// TestContractWithoutServer is the contract where no S3 server is installed.
func TestContractWithoutServer(t *testing.T) {
	unpacked(t) // skips where the function cannot run
	d, err := bringUp(t, newTemplate(t), func(c *dev.Config) { c.Front = true })
	if err != nil {
		t.Fatal(err)
	}
	for name, r := range d.run(t, "") {
		if r.Status == check.Failed {
			t.Errorf("%s: %s (%s)", name, r.Detail, r.Fix)
		}
	}
}
