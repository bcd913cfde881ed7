package rendition

import (
	"context"
	"errors"
	"time"

	"photofit/internal/store"
)

// slowPhotos takes its time, in a bubble's clock.
type slowPhotos struct {
	store.Photos
	stat, read time.Duration
}

func (s slowPhotos) Stat(ctx context.Context, key string) (store.Photo, error) {
	time.Sleep(s.stat)
	return s.Photos.Stat(ctx, key)
}

func (s slowPhotos) Open(ctx context.Context, key string) (store.OpenPhoto, error) {
	p, err := s.Photos.Open(ctx, key)
	return slowPhoto{p, s.read}, err
}

type slowPhoto struct {
	store.OpenPhoto
	read time.Duration
}

func (s slowPhoto) ReadAt(p []byte, off int64) (int, error) {
	time.Sleep(s.read)
	return s.OpenPhoto.ReadAt(p, off)
}

type slowPut struct {
	store.Renditions
	put time.Duration
}

func (s slowPut) Put(ctx context.Context, key string, body []byte, meta store.Meta) error {
	time.Sleep(s.put)
	return s.Renditions.Put(ctx, key, body, meta)
}

// brokenPhotos fails where an error is set.
type brokenPhotos struct {
	store.Photos
	stat, open error
}

func (b brokenPhotos) Stat(ctx context.Context, key string) (store.Photo, error) {
	if b.stat != nil {
		return store.Photo{}, b.stat
	}
	return b.Photos.Stat(ctx, key)
}

func (b brokenPhotos) Open(ctx context.Context, key string) (store.OpenPhoto, error) {
	if b.open != nil {
		return nil, b.open
	}
	return b.Photos.Open(ctx, key)
}

// errPanics has a store panic instead of returning it.
var errPanics = errors.New("panics")

// brokenKept fails where an error is set.
type brokenKept struct {
	store.Renditions
	get, put error
}

func (b brokenKept) Get(ctx context.Context, key string) (*store.Rendition, error) {
	if b.get != nil {
		return nil, b.get
	}
	return b.Renditions.Get(ctx, key)
}

func (b brokenKept) Put(ctx context.Context, key string, body []byte, meta store.Meta) error {
	if b.put == errPanics {
		panic("a nil pointer, say")
	}
	if b.put != nil {
		return b.put
	}
	return b.Renditions.Put(ctx, key, body, meta)
}

// endingKept ends the asker's context while it is being read.
type endingKept struct {
	store.Renditions
	end func()
}

func (e endingKept) Get(ctx context.Context, key string) (*store.Rendition, error) {
	e.end()
	return e.Renditions.Get(ctx, key)
}

// gatedKept stops Get and Put at a gate, if there is one; they tell that they
// have come and go on when it is closed.
type gatedKept struct {
	store.Renditions
	asked  func(key string)      // called before each Get
	missed func(key string)      // called after a Get that found nothing
	put    <-chan struct{}       // Put waits for it
	ctx    func(context.Context) // called with what Put and Forget get
}

func (g gatedKept) Get(ctx context.Context, key string) (*store.Rendition, error) {
	if g.asked != nil {
		g.asked(key)
	}
	r, err := g.Renditions.Get(ctx, key)
	if err != nil && g.missed != nil {
		g.missed(key)
	}
	return r, err
}

func (g gatedKept) Put(ctx context.Context, key string, body []byte, meta store.Meta) error {
	if g.put != nil {
		<-g.put
	}
	if g.ctx != nil {
		g.ctx(ctx)
	}
	return g.Renditions.Put(ctx, key, body, meta)
}

func (g gatedKept) Forget(ctx context.Context, prefix string) (int, error) {
	if g.ctx != nil {
		g.ctx(ctx)
	}
	return g.Renditions.Forget(ctx, prefix)
}
