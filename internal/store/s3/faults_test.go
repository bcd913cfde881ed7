package s3

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"
	"time"

	"photofit/internal/store"
	"photofit/internal/store/s3/s3test"
)

// onFaulty runs a test with a client whose way to a server is a faulty one, and
// with one whose is not.
func onFaulty(t *testing.T, test func(t *testing.T, f *faulty, c, straight *Client, bucket string)) {
	s3test.Each(t, func(t *testing.T, s s3test.Server) {
		f := newFaulty(t, s.URL)
		test(t, f, connect(t, Config{Endpoint: f.url, timing: hasty}), connect(t, Config{Endpoint: s.URL}), newBucket(t, s))
	})
}

// lessPatient is the client that a fault needs, so that nobody waits for long.
func lessPatient(t *testing.T, f *faulty, c *Client, name string) *Client {
	if name != "stall" {
		return c
	}
	impatient := hasty
	impatient.stall = 200 * time.Millisecond
	return connect(t, Config{Endpoint: f.url, timing: impatient})
}

func noise(n int) []byte {
	b := make([]byte, n)
	random := rand.NewChaCha8([32]byte{byte(n)})
	_, _ = random.Read(b)
	return b
}

// beforeBody are faults that leave nothing to read.
var beforeBody = map[string]fault{
	"slow down": refuse(http.StatusServiceUnavailable, "SlowDown"),
	"internal":  refuse(http.StatusInternalServerError, "InternalError"),
	"gateway": func(w http.ResponseWriter, _ *http.Request, _ func(http.ResponseWriter, *http.Request)) {
		http.Error(w, "<html>", http.StatusBadGateway)
	},
	"reset":       reset,
	"lost answer": loseAnswer,
}

// amidBody are faults in the middle of an object of 300 KB.
var amidBody = map[string]fault{
	"cut":         cutAnswer(40_000),
	"cut at once": cutAnswer(0),
	"stall":       stall(2_000), // what comes in time gives time for more
}

// kindOf is what an error of a fault that stays must be.
func kindOf(name string) error {
	if name == "slow down" {
		return store.ErrThrottled
	}
	return store.ErrUnavailable
}

// told sees that an error is of its kind, none of the others, and one line.
func told(t *testing.T, what string, err, kind error) {
	t.Helper()
	if !errors.Is(err, kind) || errors.Is(err, fs.ErrNotExist) || errors.Is(err, context.Canceled) {
		t.Errorf("%s: %v", what, err)
		return
	}
	if text := err.Error(); strings.Contains(text, "\n") || len(text) > 400 {
		t.Errorf("%s: not one line: %s", what, text)
	}
}

func TestPhotoThroughFaults(t *testing.T) {
	body := noise(300_000)
	read := func(p *Photos) ([]byte, error) {
		photo, err := p.Open(t.Context(), "trip/b.jpg")
		if err != nil {
			return nil, err
		}
		defer photo.Close()
		return io.ReadAll(photo)
	}
	onFaulty(t, func(t *testing.T, f *faulty, c, straight *Client, bucket string) {
		upload(t, straight, bucket, "trip/b.jpg", body)
		all := map[string]fault{}
		for name, wrong := range beforeBody {
			all[name] = wrong
		}
		for name, wrong := range amidBody {
			all[name] = wrong
		}
		for name, wrong := range all {
			photos := lessPatient(t, f, c, name).Photos(Place{Bucket: bucket}, PhotosConfig{})
			f.fare(first(tries-1, http.MethodGet, wrong))
			if got, err := read(photos); err != nil || !bytes.Equal(got, body) {
				t.Errorf("%s: %d bytes, %v", name, len(got), err)
			}
			if n := f.requests(""); n != tries {
				t.Errorf("%s: %d requests", name, n)
			}
			f.fare(always(http.MethodGet, wrong))
			got, err := read(photos)
			told(t, name, err, kindOf(name))
			if !bytes.HasPrefix(body, got) {
				t.Errorf("%s: other bytes", name)
			}
			if n := f.requests(""); n < tries || n > 2*tries {
				t.Errorf("%s for ever: %d requests", name, n)
			}
		}
		photos := c.Photos(Place{Bucket: bucket}, PhotosConfig{})
		for name, wrong := range beforeBody {
			f.fare(first(tries-1, http.MethodHead, wrong))
			if photo, err := photos.Stat(t.Context(), "trip/b.jpg"); err != nil || photo.Size != int64(len(body)) {
				t.Errorf("stat, %s: %v, %v", name, photo, err)
			}
			f.fare(func(int, *http.Request) fault { return wrong })
			_, err := photos.Stat(t.Context(), "trip/b.jpg")
			told(t, "stat, "+name, err, unheaded(kindOf(name), err))
			_, err = photos.List(t.Context(), "trip")
			told(t, "list, "+name, err, kindOf(name))
		}
	})
}

// unheaded is the kind of an error of HEAD, whose answers have no code: that
// fewer requests are wanted cannot be known of one.
func unheaded(kind, err error) error {
	if kind == store.ErrThrottled && !errors.Is(err, kind) {
		return store.ErrUnavailable
	}
	return kind
}

