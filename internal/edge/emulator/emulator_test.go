package emulator

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"
)

func TestCache(t *testing.T) {
	g := newRig(t, asIs)
	g.answer("renditions /a", 200, "one", "Cache-Control", "max-age=60", "Etag", `"1"`, "Cache-Tag", "x")
	if a := g.want("/a?w=1", 200, "Miss", "one"); a.Header.Get("Age") != "" {
		t.Error(a.Header)
	}
	g.wantAsked("renditions GET /a")
	g.at = g.at.Add(59 * time.Second)
	// Neither the query nor any header belongs to the key.
	if a := g.want("/a?w=2", 200, "Hit", "one", "Accept", "x", "Cookie", "y", "Cache-Control", "no-cache"); a.Header.Get("Age") != "59" {
		t.Error(a.Header)
	}
	g.wantAsked()
	g.at = g.at.Add(time.Second)
	if a := g.want("/a", 200, "RefreshHit", "one"); a.Header.Get("Age") != "0" {
		t.Error(a.Header)
	}
	g.wantAsked(`renditions GET /a if not "1"`)
	g.want("/a", 200, "Hit", "one")
	g.at = g.at.Add(time.Minute)
	g.answer("renditions /a", 200, "two", "Cache-Control", "max-age=60", "Etag", `"2"`)
	g.want("/a", 200, "Miss", "two")
	g.wantAsked(`renditions GET /a if not "1"`)
	g.answer("renditions /old", 200, "x", "Cache-Control", "max-age=60", "Age", "5")
	if a := g.want("/old", 200, "Miss", "x"); a.Header.Get("Age") != "" {
		t.Error(a.Header)
	}
	g.at = g.at.Add(2 * time.Second)
	if a := g.want("/old", 200, "Hit", "x"); a.Header.Get("Age") != "7" {
		t.Error(a.Header)
	}
	if r := g.reports[0]; r.Who != "renditions" || r.URI != "/a" || r.Path != "/a?w=1" || r.Cache != "Miss" || r.Status != 200 || r.Bytes != 3 {
		t.Errorf("%+v", r)
	}
	if r := g.reports[1]; r.Who != "cache" || r.Cache != "Hit" {
		t.Errorf("%+v", r)
	}
}

// What a 304 says of an answer's life counts.
func TestRevalidationRenewsHeaders(t *testing.T) {
	g := newRig(t, asIs)
	g.answer("render /a", 200, "one", "Cache-Control", "s-maxage=60", "Etag", `"1"`)
	g.want("/a", 200, "Miss", "one")
	g.answer("renditions /a", 200, "one", "Cache-Control", "s-maxage=31536000", "Etag", `"1"`)
	g.at = g.at.Add(time.Minute)
	g.want("/a", 200, "RefreshHit", "one")
	g.at = g.at.Add(time.Hour)
	g.want("/a", 200, "Hit", "one")
}

func TestFailover(t *testing.T) {
	g := newRig(t, asIs)
	for _, c := range []struct {
		first, second int // 0: no connection
		want          int
		asked         string
	}{
		{200, 200, 200, "renditions"}, {404, 200, 200, "renditions render"}, {403, 200, 200, "renditions render"}, {400, 200, 200, "renditions render"},
		{500, 200, 500, "renditions"}, {429, 200, 429, "renditions"}, {405, 200, 405, "renditions"}, {404, 404, 404, "renditions render"}, {404, 503, 503, "renditions render"},
		{0, 200, 200, "renditions renditions renditions render"}, {404, 0, 502, "renditions render"}, {0, 0, 502, "renditions renditions renditions render"},
	} {
		g.asked = nil
		for i, status := range []int{c.first, c.second} {
			where := []string{"renditions", "render"}[i] + " /f"
			g.answers[where] = nil
			if status != 0 {
				g.answer(where, status, "body", "Cache-Control", "no-store")
			}
		}
		if _, err := g.edge.Invalidate("/*"); err != nil {
			t.Fatal(err)
		}
		a := g.ask("GET", "/f")
		var asked []string
		for _, line := range g.asked {
			asked = append(asked, strings.Fields(line)[0])
		}
		if a.StatusCode != c.want || strings.Join(asked, " ") != c.asked {
			t.Errorf("%d, %d: %d by %q, want %d by %s", c.first, c.second, a.StatusCode, asked, c.want, c.asked)
		}
	}
}

