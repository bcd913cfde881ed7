// Package storetest holds the contracts of package store as tests, so that a
// folder, memory and a bucket are held to the same words:
//
//	func TestMem(t *testing.T) {
//		storetest.Renditions(t, func(t *testing.T) store.Renditions { return store.NewMem(0) })
//	}
//
// A place that cannot hold some names has a method Lacks(key string) string that
// gives the reason, or "": such keys are left out, and the log says so.
//
// A place is opened anew, and empty, for each part of a suite. What only one kind
// of place has (a bound, a crash, a symbolic link) is tested beside that place.
package storetest

import (
	"bytes"
	"context"
	"crypto/md5"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"photofit/internal/store"
)

// Renditions runs the contract of store.Renditions. Open gives an empty place
// with room for 64 MB, and closes it, if need be, by t.Cleanup.
func Renditions(t *testing.T, open func(t *testing.T) store.Renditions) {
	parts := []struct {
		name string
		run  func(t *testing.T, s store.Renditions)
	}{
		{"RoundTrip", roundTrip},
		{"Absent", absentKeys},
		{"Replace", replace},
		{"NastyKeys", nastyKeys},
		{"KeyTooLong", keyTooLong},
		{"BadKey", badKeys},
		{"Refused", refusedPuts},
		{"BodyIsCopied", bodyIsCopied},
		{"Seek", seekBody},
		{"OpenOutlives", openOutlives},
		{"Forget", forget},
		{"ForgetLong", forgetLong},
		{"Cancelled", cancelledRenditions},
		{"Concurrent", concurrent},
	}
	for _, p := range parts {
		t.Run(p.name, func(t *testing.T) { p.run(t, open(t)) })
	}
}

// MetaOf is what a rendition with these bytes is kept with.
func MetaOf(body []byte) store.Meta {
	return store.Meta{
		Size:    int64(len(body)),
		Type:    "image/avif",
		ETag:    fmt.Sprintf(`"%x"`, md5.Sum(body)),
		Source:  "18a-zzz-1",
		ModTime: time.Date(2024, 2, 29, 23, 59, 58, 0, time.UTC),
	}
}

// NastyKeys are keys, all different, that a place must tell apart.
func NastyKeys() []string {
	long := func(n int, c string) string { return strings.Repeat(c, n) }
	return []string{
		"r1/a.jpg/_w1.auto",
		"r1/a.jpg/_w1.auto-avif",
		"r1/a.jpg/_w10.auto",
		"r1/a.jpg/b/_w1.auto", // photo a.jpg/b of a folder a.jpg
		"r1/a.jpg/b/c/_w1.auto",
		"r2/a.jpg/_w1.auto",
		"r1/A.JPEG/_w1.auto",
		"r1/trip/_w1.auto", // photo trip beside folder trip
		"r1/trip/b.jpg/_w1.auto",
		"r1/trip/b.jpg2/_w1.auto",
		"r1/trip/b.jpg/_info.json",
		"r1/trip/b.jpg/_~master",
		"r1/trip/b/_w1.auto",
		"r1/-/_w1.auto",
		"r1/~2D/_w1.auto",
		"r1/-b.jpg/_w1.auto",
		"r1/~5FDSC1.jpg/_w1.auto",
		"r1/~2E~2E/_w1.auto",
		"r1/a~2F/b.jpg/_w1.auto",
		"r1/.hidden/..b/_w1.auto",
		"r1/a~20~2B~25~3F~23.jpg/_w1.auto",
		"r1/caf~C3~A9/~E4~B8~96~E7~95~8C.jpg/_w1.auto",
		"r1/a.jpg~/_~",
		"r1/~5F_/_w1.auto",
		"r1/b.jpg/_" + long(254, "w"),
		"r1/b.jpg/_" + long(255, "w"),
		"r1/b.jpg/_" + long(255, "w") + "x",
		"r1/" + long(254, "p") + "/_w1.auto",
		"r1/" + long(255, "p") + "/_w1.auto",
		"r1/" + long(256, "p") + "/_w1.auto",
		"r1/" + long(255, "p") + "q/_w1.auto",
		"r1/" + long(256, "p") + "/b.jpg/_w1.auto",
		"r1/" + long(150, "~C3~A9") + "/_w1.auto",
		keyOf(1024),
		keyOf(1023),
		"r1" + strings.Repeat("/d", 500) + "/_w1.auto",
	}
}

