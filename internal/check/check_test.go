package check

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
)

// What an answer that should have been another is taken for.
func TestTrouble(t *testing.T) {
	for _, c := range []struct {
		status int
		body   string
		header [2]string
		want   string
	}{
		{403, `{"Message":"Forbidden. For troubleshooting Function URL authorization issues, see: x"}`, [2]string{"X-Cache", "Error from cloudfront"}, fixGrants},
		{403, "<Error><Code>AccessDenied</Code></Error>", [2]string{"X-Cache", "Error from cloudfront"}, fixBucket + " " + fixFailover},
		{404, "<Error><Code>NoSuchKey</Code></Error>", [2]string{"X-Cache", "Error from cloudfront"}, fixFailover},
		{400, "<Error><Code>KeyTooLongError</Code></Error>", [2]string{"X-Cache", "Error from cloudfront"}, fixFailover},
		{404, "<Error><Code>NoSuchBucket</Code></Error>", [2]string{"X-Cache", "Error from cloudfront"}, "regional domain name"},
		{503, "", [2]string{"X-Cache", "FunctionExecutionError from cloudfront"}, "edge function throws"},
		{504, "", [2]string{"X-Cache", "Error from cloudfront"}, fixTime},
		{503, "", [2]string{"X-Cache", "Error from cloudfront"}, fixTime},
		{413, "", [2]string{"X-Cache", "Error from cloudfront"}, fixMemory},
		{429, "", [2]string{"X-Cache", "Error from cloudfront"}, fixBusy},
		{502, "", [2]string{"X-Cache", "Error from cloudfront"}, fixStart},
		{502, "", [2]string{"Photofit-Error", "storage-unavailable"}, fixPhotos},
		{500, "", [2]string{"Photofit-Error", "photo-unreadable"}, fixPhotos},
		{403, "", [2]string{"X-Cache", "FunctionGeneratedResponse from cloudfront"}, fixPolicy},
		{200, "", [2]string{"X-Cache", "Hit from cloudfront"}, fixEdge},
	} {
		a := &answer{"GET /x", c.status, http.Header{c.header[0]: {c.header[1]}}, []byte(c.body), "HTTP/2.0"}
		var wrong *mistake
		if !errors.As(a.trouble("a picture"), &wrong) || !strings.Contains(wrong.fix, c.want) || !strings.HasPrefix(wrong.detail, fmt.Sprintf("GET /x: %d", c.status)) {
			t.Errorf("%d %s: %+v", c.status, c.body, wrong)
		}
	}
}

// insiders do nothing, and say what they were asked.
type insider struct {
	photos map[string]bool
	failed error
}

func (i *insider) PutPhoto(_ context.Context, key string, _ []byte) error {
	i.photos[key] = true
	return i.failed
}

func (i *insider) DeletePhoto(_ context.Context, key string) error {
	delete(i.photos, key)
	return i.failed
}
func (i *insider) Rendition(context.Context, string) (string, error) { return "", fs.ErrNotExist }
func (i *insider) Masters() bool                                     { return true }
func (i *insider) InvalidateTag(context.Context, string) error       { return nil }
func (i *insider) Invocations(context.Context) (int, bool)           { return 0, false }
func (i *insider) FunctionURL() string                               { return "http://127.0.0.1:1" }
func (i *insider) RenditionsURL() string                             { return "http://127.0.0.1:1" }

