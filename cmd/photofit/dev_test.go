package main

import (
	"errors"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
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
}

func deploy(t *testing.T, template string) (*deployed, error) {
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
	c, log := &movedClock{}, &lockedBuffer{}
	s, err := dev.Start(t.Context(), dev.Config{Template: []byte(template), Zip: file, Photos: photos, Temp: t.TempDir(), Clock: c.now, Log: log})
	if err != nil {
		return nil, err
	}
	t.Cleanup(s.Close)
	secure, plain := httptest.NewUnstartedServer(s.Edge), httptest.NewServer(s.Edge)
	secure.EnableHTTP2 = true
	secure.StartTLS()
	t.Cleanup(secure.Close)
	t.Cleanup(plain.Close)
	return &deployed{s, check.Config{URL: secure.URL, PlainURL: plain.URL, Client: secure.Client(), Inside: s.Inside(), Sleep: c.sleep}, log}, nil
}

// run makes all checks, and gives those that did not pass, by name.
func (d *deployed) run(t *testing.T) map[string]check.Result {
	t.Helper()
	left := map[string]check.Result{}
	if err := check.Run(t.Context(), d.config, func(r check.Result) {
		t.Logf("%-8s %s: %s %s", r.Status, r.Name, r.Detail, r.Fix)
		if r.Status != check.OK {
			left[r.Name] = r
		}
	}); err != nil {
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
	d, err := deploy(t, newTemplate(t))
	if err != nil {
		t.Fatal(err)
	}
	d.config.Aliases = []string{strings.TrimPrefix(d.config.URL, "https://")}
	for name, r := range d.run(t) {
		t.Errorf("%s: %s: %s (%s)", r.Status, name, r.Detail, r.Fix)
	}
	// From outside alone, with a photo that is there.
	d.config.Inside, d.config.Photo, d.config.Sleep = nil, "a b.jpg", nil
	for name, r := range d.run(t) {
		if r.Status != check.Skipped || r.Detail == "" {
			t.Errorf("from outside: %s: %s: %s (%s)", r.Status, name, r.Detail, r.Fix)
		}
	}
	if t.Failed() {
		t.Logf("the functions said:\n%s", d.log)
	}
}

// mistakes are templates as people get them wrong, by what is replaced in the right
// one, and the checks that must say so. None: New of the emulator refuses it as
// CloudFront does, with these words.
var mistakes = []struct {
	name     string
	replaces []string // pairs of old and new
	red      string
	refused  string
}{
	{name: "no GetObject grant", replaces: []string{"            Action: s3:GetObject\n            Resource: !Sub \"${Renditions.Arn}/*\"\n            Condition", "            Action: s3:GetObjectAcl\n            Resource: !Sub \"${Renditions.Arn}/*\"\n            Condition"}, red: "the bucket answers for what is kept"},
	{name: "one grant of two", replaces: []string{"Action: lambda:InvokeFunction\n", "Action: lambda:GetFunction\n"}, red: "an unknown photo is a 404"},
}

// TestMistakes has each of the mistakes turn its check red.
func TestMistakes(t *testing.T) {
	needsServer(t)
	for _, m := range mistakes {
		t.Run(m.name, func(t *testing.T) {
			template := newTemplate(t)
			for pair := range slices.Chunk(m.replaces, 2) {
				if strings.Count(template, pair[0]) != 1 {
					t.Fatalf("%q is there %d times", pair[0], strings.Count(template, pair[0]))
				}
				template = strings.Replace(template, pair[0], pair[1], 1)
			}
			d, err := deploy(t, template)
			if m.refused != "" {
				if err == nil || !strings.Contains(err.Error(), m.refused) {
					t.Errorf("%v, want %s", err, m.refused)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if r := d.run(t)[m.red]; r.Status != check.Failed || r.Fix == "" {
				t.Errorf("%s: %s: %s", m.red, r.Status, r.Detail)
			}
		})
	}
}
