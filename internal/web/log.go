package web

import (
	"log/slog"
	"strings"
	"time"
)

// finish counts the request and writes its log line; then Config.Broken is told,
// if it comes to that.
//
// The line, "request", has method, url, status, bytes (of the body), ms (until
// the last of them) and from (the client's address). Where they apply it also
// has recipe (the canonical path), cache (how the answer came about), source
// ("master": it was made from the photo's), the milliseconds of each stage (lookup, queue, fetch, render, store), code (of an
// error, as in the header Photofit-Error) and err (its cause, for nobody else).
// Texts are cut after 8 KiB: a URL may have 32, and names of photos are in its
// line up to three times.
// Its level is error where the server is to blame, debug for probes.
func (h *Handler) finish(rec *record) {
	took := time.Since(rec.start)
	if h.metrics != nil {
		h.metrics.observe(rec, took)
	}
	if rec.broken && h.Broken != nil {
		defer h.Broken(rec.cause)
	}

	level := slog.LevelInfo
	switch {
	case rec.broken, rec.status >= 500 && rec.class != "probe":
		level = slog.LevelError
	case rec.class == "probe":
		level = slog.LevelDebug
	}
	r := rec.request
	if !h.Log.Enabled(r.Context(), level) {
		return
	}
	url := r.RequestURI
	if url == "" {
		url = r.URL.RequestURI() // a request that came through Lambda
	}
	attrs := append(make([]slog.Attr, 0, 16),
		slog.String("method", r.Method),
		slog.String("url", short(url)),
		slog.Int("status", rec.status),
		slog.Int64("bytes", rec.bytes),
		slog.Float64("ms", ms(took)),
		slog.String("from", r.RemoteAddr),
	)
	if rec.recipe != "" {
		attrs = append(attrs, slog.String("recipe", short(rec.recipe)))
	}
	if rec.how != "" {
		attrs = append(attrs, slog.String("cache", string(rec.how)))
	}
	if rec.master {
		attrs = append(attrs, slog.String("source", "master"))
	}
	for _, s := range stages(rec.timing) {
		if s.spent > 0 {
			attrs = append(attrs, slog.Float64(s.name, ms(s.spent)))
		}
	}
	if rec.code != "" {
		attrs = append(attrs, slog.String("code", rec.code))
	}
	if rec.cause != nil {
		attrs = append(attrs, slog.String("err", short(rec.cause.Error())))
	}
	h.Log.LogAttrs(r.Context(), level, "request", attrs...)
}

// longestText is how much of a text the log keeps, in bytes. The stack of a panic
// has a few thousand.
const longestText = 8 << 10

// short is a text, or its beginning and an ellipsis.
func short(s string) string {
	if len(s) <= longestText {
		return s
	}
	return strings.ToValidUTF8(s[:longestText], "") + "…"
}