// A long photo may be interrupted many times, as long as it goes on; and as long
// as it is the same.
func TestPhotoThroughManyCuts(t *testing.T) {
	body := noise(8 << 20)
	onFaulty(t, func(t *testing.T, f *faulty, c, straight *Client, bucket string) {
		upload(t, straight, bucket, "b.jpg", body)
		photos := c.Photos(Place{Bucket: bucket}, PhotosConfig{})
		f.fare(always(http.MethodGet, cutAnswer(forgiven+1)))
		for _, whole := range []bool{false, true} {
			photo, err := photos.Open(t.Context(), "b.jpg")
			if err != nil {
				t.Fatal(err)
			}
			got := make([]byte, len(body))
			if whole {
				_, err = photo.ReadAt(got, 0)
			} else {
				_, err = io.ReadFull(photo, got)
			}
			if err != nil && err != io.EOF || !bytes.Equal(got, body) {
				t.Errorf("whole %t: %v", whole, err)
			}
			photo.Close()
		}

		photo, err := photos.Open(t.Context(), "b.jpg")
		if err != nil {
			t.Fatal(err)
		}
		defer photo.Close()
		got := make([]byte, len(body))
		if _, err := io.ReadFull(photo, got[:1000]); err != nil {
			t.Fatal(err)
		}
		upload(t, straight, bucket, "b.jpg", noise(len(body)-1))
		n, err := io.ReadFull(photo, got[1000:])
		told(t, "replaced", err, store.ErrUnavailable)
		if !strings.Contains(fmt.Sprint(err), "replaced while it was read") {
			t.Error(err)
		}
		if !bytes.Equal(got[:1000+n], body[:1000+n]) {
			t.Error("two versions were mixed")
		}
	})
}

func TestRenditionsThroughFaults(t *testing.T) {
	const key = "r1/b.jpg/_w320.jpg"
	body := noise(300_000)
	meta := store.Meta{Size: int64(len(body)), Type: "image/jpeg", ETag: `"e"`, Source: `"v"`}
	puts := map[string]fault{"cut": cutRequest(40_000), "garbled": garble}
	for name, wrong := range beforeBody {
		puts[name] = wrong
	}
	onFaulty(t, func(t *testing.T, f *faulty, c, straight *Client, bucket string) {
		kept := c.Renditions(Place{Bucket: bucket}, RenditionsConfig{})
		sound := straight.Renditions(Place{Bucket: bucket}, RenditionsConfig{})
		look := func(what string) {
			t.Helper()
			r, err := sound.Get(t.Context(), key)
			if err != nil {
				t.Errorf("%s: %v", what, err)
				return
			}
			defer r.Body.Close()
			if got, err := io.ReadAll(r.Body); err != nil || !bytes.Equal(got, body) || r.Meta != meta {
				t.Errorf("%s: %d bytes, %v, %v", what, len(got), r.Meta, err)
			}
		}
		forget := func() {
			if _, err := sound.Forget(t.Context(), "r1/b.jpg/_"); err != nil {
				t.Fatal(err)
			}
		}
		for name, wrong := range puts {
			forget()
			f.fare(first(tries-1, http.MethodPut, wrong))
			switch err := kept.Put(t.Context(), key, body, meta); {
			case err == nil:
				look("put, " + name)
			case name != "garbled": // which says that it is the sender's fault
				t.Errorf("put, %s: %v", name, err)
			}
			forget()
			f.fare(always(http.MethodPut, wrong))
			err := kept.Put(t.Context(), key, body, meta)
			if name == "garbled" {
				if err == nil {
					t.Error("a garbled body was taken")
				}
			} else {
				told(t, "put, "+name, err, kindOf(name))
			}
			if name == "lost answer" {
				look("put, " + name) // it has arrived
				continue
			}
			if _, err := sound.Get(t.Context(), key); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("put, %s: something is kept: %v", name, err)
			}
		}

		f.fare(nil)
		if err := kept.Put(t.Context(), key, body, meta); err != nil {
			t.Fatal(err)
		}
		for name, wrong := range amidBody {
			kept := lessPatient(t, f, c, name).Renditions(Place{Bucket: bucket}, RenditionsConfig{})
			f.fare(always(http.MethodGet, wrong))
			r, err := kept.Get(t.Context(), key)
			if err != nil {
				told(t, "get, "+name, err, store.ErrUnavailable)
				continue
			}
			got, err := io.ReadAll(r.Body)
			told(t, "get, "+name, err, store.ErrUnavailable)
			if !bytes.HasPrefix(body, got) {
				t.Errorf("get, %s: other bytes", name)
			}
			r.Body.Close()
		}
		for name, wrong := range beforeBody {
			f.fare(always(http.MethodDelete, wrong))
			_, err := kept.Forget(t.Context(), "r1/b.jpg/_")
			if name == "lost answer" && err == nil {
				continue // it had gone by the second try
			}
			told(t, "forget, "+name, err, unheaded(kindOf(name), err))
			f.fare(nil)
			if err := kept.Put(t.Context(), key, body, meta); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// A client that leaves ends what was asked for it, at once.
func TestLeavingClient(t *testing.T) {
	onFaulty(t, func(t *testing.T, f *faulty, c, straight *Client, bucket string) {
		upload(t, straight, bucket, "b.jpg", noise(300_000))
		photos := c.Photos(Place{Bucket: bucket}, PhotosConfig{})
		ctx, cancel := context.WithCancel(t.Context())
		f.fare(always(http.MethodGet, stall(40_000)))
		photo, err := photos.Open(ctx, "b.jpg")
		if err != nil {
			t.Fatal(err)
		}
		defer photo.Close()
		if _, err := io.CopyN(io.Discard, photo, 40_000); err != nil {
			t.Fatal(err)
		}
		cancel()
		if _, err := io.Copy(io.Discard, photo); !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
		if n := f.requests(""); n != 1 {
			t.Errorf("%d requests", n)
		}
	})
}
