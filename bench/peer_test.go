package main

import (
	"image"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

func TestTemplates(t *testing.T) {
	for _, tt := range []struct{ template, want string }{
		{"http://h/{photo}?w={width}&fm={format}", "http://h/a%20b.jpg?w=800&fm=jpg"},
		{"http://h/rs:fit:{width}/q:{quality}/plain/local:///{photo}@{format}", "http://h/rs:fit:800/q:80/plain/local:///a%20b.jpg@jpg"},
		{"https://h:1/w_{width},format_{type}/{photo}", "https://h:1/w_800,format_jpeg/a%20b.jpg"},
	} {
		if err := checkTemplate(tt.template); err != nil {
			t.Errorf("%s: %v", tt.template, err)
		}
		if got := fill(tt.template, "a b.jpg", 800, "jpg"); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.template, got, tt.want)
		}
	}
	if got := fill("{type} {format} {quality}", "", 1, "avif"); got != "avif avif 64" {
		t.Errorf("AVIF: %s", got)
	}
	for template, why := range map[string]string{
		"":                                   "no http URL",
		"/{photo}?w={width}&fm={format}":     "no http URL",
		"ftp://h/{photo}/{width}/{format}":   "no http URL",
		"http:///{photo}/{width}/{format}":   "no http URL",
		"http://h/?w={width}&fm={format}":    "no {photo}",
		"http://h/{photo}?fm={format}":       "no {width}",
		"http://h/{photo}?w={width}":         "neither",
		"http://h/{photo}/{width}.{formt}":   "placeholder",
		"http://h/{photo}/{width}.{format}}": "placeholder",
	} {
		if err := checkTemplate(template); err == nil || !strings.Contains(err.Error(), why) {
			t.Errorf("%s: %v, want %q", template, err, why)
		}
	}
}

func TestOthers(t *testing.T) {
	const template = "http://h/{photo}/{width}.{format}"
	var o others
	for _, value := range []string{"", "=" + template, "a=", "a", "a=http://h/"} {
		if err := o.add(value); err == nil {
			t.Errorf("--peer %q passed", value)
		}
	}
	if err := o.add("a=" + template); err != nil {
		t.Fatal(err)
	}
	if err := o.add("a=" + template); err == nil {
		t.Error("a name came twice")
	}
	for _, value := range []string{"", "a", "a=", "a=0", "a=-1", "a=x", "=1"} {
		if err := o.addPID(value); err == nil {
			t.Errorf("--peer-pid %q passed", value)
		}
	}
	if err := o.addPID("b=12"); err != nil || o.check() == nil {
		t.Errorf("a process of a peer that there is not: %v", err)
	}
	delete(o.pids, "b")
	if err := o.addPID("a=12"); err != nil || o.check() != nil {
		t.Error("the peer's process is not taken")
	}
	// A name that comes before its process has it, too.
	if r, err := o.peers[0].start(t.Context(), ""); err != nil || r.pid != 12 || r.template != template {
		t.Errorf("%+v, %v", r, err)
	}
}

// stand is a peer under way that is a handler of ours.
func stand(t *testing.T, name string, keeps bool, answer http.HandlerFunc) *running {
	s := httptest.NewServer(answer)
	t.Cleanup(s.Close)
	return &running{peer: peer{name: name, keeps: keeps}, template: s.URL + "/{photo}/{width}.{format}", client: newClient(), end: func() {}}
}

func TestWrongAnswersAreNone(t *testing.T) {
	for name, answer := range map[string]http.HandlerFunc{
		"500":   func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "no", 500) },
		"empty": func(http.ResponseWriter, *http.Request) {},
		"204":   func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(204) },
		"cut": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100")
			_, _ = io.WriteString(w, "short")
		},
	} {
		if body, err := stand(t, "x", false, answer).get(t.Context(), ask{"a.jpg", 1, "jpg"}); err == nil {
			t.Errorf("%s: %q passed", name, body)
		}
	}
}

