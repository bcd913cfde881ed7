package web

import (
	"io"
	"net/http"
	"os"
	"time"

	"photofit/internal/rendition"
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
}

func newRecord(w http.ResponseWriter, r *http.Request) *record {
	return &record{ResponseWriter: w, request: r, start: time.Now()}
}

// WriteHeader notes the status.
func (rec *record) WriteHeader(status int) {
	if rec.status == 0 && status >= 200 {
		rec.status = status
	}
	rec.ResponseWriter.WriteHeader(status)
}

// Write counts.
func (rec *record) Write(p []byte) (int, error) {
	if rec.status == 0 {
		rec.status = http.StatusOK
	}
	n, err := rec.ResponseWriter.Write(p)
	rec.bytes += int64(n)
	return n, err
}

// ReadFrom hands a file that lies below the source to the connection, which then
// sends it without copying it through this process (sendfile).
func (rec *record) ReadFrom(src io.Reader) (int64, error) {
	if rec.status == 0 {
		rec.status = http.StatusOK
	}
	if limited, ok := src.(*io.LimitedReader); ok {
		if body, ok := limited.R.(interface{ File() *os.File }); ok {
			src = io.LimitReader(body.File(), limited.N)
		}
	}
	n, err := io.Copy(rec.ResponseWriter, src)
	rec.bytes += n
	return n, err
}

// Unwrap is for http.ResponseController.
func (rec *record) Unwrap() http.ResponseWriter { return rec.ResponseWriter }
