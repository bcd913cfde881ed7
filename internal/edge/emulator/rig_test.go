package emulator

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"photofit/internal/cfn"
	"photofit/internal/stack"
)

var names = Names{Stack: "test", Region: "eu-west-1", Account: "123456789012"}

// asIs is an edge function that changes nothing.
const asIs = "function handler(event) { return event.request; }"

// evaluated is the real template with another edge function, and with pairs of texts
// replaced.
func evaluated(t testing.TB, code string, replaces ...string) *cfn.Stack {
	t.Helper()
	template, err := stack.Template(stack.Options{FunctionCode: code})
	if err != nil {
		t.Fatal(err)
	}
	text := string(template)
	for i := 0; i+1 < len(replaces); i += 2 {
		if strings.Count(text, replaces[i]) != 1 {
			t.Fatalf("%q is there %d times", replaces[i], strings.Count(text, replaces[i]))
		}
		text = strings.Replace(text, replaces[i], replaces[i+1], 1)
	}
	d, err := cfn.Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	s, err := cfn.Evaluate(d, cfn.Inputs{Parameters: map[string]string{"ArtifactBucket": "artifacts", "ArtifactKey": "key"}, Pseudo: names.Pseudo(), Attribute: names.Attribute})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// rig is an edge in front of two origins that answer as a test says.
type rig struct {
	*testing.T
	edge *Emulator
	at   time.Time

	mu      sync.Mutex
	answers map[string]func(*http.Request) *http.Response // by origin and path; nil: no connection
	asked   []string                                      // origin, method and path, and what was sent along
	reports []Report
}

func newRig(t *testing.T, code string, replaces ...string) *rig {
	t.Helper()
	g := &rig{T: t, at: time.Date(2026, 11, 26, 0, 0, 0, 0, time.UTC), answers: map[string]func(*http.Request) *http.Response{}}
	origin := func(id string) Origin {
		return func(r *http.Request, signed bool) (*http.Response, error) {
			line := id + " " + r.Method + " " + pathOf(r)
			if r.URL.RawQuery != "" {
				line += "?" + r.URL.RawQuery
			}
			// Nothing of the viewer's goes on, but for what belongs to the key.
			if !strings.HasPrefix(r.Host, "test-renditions.") && !strings.HasPrefix(r.Host, "renderurl.") || r.Header.Get("Cookie") != "" || r.Header.Get("User-Agent") != "Amazon CloudFront" {
				line += " with the viewer's headers"
			}
			if !signed {
				line += " unsigned"
			}
			if tag := r.Header.Get("If-None-Match"); tag != "" {
				line += " if not " + tag
			}
			g.mu.Lock()
			g.asked = append(g.asked, line)
			answer, ok := g.answers[id+" "+pathOf(r)]
			g.mu.Unlock()
			switch {
			case !ok && id == "renditions":
				return response(404, "application/xml", "NoSuchKey"), nil
			case !ok:
				return response(404, "text/plain", "not found"), nil
			case answer == nil:
				return nil, errors.New("connection refused")
			}
			return answer(r), nil
		}
	}
	var err error
	g.edge, err = New(Config{Stack: evaluated(t, code, replaces...), Names: names, Clock: func() time.Time { return g.at },
		Secure: func(r *http.Request) bool { return r.Header.Get("X-Plain") == "" }, Report: g.report,
		Origins: map[string]Origin{"renditions": origin("renditions"), "render": origin("render")}})
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func (g *rig) report(r Report) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.reports = append(g.reports, r)
}

// answer has an origin answer for a path: a status, headers in pairs and a body.
func (g *rig) answer(where string, status int, body string, headers ...string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.answers[where] = func(r *http.Request) *http.Response {
		a := response(status, "text/plain", body)
		for i := 0; i+1 < len(headers); i += 2 {
			a.Header.Set(headers[i], headers[i+1])
		}
		if tag := a.Header.Get("Etag"); tag != "" && r.Header.Get("If-None-Match") == tag {
			a.StatusCode, a.Body = http.StatusNotModified, http.NoBody
		}
		if r.Method == http.MethodHead {
			a.Body = http.NoBody
		}
		return a
	}
}

// ask asks the edge. Each pair of headers is a name and a value.
func (g *rig) ask(method, target string, headers ...string) *http.Response {
	r := httptest.NewRequest(method, "/", nil)
	r.RequestURI, r.Host = target, "ddistribution.cloudfront.net"
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	if host := r.Header.Get("Host"); host != "" {
		r.Host = host
	}
	w := httptest.NewRecorder()
	g.edge.ServeHTTP(w, r)
	return w.Result()
}

// want asks by GET, and checks status, X-Cache's first word and body.
func (g *rig) want(target string, status int, cache, body string, headers ...string) *http.Response {
	g.Helper()
	a := g.ask("GET", target, headers...)
	got, err := io.ReadAll(a.Body)
	if err != nil {
		g.Fatal(err)
	}
	if word, _, _ := strings.Cut(a.Header.Get("X-Cache"), " "); a.StatusCode != status || word != cache || body != "" && string(got) != body {
		g.Errorf("%s: %d, %s, %q; want %d, %s, %q", target, a.StatusCode, word, got, status, cache, body)
	}
	return a
}

// wantAsked checks what the origins were asked since the last call.
func (g *rig) wantAsked(want ...string) {
	g.Helper()
	g.mu.Lock()
	defer g.mu.Unlock()
	if strings.Join(g.asked, "; ") != strings.Join(want, "; ") {
		g.Errorf("asked %q, want %q", g.asked, want)
	}
	g.asked = nil
}
