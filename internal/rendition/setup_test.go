package rendition

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"testing"

	"photofit"
	"photofit/internal/store"
)

// admit is the last argument of a Render.
type admit = func(context.Context, int64) error

// copying renders by giving the photo's bytes, so that what was read can be
// seen in what was made.
func copying(_ context.Context, photo io.ReaderAt, size int64, _ photofit.Recipe, _ admit) (Made, error) {
	b := make([]byte, size)
	_, err := photo.ReadAt(b, 0)
	if err == io.EOF {
		err = nil
	}
	return Made{Body: b, Type: "image/webp", Width: 1, Height: 1}, err
}

// rig is a service over one photo, "a.jpg", whose bytes are "one".
type rig struct {
	*Service
	photos *store.MemPhotos
	kept   *store.Mem
	log    *bytes.Buffer // read it while nothing goes on
}

func newRig(render Render, change func(*Config)) *rig {
	g := &rig{photos: &store.MemPhotos{}, kept: store.NewMem(0), log: &bytes.Buffer{}}
	g.photos.Set("a.jpg", []byte("one"))
	c := Config{
		Photos: g.photos, Renditions: g.kept, Render: render,
		Log: slog.New(slog.NewTextHandler(g.log, nil)),
	}
	if change != nil {
		change(&c)
	}
	g.Service = New(c)
	return g
}

// wide is a recipe of a.jpg.
func wide(w int) photofit.Recipe {
	return photofit.Recipe{Photo: "a.jpg", Width: w, Format: photofit.WebP}
}

// take gets a rendition whole and closes it.
func (g *rig) take(ctx context.Context, r photofit.Recipe) (string, *Answer, error) {
	a, err := g.Get(ctx, r)
	if err != nil {
		return "", nil, err
	}
	b, err := io.ReadAll(a.Body)
	if err == nil {
		err = a.Close()
	}
	return string(b), a, err
}

// must is take where nothing may go wrong.
func (g *rig) must(t *testing.T, r photofit.Recipe) (string, How) {
	t.Helper()
	body, a, err := g.take(t.Context(), r)
	if err != nil {
		t.Fatalf("Get(%s): %v", r.Path(), err)
	}
	return body, a.How
}

// isKept tells whether a recipe's rendition is kept, and of which version.
func (g *rig) isKept(r photofit.Recipe) (source string, ok bool) {
	kept, err := g.kept.Get(context.Background(), r.Key())
	if err != nil {
		return "", false
	}
	defer kept.Body.Close()
	return kept.Source, true
}

// got is what an asker in a goroutine of its own brings back.
type got struct {
	body string
	how  How
	err  error
}

// send lets somebody ask in a goroutine.
func (g *rig) send(ctx context.Context, r photofit.Recipe) <-chan got {
	c := make(chan got, 1)
	go func() {
		body, a, err := g.take(ctx, r)
		if err != nil {
			c <- got{err: err}
			return
		}
		c <- got{body, a.How, nil}
	}()
	return c
}