// keysFor gives those of NastyKeys that a place can hold.
func keysFor(t *testing.T, s store.Renditions) (keys []string) {
	for _, key := range NastyKeys() {
		if why := lacks(s, key); why != "" {
			t.Logf("LEFT OUT: %.60q, %d bytes: %s", key, len(key), why)
			continue
		}
		keys = append(keys, key)
	}
	return keys
}

// lacks tells why a place cannot hold a key; "": it can.
func lacks(s store.Renditions, key string) string {
	if l, ok := s.(interface{ Lacks(key string) string }); ok {
		return l.Lacks(key)
	}
	return ""
}

// keyOf makes a key of n bytes, most of them in one segment.
func keyOf(n int) string {
	const front, back = "r1/", "/_w1.auto"
	return front + strings.Repeat("k", n-len(front)-len(back)) + back
}

func put(t testing.TB, s store.Renditions, key string, body []byte) {
	t.Helper()
	if err := s.Put(t.Context(), key, body, MetaOf(body)); err != nil {
		t.Fatalf("Put(%.60q): %v", key, err)
	}
}

// has checks that key gives body and its meta.
func has(t testing.TB, s store.Renditions, key string, body []byte) {
	t.Helper()
	r, err := s.Get(t.Context(), key)
	if err != nil {
		t.Errorf("Get(%.60q): %v", key, err)
		return
	}
	defer r.Body.Close()
	got, err := io.ReadAll(r.Body)
	if err != nil {
		t.Errorf("reading %.60q: %v", key, err)
	}
	if !bytes.Equal(got, body) {
		t.Errorf("%.60q has %d bytes %.20q, want %d bytes %.20q", key, len(got), got, len(body), body)
	}
	if want := MetaOf(body); r.Meta != want {
		t.Errorf("%.60q has meta %+v, want %+v", key, r.Meta, want)
	}
}

// hasNot checks that key is absent.
func hasNot(t testing.TB, s store.Renditions, key string) {
	t.Helper()
	r, err := s.Get(t.Context(), key)
	if err == nil {
		r.Body.Close()
		t.Errorf("Get(%.60q) gave %d bytes, want absence", key, r.Size)
	} else if !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("Get(%.60q): %v; not an absence", key, err)
	}
}

// noise gives n bytes that differ from seed to seed.
func noise(n int, seed uint64) []byte {
	b := make([]byte, n)
	r := rand.New(rand.NewPCG(seed, uint64(n)))
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return b
}

func roundTrip(t *testing.T, s store.Renditions) {
	for i, n := range []int{0, 1, 15, 16, 17, 2047, 2048, 2049, 60_000, 9 << 20} {
		key := fmt.Sprintf("r1/b.jpg/_w%d.auto", i)
		body := noise(n, 1)
		put(t, s, key, body)
		has(t, s, key, body)
		has(t, s, key, body) // reading takes nothing away
	}
	t.Run("no meta but the size", func(t *testing.T) {
		const key = "r1/b.jpg/_bare"
		if err := s.Put(t.Context(), key, []byte("x"), store.Meta{Size: 1}); err != nil {
			t.Fatal(err)
		}
		r, err := s.Get(t.Context(), key)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Body.Close()
		if !r.ModTime.IsZero() || r.Size != 1 || r.Type+r.ETag+r.Source != "" {
			t.Errorf("got %+v", r.Meta)
		}
	})
	t.Run("a master", func(t *testing.T) {
		const key, kind = "r1/b.jpg/_~master", "image/jpeg; photo=6000x4000"
		m := MetaOf([]byte("x"))
		m.Type = kind
		if err := s.Put(t.Context(), key, []byte("x"), m); err != nil {
			t.Fatal(err)
		}
		r, err := s.Get(t.Context(), key)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Body.Close()
		if r.Type != kind {
			t.Errorf("its type is %q, want %q", r.Type, kind)
		}
	})
	t.Run("mod time to the second", func(t *testing.T) {
		const key = "r1/b.jpg/_time"
		m := MetaOf([]byte("x"))
		want := m.ModTime
		m.ModTime = want.Add(999 * time.Millisecond).In(time.FixedZone("east", 3600))
		if err := s.Put(t.Context(), key, []byte("x"), m); err != nil {
			t.Fatal(err)
		}
		r, err := s.Get(t.Context(), key)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Body.Close()
		if !r.ModTime.Equal(want) {
			t.Errorf("got %v, want %v", r.ModTime, want)
		}
	})
}

