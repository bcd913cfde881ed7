package s3

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
)

// fault is what goes wrong with one request.
type fault func(w http.ResponseWriter, r *http.Request, pass func(w http.ResponseWriter, r *http.Request))

// faulty is a server in front of another, by which requests fare as told.
type faulty struct {
	url string

	mu   sync.Mutex
	next func(n int, r *http.Request) fault // of the n-th request, from 1 on; nil: none
	seen []*http.Request
}

// newFaulty stands in front of the server at a URL.
func newFaulty(t testing.TB, behind string) *faulty {
	target, err := url.Parse(behind)
	if err != nil {
		t.Fatal(err)
	}
	f := &faulty{}
	transport := &http.Transport{DisableCompression: true}
	pass := func(w http.ResponseWriter, r *http.Request) {
		// The very request, as its signature covers it.
		out := &http.Request{Method: r.Method, Host: r.Host, Header: r.Header, Body: r.Body, ContentLength: r.ContentLength,
			URL: &url.URL{Scheme: target.Scheme, Host: target.Host, Opaque: r.URL.EscapedPath(), RawQuery: r.URL.RawQuery}}
		if r.ContentLength == 0 {
			out.Body = nil
		}
		answer, err := transport.RoundTrip(out.WithContext(r.Context()))
		if err != nil {
			panic(http.ErrAbortHandler)
		}
		defer answer.Body.Close()
		for name, values := range answer.Header {
			w.Header()[name] = values
		}
		w.WriteHeader(answer.StatusCode)
		if _, err := io.Copy(w, answer.Body); err != nil {
			panic(http.ErrAbortHandler)
		}
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f.mu.Lock()
		f.seen = append(f.seen, r)
		var wrong fault
		if f.next != nil {
			wrong = f.next(len(f.seen), r)
		}
		f.mu.Unlock()
		if wrong == nil {
			pass(w, r)
			return
		}
		wrong(w, r, pass)
	}))
	t.Cleanup(func() {
		server.CloseClientConnections()
		server.Close()
		transport.CloseIdleConnections()
	})
	f.url = server.URL
	return f
}

// fare sets how the requests from now on fare.
func (f *faulty) fare(next func(n int, r *http.Request) fault) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.next, f.seen = next, nil
}

// requests tells how many there were since fare, of a method if one is named.
func (f *faulty) requests(method string) (n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, r := range f.seen {
		if method == "" || r.Method == method {
			n++
		}
	}
	return n
}

// first has the first n requests of a method go wrong.
func first(n int, method string, wrong fault) func(int, *http.Request) fault {
	return func(_ int, r *http.Request) fault {
		if r.Method != method || n == 0 {
			return nil
		}
		n--
		return wrong
	}
}

// always has all requests of a method go wrong.
func always(method string, wrong fault) func(int, *http.Request) fault {
	return first(-1, method, wrong)
}

// refuse answers with an error as S3 writes it (Amazon S3 API reference, "Error
// responses").
func refuse(status int, code string) fault {
	return func(w http.ResponseWriter, r *http.Request, _ func(http.ResponseWriter, *http.Request)) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/xml")
		w.WriteHeader(status)
		fmt.Fprintf(w, `<?xml version="1.0" encoding="UTF-8"?><Error><Code>%s</Code><Message>As the test wants it.</Message><RequestId>4711</RequestId></Error>`, code)
	}
}

// reset breaks the connection before anything is said.
func reset(w http.ResponseWriter, _ *http.Request, _ func(http.ResponseWriter, *http.Request)) {
	connection, _, err := w.(http.Hijacker).Hijack()
	if err != nil {
		panic(err)
	}
	_ = connection.(*net.TCPConn).SetLinger(0)
	_ = connection.Close()
}

// cutAnswer ends an answer's body after so many bytes of it.
func cutAnswer(after int) fault {
	return func(w http.ResponseWriter, r *http.Request, pass func(http.ResponseWriter, *http.Request)) {
		pass(&cutting{w, after, nil}, r)
	}
}

// stall sends so many bytes of an answer's body, and then nothing any more until
// the client has had enough.
func stall(after int) fault {
	return func(w http.ResponseWriter, r *http.Request, pass func(http.ResponseWriter, *http.Request)) {
		pass(&cutting{w, after, r.Context().Done()}, r)
	}
}

// cutting is the way to a client that gets so many bytes and no more.
type cutting struct {
	http.ResponseWriter
	left int
	wait <-chan struct{} // nil: the end is at once
}

func (c *cutting) Write(p []byte) (int, error) {
	n, err := c.ResponseWriter.Write(p[:min(len(p), c.left)])
	c.left -= n
	if err == nil && n < len(p) {
		_ = http.NewResponseController(c.ResponseWriter).Flush()
		if c.wait != nil {
			<-c.wait
		}
		panic(http.ErrAbortHandler)
	}
	return n, err
}

// cutRequest hands on so many bytes of a request's body, and breaks both
// connections then.
func cutRequest(after int64) fault {
	return func(w http.ResponseWriter, r *http.Request, pass func(http.ResponseWriter, *http.Request)) {
		r.Body = io.NopCloser(io.MultiReader(io.LimitReader(r.Body, after), broken{}))
		pass(w, r)
	}
}

// loseAnswer does what was asked, and breaks the connection instead of saying so.
func loseAnswer(w http.ResponseWriter, r *http.Request, pass func(http.ResponseWriter, *http.Request)) {
	pass(httptest.NewRecorder(), r)
	reset(w, r, pass)
}

// garble changes a byte of a request's body.
func garble(w http.ResponseWriter, r *http.Request, pass func(http.ResponseWriter, *http.Request)) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	body[len(body)/2] ^= 1
	r.Body = io.NopCloser(bytes.NewReader(body))
	pass(w, r)
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }
