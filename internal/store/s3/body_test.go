package s3

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"photofit/internal/store/storetest"
)

// counted is a server that counts the requests and the connections that it gets.
type counted struct {
	url                   string
	requests, connections atomic.Int32
}

// startCounted answers once a request's body is there, by a status and a text.
func startCounted(t *testing.T, status int, text string) *counted {
	c := &counted{}
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c.requests.Add(1)
		_, _ = io.Copy(io.Discard, r.Body)
		w.WriteHeader(status)
		_, _ = io.WriteString(w, text)
	}))
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			c.connections.Add(1)
		}
	}
	server.Start()
	t.Cleanup(server.Close)
	c.url = server.URL
	return c
}

// check fails unless n requests came, by next to no connections: one that breaks
// off is made anew, and its request comes again where the answer broke off with it.
func (c *counted) check(t *testing.T, n int32) {
	t.Helper()
	if got := c.requests.Load(); got != n {
		t.Errorf("%d requests, want %d", got, n)
	}
	// A busy machine may take 50 ms to write a request, which net/http doesn't wait for.
	if got := c.connections.Load(); got > n/10 {
		t.Errorf("%d connections for %d requests", got, n)
	}
}

// TestAnswersComeWhole has a server that is near answer while the end of a request's
// body is still looked for (awssdk's plainBodies).
func TestAnswersComeWhole(t *testing.T) {
	const times = 100
	keys := make([]string, mostDeleted)
	for i := range keys {
		keys[i] = "r1/" + strings.Repeat("a", 150) + ".jpg/_w" + strconv.Itoa(i+1) + ".webp"
	}
	body := make([]byte, 300<<10)
	put := func(ctx context.Context, r *Renditions) error {
		return r.Put(ctx, "r1/b.jpg/_w800.webp", body, storetest.MetaOf(body))
	}
	for _, c := range []struct {
		name   string
		status int
		answer string
		ask    func(context.Context, *Renditions) error
	}{
		{"forget", http.StatusOK, "<DeleteResult>" + strings.Repeat("<Error><Key>"+keys[0]+"</Key><Code>NoSuchKey</Code></Error>", len(keys)) + "</DeleteResult>",
			func(ctx context.Context, r *Renditions) error {
				_, err := r.remove(ctx, keys)
				return err
			}},
		{"a put that is refused", http.StatusPreconditionFailed, "<Error><Code>PreconditionFailed</Code><Message>" + strings.Repeat("no ", 100) + "</Message></Error>", put},
		{"a put", http.StatusOK, "", put}, // net/http reads an answer without a body after that look only
	} {
		t.Run(c.name, func(t *testing.T) {
			server := startCounted(t, c.status, c.answer)
			r := connect(t, Config{Endpoint: server.url, timing: hasty}).Renditions(Place{Bucket: "bucket"}, RenditionsConfig{Once: true})
			for range times {
				if err := c.ask(t.Context(), r); err != nil {
					t.Fatal(err)
				}
			}
			server.check(t, times)
		})
	}
}
