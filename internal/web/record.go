package web

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"syscall"
	"time"

	"photofit/internal/rendition"
	"photofit/internal/store"
)

// record is the response on its way, and what will be said of it in the log and
// the metrics.
type record struct {
	http.ResponseWriter
	request *http.Request
	start   time.Time

	class  string // picture, page, probe; empty for what was refused before that was known
	status int    // 0 until the header is written
	bytes  int64  // of the body
	recipe string // canonical path
	how    rendition.How
	master bool // it was made from the photo's master
	timing rendition.Timing
	code   string // of an error
	cause  error
	broken bool // the body ended early, and not because the client left
}

func newRecord(w http.ResponseWriter, r *http.Request) *record {
	return &record{ResponseWriter: w, request: r, start: time.Now()}
}

// WriteHeader notes the status. Of ranges that lie outside of the picture, and
// of conditions that do not hold, net/http judges by itself, and has no code for
// it; nor does it take back that the answer may be kept, which is meant for the
// picture.
func (rec *record) WriteHeader(status int) {
	if rec.status == 0 && status >= 200 {
		rec.status = status
		switch status {
		case http.StatusRequestedRangeNotSatisfiable:
			rec.refuse("range-outside")
		case http.StatusPreconditionFailed:
			rec.refuse("precondition-failed")
			rec.Header().Del("Content-Type") // there is no body
		}
	}
	rec.ResponseWriter.WriteHeader(status)
}

// refuse marks an answer of net/http's as an error.
func (rec *record) refuse(code string) {
	if rec.code == "" {
		rec.code = code
		rec.Header().Set("Photofit-Error", code)
		rec.Header().Set("Cache-Control", noStore)
	}
}

// Write counts.
func (rec *record) Write(p []byte) (int, error) {
	if rec.status == 0 {
		rec.status = http.StatusOK
	}
	n, err := rec.ResponseWriter.Write(p)
	if rec.request.Method != http.MethodHead {
		rec.bytes += int64(n)
	}
	return n, err
}

// ReadFrom sends a body as cheaply as what lies below the source allows: bytes in
// memory as they are, a file by the kernel, without a copy in this process
// (sendfile). What comes after the body in that file is beyond the limit that
// http.ServeContent sets.
func (rec *record) ReadFrom(src io.Reader) (int64, error) {
	if rec.status == 0 {
		rec.status = http.StatusOK
	}
	limited, ok := src.(*io.LimitedReader)
	if !ok {
		n, err := io.Copy(rec.ResponseWriter, src)
		rec.bytes += n
		return n, err
	}
	want := limited.N
	var n int64
	var err error
	from := &source{Reader: limited.R} // reads nothing where what lies below does better
	switch body := limited.R.(type) {
	case store.BytesBody:
		var sent int
		sent, err = rec.ResponseWriter.Write(body.Next(want))
		n = int64(sent)
	case store.FileBody:
		n, err = io.Copy(rec.ResponseWriter, &io.LimitedReader{R: body.File(), N: want})
	default:
		n, err = io.Copy(rec.ResponseWriter, &io.LimitedReader{R: from, N: want})
	}
	rec.bytes += n
	if err == nil && n < want {
		err = io.ErrUnexpectedEOF
	}
	if err != nil && rec.cause == nil {
		// The headers have promised more, so the server cuts the connection.
		failed := from.failed || errors.Is(err, io.ErrUnexpectedEOF)
		rec.cause, rec.broken = err, !left(rec.request) && (failed || !clientLeft(err))
	}
	return n, err
}

// source tells whether it was reading that failed: a bucket's connection can be
// reset as well as a client's.
type source struct {
	io.Reader
	failed bool
}

// Read is io.Reader's.
func (s *source) Read(p []byte) (int, error) {
	n, err := s.Reader.Read(p)
	if err != nil && err != io.EOF {
		s.failed = true
	}
	return n, err
}

// left tells whether the client has ended the request. That its time is over is
// another thing: who asked may still be there.
func left(r *http.Request) bool { return errors.Is(r.Context().Err(), context.Canceled) }

// clientLeft tells whether a body could not be written because nobody takes it.
func clientLeft(err error) bool {
	for _, gone := range []error{syscall.EPIPE, syscall.ECONNRESET, net.ErrClosed, os.ErrDeadlineExceeded, io.ErrClosedPipe} {
		if errors.Is(err, gone) {
			return true
		}
	}
	return false
}

// limit is until when the answer must be sent, or the connection is cut; zero is
// for ever. A connection that cannot be cut, such as Lambda's, is left alone.
func (rec *record) limit(until time.Time) {
	_ = http.NewResponseController(rec.ResponseWriter).SetWriteDeadline(until)
}

// Unwrap is for http.ResponseController.
func (rec *record) Unwrap() http.ResponseWriter { return rec.ResponseWriter }