func absentKeys(t *testing.T, s store.Renditions) {
	for _, key := range NastyKeys() {
		hasNot(t, s, key)
	}
	put(t, s, "r1/trip/b.jpg/_w1.auto", []byte("x"))
	for _, key := range []string{"", "r1", "r1/trip", "r1/trip/_w1.auto", "r1/trip/b.jpg", "r1/trip/b.jpg/_w1.aut",
		"r1/trip/b.jpg/_w1.auto/_w1.auto", "r1/trip/b.jpg/_w1.auto-avif", "R1/trip/b.jpg/_w2.auto", keyOf(1025)} {
		hasNot(t, s, key)
	}
}

func replace(t *testing.T, s store.Renditions) {
	const key = "r1/b.jpg/_w1.auto"
	for i, n := range []int{1000, 10, 0, 70_000} {
		body := noise(n, uint64(i))
		put(t, s, key, body)
		has(t, s, key, body)
	}
}

func nastyKeys(t *testing.T, s store.Renditions) {
	keys := keysFor(t, s)
	for i, key := range keys {
		put(t, s, key, []byte(fmt.Sprintf("body %d", i)))
	}
	for i, key := range keys {
		has(t, s, key, []byte(fmt.Sprintf("body %d", i)))
	}
}

func keyTooLong(t *testing.T, s store.Renditions) {
	for _, key := range []string{keyOf(1025), keyOf(5000), "r1" + strings.Repeat("/d", 3000) + "/_w1.auto"} {
		if err := s.Put(t.Context(), key, nil, MetaOf(nil)); !errors.Is(err, store.ErrKeyTooLong) {
			t.Errorf("Put with a key of %d bytes: %v, want ErrKeyTooLong", len(key), err)
		}
		hasNot(t, s, key)
		if n, err := s.Forget(t.Context(), key[:strings.LastIndex(key, "/_")+2]); n != 0 || err != nil {
			t.Errorf("Forget with a prefix of %d bytes: %d, %v", len(key), n, err)
		}
	}
}

func badKeys(t *testing.T, s store.Renditions) {
	for _, key := range []string{"", "_w1.auto", "r1", "r1/b.jpg", "r1/b.jpg/", "/r1/b.jpg/_w1.auto", "r1//_w1.auto",
		"r1/../_w1.auto", "r1/./b/_w1.auto", "../b/_w1.auto", "r1/.../_w1.auto", "r1/_b/_w1.auto", "_r1/b/_w1.auto",
		"-/b.jpg/_w1.auto", "-partial/b.jpg/_w1.auto", "r1/a b/_w1.auto", "r1/b/_w1 .auto", "r1/b\x00/_w1.auto",
		"r1/é/_w1.auto", `r1\b/_w1.auto`} {
		if err := s.Put(t.Context(), key, nil, MetaOf(nil)); !errors.Is(err, store.ErrBadKey) {
			t.Errorf("Put(%q): %v, want ErrBadKey", key, err)
		}
		hasNot(t, s, key)
	}
}

func refusedPuts(t *testing.T, s store.Renditions) {
	const key = "r1/b.jpg/_w1.auto"
	put(t, s, key, []byte("old"))
	for _, size := range []int64{-1, 0, 4, 6} {
		m := MetaOf([]byte("wrong"))
		m.Size = size
		if err := s.Put(t.Context(), key, []byte("wrong"), m); err == nil {
			t.Errorf("Put of 5 bytes with a meta of %d: no error", size)
		}
	}
	has(t, s, key, []byte("old"))
}

