package lambdahost

import (
	"io"
	"sync"
	"time"
)

// invocation is an event on its way through a function, and its answer on the
// way back. A function that answers faster than it is read waits.
type invocation struct {
	id    string
	event []byte

	answer    *io.PipeReader
	write     *io.PipeWriter
	streaming chan string // the answer's media type, once it has begun

	mu        sync.Mutex
	answering bool // the function has begun to
	over      bool
	err       error
	finished  chan struct{} // closed when the answer is whole, or failed

	given  time.Time // when the function got it
	report Report
}

func newInvocation(event []byte) *invocation {
	call := &invocation{id: newID(), event: event, streaming: make(chan string, 1), finished: make(chan struct{})}
	call.report.ID = call.id
	call.answer, call.write = io.Pipe()
	return call
}

// begun waits for the answer's beginning, or tells why there is none.
func (i *invocation) begun() error {
	select {
	case t := <-i.streaming:
		i.streaming <- t
		return nil
	case <-i.finished:
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.answering {
		return nil // what failed is found in reading it
	}
	return i.err
}

// mediaType is the answer's, once it has begun.
func (i *invocation) mediaType() string { return <-i.streaming }

// begin notes that the function has begun to answer. It must not twice.
func (i *invocation) begin(mediaType string) bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.answering || i.over {
		return false
	}
	i.answering = true
	i.streaming <- mediaType
	return true
}

// pour is where the answer's bytes go. Lambda goes on reading a function's
// answer when nobody is left to read it, and so does this.
type pour struct{ *io.PipeWriter }

// Write is io.Writer's.
func (p pour) Write(b []byte) (int, error) {
	_, _ = p.PipeWriter.Write(b)
	return len(b), nil
}

// finish ends the answer, which is whole if err is nil. Only the first call
// counts.
func (i *invocation) finish(err error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.over {
		return
	}
	i.over, i.err = true, err
	i.report.Err = err
	_ = i.write.CloseWithError(err) // nil is io.EOF
	close(i.finished)
}

// isAnswering tells whether the function has begun an answer that has no end yet.
func (i *invocation) isAnswering() bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.answering && !i.over
}

// isOver tells whether the answer has ended.
func (i *invocation) isOver() bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.over
}
