package web

import (
	"context"
	"errors"
	"io/fs"
	"net/http"
	"strconv"

	"photofit"
	"photofit/internal/rendition"
)

var (
	errMethod  = errors.New("method not allowed")
	errNoPage  = errors.New("no such page")
	errTimeout = errors.New("the rendition was not made in time")
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
	case errors.Is(err, fs.ErrNotExist):
		return verdict{http.StatusNotFound, "photo-not-found", "There is no such photo: check its name, capitals included.", briefly, 0}
	case errors.Is(err, errNoPage):
		return verdict{http.StatusNotFound, "page-not-found", "There is no such page.", briefly, 0}
	case errors.Is(err, errMethod):
		return verdict{http.StatusMethodNotAllowed, "method-not-allowed", "Only GET and HEAD are answered.", noStore, 0}
	case errors.Is(err, rendition.ErrBusy):
		return verdict{http.StatusServiceUnavailable, "busy", "Too many photos are being scaled right now: ask again in a few seconds.", noStore, 2}
	case errors.Is(err, errTimeout):
		return verdict{http.StatusServiceUnavailable, "timeout", "The photo could not be scaled in time: ask again in a few seconds.", noStore, 5}
	case errors.Is(err, context.Canceled):
		return verdict{statusClientGone, "client-gone", "The client has left.", noStore, 0}
	case errors.Is(err, fs.ErrPermission):
		return verdict{http.StatusInternalServerError, "photo-unreadable", "The photo is there, but the server may not read it: check its permissions.", noStore, 0}
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
	rec.cause = err
	if rec.status != 0 {
		return
	}
	v := judge(err)
	rec.code = v.code
	header := rec.Header()
	for _, name := range []string{"Content-Encoding", "Content-Length", "Content-Type", "ETag", "Last-Modified", "Server-Timing", "Content-Security-Policy"} {
		header.Del(name)
	}
	header.Set("Content-Type", "text/plain; charset=utf-8")
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Cache-Control", v.cache)
	header.Set("Photofit-Error", v.code)
	if v.retry > 0 {
		header.Set("Retry-After", strconv.Itoa(v.retry))
	}
	rec.WriteHeader(v.status)
	if rec.request.Method != http.MethodHead {
		_, _ = rec.Write([]byte(v.text + "\n"))
	}
}

// rescue turns a panic into an answer, where none has begun. net/http's own
// abort passes.
func (h *Handler) rescue(rec *record) {
	switch cause := recover(); cause {
	case nil:
	case http.ErrAbortHandler:
		panic(cause)
	default:
		h.Log.Error("a request panicked", "path", rec.request.URL.Path, "panic", cause, "stack", stack())
		if rec.status != 0 {
			panic(http.ErrAbortHandler) // a cut answer must not look whole
		}
		h.fail(rec, errPanic)
	}
}

var errPanic = errors.New("panic")
