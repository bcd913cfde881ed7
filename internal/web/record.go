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
	timing rendition.Timing
	code   string // of an error
	cause  error
	broken bool // the body ended early, and not because the client left
}

func newRecord(w http.ResponseWriter, r *http.Request) *record {
	return &record{ResponseWriter: w, request: r, start: time.Now()}
}

// WriteHeader notes the status. Of ranges that lie outside of the picture
// net/http judges by itself, and has no code for it.
func (rec *record) WriteHeader(status int) {
	if rec.status == 0 && status >= 200 {
		rec.status = status
		if status == http.StatusRequestedRangeNotSatisfiable {
			rec.code = "range-outside"
			rec.Header().Set("Photofit-Error", rec.code)
			rec.Header().Set("Cache-Control", noStore)
		}
	}
	rec.ResponseWriter.WriteHeader(status)
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

// ReadFrom hands a file that lies below the source to the connection, which then
// sends it without copying it through this process (sendfile). What comes after
// the body in that file is beyond the limit that http.ServeContent sets.
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
	var from *source
	if body, ok := limited.R.(store.FileBody); ok {
		src = &io.LimitedReader{R: body.File(), N: want}
	} else {
		from = &source{Reader: limited.R}
		src = &io.LimitedReader{R: from, N: want}
	}
	n, err := io.Copy(rec.ResponseWriter, src)
	rec.bytes += n
	if err == nil && n < want {
		err = io.ErrUnexpectedEOF
	}
	if err != nil && rec.cause == nil {
		// The headers have promised more, so the server cuts the connection.
		failed := errors.Is(err, io.ErrUnexpectedEOF) || from != nil && from.failed
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

// Unwrap is for http.ResponseController.
func (rec *record) Unwrap() http.ResponseWriter { return rec.ResponseWriter }
