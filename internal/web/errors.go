package web

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"runtime/debug"
	"strconv"

	"photofit"
	"photofit/internal/rendition"
	"photofit/internal/store"
)

var (
	errMethod    = errors.New("method not allowed")
	errNoPage    = errors.New("no such page")
	errNotListed = errors.New("nothing there to show")
	errFolder    = errors.New("the folder cannot be shown")
	errTimeout   = errors.New("the rendition was not made in time")
)

// verdict is what the public gets to know of an error.
type verdict struct {
	status int
	code   string // stable, in the header Photofit-Error
	text   string // one line that says what to do
	cache  string // Cache-Control
	retry  int    // Retry-After, in seconds; 0: none
}

const (
	noStore = "no-store"
	briefly = "public, max-age=10" // the photo may be there in a moment
)

// judge is the one table from errors to answers. What is not in it is nobody's
// business but the log's.
func judge(err error) verdict {
	var refusal *photofit.Error
	var fault *photofit.Fault
	switch {
	case errors.As(err, &refusal):
		status := http.StatusBadRequest
		if errors.Is(err, photofit.ErrForbidden) {
			status = http.StatusForbidden
		}
		return verdict{status, refusal.Code, refusal.Text, noStore, 0}
	case errors.As(err, &fault):
		return verdict{faultStatus(fault), fault.Code, fault.Text, noStore, 0}
	case errors.Is(err, errNotListed):
		return verdict{http.StatusNotFound, "page-not-found", "Nothing of that name is here: the contact sheet starts at /.", briefly, 0}
	case errors.Is(err, errFolder):
		return verdict{http.StatusInternalServerError, "folder-unreadable", "The folder could not be read: the server's log says why.", noStore, 0}
	case errors.Is(err, fs.ErrNotExist):
		return verdict{http.StatusNotFound, "photo-not-found", "There is no such photo: check its name, capitals included.", briefly, 0}
	case errors.Is(err, errNoPage):
		return verdict{http.StatusNotFound, "page-not-found", "There is no such page.", briefly, 0}
	case errors.Is(err, errMethod):
		return verdict{http.StatusMethodNotAllowed, "method-not-allowed", "Only GET and HEAD are answered.", noStore, 0}
	case errors.Is(err, rendition.ErrBusy):
		return verdict{http.StatusServiceUnavailable, "busy", "Too many photos are being scaled right now: ask again in a few seconds.", noStore, 2}
	case errors.Is(err, errTimeout), errors.Is(err, context.DeadlineExceeded):
		return verdict{http.StatusServiceUnavailable, "timeout", "The photo could not be scaled in time: ask again in a few seconds.", noStore, 5}
	case errors.Is(err, store.ErrThrottled):
		return verdict{http.StatusServiceUnavailable, "storage-throttled", "The storage of the photos asks for fewer requests: ask again in a few seconds.", noStore, 5}
	case errors.Is(err, store.ErrUnavailable):
		return verdict{http.StatusBadGateway, "storage-unavailable", "The storage of the photos does not answer as it should: ask again in a few seconds, and look at the server's log if it stays so.", noStore, 0}
	case errors.Is(err, context.Canceled):
		return verdict{statusClientGone, "client-gone", "The client has left.", noStore, 0}
	case errors.Is(err, fs.ErrPermission):
		return verdict{http.StatusInternalServerError, "photo-unreadable", "The server may not read this photo: check its permissions; the server's log says more.", noStore, 0}
	}
	return verdict{http.StatusInternalServerError, "internal", "Something went wrong on the server: its log says what.", noStore, 0}
}

// statusClientGone is for the log: nobody is there to read it.
const statusClientGone = 499

func faultStatus(f *photofit.Fault) int {
	switch {
	case errors.Is(f.Kind, photofit.ErrTooLarge):
		return http.StatusRequestEntityTooLarge
	case errors.Is(f.Kind, photofit.ErrNotPicture):
		return http.StatusUnsupportedMediaType
	}
	return http.StatusUnprocessableEntity // ErrDamaged, ErrUnfit
}

// fail answers with an error, unless an answer has begun.
func (h *Handler) fail(rec *record, err error) {
	if v, ok := mark(rec, err); ok {
		line(rec, v.status, v.text)
	}
}

// mark notes an error, and sets the header of the answer that tells it; not ok is
// that an answer has begun.
func mark(rec *record, err error) (v verdict, ok bool) {
	v = judge(err)
	rec.cause, rec.code = err, v.code
	if rec.status != 0 {
		return v, false
	}
	header := rec.Header()
	for _, name := range []string{"Content-Encoding", "Content-Security-Policy", "ETag", "Last-Modified", "Server-Timing"} {
		header.Del(name)
	}
	header.Set("Cache-Control", v.cache)
	header.Set("Photofit-Error", v.code)
	if v.retry > 0 {
		header.Set("Retry-After", strconv.Itoa(v.retry))
	}
	return v, true
}

// line answers with one line of text.
func line(rec *record, status int, text string) {
	send(rec, status, "text/plain; charset=utf-8", []byte(text+"\n"))
}

// send answers with a body that is there as a whole.
func send(rec *record, status int, mediaType string, body []byte) {
	header := rec.Header()
	header.Set("Content-Type", mediaType)
	header.Set("Content-Length", strconv.Itoa(len(body)))
	header.Set("X-Content-Type-Options", "nosniff")
	rec.WriteHeader(status)
	if rec.request.Method != http.MethodHead {
		_, _ = rec.Write(body)
	}
}

var errPanic = errors.New("panic")

// rescue turns a panic into an answer, where none has begun. One that has must
// not look whole, so it is cut; net/http's own word for that passes.
func (h *Handler) rescue(rec *record) {
	switch cause := recover(); cause {
	case nil:
	case http.ErrAbortHandler:
		rec.broken = true
		panic(cause)
	default:
		begun := rec.status != 0
		h.fail(rec, fmt.Errorf("%w: %v\n%s", errPanic, cause, debug.Stack()))
		if begun {
			rec.broken = true
			panic(http.ErrAbortHandler)
		}
	}
}
