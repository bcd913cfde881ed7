package web

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"photofit"
	"photofit/internal/rendition"
	"photofit/internal/store"
)

func fault(kind error) error {
	return fmt.Errorf("render: %w", &photofit.Fault{Kind: kind, Code: "the-code", Text: "What to do.", Cause: errors.New("secret cause")})
}

// Every row of the table, all the way through the handler.
func TestErrors(t *testing.T) {
	path := &fs.PathError{Op: "open", Path: "/home/me/secret/a.jpg", Err: errors.New("secret fault")}
	wrap := func(err error) error { return fmt.Errorf("read /home/me/secret: %w", err) }
	const noStore, none = "no-store", 0
	cases := []struct {
		name   string
		target string
		err    error // of the render
		status int
		code   string
		text   string // empty: whatever Resolve says
		cache  string
		retry  int
	}{
		{"parameter", "/a.jpg?w=wide", nil, 400, "bad-parameter", "", noStore, none},
		{"percent", "/a%zz.jpg", nil, 400, "bad-path", "", noStore, none},
		{"unsupported", "/a.jpg?rot=90", nil, 400, "unsupported-parameter", "", noStore, none},
		{"mixed", "/a.jpg/_w800.webp?w=400", nil, 400, "mixed-forms", "", noStore, none},
		{"reserved", "/a.jpg?cs=srgb", nil, 400, "reserved-parameter", "", noStore, none},
		{"private", "/a.jpg?fm=original", nil, 403, "originals-private", "", noStore, none},
		{"no photo", "/b.jpg?w=800", nil, 404, "photo-not-found", "There is no such photo: check its name, capitals included.", "public, max-age=10", none},
		{"gone meanwhile", "/a.jpg?w=800", wrap(fs.ErrNotExist), 404, "photo-not-found", "There is no such photo: check its name, capitals included.", "public, max-age=10", none},
		{"too large", "/a.jpg?w=800", fault(photofit.ErrTooLarge), 413, "the-code", "What to do.", noStore, none},
		{"no picture", "/a.jpg?w=800", fault(photofit.ErrNotPicture), 415, "the-code", "What to do.", noStore, none},
		{"damaged", "/a.jpg?w=800", fault(photofit.ErrDamaged), 422, "the-code", "What to do.", noStore, none},
		{"unfit", "/a.jpg?w=800", fault(photofit.ErrUnfit), 422, "the-code", "What to do.", noStore, none},
		{"busy", "/a.jpg?w=800", wrap(rendition.ErrBusy), 503, "busy", "Too many photos are being scaled right now: ask again in a few seconds.", noStore, 2},
		{"timeout", "/a.jpg?w=800", wrap(errTimeout), 503, "timeout", "The photo could not be scaled in time: ask again in a few seconds.", noStore, 5},
		{"a store's timeout", "/a.jpg?w=800", wrap(context.DeadlineExceeded), 503, "timeout", "The photo could not be scaled in time: ask again in a few seconds.", noStore, 5},
		{"storage throttled", "/a.jpg?w=800", wrap(store.ErrThrottled), 503, "storage-throttled", "The storage of the photos asks for fewer requests: ask again in a few seconds.", noStore, 5},
		{"storage unavailable", "/a.jpg?w=800", wrap(store.ErrUnavailable), 502, "storage-unavailable", "The storage of the photos does not answer as it should: ask again in a few seconds, and look at the server's log if it stays so.", noStore, none},
		{"client gone", "/a.jpg?w=800", wrap(context.Canceled), 499, "client-gone", "The client has left.", noStore, none},
		{"permission", "/a.jpg?w=800", wrap(fs.ErrPermission), 500, "photo-unreadable", "The server may not read this photo: check its permissions; the server's log says more.", noStore, none},
		{"another", "/a.jpg?w=800", path, 500, "internal", "Something went wrong on the server: its log says what.", noStore, none},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			g := newRig(t, failing(c.err), nil)
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			r.RequestURI = c.target
			w := httptest.NewRecorder()
			g.ServeHTTP(w, r)
			got := w.Result()
			body := bodyOf(t, got)
			if got.StatusCode != c.status || got.Header.Get("Photofit-Error") != c.code {
				t.Errorf("%s, %s; want %d, %s", got.Status, got.Header.Get("Photofit-Error"), c.status, c.code)
			}
			line, rest, _ := strings.Cut(body, "\n")
			if rest != "" || len(line) < 10 || c.text != "" && line != c.text {
				t.Errorf("the body is %q, want one line %q", body, c.text)
			}
			retry := ""
			if c.retry > 0 {
				retry = strconv.Itoa(c.retry)
			}
			for name, want := range map[string]string{
				"Content-Type": "text/plain; charset=utf-8", "Content-Length": strconv.Itoa(len(body)), "X-Content-Type-Options": "nosniff",
				"Cache-Control": c.cache, "Retry-After": retry, "Access-Control-Allow-Origin": "*", "ETag": "", "Server-Timing": "",
			} {
				if h := got.Header.Get(name); h != want {
					t.Errorf("%s is %q, want %q", name, h, want)
				}
			}
			if all := body + fmt.Sprint(got.Header); strings.Contains(all, "secret") || strings.Contains(all, "/home") {
				t.Errorf("something leaks: %s", all)
			}
			lines := g.log.lines(t)
			if len(lines) != 1 || lines[0]["code"] != c.code || lines[0]["status"] != float64(c.status) {
				t.Fatalf("the log has %v", lines)
			}
			if c.err != nil && lines[0]["err"] != c.err.Error() {
				t.Errorf("the log has the cause %q, want %q", lines[0]["err"], c.err)
			}
			if level := lines[0]["level"]; (level == "ERROR") != (c.status >= 500) {
				t.Errorf("logged as %s", level)
			}
		})
	}
}

