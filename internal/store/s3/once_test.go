package s3

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"photofit"
	"photofit/internal/store"
	"photofit/internal/store/s3/s3test"
	"photofit/internal/store/storetest"
)

// TestOnce has a second put leave the first one's object as it is.
func TestOnce(t *testing.T) {
	s3test.Each(t, func(t *testing.T, s s3test.Server) {
		const key = "r1/trip/b.jpg/_w1.auto"
		place := Place{newBucket(t, s), "made/"}
		c := connect(t, Config{Endpoint: s.URL})
		once := c.Renditions(place, RenditionsConfig{Once: true})
		put := func(r *Renditions, body, source string) {
			t.Helper()
			meta := storetest.MetaOf([]byte(body))
			meta.Source = source
			if err := r.Put(t.Context(), key, []byte(body), meta); err != nil {
				t.Fatal(err)
			}
		}
		want := func(body, source string) {
			t.Helper()
			got, err := once.Get(t.Context(), key)
			if err != nil {
				t.Fatal(err)
			}
			defer got.Body.Close()
			if all, err := io.ReadAll(got.Body); err != nil || string(all) != body || got.Source != source {
				t.Errorf("%q of %q is kept, want %q of %q; %v", all, got.Source, body, source, err)
			}
		}
		put(once, "first", "e1")
		want("first", "e1")
		put(once, "second", "e2")
		want("first", "e1")
		// Where it was withdrawn, there is room, and for the mark each time.
		for range 2 {
			if err := once.Withdraw(t.Context(), key); err != nil {
				t.Fatal(err)
			}
			put(once, "third", "e3")
			want("third", "e3")
		}
		put(c.Renditions(place, RenditionsConfig{}), "fourth", "e4")
		want("fourth", "e4")
	})
}

// TestUnseen has what no CDN serves go like all else, by its version, and not be
// counted.
func TestUnseen(t *testing.T) {
	s3test.Each(t, func(t *testing.T, s s3test.Server) {
		place := Place{newBucket(t, s), "made/"}
		kept := connect(t, Config{Endpoint: s.URL}).Renditions(place, RenditionsConfig{Unseen: photofit.IsMasterKey})
		const prefix = "r1/trip/b.jpg/_"
		put := func(name, source string) {
			t.Helper()
			if err := kept.Put(t.Context(), prefix+name, []byte("x"), store.Meta{Size: 1, Source: source}); err != nil {
				t.Fatal(err)
			}
		}
		for _, c := range []struct {
			names []string // kept, of e1
			now   string
			count int
			left  bool
		}{
			{[]string{"~master"}, "e1", 0, true},
			{[]string{"~master"}, "e2", 0, false},
			{[]string{"~master", "w1.auto", "w2.auto"}, "e1", 0, true},
			{[]string{"~master", "w1.auto", "w2.auto"}, "e2", 2, false},
			{[]string{"~master", "w1.auto", "w2.auto"}, "", 2, false},
			{[]string{"~master"}, "", 0, false},
		} {
			for _, name := range c.names {
				put(name, "e1")
			}
			forget := func() (int, error) { return kept.ForgetStale(t.Context(), prefix, c.now) }
			if c.now == "" {
				forget = func() (int, error) { return kept.Forget(t.Context(), prefix) }
			}
			n, err := forget()
			if n != c.count || err != nil {
				t.Errorf("%q of e1, the photo is %q: %d counted, want %d; %v", c.names, c.now, n, c.count, err)
			}
			for _, name := range c.names {
				r, err := kept.Get(t.Context(), prefix+name)
				if err == nil {
					_ = r.Body.Close()
				}
				if (err == nil) != c.left {
					t.Errorf("%q of e1, the photo is %q: %s is kept: %v", c.names, c.now, name, err == nil)
				}
			}
		}
	})
}

// TestOnceTellsFaultsApart has only those refusals be none that are for its
// condition.
func TestOnceTellsFaultsApart(t *testing.T) {
	for _, c := range []struct {
		status int
		code   string
		fails  bool
	}{
		{http.StatusPreconditionFailed, "PreconditionFailed", false},
		{http.StatusConflict, "ConditionalRequestConflict", false},
		{http.StatusConflict, "OperationAborted", true},
		{http.StatusForbidden, "AccessDenied", true},
		{http.StatusNotFound, "NoSuchBucket", true},
	} {
		t.Run(c.code, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.Method != http.MethodPut || r.Header.Get("If-None-Match") != "*" {
					t.Errorf("%s %s with If-None-Match %q", r.Method, r.URL, r.Header.Get("If-None-Match"))
				}
				w.Header().Set("Content-Type", "application/xml")
				w.WriteHeader(c.status)
				_, _ = io.WriteString(w, "<Error><Code>"+c.code+"</Code><Message>no</Message></Error>")
			}))
			defer server.Close()
			r := connect(t, Config{Endpoint: server.URL, timing: hasty}).Renditions(Place{Bucket: "bucket"}, RenditionsConfig{Once: true})
			err := r.Put(t.Context(), "r1/a.jpg/_w1.auto", []byte("x"), storetest.MetaOf([]byte("x")))
			if (err != nil) != c.fails {
				t.Errorf("put: %v", err)
			}
		})
	}
}
