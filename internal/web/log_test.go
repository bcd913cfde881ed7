package web

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"photofit"
	"photofit/internal/rendition"
)

// Who sends 30 KB does not get 100 KB written.
func TestLongLine(t *testing.T) {
	g := newRig(t, pictureOf(ten), nil)
	g.ask("GET", "/"+strings.Repeat("%E4%B8%96", 3000))
	line := g.log.lines(t)[0]
	for name, start := range map[string]string{"url": "/%E4%B8%96%E4", "recipe": "/~E4~B8~96~E4"} {
		text := line[name].(string)
		if len(text) > longestText+len("…") || !strings.HasPrefix(text, start) || !strings.HasSuffix(text, "…") {
			t.Errorf("%s has %d bytes: %.20s", name, len(text), text)
		}
	}
}

func TestOneLinePerRequest(t *testing.T) {
	g := newRig(t, pictureOf(ten), nil)
	common := []string{"time", "level", "msg", "method", "url", "status", "bytes", "ms", "from"}
	picture := append(slices.Clone(common), "recipe", "cache")
	cases := []struct {
		method, target string
		level          string
		fields         []string // besides stages
		values         map[string]any
	}{
		{"GET", "/a.jpg?w=800&fm=webp", "INFO", picture, map[string]any{"status": 200.0, "bytes": 10.0, "cache": "miss", "recipe": "/a.jpg/_w800.webp", "url": "/a.jpg?w=800&fm=webp"}},
		{"GET", "/a.jpg?w=800&fm=webp", "INFO", picture, map[string]any{"cache": "hit"}},
		{"HEAD", "/a.jpg?w=800&fm=webp", "INFO", picture, map[string]any{"bytes": 0.0, "method": "HEAD"}},
		{"GET", "/none.jpg", "INFO", append(slices.Clone(common), "recipe", "code", "err"), map[string]any{"status": 404.0, "code": "photo-not-found"}},
		{"GET", "/a.jpg?w=x", "INFO", append(slices.Clone(common), "code", "err"), map[string]any{"status": 400.0}},
		{"POST", "/a.jpg", "INFO", append(slices.Clone(common), "code", "err"), map[string]any{"status": 405.0}},
		{"OPTIONS", "/a.jpg", "INFO", common, map[string]any{"status": 204.0}},
		{"GET", "/", "INFO", append(slices.Clone(common), "code", "err"), map[string]any{"status": 404.0}},
		{"GET", "/-/health", "DEBUG", common, map[string]any{"bytes": 3.0}},
		{"GET", "/-/metrics", "DEBUG", common, nil},
	}
	for _, c := range cases {
		g.ask(c.method, c.target)
		lines := g.log.lines(t)
		if len(lines) != 1 {
			t.Errorf("%s %s: %d lines", c.method, c.target, len(lines))
			continue
		}
		line := lines[0]
		if line["level"] != c.level || line["msg"] != "request" || line["from"] != "192.0.2.1:1234" {
			t.Errorf("%s %s: %v", c.method, c.target, line)
		}
		for name, want := range c.values {
			if line[name] != want {
				t.Errorf("%s %s: %s is %v, want %v", c.method, c.target, name, line[name], want)
			}
		}
		for name := range line {
			if !slices.Contains(c.fields, name) && !slices.Contains([]string{"lookup", "queue", "fetch", "render", "store"}, name) {
				t.Errorf("%s %s: there is a field %s", c.method, c.target, name)
			}
		}
		for _, name := range c.fields {
			if _, ok := line[name]; !ok {
				t.Errorf("%s %s: there is no field %s", c.method, c.target, name)
			}
		}
	}
}

// net/http drops what a page writes to a HEAD.
func TestBytesOfAHead(t *testing.T) {
	g := newRig(t, pictureOf(ten), func(_ *rendition.Config, c *Config) {
		c.Pages = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "page") })
	})
	for method, want := range map[string]float64{"GET": 4, "HEAD": 0} {
		g.ask(method, "/")
		if line := g.log.lines(t)[0]; line["bytes"] != want || line["status"] != 200.0 {
			t.Errorf("%s: the log has %v", method, line)
		}
	}
}

func TestLogOfARequestWithoutURI(t *testing.T) {
	g := newRig(t, pictureOf(ten), nil)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://x.lambda-url.example/a.jpg?w=800", nil)
	if err != nil {
		t.Fatal(err)
	}
	g.ServeHTTP(httptest.NewRecorder(), r)
	if lines := g.log.lines(t); len(lines) != 1 || lines[0]["url"] != "/a.jpg?w=800" || lines[0]["status"] != 200.0 {
		t.Errorf("the log has %v", lines)
	}
}

