package web

import (
	"context"
	"log/slog"
	"runtime/debug"
	"time"
)

// finish writes the request's log line and counts it.
func (h *Handler) finish(rec *record) {
	took := time.Since(rec.start)
	h.metrics.observe(rec, took)

	level := slog.LevelInfo
	switch {
	case rec.status >= 500:
		level = slog.LevelError
	case rec.class == "probe":
		level = slog.LevelDebug
	}
	if !h.Log.Enabled(context.Background(), level) {
		return
	}
	r := rec.request
	attrs := []slog.Attr{
		slog.String("method", r.Method),
		slog.String("url", r.RequestURI),
		slog.Int("status", rec.status),
		slog.Int64("bytes", rec.bytes),
		slog.Float64("ms", ms(took)),
		slog.String("from", r.RemoteAddr),
	}
	if rec.recipe != "" {
		attrs = append(attrs, slog.String("recipe", rec.recipe))
	}
	if rec.how != "" {
		attrs = append(attrs, slog.String("cache", string(rec.how)))
	}
	for _, part := range []struct {
		name  string
		spent time.Duration
	}{
		{"lookup", rec.timing.Lookup}, {"queue", rec.timing.Queue}, {"fetch", rec.timing.Fetch},
		{"render", rec.timing.Render}, {"store", rec.timing.Store},
	} {
		if part.spent > 0 {
			attrs = append(attrs, slog.Float64(part.name, ms(part.spent)))
		}
	}
	if rec.code != "" {
		attrs = append(attrs, slog.String("code", rec.code))
	}
	if rec.cause != nil {
		attrs = append(attrs, slog.String("err", rec.cause.Error()))
	}
	h.Log.LogAttrs(r.Context(), level, "request", attrs...)
}

func stack() string { return string(debug.Stack()) }
