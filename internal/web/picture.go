package web

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"photofit"
	"photofit/internal/rendition"
)

// picture answers with a rendition, or with an original.
func (h *Handler) picture(rec *record, r *http.Request, path, query string) {
	rec.class = "picture"
	header := rec.Header()
	header.Set("Access-Control-Allow-Origin", "*")
	header.Set("Cross-Origin-Resource-Policy", "cross-origin")
	header.Set("Timing-Allow-Origin", "*")
	header.Set("X-Content-Type-Options", "nosniff")

	recipe, err := photofit.Resolve(path, query, accept(r), h.Policy)
	if err != nil {
		h.fail(rec, err)
		return
	}
	canonical := recipe.Path()
	rec.recipe = canonical
	header.Set("Photofit-Recipe", canonical)
	if recipe.Format.Negotiated() {
		header.Set("Vary", "Accept")
	}

	ctx, cancel := context.WithTimeoutCause(r.Context(), h.Timeout, errTimeout)
	defer cancel()
	answer, err := h.Service.Get(ctx, recipe)
	if err != nil {
		h.fail(rec, err)
		return
	}
	defer func() {
		if err := answer.Close(); err != nil {
			rec.cause = err
		}
		rec.timing = answer.Timing
	}()
	rec.how, rec.timing = answer.How, answer.Timing
	header.Set("Cache-Control", h.CacheControl)
	header.Set("Content-Type", mediaType(answer))
	header.Set("ETag", answer.ETag)
	header.Set("Server-Timing", serverTiming(answer))
	if answer.How == rendition.Original {
		// Whatever it turns out to be: it is shown as a picture, or not at all.
		header.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	}
	http.ServeContent(rec, r, "", answer.ModTime, answer.Body)
	// The last bytes shall not wait for the store, which is still writing.
	_ = http.NewResponseController(rec.ResponseWriter).Flush()
}

// accept joins the Accept headers, as RFC 9110 (5.3) reads several.
func accept(r *http.Request) string { return strings.Join(r.Header.Values("Accept"), ",") }

// serverTiming is the Server-Timing header (W3C Server Timing): where the time
// went, in milliseconds. Keeping the rendition goes on beside the answer, so how
// long that takes is known to the log only.
func serverTiming(a *rendition.Answer) string {
	var b strings.Builder
	fmt.Fprintf(&b, "cache;desc=%s", a.How)
	for _, part := range []struct {
		name  string
		spent time.Duration
	}{
		{"lookup", a.Lookup}, {"queue", a.Queue}, {"fetch", a.Fetch}, {"render", a.Render},
	} {
		if part.spent > 0 {
			fmt.Fprintf(&b, ", %s;dur=%.1f", part.name, ms(part.spent))
		}
	}
	if a.How == rendition.Miss || a.How == rendition.Shared {
		b.WriteString(`, store;desc="beside the answer"`)
	}
	return b.String()
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// mediaType is what the rendition was stored as. An original is sniffed: its
// name may say anything.
func mediaType(a *rendition.Answer) string {
	if a.Type != "" {
		return a.Type
	}
	head := make([]byte, 512)
	n, _ := io.ReadFull(a.Body, head)
	if _, err := a.Body.Seek(0, io.SeekStart); err != nil {
		return unknownType
	}
	if t := http.DetectContentType(head[:n]); strings.HasPrefix(t, "image/") {
		return t
	}
	if n > 12 && string(head[4:8]) == "ftyp" {
		switch string(head[8:12]) {
		case "avif", "avis":
			return "image/avif"
		case "heic", "heix":
			return "image/heic"
		}
	}
	if n > 4 && (string(head[:4]) == "II*\x00" || string(head[:4]) == "MM\x00*") {
		return "image/tiff"
	}
	return unknownType
}

const unknownType = "application/octet-stream"