func TestLogIsOptional(t *testing.T) {
	g := newRig(t, pictureOf(ten), func(_ *rendition.Config, c *Config) { c.Log = nil })
	if r := g.get("/a.jpg"); r.StatusCode != 200 {
		t.Error(r.Status)
	}
	quiet := &logBuffer{}
	g = newRig(t, pictureOf(ten), func(_ *rendition.Config, c *Config) {
		c.Log = slog.New(slog.NewJSONHandler(quiet, nil))
	})
	g.get("/-/health")
	g.get("/-/ready")
	if lines := quiet.lines(t); len(lines) != 0 {
		t.Errorf("probes are logged: %v", lines)
	}
}

// In the log and in Server-Timing stand the same times, to the microsecond.
func TestTimes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newRig(t, func(ctx context.Context, p io.ReaderAt, size int64, r photofit.Recipe, a func(context.Context, int64) error) (rendition.Made, error) {
			time.Sleep(12345678)
			return pictureOf(ten)(ctx, p, size, r, a)
		}, nil)
		r := g.get("/a.jpg?w=800")
		if got, want := r.Header.Get("Server-Timing"), `cache;desc=miss, render;dur=12.345, store;desc="beside the answer"`; got != want {
			t.Errorf("Server-Timing is %s, want %s", got, want)
		}
		line := g.log.lines(t)[0]
		if line["render"] != 12.345 || line["ms"] != 12.345 {
			t.Errorf("the log has %v", line)
		}
		if _, ok := line["store"]; ok {
			t.Errorf("nothing took time but the render: %v", line)
		}
	})
}

// What was made from a photo's master is told of, in both.
func TestMadeFromTheMaster(t *testing.T) {
	g := newRig(t, pictureOf(ten), func(s *rendition.Config, _ *Config) {
		type admit = func(context.Context, int64) error
		s.Masters = &rendition.Masters{
			Elsewhere: true,
			Make: func(context.Context, io.ReaderAt, int64, admit) (rendition.Made, error) {
				return rendition.Made{Body: []byte("master"), Type: "image/jpeg"}, nil
			},
			From: func(context.Context, io.ReaderAt, int64, string, photofit.Recipe, admit) (rendition.Made, bool, error) {
				return rendition.Made{Body: []byte(ten), Type: "image/webp"}, true, nil
			},
		}
	})
	for _, c := range []struct {
		target string
		source any
	}{{"/a.jpg?w=800", nil}, {"/a.jpg?w=640", "master"}, {"/a.jpg?w=640", nil}} {
		r := g.get(c.target)
		line := g.log.lines(t)[0]
		if line["source"] != c.source || strings.Contains(r.Header.Get("Server-Timing"), ";desc=master") != (c.source != nil) {
			t.Errorf("%s: %s, the log has %v", c.target, r.Header.Get("Server-Timing"), line)
		}
		if err := g.Service.Master(t.Context(), "a.jpg"); err != nil {
			t.Fatal(err)
		}
	}
}

func TestServerTiming(t *testing.T) {
	all := rendition.Timing{Lookup: 1500 * time.Microsecond, Queue: time.Second, Fetch: time.Millisecond, Render: time.Minute, Store: time.Hour}
	cases := []struct {
		how    rendition.How
		timing rendition.Timing
		master bool
		want   []string
	}{
		{rendition.Hit, rendition.Timing{Lookup: 42 * time.Microsecond}, false, []string{"cache;desc=hit", "lookup;dur=0.042"}},
		{rendition.Original, rendition.Timing{}, false, []string{"cache;desc=original"}},
		{rendition.Shared, rendition.Timing{Render: time.Millisecond}, false, []string{"cache;desc=shared", "render;dur=1.000", `store;desc="beside the answer"`}},
		{rendition.Miss, rendition.Timing{Fetch: time.Millisecond, Render: time.Millisecond}, true, []string{"cache;desc=miss", "fetch;dur=1.000", "render;dur=1.000;desc=master", `store;desc="beside the answer"`}},
	}
	for _, c := range cases {
		if got, want := serverTiming(c.how, c.timing, c.master), strings.Join(c.want, ", "); got != want {
			t.Errorf("%s: %s, want %s", c.how, got, want)
		}
	}
	all.Store = 0 // it isn't known while the header is written
	want := fmt.Sprint([]string{"cache;desc=miss", "lookup;dur=1.500", "queue;dur=1000.000", "fetch;dur=1.000", "render;dur=60000.000", `store;desc="beside the answer"`})
	if got := fmt.Sprint(strings.Split(serverTiming(rendition.Miss, all, false), ", ")); got != want {
		t.Errorf("miss: %s, want %s", got, want)
	}
}