// Who waits too long is answered at once; the render goes on to its end, and
// what it makes is kept.
func TestTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		finish := make(chan struct{})
		g := newRig(t, func(ctx context.Context, p io.ReaderAt, size int64, r photofit.Recipe, a func(context.Context, int64) error) (rendition.Made, error) {
			<-finish // deaf to ctx, like some codecs
			return pictureOf(ten)(ctx, p, size, r, a)
		}, func(_ *rendition.Config, c *Config) { c.Timeout = 3 * time.Second })
		start := time.Now()
		r := g.get("/a.jpg?w=800")
		if r.StatusCode != 503 || r.Header.Get("Photofit-Error") != "timeout" || r.Header.Get("Retry-After") != "5" {
			t.Errorf("%s, %v", r.Status, r.Header)
		}
		if took := time.Since(start); took != 3*time.Second {
			t.Errorf("after %s", took)
		}
		if l := g.Service.Load(); l.Rendering != 1 {
			t.Errorf("load is %+v", l)
		}
		if cause := g.log.lines(t)[0]["err"]; cause != errTimeout.Error() {
			t.Errorf("the log has the cause %q", cause)
		}
		close(finish)
		synctest.Wait()
		if r := g.get("/a.jpg?w=800"); r.StatusCode != 200 || !strings.Contains(r.Header.Get("Server-Timing"), "desc=hit") {
			t.Errorf("then %s, %v", r.Status, r.Header)
		}
	})
}

// The server's own deadline, such as Lambda's, is no fault of ours either.
func TestDeadlineOfTheRequest(t *testing.T) {
	g := newRig(t, pictureOf(ten), nil)
	ctx, cancel := context.WithDeadline(t.Context(), time.Unix(0, 0))
	defer cancel()
	w := httptest.NewRecorder()
	g.ServeHTTP(w, httptest.NewRequestWithContext(ctx, http.MethodGet, "/a.jpg?w=800", nil))
	if w.Code != 503 || w.Header().Get("Photofit-Error") != "timeout" {
		t.Errorf("%d, %v", w.Code, w.Header())
	}
}

func TestClientGone(t *testing.T) {
	g := newRig(t, pictureOf(ten), nil)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	w := httptest.NewRecorder()
	g.ServeHTTP(w, httptest.NewRequestWithContext(ctx, http.MethodGet, "/a.jpg?w=800", nil))
	lines := g.log.lines(t)
	if len(lines) != 1 || lines[0]["status"] != 499.0 || lines[0]["code"] != "client-gone" || lines[0]["level"] != "INFO" {
		t.Errorf("the log has %v", lines)
	}
}

func TestPanicBeforeTheAnswer(t *testing.T) {
	g := newRig(t, pictureOf(ten), func(_ *rendition.Config, c *Config) {
		c.Pages = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("ETag", `"x"`)
			w.Header().Set("Content-Length", "1000")
			panic([]string{"secret"})
		})
	})
	r := g.get("/")
	if body := bodyOf(t, r); r.StatusCode != 500 || r.Header.Get("Photofit-Error") != "internal" || strings.Contains(body, "secret") || r.Header.Get("ETag") != "" {
		t.Errorf("%s, %q, %v", r.Status, body, r.Header)
	}
	lines := g.log.lines(t)
	if len(lines) != 1 || lines[0]["level"] != "ERROR" || lines[0]["status"] != 500.0 {
		t.Fatalf("the log has %v", lines)
	}
	if cause := fmt.Sprint(lines[0]["err"]); !strings.HasPrefix(cause, "panic: [secret]\n") || !strings.Contains(cause, "errors_test.go") {
		t.Errorf("the log has the cause %q", cause)
	}
}

func TestPanicWithinTheAnswer(t *testing.T) {
	for name, cause := range map[string]any{"panic": "oops", "abort": http.ErrAbortHandler} {
		g := newRig(t, pictureOf(ten), func(_ *rendition.Config, c *Config) {
			c.Pages = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				_, _ = io.WriteString(w, "the first half")
				panic(cause)
			})
		})
		func() {
			defer func() {
				if got := recover(); got != http.ErrAbortHandler {
					t.Errorf("%s: net/http is told %v", name, got)
				}
			}()
			g.get("/")
		}()
		if lines := g.log.lines(t); len(lines) != 1 || lines[0]["level"] != "ERROR" || lines[0]["status"] != 200.0 {
			t.Errorf("%s: the log has %v", name, lines)
		}
	}
}
