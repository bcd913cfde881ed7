package web

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"photofit/internal/rendition"
)

var sample = regexp.MustCompile(`^([a-zA-Z_:][a-zA-Z0-9_:]*)(\{(?:[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\[\\"n])*",?)*\})? (\S+)$`)

// scrape reads the metrics page as Prometheus's text format (version 0.0.4)
// describes it.
func scrape(t *testing.T, g *rig) map[string]float64 {
	t.Helper()
	r := g.get("/-/metrics")
	if r.StatusCode != 200 || !strings.HasPrefix(r.Header.Get("Content-Type"), "text/plain; version=0.0.4") {
		t.Fatalf("%s, %v", r.Status, r.Header)
	}
	all, typed := map[string]float64{}, map[string]bool{}
	for line := range strings.Lines(bodyOf(t, r)) {
		line = strings.TrimSuffix(line, "\n")
		if rest, ok := strings.CutPrefix(line, "# TYPE "); ok {
			name, _, _ := strings.Cut(rest, " ")
			typed[name] = true
		}
		if strings.HasPrefix(line, "#") {
			continue
		}
		m := sample.FindStringSubmatch(line)
		if m == nil {
			t.Fatalf("not a sample: %s", line)
		}
		value, err := strconv.ParseFloat(m[3], 64)
		if err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		family := m[1]
		for _, suffix := range []string{"_bucket", "_sum", "_count"} {
			if short, ok := strings.CutSuffix(m[1], suffix); ok && typed[short] {
				family = short
			}
		}
		if !typed[family] {
			t.Errorf("no type for %s", m[1])
		}
		all[m[1]+m[2]] = value
	}
	return all
}

func TestMetrics(t *testing.T) {
	g := newRig(t, pictureOf(ten), func(_ *rendition.Config, c *Config) { c.Policy.OriginalsPublic = true })
	for _, target := range []string{"/a.jpg?w=800", "/a.jpg?w=800", "/a.jpg?w=800", "/a.jpg?fm=original", "/none.jpg", "/a.jpg?w=x", "/", "/-/health"} {
		g.get(target)
	}
	g.ask(http.MethodPost, "/a.jpg")
	got := scrape(t, g)
	want := map[string]float64{
		`photofit_requests_total{kind="picture",status="200"}`: 4,
		`photofit_requests_total{kind="picture",status="404"}`: 1,
		`photofit_requests_total{kind="picture",status="400"}`: 1,
		`photofit_requests_total{kind="page",status="404"}`:    1,
		`photofit_requests_total{kind="probe",status="200"}`:   1,
		`photofit_requests_total{kind="other",status="405"}`:   1,
		`photofit_answers_total{how="hit"}`:                    2,
		`photofit_answers_total{how="miss"}`:                   1,
		`photofit_answers_total{how="shared"}`:                 0,
		`photofit_answers_total{how="original"}`:               1,
		`photofit_request_seconds_count{how="hit"}`:            2,
		`photofit_request_seconds_count{how="miss"}`:           1,
		`photofit_stage_seconds_count{stage="queue"}`:          1,
		`photofit_stage_seconds_count{stage="fetch"}`:          1,
		`photofit_stage_seconds_count{stage="render"}`:         1,
		`photofit_stage_seconds_count{stage="store"}`:          1,
		`photofit_renders_under_way`:                           0,
		`photofit_renders_waiting`:                             0,
		`photofit_admitted_bytes`:                              0,
	}
	for name, value := range want {
		if v, ok := got[name]; !ok || v != value {
			t.Errorf("%s is %v (there: %t), want %v", name, v, ok, value)
		}
	}
	if bytes := got["photofit_response_bytes_total"]; bytes < 3*10+14 || bytes > 1000 {
		t.Errorf("%v bytes", bytes)
	}
	if got["go_goroutines"] <= 0 {
		t.Error("nothing is told of the process")
	}
	for name := range got {
		if strings.Contains(name, "lookup") {
			t.Errorf("%s is no stage of making", name)
		}
	}
	// Two handlers count apart.
	if other := scrape(t, newRig(t, pictureOf(ten), nil)); other[`photofit_answers_total{how="hit"}`] != 0 {
		t.Error("another handler shares the counters")
	}
}

// Metrics may be had where fewer come, and then nowhere else.
func TestMetricsElsewhere(t *testing.T) {
	g := newRig(t, pictureOf(ten), func(_ *rendition.Config, c *Config) { c.MetricsElsewhere = true })
	for _, target := range []string{"/-/metrics", "/-/metrics?x=1"} {
		if r := g.get(target); r.StatusCode != 404 || r.Header.Get("Photofit-Error") != "page-not-found" {
			t.Errorf("%s: %s, %v", target, r.Status, r.Header)
		}
	}
	if r := g.get("/a.jpg?w=800"); r.StatusCode != 200 {
		t.Fatal(r.Status)
	}
	g.log.lines(t)
	private := g.Metrics()
	ask := func(method, target string) *http.Response {
		w := httptest.NewRecorder()
		private.ServeHTTP(w, httptest.NewRequest(method, target, nil))
		return w.Result()
	}
	if r := ask("GET", "/-/metrics"); r.StatusCode != 200 || !strings.Contains(bodyOf(t, r), `photofit_answers_total{how="miss"} 1`) {
		t.Errorf("%s, %v", r.Status, r.Header)
	}
	for _, target := range []string{"/", "/a.jpg?w=800", "/-/health", "/-/metrics/"} {
		if r := ask("GET", target); r.StatusCode != 404 || r.Header.Get("Photofit-Error") != "page-not-found" {
			t.Errorf("the private address gives %s: %s, %v", target, r.Status, r.Header)
		}
	}
	if r := ask("POST", "/-/metrics"); r.StatusCode != 405 || r.Header.Get("Allow") != "GET, HEAD" {
		t.Errorf("POST: %s, %v", r.Status, r.Header)
	}
	if lines := g.log.lines(t); len(lines) != 0 {
		t.Errorf("the log has %v", lines)
	}
}
