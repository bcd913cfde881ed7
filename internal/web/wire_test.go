package web

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"photofit"
	"photofit/internal/rendition"
)

// serve has a real server answer on a loopback connection.
func serve(t *testing.T, h http.Handler) *httptest.Server {
	t.Helper()
	server := httptest.NewUnstartedServer(h)
	server.Config.MaxHeaderBytes = 32 << 10
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.Start()
	t.Cleanup(server.Close)
	return server
}

// say sends the bytes as they are, and reads an answer to a GET.
func say(t *testing.T, server *httptest.Server, request string) (*http.Response, error) {
	t.Helper()
	c, err := net.Dial("tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	if _, err := io.WriteString(c, request); err != nil {
		t.Fatal(err)
	}
	return http.ReadResponse(bufio.NewReader(c), nil)
}

// Paths come as they were sent: what a client or a mux would clean is part of a
// name.
func TestPathsOnTheWire(t *testing.T) {
	g := newRig(t, func(_ context.Context, _ io.ReaderAt, _ int64, r photofit.Recipe, _ func(context.Context, int64) error) (rendition.Made, error) {
		return rendition.Made{Body: []byte(r.Photo), Type: "image/webp"}, nil
	}, nil)
	for _, name := range []string{"/a.jpg", "a/../b.jpg", "a//b.jpg", "é 世界.jpg", "a/b.jpg", "50%.jpg", "a+b.jpg", "x#y.jpg", "~.jpg", "..", "./a.jpg", "a?b.jpg", "_w800.webp"} {
		g.photos.Set(name, []byte("original"))
	}
	server := serve(t, g)
	cases := []struct {
		target string
		photo  string // empty: refused
		status int
	}{
		{"/a.jpg", "a.jpg", 200},
		{"//a.jpg", "/a.jpg", 200},
		{"/a/../b.jpg", "a/../b.jpg", 200},
		{"/a//b.jpg?w=800", "a//b.jpg", 200},
		{"/./a.jpg", "./a.jpg", 200},
		{"/..", "..", 200},
		{"/a%2Fb.jpg", "a/b.jpg", 200},
		{"/a%2fb.jpg", "a/b.jpg", 200},
		{"/é%20世界.jpg", "é 世界.jpg", 200},
		{"/%C3%A9%20%E4%B8%96%E7%95%8C.jpg", "é 世界.jpg", 200},
		{"/50%25.jpg", "50%.jpg", 200},
		{"/a+b.jpg", "a+b.jpg", 200},
		{"/a%2Bb.jpg", "a+b.jpg", 200},
		{"/x#y.jpg", "x#y.jpg", 200},
		{"/x%23y.jpg", "x#y.jpg", 200},
		{"/a%3Fb.jpg?w=800", "a?b.jpg", 200},
		{"/~.jpg", "~.jpg", 200},
		{"/~7E.jpg/_w800.webp", "~.jpg", 200},
		{"/~5Fw800.webp/_w800.webp", "_w800.webp", 200},
		{"http://elsewhere.example/a.jpg?w=800", "a.jpg", 200},
		{"/b.jpg", "", 404},
		{"/%zz.jpg", "", 400}, // net/http's own refusal
		{"/a%", "", 400},
		{"/%FF.jpg", "", 400},
		{"/\xff.jpg", "", 400},
		{"/~7.jpg/_w800.webp", "", 400},
		{"/" + strings.Repeat("long", 4000), "", 404},
		{"/" + strings.Repeat("long", 16000), "", 431},
	}
	for _, c := range cases {
		r, err := say(t, server, "GET "+c.target+" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
		if err != nil {
			t.Errorf("%.50q: %v", c.target, err)
			continue
		}
		body := bodyOf(t, r)
		if r.StatusCode != c.status || c.status == 200 && body != c.photo {
			t.Errorf("%.50q: %s, %.100q; want %d, %q", c.target, r.Status, body, c.status, c.photo)
		}
	}
}

func TestOldClients(t *testing.T) {
	g := newRig(t, pictureOf(ten), nil)
	server := serve(t, g)
	r, err := say(t, server, "GET /a.jpg?w=800 HTTP/1.0\r\n\r\n")
	if err != nil {
		t.Fatal(err)
	}
	if body := bodyOf(t, r); r.StatusCode != 200 || body != ten || !r.Close || r.ContentLength != 10 {
		t.Errorf("%s, %q, %v", r.Status, body, r.Header)
	}
	if r, err = say(t, server, "OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"); err != nil || r.StatusCode != 200 {
		t.Errorf("OPTIONS *: %v, %v", r, err)
	}
}

// Several requests on one connection: none leaves bytes behind for the next.
func TestOneConnection(t *testing.T) {
	g := newRig(t, pictureOf(ten), nil)
	server := serve(t, g)
	c, err := net.Dial("tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	in := bufio.NewReader(c)
	steps := []struct {
		method, headers string
		status          int
		body            string
	}{
		{"GET", "", 200, ten},
		{"HEAD", "", 200, ""},
		{"GET", "If-None-Match: " + tenTag + "\r\n", 304, ""},
		{"GET", "Range: bytes=3-5\r\n", 206, "345"},
		{"GET", "Range: bytes=99-\r\n", 416, "invalid range: failed to overlap\n"},
		{"GET", "If-Match: \"x\"\r\n", 412, ""},
		{"OPTIONS", "", 204, ""},
		{"DELETE", "", 405, "Only GET and HEAD are answered.\n"},
		{"GET", "", 200, ten},
	}
	for i, s := range steps {
		if _, err := fmt.Fprintf(c, "%s /a.jpg?w=800 HTTP/1.1\r\nHost: x\r\n%s\r\n", s.method, s.headers); err != nil {
			t.Fatal(err)
		}
		r, err := http.ReadResponse(in, &http.Request{Method: s.method})
		if err != nil {
			t.Fatalf("step %d: %v", i, err)
		}
		if body := bodyOf(t, r); r.StatusCode != s.status || body != s.body {
			t.Errorf("step %d: %s, %q; want %d, %q", i, r.Status, body, s.status, s.body)
		}
	}
}

// A panic in the middle must be seen as a broken answer.
func TestCutAnswer(t *testing.T) {
	g := newRig(t, pictureOf(ten), func(_ *rendition.Config, c *Config) {
		c.Pages = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write(bytes.Repeat([]byte("half"), 10000))
			panic("oops")
		})
	})
	r, err := say(t, serve(t, g), "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
	if err != nil {
		return // cut before the header was out: broken enough
	}
	if b, err := io.ReadAll(r.Body); err == nil {
		t.Errorf("%s: %d bytes look whole", r.Status, len(b))
	}
}

// The first bytes are there while the store still writes.
func TestAnswerBeforeItIsKept(t *testing.T) {
	kept := make(chan struct{})
	g := newRig(t, pictureOf(ten), func(s *rendition.Config, _ *Config) { s.Renditions = lateStore{s.Renditions, kept} })
	r, err := say(t, serve(t, g), "GET /a.jpg?w=800 HTTP/1.1\r\nHost: x\r\n\r\n")
	if err != nil {
		t.Fatal(err)
	}
	if body := bodyOf(t, r); body != ten {
		t.Errorf("%q", body)
	}
	close(kept)
}

// A client that does not read holds its connection, and no turn or memory.
func TestSlowClient(t *testing.T) {
	big := strings.Repeat("x", 16<<20) // more than two sockets buffer
	g := newRig(t, func(ctx context.Context, p io.ReaderAt, size int64, r photofit.Recipe, admit func(context.Context, int64) error) (rendition.Made, error) {
		if err := admit(ctx, 100); err != nil {
			return rendition.Made{}, err
		}
		if r.Width == 400 {
			return pictureOf(ten)(ctx, p, size, r, admit)
		}
		return pictureOf(big)(ctx, p, size, r, admit)
	}, func(s *rendition.Config, _ *Config) { s.Renders, s.Memory, s.Wait = 1, 100, time.Hour })
	server := serve(t, g)
	slow, err := say(t, server, "GET /a.jpg?w=800 HTTP/1.1\r\nHost: x\r\n\r\n") // and reads no body
	if err != nil {
		t.Fatal(err)
	}
	if l := g.Service.Load(); l != (rendition.Load{}) {
		t.Errorf("a slow client holds %+v", l)
	}
	quick, err := say(t, server, "GET /a.jpg?w=400 HTTP/1.1\r\nHost: x\r\n\r\n")
	if err != nil {
		t.Fatal(err)
	}
	if body := bodyOf(t, quick); body != ten {
		t.Errorf("another got %q", body)
	}
	if body := bodyOf(t, slow); body != big {
		t.Errorf("in the end the slow one got %d bytes", len(body))
	}
}

// A body that cannot be read to its end is cut, and the log says why.
func TestBodyThatFails(t *testing.T) {
	broken := errors.New("the disk is on fire")
	done := make(chan struct{}, 1) // the log line is written
	g := newRig(t, pictureOf(strings.Repeat(ten, 10000)), func(s *rendition.Config, _ *Config) { s.Renditions = brokenStore{s.Renditions, broken} })
	server := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() { done <- struct{}{} }()
		g.ServeHTTP(w, r)
	}))
	for _, how := range []string{"miss", "hit"} {
		r, err := say(t, server, "GET /a.jpg?w=800 HTTP/1.1\r\nHost: x\r\n\r\n")
		if err != nil {
			t.Fatal(err)
		}
		_, err = io.ReadAll(r.Body)
		<-done
		line := g.log.lines(t)[0]
		if how == "miss" {
			if err != nil || line["err"] != nil {
				t.Errorf("a miss: %v, %v", err, line)
			}
			continue
		}
		if err == nil {
			t.Error("a cut body looks whole")
		}
		if cause, _ := line["err"].(string); !strings.Contains(cause, broken.Error()) || line["level"] != "ERROR" {
			t.Errorf("the log has %v", line)
		}
	}
}
