package s3

import (
	"context"
	"io"
	"sync"
)

const (
	// wideFrom is from what length on the rest of an object is read by several
	// requests at a time, in bytes.
	wideFrom = 64 << 20
	// wide is how many there are beside the first.
	wide = 3
	// widePart is how much one of these reads, in bytes.
	widePart = 8 << 20
	// frontPart is by how much the first one goes on, in bytes.
	frontPart = 1 << 20
)

// all reads all that is left of the object into p. The end of a long one is
// fetched by other requests meanwhile, until they meet: one connection to S3
// gives less than a machine can take.
func (s *stream) all(p []byte) (int, error) {
	if len(p) <= wideFrom || s.etag == "" {
		return io.ReadFull(s, p)
	}
	ctx, cancel := context.WithCancelCause(s.ctx)
	defer cancel(nil)
	rest := &span{to: len(p)}
	base, whole := s.pos, s.part(ctx, 0, 0)
	var others sync.WaitGroup
	for range wide {
		others.Go(func() {
			for ctx.Err() == nil {
				from, to := rest.back(widePart)
				if from == to {
					return
				}
				part := whole.part(ctx, base+int64(from), base+int64(to))
				_, err := io.ReadFull(part, p[from:to])
				part.drop(false)
				if err != nil {
					cancel(err)
				}
			}
		})
	}
	read := 0
	for ctx.Err() == nil {
		from, to := rest.front(frontPart)
		if from == to {
			break
		}
		n, err := io.ReadFull(s, p[from:to])
		read += n
		if err != nil {
			cancel(err)
		}
	}
	others.Wait()
	if err := context.Cause(ctx); err != nil {
		return read, err
	}
	return len(p), nil
}

// part is a stream of a part of the object, of the same version. Its reader drops
// it in the end.
func (s *stream) part(ctx context.Context, from, to int64) *stream {
	return &stream{c: s.c, ctx: ctx, place: s.place, key: s.key, etag: s.etag, size: to, pos: from}
}

// span is what nobody has begun to read yet. It is taken from both ends.
type span struct {
	mu       sync.Mutex
	from, to int
}

func (s *span) front(most int) (from, to int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	from = s.from
	s.from = min(s.from+most, s.to)
	return from, s.from
}

func (s *span) back(most int) (from, to int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	to = s.to
	s.to = max(s.to-most, s.from)
	return s.to, to
}
