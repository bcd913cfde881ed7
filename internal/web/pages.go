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
// not know is a folder that could not be read. w is what Pages got.
func (h *Handler) FailPage(w http.ResponseWriter, r *http.Request, err error) {
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
	h.fail(rec, err)
}
