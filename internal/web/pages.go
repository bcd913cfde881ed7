package web

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"

	"photofit"
	"photofit/internal/store"
)

// page answers for the contact sheet.
func (h *Handler) page(rec *record, r *http.Request) {
	rec.class = "page"
	if h.Pages == nil {
		h.fail(rec, errNoPage)
		return
	}
	h.Pages.ServeHTTP(rec, r)
}

// FailPage answers a request that Config.Pages cannot meet, by the table that
// pictures have: fs.ErrNotExist is for what is not there; what the table does
// not know is a folder that could not be read. w is what Pages got. page makes HTML
// of the table's line, which is sent under the Content-Security-Policy that is set;
// if it is nil the line itself is sent.
func (h *Handler) FailPage(w http.ResponseWriter, r *http.Request, err error, page func(line string) []byte) {
	rec, ok := w.(*record)
	if !ok {
		rec = newRecord(w, r)
	}
	var refusal *photofit.Error
	switch {
	case errors.Is(err, fs.ErrNotExist):
		err = fmt.Errorf("%w: %w", errNotListed, err)
	case errors.As(err, &refusal), errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded),
		errors.Is(err, store.ErrUnavailable), errors.Is(err, store.ErrThrottled):
	default:
		err = fmt.Errorf("%w: %w", errFolder, err)
	}
	if page == nil {
		h.fail(rec, err)
		return
	}
	policy := rec.Header()["Content-Security-Policy"]
	if v, ok := mark(rec, err); ok {
		rec.Header()["Content-Security-Policy"] = policy
		send(rec, v.status, "text/html; charset=utf-8", page(v.text))
	}
}
