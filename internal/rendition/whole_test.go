package rendition

import (
	"context"
	"errors"
	"io"
	"testing"

	"photofit/internal/store"
)

// brokenRenditions give what was kept, and break off.
type brokenRenditions struct {
	store.Renditions
	err error
}

func (b brokenRenditions) Get(ctx context.Context, key string) (*store.Rendition, error) {
	r, err := b.Renditions.Get(ctx, key)
	if err == nil {
		r.Body = brokenBody{r.Body, b.err}
	}
	return r, err
}

type brokenBody struct {
	io.ReadSeekCloser
	err error
}

func (b brokenBody) Read(p []byte) (int, error) {
	n, _ := b.ReadSeekCloser.Read(p[:1])
	return n, b.err
}

// TestWhole has a kept rendition that cannot be read made again, where an answer
// must not break off; elsewhere that is found in reading it.
func TestWhole(t *testing.T) {
	for _, whole := range []bool{false, true} {
		g := newRig(copying, nil)
		g.must(t, wide(800))
		reset := errors.New("the connection was reset")
		g.Service = New(Config{Photos: g.photos, Renditions: brokenRenditions{g.kept, reset}, Render: copying, Whole: whole})
		body, a, err := g.take(t.Context(), wide(800))
		if whole && (err != nil || body != "one" || a.How != Miss) {
			t.Errorf("%q, %v", body, err)
		}
		if !whole && !errors.Is(err, reset) {
			t.Errorf("without: %q, %v", body, err)
		}
	}
}

// TestWholeHit has a rendition that can be read be a hit all the same, from
// memory.
func TestWholeHit(t *testing.T) {
	g := newRig(copying, func(c *Config) { c.Whole = true })
	g.must(t, wide(800))
	a, err := g.Get(t.Context(), wide(800))
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	if _, inside := a.Body.(inMemory); !inside || a.How != Hit {
		t.Errorf("a %s whose body is a %T", a.How, a.Body)
	}
	if b, err := io.ReadAll(a.Body); string(b) != "one" || err != nil {
		t.Errorf("%q, %v", b, err)
	}
}