// An origin that does not answer in time is asked as often as it may be.
func TestTimeouts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newRig(t, asIs)
		for _, where := range []string{"renditions /slow", "render /slow"} {
			g.answers[where] = func(r *http.Request) *http.Response {
				<-r.Context().Done()
				a := response(200, "text/plain", "")
				a.Body = io.NopCloser(iotest.ErrReader(r.Context().Err()))
				return a
			}
		}
		// The bodies break off; for a connection that does, see once.
		began := time.Now()
		func() {
			defer func() {
				if cause := recover(); cause != http.ErrAbortHandler {
					t.Errorf("%v", cause)
				}
			}()
			g.ask("GET", "/slow")
		}()
		if took := time.Since(began); took != 30*time.Second {
			t.Errorf("it took %s", took)
		}
		g.edge.d.members[0].ask = func(r *http.Request, _ bool) (*http.Response, error) {
			<-r.Context().Done()
			return nil, r.Context().Err()
		}
		g.edge.d.members[1].ask = g.edge.d.members[0].ask
		began = time.Now()
		if a := g.ask("GET", "/slower"); a.StatusCode != 504 {
			t.Error(a.Status)
		}
		if took := time.Since(began); took != 3*30*time.Second+60*time.Second {
			t.Errorf("it took %s", took)
		}
	})
}

func TestStale(t *testing.T) {
	g := newRig(t, asIs)
	g.answer("renditions /a", 200, "one", "Cache-Control", "max-age=10, stale-while-revalidate=100, stale-if-error=1000", "Etag", `"1"`)
	g.want("/a", 200, "Miss", "one")
	g.answer("renditions /a", 200, "two", "Cache-Control", "max-age=10, stale-while-revalidate=100, stale-if-error=1000", "Etag", `"2"`)
	g.at = g.at.Add(109 * time.Second)
	g.want("/a", 200, "Hit", "one")
	g.edge.Wait()
	g.want("/a", 200, "Hit", "two")
	g.answer("renditions /a", 503, "broken")
	g.at = g.at.Add(1009 * time.Second)
	g.want("/a", 200, "Hit", "two")
	g.at = g.at.Add(time.Second)
	g.want("/a", 503, "Error", "broken")
	// Without a word on it, what is stale is served for as long as the origin fails.
	g.answer("renditions /b", 200, "one", "Cache-Control", "max-age=10")
	g.want("/b", 200, "Miss", "one")
	g.answers["renditions /b"], g.answers["render /b"] = nil, nil
	g.at = g.at.Add(1000 * time.Hour)
	g.want("/b", 200, "Hit", "one")
}

func TestPartsAndConditions(t *testing.T) {
	g := newRig(t, asIs)
	modified := "Wed, 25 Nov 2026 00:00:00 GMT"
	g.answer("renditions /a", 200, "0123456789", "Cache-Control", "max-age=60", "Etag", `"1"`, "Last-Modified", modified)
	for _, how := range []string{"Miss", "Hit"} {
		g.want("/a", 206, how, "234", "Range", "bytes=2-4")
	}
	g.wantAsked("renditions GET /a") // the whole
	g.want("/a", 416, "Hit", "", "Range", "bytes=20-")
	g.want("/a", 304, "Hit", "", "If-None-Match", `"1"`)
	g.want("/a", 304, "Hit", "", "If-Modified-Since", modified)
	g.want("/a", 200, "Hit", "0123456789", "If-None-Match", `"2"`)
	if a := g.ask("HEAD", "/a"); a.Header.Get("Content-Length") != "10" || a.StatusCode != 200 {
		t.Error(a.Status, a.Header)
	}
	g.wantAsked()
	g.answer("renditions /b", 200, "0123456789", "Cache-Control", "max-age=60", "Etag", `"1"`)
	if a := g.ask("HEAD", "/b"); a.Header.Get("Content-Length") != "10" || a.Header.Get("Etag") != `"1"` {
		t.Error(a.Status, a.Header)
	}
	if a := g.ask("HEAD", "/b", "If-None-Match", `W/"0", "1"`); a.StatusCode != 304 {
		t.Error(a.Status)
	}
	g.want("/b", 200, "Miss", "0123456789")
	g.wantAsked("renditions HEAD /b", "renditions HEAD /b", "renditions GET /b")
}

// Many ask for the same at a time, and one request is made.
func TestCollapsing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newRig(t, asIs)
		open := make(chan struct{})
		g.answers["renditions /a"] = func(*http.Request) *http.Response {
			<-open
			return response(200, "text/plain", "x")
		}
		var all sync.WaitGroup
		for range 20 {
			all.Go(func() { g.ask("GET", "/a") })
		}
		synctest.Wait()
		close(open)
		all.Wait()
		g.wantAsked("renditions GET /a")
	})
}

// A body that breaks off breaks off for the viewer, too, and is not held.
func TestBroken(t *testing.T) {
	g := newRig(t, asIs)
	broken := true
	g.answers["renditions /a"] = func(*http.Request) *http.Response {
		a := response(200, "text/plain", "whole")
		a.Header.Set("Cache-Control", "max-age=60")
		if broken {
			a.Body = io.NopCloser(io.MultiReader(strings.NewReader("who"), iotest.ErrReader(errors.New("reset"))))
		}
		return a
	}
	func() {
		defer func() {
			if cause := recover(); cause != http.ErrAbortHandler {
				t.Errorf("%v", cause)
			}
		}()
		g.ask("GET", "/a")
	}()
	broken = false
	g.want("/a", 200, "Miss", "whole")
	if len(g.reports) != 2 {
		t.Errorf("%+v", g.reports)
	}
}
