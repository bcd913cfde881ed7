// Package web is Photofit's one HTTP handler, which the server and the Lambda
// function share.
//
// A request goes one way: ServeHTTP sends it to a page, a probe or a picture; a
// picture's URL is resolved to a recipe (package photofit), the recipe is
// answered (package rendition), and the answer is sent. All errors end in one
// table (errors.go), all requests in one log line (log.go) and one set of
// counters (metrics.go).
//
// There is no mux: a mux cleans paths, and "//" or ".." may be part of a
// photo's name.
package web

import (
	"log/slog"
	"net/http"
	"strings"
	"time"

	"photofit"
	"photofit/internal/rendition"
)

// Config is what a handler works with. Service is needed.
type Config struct {
	Service *rendition.Service
	Policy  photofit.Policy

	// Pages answers for paths that end in "/" and for "/-/sheet/…"; nil: there
	// are none. It may be set after New, before the first request, so that it
	// can have Handler.FailPage answer for its errors.
	Pages http.Handler

	// CacheControl is what browsers and caches are told of a rendition; default
	// DefaultCacheControl.
	CacheControl string

	// Timeout is how long an asker waits for a rendition at most; default
	// DefaultTimeout.
	Timeout time.Duration

	// Edge says that requests come from an edge which has resolved them: a path
	// stands on a version shelf, as photofit.Recipe.Key spells it, and a picture's
	// answer names the tag under which the edge holds it. There are no metrics,
	// since each of many processes would tell its own.
	Edge bool

	// Broken is told of an answer that breaks off after its header was written,
	// though the client is still there, when that is in the log. Where the end of
	// a body cannot be told from its breaking off, it must end the process.
	// Default: net/http cuts the connection.
	Broken func(cause error)

	// Largest is how large a body may be, in bytes; larger ones are a 413 and not
	// begun. Default: as large as it is.
	Largest int64

	// Ready tells whether requests should be sent here: nil while so, an error
	// with the reason, which is shown, while not. Default: always.
	Ready func() error

	// MetricsElsewhere takes "/-/metrics" off this handler, as Handler.Metrics
	// is served where fewer can reach it.
	MetricsElsewhere bool

	Log *slog.Logger // one line per request; default: none
}

// Defaults of Config.
const (
	DefaultCacheControl = "public, max-age=3600, stale-while-revalidate=86400"
	DefaultTimeout      = 60 * time.Second
)

// Handler is the one handler.
type Handler struct {
	Config
	metrics *metrics // nil: none
}

// New makes a handler.
func New(c Config) *Handler {
	if c.CacheControl == "" {
		c.CacheControl = DefaultCacheControl
	}
	if c.Timeout <= 0 {
		c.Timeout = DefaultTimeout
	}
	if c.Ready == nil {
		c.Ready = func() error { return nil }
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	h := &Handler{Config: c}
	if !c.Edge {
		h.metrics = newMetrics(c.Service)
	}
	return h
}

// ServeHTTP answers one request.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	rec := newRecord(w, r)
	defer h.finish(rec)
	defer h.rescue(rec)

	path, query := target(r)
	if h.Edge {
		path = offShelf(path)
	}
	switch {
	case r.Method == http.MethodOptions:
		options(rec)
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		rec.Header().Set("Allow", "GET, HEAD, OPTIONS")
		h.fail(rec, errMethod)
	case path == "/-/health":
		plain(rec, http.StatusOK, "ok")
	case path == "/-/ready":
		h.ready(rec)
	case path == metricsPath && h.metrics != nil && !h.MetricsElsewhere:
		rec.class = "probe"
		h.metrics.page.ServeHTTP(rec, r)
	case strings.HasPrefix(path, "/-/sheet/"), strings.HasSuffix(path, "/") && !strings.HasPrefix(path, "/-/"):
		h.page(rec, r)
	case strings.HasPrefix(path, "/-/"):
		h.fail(rec, errNoPage)
	default:
		h.picture(rec, r, path, query)
	}
}

// target gives the path and the query as the client sent them. net/url would
// keep them too, but for the odd byte.
func target(r *http.Request) (path, query string) {
	if strings.HasPrefix(r.RequestURI, "/") {
		path, query, _ = strings.Cut(r.RequestURI, "?")
		return path, query
	}
	return r.URL.EscapedPath(), r.URL.RawQuery
}

// offShelf takes the version shelf off the front of a path. One that is not ours
// comes from an edge which is older or newer than this program for as long as an
// update takes, and what we make is the nearest there is.
func offShelf(path string) string {
	rest, ok := strings.CutPrefix(path, "/r")
	if !ok {
		return path
	}
	digits := 0
	for digits < len(rest) && '0' <= rest[digits] && rest[digits] <= '9' {
		digits++
	}
	if digits == 0 || digits == len(rest) || rest[digits] != '/' {
		return path
	}
	return rest[digits:]
}

func (h *Handler) ready(rec *record) {
	if err := h.Ready(); err != nil {
		rec.cause, rec.code = err, "not-ready"
		rec.Header().Set("Photofit-Error", rec.code)
		plain(rec, http.StatusServiceUnavailable, err.Error())
		return
	}
	plain(rec, http.StatusOK, "ready")
}

func options(rec *record) {
	header := rec.Header()
	header.Set("Allow", "GET, HEAD, OPTIONS")
	header.Set("Access-Control-Allow-Origin", "*")
	header.Set("Access-Control-Allow-Methods", "GET, HEAD")
	header.Set("Access-Control-Max-Age", "86400")
	rec.WriteHeader(http.StatusNoContent)
}

func plain(rec *record, status int, text string) {
	rec.class = "probe"
	rec.Header().Set("Cache-Control", noStore)
	line(rec, status, text)
}