func bodyIsCopied(t *testing.T, s store.Renditions) {
	const key = "r1/b.jpg/_w1.auto"
	body := []byte("the bytes")
	put(t, s, key, body)
	copy(body, "SCRIBBLES")
	has(t, s, key, []byte("the bytes"))
}

func seekBody(t *testing.T, s store.Renditions) {
	const key = "r1/b.jpg/_w1.auto"
	body := noise(10_000, 7)
	put(t, s, key, body)
	r, err := s.Get(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	for _, step := range []struct {
		offset int64
		whence int
		want   int64
	}{
		{0, io.SeekCurrent, 0}, {0, io.SeekEnd, 10_000}, {0, io.SeekStart, 0}, {9_990, io.SeekStart, 9_990},
		{-100, io.SeekEnd, 9_900}, {50, io.SeekStart, 50}, {12_000, io.SeekStart, 12_000},
	} {
		at, err := r.Body.Seek(step.offset, step.whence)
		if err != nil || at != step.want {
			t.Errorf("Seek(%d, %d) = %d, %v, want %d", step.offset, step.whence, at, err, step.want)
		}
		got, err := io.ReadAll(r.Body)
		if err != nil || !bytes.Equal(got, body[min(step.want, 10_000):]) {
			t.Errorf("after Seek(%d, %d): %d bytes, %v", step.offset, step.whence, len(got), err)
		}
	}
	for _, bad := range []struct {
		offset int64
		whence int
	}{{-1, io.SeekStart}, {-10_001, io.SeekEnd}, {0, 3}} {
		if _, err := r.Body.Seek(bad.offset, bad.whence); err == nil {
			t.Errorf("Seek(%d, %d): no error", bad.offset, bad.whence)
		}
	}
	if at, _ := r.Body.Seek(4, io.SeekStart); at != 4 {
		t.Fatal("Seek after errors")
	}
	two := make([]byte, 2)
	io.ReadFull(r.Body, two)
	if at, err := r.Body.Seek(-1, io.SeekCurrent); at != 5 || err != nil {
		t.Errorf("Seek(-1, SeekCurrent) at 6 = %d, %v", at, err)
	}
	if n, err := r.Body.Read(two); n == 0 || err != nil || two[0] != body[5] {
		t.Errorf("Read at 5: %d, %v", n, err)
	}
}

func openOutlives(t *testing.T, s store.Renditions) {
	const key = "r1/b.jpg/_w1.auto"
	old := noise(200_000, 1)
	for _, c := range []struct {
		name string
		do   func(t *testing.T)
	}{
		{"replaced", func(t *testing.T) { put(t, s, key, []byte("new")) }},
		{"forgotten", func(t *testing.T) {
			if _, err := s.Forget(t.Context(), "r1/b.jpg/_"); err != nil {
				t.Fatal(err)
			}
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			put(t, s, key, old)
			r, err := s.Get(t.Context(), key)
			if err != nil {
				t.Fatal(err)
			}
			defer r.Body.Close()
			head := make([]byte, 1000)
			if _, err := io.ReadFull(r.Body, head); err != nil {
				t.Fatal(err)
			}
			c.do(t)
			rest, err := io.ReadAll(r.Body)
			if err != nil || !bytes.Equal(append(head, rest...), old) {
				t.Errorf("the open one has %d other bytes, %v", len(rest), err)
			}
		})
	}
}

func cancelledRenditions(t *testing.T, s store.Renditions) {
	const key = "r1/b.jpg/_w1.auto"
	put(t, s, key, []byte("old"))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Get(ctx, key); !errors.Is(err, context.Canceled) {
		t.Errorf("Get: %v", err)
	}
	if err := s.Put(ctx, key, []byte("new"), MetaOf([]byte("new"))); !errors.Is(err, context.Canceled) {
		t.Errorf("Put: %v", err)
	}
	if _, err := s.Forget(ctx, "r1/b.jpg/_"); !errors.Is(err, context.Canceled) {
		t.Errorf("Forget: %v", err)
	}
	has(t, s, key, []byte("old"))
}