// What was put is taken away, however the run ends.
func TestCleanUp(t *testing.T) {
	nothing := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Cache", "Error from cloudfront")
		w.WriteHeader(http.StatusBadGateway)
	}))
	defer nothing.Close()
	inside := &insider{photos: map[string]bool{}}
	ctx, cancel := context.WithCancel(t.Context())
	results := map[string]Result{}
	err := Run(ctx, Config{URL: nothing.URL, Inside: inside}, func(r Result) {
		results[r.Name] = r
		if len(inside.photos) > 0 {
			cancel() // in the middle
		}
	})
	if !errors.Is(err, context.Canceled) || len(inside.photos) > 0 {
		t.Errorf("%v, %v is left", err, inside.photos)
	}
	if r := results["a photo is rendered"]; r.Status != Failed || r.Fix != fixStart {
		t.Errorf("%+v", r)
	}
	inside.failed = errors.New("refused")
	if err := Run(t.Context(), Config{URL: nothing.URL, Inside: inside}, func(r Result) { results[r.Name] = r }); err != nil {
		t.Fatal(err)
	}
	if r := results["what was put is taken away"]; r.Status != Failed || !strings.Contains(r.Fix, "photofit-check-") {
		t.Errorf("%+v", r)
	}
	if r := results["what was rendered is kept"]; r.Status != Skipped {
		t.Errorf("%+v", r)
	}
}

// Where it is not CloudFront that answers, nothing else is asked: each would have a reason
// of its own, and all would be wrong.
func TestElsewhere(t *testing.T) {
	for _, c := range []struct {
		header [2]string
		status int
		says   string
	}{
		{[2]string{"Server", "nginx"}, 404, "has no X-Cache"},
		{[2]string{"Location", "https://elsewhere.example/x"}, 301, "leads to https://elsewhere.example/x"},
	} {
		other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set(c.header[0], c.header[1])
			w.WriteHeader(c.status)
		}))
		var results []Result
		if err := Run(t.Context(), Config{URL: other.URL, Photo: "a.jpg"}, func(r Result) { results = append(results, r) }); err != nil {
			t.Fatal(err)
		}
		other.Close()
		if r := results[0]; r.Status != Failed || !strings.Contains(r.Detail, c.says) {
			t.Errorf("%+v", r)
		}
		for _, r := range results[1:] {
			if r.Status != Skipped {
				t.Errorf("%+v", r)
			}
		}
	}
}

// Each check is told of, with its reason, whatever cannot be asked.
func TestAllAreReported(t *testing.T) {
	nothing := httptest.NewServer(http.NotFoundHandler())
	nothing.Close()
	var names []string
	if err := Run(t.Context(), Config{URL: nothing.URL}, func(r Result) {
		names = append(names, r.Name)
		if r.Status == OK || r.Detail == "" || (r.Status == Failed) != (r.Fix != "") {
			t.Errorf("%+v", r)
		}
	}); err != nil {
		t.Fatal(err)
	}
	var want []string
	for _, c := range list {
		want = append(want, c.name)
	}
	if !slices.Equal(names, want) {
		t.Errorf("%q", names)
	}
}

func TestURL(t *testing.T) {
	for give, plain := range map[string]string{"https://a.example": "http://a.example", "https://a.example/": "http://a.example", "https://a.example:8443": "", "http://a.example": ""} {
		s, err := newSuite(Config{URL: give})
		if err != nil || s.PlainURL != plain {
			t.Errorf("%s: %+v, %v", give, s, err)
		}
	}
	for _, bad := range []string{"", "a.example", "ftp://a.example", "https://", "https://a.example/x", "https://a.example?x", "::"} {
		if _, err := newSuite(Config{URL: bad}); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}

// Requests go out as they are written.
func TestBytesOnTheWire(t *testing.T) {
	seen := map[string]bool{}
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { seen[r.RequestURI] = true }))
	defer server.Close()
	s, err := newSuite(Config{URL: server.URL})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]bool{}
	for _, path := range append(hostile(), "//", "/a?", "/a?b=%zz&c", "/?list-type=2") {
		if _, err := s.get(t.Context(), path); err != nil {
			t.Errorf("%q: %v", path, err)
		}
		want[path] = true
	}
	if !maps.Equal(seen, want) {
		t.Errorf("%q\nwant %q", slices.Sorted(maps.Keys(seen)), slices.Sorted(maps.Keys(want)))
	}
}