func TestAskAllAsksForEachOnceAndWide(t *testing.T) {
	const wide = 4
	var asked, now, most atomic.Int64
	together := make(chan struct{})
	r := stand(t, "x", false, func(w http.ResponseWriter, _ *http.Request) {
		for n := now.Add(1); ; {
			if m := most.Load(); n <= m || most.CompareAndSwap(m, n) {
				break
			}
		}
		if asked.Add(1) == wide { // the first ones wait for each other
			close(together)
		}
		<-together
		now.Add(-1)
		_, _ = io.WriteString(w, "12345")
	})
	var sum tally
	if err := r.askAll(t.Context(), make([]ask, 50), wide, &sum); err != nil {
		t.Fatal(err)
	}
	if asked.Load() != 50 || most.Load() != wide || sum.bytes != 250 || len(sum.took) != 50 || slices.Min(sum.took) <= 0 || sum.wall <= 0 {
		t.Errorf("asked %d, %d at a time, %d bytes, %d times", asked.Load(), most.Load(), sum.bytes, len(sum.took))
	}
}

// A peer whose CPU time is unknown is asked all the same, in turns.
func TestPeersTakeTurns(t *testing.T) {
	var log strings.Builder
	letter := func(name string) *running {
		return stand(t, name, true, func(w http.ResponseWriter, _ *http.Request) {
			log.WriteString(name)
			_, _ = io.WriteString(w, name)
		})
	}
	all := []*running{letter("A"), letter("B")}
	tallies, err := takeTurns(t.Context(), all, make([]ask, 5), 1, 0)
	if err != nil {
		t.Fatal(err)
	}
	if got := log.String(); got != "AB"+"BA"+"AB"+"BBAA" {
		t.Errorf("turns: %s", got)
	}
	for _, s := range tallies {
		if s.cpu != 0 || s.peak != 0 || s.bytes != 5 {
			t.Errorf("%+v", s)
		}
	}
}

func TestWhatIsNotKnownIsNoRatio(t *testing.T) {
	b := &bench{section: "mix"}
	rounds := []mixRound{{
		list:  make([]ask, 1),
		empty: []tally{{cpu: time.Second, wall: time.Second, took: []float64{4}, bytes: 2e6, peak: 1}, {wall: 2 * time.Second, took: []float64{16}, bytes: 4e6}},
		warm:  []tally{{cpu: time.Second, wall: time.Second, took: []float64{1}}, {wall: 4 * time.Second, took: []float64{4}}},
	}}
	b.mixFigures([]peer{{name: us}, {name: "x", keeps: true}}, rounds, "", 2)
	got := map[string]figure{}
	for _, f := range b.figures {
		got[f.label()] = f
	}
	for label, want := range map[string]float64{
		"empty cache, 2 at a time: CPU time, of x's":           0,
		"empty cache, 2 at a time: peak memory, of x's":        0,
		"empty cache, 2 at a time: time in all, of x's":        0.5,
		"empty cache, 2 at a time: latency, 99 of 100, of x's": 0.25,
		"empty cache, 2 at a time: bytes sent, of x's":         0.5,
		"all kept, 2 at a time: time in all, of x's":           0.25,
	} {
		f, found := got[label]
		if !found || median(f.Values) != want || (want == 0) != strings.Contains(f.Note, "--peer-pid") {
			t.Errorf("%s: %+v", label, f)
		}
	}
}

func TestRightSize(t *testing.T) {
	p := picture{width: 3001, height: 2000}
	for _, tt := range []struct {
		got   image.Point
		width int
		right bool
	}{
		{image.Pt(600, 400), 600, true}, {image.Pt(600, 399), 600, true}, {image.Pt(600, 402), 600, false},
		{image.Pt(599, 400), 600, false}, {image.Pt(400, 600), 600, false},
		{image.Pt(3001, 2000), 3840, true}, {image.Pt(3840, 2559), 3840, false},
	} {
		if err := rightSize(tt.got, p, tt.width); (err == nil) != tt.right {
			t.Errorf("%v for %d px: %v", tt.got, tt.width, err)
		}
	}
}

func TestParseMisses(t *testing.T) {
	page := "photofit_answers_total{how=\"hit\"} 7\nphotofit_answers_total{how=\"miss\"} 3\n"
	if n, err := parseMisses(page); n != 3 || err != nil {
		t.Errorf("parseMisses = %v, %v", n, err)
	}
	if n, err := parseMisses("photofit_answers_total{how=\"hit\"} 7\n"); err == nil {
		t.Errorf("without the line: %v", n)
	}
}
