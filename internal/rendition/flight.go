package rendition

import (
	"bytes"
	"context"
	"io"
	"sync"
	"time"

	"photofit/internal/store"
)

// flights are the renders under way, by what they make. x/sync's singleflight
// would tie a flight to its first asker's context, or to none; here it ends when
// the last asker has left, and no sooner.
type flights struct {
	mu    sync.Mutex
	all   map[string]*flight
	ended uint64 // how many there were; moves after what one made is kept
}

// flight is one render and those who wait for it. After landed is closed, err or
// else how, meta, body and timing are set; after kept is closed, keeping is.
type flight struct {
	askers int // under flights.mu
	cancel context.CancelFunc
	close  func() // nobody may join any more

	landed chan struct{}
	err    error
	how    How // Miss, or Hit where it was kept after all
	master bool
	meta   store.Meta
	body   []byte
	timing Timing

	kept    chan struct{}
	keeping time.Duration
}

// reader gives the rendition to one asker.
func (f *flight) reader() io.ReadSeeker { return bytes.NewReader(f.body) }

// land publishes the result. A failure is for those who have waited for it: who
// asks from now on tries anew.
func (f *flight) land(err error) {
	f.err = err
	if err != nil {
		f.close()
	}
	close(f.landed)
}

// count is what join wants to know of the time before the asker's look at what
// is kept.
func (fs *flights) count() uint64 {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	return fs.ended
}

// join waits for the flight to key, which run makes if there is none. shared
// tells whether another asker's was joined.
//
// run calls land once, and returns when the result is kept; until then the
// flight can be joined. An asker who looked in vain at what is kept may still
// come after that: before is the count from before its look, and where a flight
// has ended since, run is told to look again. So what has been made is found,
// either here or there.
//
// Who asks leaves when ctx ends; the flight's own context ends when all have
// left before it landed.
func (fs *flights) join(ctx context.Context, key string, before uint64, run func(ctx context.Context, f *flight, again bool)) (f *flight, shared bool, err error) {
	if ctx.Err() != nil {
		return nil, false, context.Cause(ctx)
	}
	fs.mu.Lock()
	f, shared = fs.all[key]
	if !shared {
		made := &flight{how: Miss, landed: make(chan struct{}), kept: make(chan struct{})}
		f = made
		// The flight keeps the first asker's values (a logger, a trace), not
		// its end.
		var flying context.Context
		flying, f.cancel = context.WithCancel(context.WithoutCancel(ctx))
		f.close = func() {
			fs.mu.Lock()
			defer fs.mu.Unlock()
			fs.drop(key, made)
		}
		if fs.all == nil {
			fs.all = map[string]*flight{}
		}
		fs.all[key] = f
		go fs.fly(flying, key, f, fs.ended != before, run)
	}
	f.askers++
	fs.mu.Unlock()

	select {
	case <-f.landed:
		err = f.err
	case <-ctx.Done():
		err = context.Cause(ctx)
	}
	fs.leave(key, f)
	if err != nil {
		return nil, shared, err
	}
	return f, shared, nil
}

// fly is the flight's own goroutine.
func (fs *flights) fly(ctx context.Context, key string, f *flight, again bool, run func(context.Context, *flight, bool)) {
	defer close(f.kept)
	defer fs.remove(key, f)
	run(ctx, f, again)
}

// leave is an asker's going. The last one to go before the flight has landed
// ends it, and nobody may join one that is being given up.
func (fs *flights) leave(key string, f *flight) {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	f.askers--
	if f.askers > 0 {
		return
	}
	select {
	case <-f.landed:
	default:
		f.cancel()
		fs.drop(key, f)
	}
}

func (fs *flights) remove(key string, f *flight) {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	fs.drop(key, f)
	fs.ended++
	f.cancel()
}

// drop is called with mu held.
func (fs *flights) drop(key string, f *flight) {
	if fs.all[key] == f {
		delete(fs.all, key)
	}
}
