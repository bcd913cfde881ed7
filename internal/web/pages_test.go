package web

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"photofit"
	"photofit/internal/store"
)

// The errors of pages end in the table of pictures: with a status, a code, one
// line of text, and their cause in the log only.
func TestPagesFail(t *testing.T) {
	secret := errors.New("secret fault in /home/me")
	for _, c := range []struct {
		err    error
		status int
		code   string
		text   string
		cache  string
	}{
		{fmt.Errorf("sheet: %w", fs.ErrNotExist), 404, "page-not-found", "Nothing of that name is here: the contact sheet starts at /.", "public, max-age=10"},
		{secret, 500, "folder-unreadable", "The folder could not be read: the server's log says why.", "no-store"},
		{fmt.Errorf("%w: %w", secret, fs.ErrPermission), 500, "folder-unreadable", "The folder could not be read: the server's log says why.", "no-store"},
		{fmt.Errorf("%w: list s3://b/", store.ErrUnavailable), 502, "storage-unavailable", judge(store.ErrUnavailable).text, "no-store"},
		{store.ErrThrottled, 503, judge(store.ErrThrottled).code, judge(store.ErrThrottled).text, "no-store"},
		{context.Canceled, 499, "client-gone", "The client has left.", "no-store"},
		{&photofit.Error{Code: photofit.CodeBadPath, Text: "Not that path."}, 400, "bad-path", "Not that path.", "no-store"},
	} {
		for _, method := range []string{http.MethodGet, http.MethodHead} {
			g := newRig(t, pictureOf(ten), nil)
			g.Pages = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("ETag", `"of the page"`)
				g.FailPage(w, r, c.err, nil)
			})
			r := g.ask(method, "/trip/")
			body := bodyOf(t, r)
			if r.StatusCode != c.status || r.Header.Get("Photofit-Error") != c.code || r.Header.Get("Cache-Control") != c.cache || r.Header.Get("ETag") != "" {
				t.Errorf("%v: %s, %v", c.err, r.Status, r.Header)
			}
			if want := c.text + "\n"; r.Header.Get("Content-Length") != strconv.Itoa(len(want)) || method == http.MethodGet && body != want || method == http.MethodHead && body != "" {
				t.Errorf("%v: %q, %v; want %q", c.err, body, r.Header, want)
			}
			lines := g.log.lines(t)
			if len(lines) != 1 || lines[0]["code"] != c.code || !strings.Contains(lines[0]["err"].(string), c.err.Error()) {
				t.Errorf("%v: the log has %v", c.err, lines)
			}
		}
	}
}

// A page may wrap what it was given to write to.
func TestPagesFailBehindAnotherWriter(t *testing.T) {
	g := newRig(t, pictureOf(ten), nil)
	g.Pages = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		g.FailPage(struct{ http.ResponseWriter }{w}, r, fs.ErrNotExist, nil)
	})
	if r := g.get("/trip/"); r.StatusCode != 404 || r.Header.Get("Photofit-Error") != "page-not-found" {
		t.Errorf("%s, %v", r.Status, r.Header)
	}
}

// What people see is a page of the table's line, under the page's own policy; all
// else is as it is for a line.
func TestPagesFailAsPages(t *testing.T) {
	g := newRig(t, pictureOf(ten), nil)
	g.Pages = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", `"of the page"`)
		w.Header().Set("Content-Security-Policy", "default-src 'none'")
		g.FailPage(w, r, store.ErrThrottled, func(line string) []byte { return []byte("<p>" + line) })
	})
	want := "<p>" + judge(store.ErrThrottled).text
	for _, method := range []string{http.MethodGet, http.MethodHead} {
		r := g.ask(method, "/trip/")
		if body := bodyOf(t, r); method == http.MethodGet && body != want || method == http.MethodHead && body != "" {
			t.Errorf("%s: %q, want %q", method, body, want)
		}
		for name, value := range map[string]string{
			"Content-Type": "text/html; charset=utf-8", "Content-Length": strconv.Itoa(len(want)), "Content-Security-Policy": "default-src 'none'",
			"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store", "Retry-After": "5", "Photofit-Error": "storage-throttled", "ETag": "",
		} {
			if got := r.Header.Get(name); got != value {
				t.Errorf("%s: %s is %q, want %q", method, name, got, value)
			}
		}
		lines := g.log.lines(t)
		if r.StatusCode != 503 || len(lines) != 1 || lines[0]["code"] != "storage-throttled" {
			t.Errorf("%s: %s; the log has %v", method, r.Status, lines)
		}
	}
}
