package s3

import (
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"photofit/internal/store"
)

const (
	// minRate is the least of a body that is to come in a second, in bytes.
	minRate = 32 << 10
	// forgiven is how much of a body must come between two faults for the first
	// one to be forgotten, in bytes.
	forgiven = 1 << 20
	// skipped is how far ahead a stream reads on to get somewhere, in bytes; to
	// go further it asks anew.
	skipped = 64 << 10
	// drained is how much of a body that nobody wants is read to its end, in
	// bytes, so that the connection can be used again.
	drained = 64 << 10
)

// stream is an object being read, from its beginning or from anywhere else. A
// body that breaks off, ends early or lags is taken up again where it was, if the
// object still is the same version. It is for one goroutine.
type stream struct {
	c     *Client
	ctx   context.Context // ends the body, too; ended by end
	end   context.CancelFunc
	place Place
	key   string
	etag  string // of the version; empty: a body that breaks off cannot be taken up
	size  int64

	pos    int64 // what the body gives next
	body   *body // nil: none is open
	faults int
	until  int64 // where faults is forgotten
}

// open begins to read an object of whatever version there is.
func (c *Client) open(ctx context.Context, op string, p Place, key string) (*stream, *s3.GetObjectOutput, error) {
	lasting, end := outlast(ctx)
	stop := context.AfterFunc(ctx, end)
	b, out, err := c.get(lasting, &s3.GetObjectInput{Bucket: &p.Bucket, Key: ptr(p.Prefix + key)})
	if !stop() && err == nil {
		b.close(true)
		err = ctx.Err()
	}
	if err != nil {
		end()
		return nil, nil, c.fault(ctx, op, p, key, err)
	}
	if out.ContentLength == nil || *out.ContentLength < 0 {
		b.close(true)
		end()
		return nil, nil, troublef(store.ErrUnavailable, "%s %s%s: the answer does not tell its length", op, p, key)
	}
	return &stream{c: c, ctx: lasting, end: end, place: p, key: key, etag: value(out.ETag), size: *out.ContentLength, body: b}, out, nil
}

// outlast gives a context that ends when ctx is cancelled, but not by ctx's
// deadline: that is for how long an answer may take to begin, and who reads it
// slowly may go on.
func outlast(ctx context.Context) (context.Context, context.CancelFunc) {
	lasting, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() {
		if !errors.Is(ctx.Err(), context.DeadlineExceeded) {
			cancel()
		}
	})
	return lasting, func() {
		stop()
		cancel()
	}
}

// Read gives what comes next.
func (s *stream) Read(p []byte) (int, error) {
	for {
		if s.pos >= s.size {
			return 0, io.EOF
		}
		if len(p) == 0 {
			return 0, nil
		}
		err := error(nil)
		if s.body == nil {
			s.body, err = s.c.rest(s.ctx, s.place, s.key, s.etag, s.pos, s.size-1)
			if err != nil {
				return 0, err
			}
		}
		n, err := s.body.Read(p[:min(int64(len(p)), s.size-s.pos)])
		s.pos += int64(n)
		if n > 0 {
			return n, nil // what is wrong will come again
		}
		if err == nil {
			continue
		}
		if err := s.stumble(err); err != nil {
			return 0, err
		}
	}
}

// stumble lets go of a body that has failed, and waits a little; or it says that
// it is enough.
func (s *stream) stumble(cause error) error {
	s.drop(true)
	if err := s.ctx.Err(); err != nil {
		return err
	}
	if errors.Is(cause, io.EOF) {
		cause = io.ErrUnexpectedEOF
	}
	if s.pos >= s.until {
		s.faults = 0
	}
	s.until = s.pos + forgiven
	if s.faults++; s.faults >= tries || s.etag == "" {
		return troublef(store.ErrUnavailable, "reading %s%s: the body broke off after %d of %d bytes, %d times: %v", s.place, s.key, s.pos, s.size, s.faults, cause)
	}
	wait := time.NewTimer(rand.N(max(1, min(s.c.backoff, 100*time.Millisecond<<s.faults))))
	defer wait.Stop()
	select {
	case <-wait.C:
		return nil
	case <-s.ctx.Done():
		return s.ctx.Err()
	}
}

// seek has Read go on at an offset.
func (s *stream) seek(to int64) error {
	ahead := to - s.pos
	if ahead == 0 {
		return nil
	}
	if s.body != nil && ahead > 0 && ahead <= skipped && to < s.size {
		_, err := io.CopyN(io.Discard, s, ahead)
		return err
	}
	s.drop(false)
	s.pos = to
	return nil
}

// drop lets go of the body. What is left of one is read if it is little, unless
// it has failed.
func (s *stream) drop(failed bool) {
	if s.body == nil {
		return
	}
	s.body.close(failed || s.size-s.pos > drained)
	s.body = nil
}

// close ends the stream.
func (s *stream) close() {
	s.drop(false)
	s.end()
}

// rest opens one version of an object from one offset up to another, both
// included.
func (c *Client) rest(ctx context.Context, p Place, key, etag string, from, to int64) (*body, error) {
	span := "bytes=" + strconv.FormatInt(from, 10) + "-" + strconv.FormatInt(to, 10)
	b, out, err := c.get(ctx, &s3.GetObjectInput{Bucket: &p.Bucket, Key: ptr(p.Prefix + key), Range: &span, IfMatch: optional(etag)})
	if err != nil {
		return nil, c.fault(ctx, "open", p, key, err)
	}
	if !strings.HasPrefix(value(out.ContentRange), "bytes "+strconv.FormatInt(from, 10)+"-") {
		b.close(true)
		return nil, troublef(store.ErrUnavailable, "open %s%s: it was asked for %s, and gave %q", p, key, span, value(out.ContentRange))
	}
	if etag != "" && value(out.ETag) != etag {
		b.close(true) // by a server that has no If-Match
		return nil, changed("open", p, key)
	}
	return b, nil
}

// get sends a GET.
func (c *Client) get(ctx context.Context, in *s3.GetObjectInput) (*body, *s3.GetObjectOutput, error) {
	ctx, cancel := context.WithCancel(ctx)
	out, err := c.api.GetObject(ctx, in)
	if err != nil {
		cancel()
		return nil, nil, err
	}
	return &body{r: out.Body, cancel: cancel, left: c.stall}, out, nil
}

// body is what follows an answer's headers. Time that goes by in reading it is
// rationed: there is a little to begin with, and some more for each byte that
// comes. So neither silence nor a trickle holds its reader up for long, and the
// time that the reader itself takes does not count.
type body struct {
	r      io.ReadCloser
	cancel context.CancelFunc
	alarm  *time.Timer
	left   time.Duration
}

var errSlow = errors.New("too slow")

func (b *body) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errSlow
	}
	if b.alarm == nil {
		b.alarm = time.AfterFunc(b.left, b.cancel)
	} else {
		b.alarm.Reset(b.left)
	}
	start := time.Now()
	n, err := b.r.Read(p)
	inTime := b.alarm.Stop()
	b.left += time.Duration(n)*time.Second/minRate - time.Since(start)
	if !inTime && err != nil {
		err = errSlow
	}
	return n, err
}

// close ends the body. Unless at once, it is read to its end first if that has
// come already, or is about to.
func (b *body) close(atOnce bool) {
	if !atOnce {
		soon := time.AfterFunc(50*time.Millisecond, b.cancel)
		_, _ = io.Copy(io.Discard, b.r)
		soon.Stop()
	}
	_ = b.r.Close()
	b.cancel()
}

func ptr[T any](v T) *T { return &v }

// optional is nil for what is not there.
func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func value(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
