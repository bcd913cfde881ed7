package web

import (
	"context"
	"io"

	"photofit/internal/store"
)

// lateStore keeps nothing before it may.
type lateStore struct {
	store.Renditions
	may <-chan struct{}
}

func (l lateStore) Put(ctx context.Context, key string, body []byte, meta store.Meta) error {
	<-l.may
	return l.Renditions.Put(ctx, key, body, meta)
}

// brokenStore gives half of a body, then an error.
type brokenStore struct {
	store.Renditions
	err error
}

func (b brokenStore) Get(ctx context.Context, key string) (*store.Rendition, error) {
	r, err := b.Renditions.Get(ctx, key)
	if err == nil {
		r.Body = &brokenBody{r.Body, r.Size / 2, b.err}
	}
	return r, err
}

type brokenBody struct {
	io.ReadSeekCloser
	left int64
	err  error
}

func (b *brokenBody) Read(p []byte) (int, error) {
	if b.left == 0 {
		return 0, b.err
	}
	n, err := b.ReadSeekCloser.Read(p[:min(int64(len(p)), b.left)])
	b.left -= int64(n)
	return n, err
}

func (c countFiles) Get(ctx context.Context, key string) (*store.Rendition, error) {
	r, err := c.Dir.Get(ctx, key)
	if err == nil {
		if body, ok := r.Body.(store.FileBody); ok {
			r.Body = fileCounter{body, c.files}
		}
	}
	return r, err
}
