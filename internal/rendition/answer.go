package rendition

import (
	"io"
	"time"

	"photofit/internal/store"
)

// How an answer came about.
type How string

// The ways to an answer.
const (
	Hit      How = "hit"      // it was kept
	Miss     How = "miss"     // it was made for this asker
	Shared   How = "shared"   // it was made for another who asked before
	Original How = "original" // the photo itself
)

// Answer is a rendition, or an original. Whoever gets it closes it.
type Answer struct {
	store.Meta
	Body io.ReadSeeker // from the first byte; of Meta.Size bytes
	How  How

	// Master tells that it was made from the photo's master. What was kept does
	// not tell.
	Master bool
	Timing
	close func() error
}

// Close lets go of the answer, and waits until a rendition made for it is kept.
func (a *Answer) Close() error { return a.close() }

// Timing is where the time went. What did not happen is zero.
type Timing struct {
	Lookup time.Duration // what version is the photo, is there a rendition of it
	Queue  time.Duration // until it was its turn
	Fetch  time.Duration // reading the photo
	Render time.Duration // decoding to encoding
	Store  time.Duration // keeping it; known after Close only
}
