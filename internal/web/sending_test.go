package web

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// deadlines is a response that notes until when it has to be sent, at each byte.
type deadlines struct {
	*httptest.ResponseRecorder
	until, first time.Time
}

func (d *deadlines) SetWriteDeadline(t time.Time) error {
	d.until = t
	return nil
}

func (d *deadlines) Write(p []byte) (int, error) {
	if d.first.IsZero() {
		d.first = d.until
	}
	return d.ResponseRecorder.Write(p)
}

// What was just made is not held in memory for ever for a client that does not
// read, nor is one cut that takes 8 KiB/s, nor what comes next on its connection.
func TestSendingTime(t *testing.T) {
	const size = 20 << 20
	g := newRig(t, pictureOf(strings.Repeat("x", size)), nil)
	ask := func() *deadlines {
		w := &deadlines{ResponseRecorder: httptest.NewRecorder()}
		g.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/a.jpg?w=800", nil))
		return w
	}
	const want = time.Minute + size/(8<<10)*time.Second
	before := time.Now()
	miss := ask()
	if least, most := before.Add(want), time.Now().Add(want); miss.first.Before(least) || miss.first.After(most) {
		t.Errorf("it is sent until %s, want %s to %s", miss.first, least, most)
	}
	if !miss.until.IsZero() {
		t.Errorf("the next answer is sent until %s", miss.until)
	}
	if hit := ask(); !hit.first.IsZero() {
		t.Errorf("what is kept is sent until %s", hit.first)
	}
}
