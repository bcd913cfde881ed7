package web

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"photofit"
	"photofit/internal/rendition"
)

// What every picture's answer has, errors included. A header map may share a
// value: nobody changes one in place.
var (
	anyOrigin   = []string{"*"}
	crossOrigin = []string{"cross-origin"}
	noSniff     = []string{"nosniff"}
	varyAccept  = []string{"Accept"}
)

// longestRecipe is how long the header Photofit-Recipe may get, in bytes. Names
// of photos can be as long as a URL, and proxies don't take that in a header.
const longestRecipe = 2048

// picture answers with a rendition, or with an original.
func (h *Handler) picture(rec *record, r *http.Request, path, query string) {
	rec.class = "picture"
	header := rec.Header() // its keys are written as net/http has them
	header["Access-Control-Allow-Origin"] = anyOrigin
	header["Cross-Origin-Resource-Policy"] = crossOrigin
	header["Timing-Allow-Origin"] = anyOrigin
	header["X-Content-Type-Options"] = noSniff

	recipe, err := photofit.Resolve(path, query, accept(r), h.Policy)
	if err != nil {
		h.fail(rec, err)
		return
	}
	canonical := recipe.Path()
	rec.recipe = canonical
	if len(canonical) <= longestRecipe {
		header["Photofit-Recipe"] = []string{canonical}
	}
	if recipe.Format.Negotiated() && path != canonical {
		header["Vary"] = varyAccept // the canonical path says the class itself
	}

	ctx := withPatience(r.Context(), h.Timeout, errTimeout)
	defer ctx.stop()
	answer, err := h.Service.Get(ctx, recipe)
	if err != nil {
		h.fail(rec, err)
		return
	}
	defer func() {
		if err := answer.Close(); err != nil && rec.cause == nil {
			rec.cause = err
		}
		rec.timing = answer.Timing
	}()
	rec.how, rec.master, rec.timing = answer.How, answer.Master, answer.Timing
	if h.Largest > 0 && answer.Size > h.Largest {
		h.fail(rec, tooLarge(answer.Size, h.Largest))
		return
	}
	values := [...]string{h.cacheControl(query), mediaType(answer), answer.ETag, serverTiming(answer.How, answer.Timing, answer.Master)}
	header["Cache-Control"] = values[0:1:1]
	header["Content-Type"] = values[1:2:2]
	header["Etag"] = values[2:3:3]
	header["Server-Timing"] = values[3:4:4]
	if h.Edge {
		// Named as S3 names it on an object that carries it as metadata.
		header["X-Amz-Meta-Cache-Tag"] = []string{photofit.CacheTag(recipe.Photo)}
	}
	if answer.How == rendition.Original {
		// Whatever it turns out to be: it is shown as a picture, or not at all.
		header.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	}
	made := answer.How == rendition.Miss || answer.How == rendition.Shared
	if made {
		rec.limit(time.Now().Add(sendingTime(answer.Size)))
	}
	http.ServeContent(rec, inBytes(r), "", answer.ModTime, answer.Body)
	if made {
		// The last bytes shall not wait for the store, which is still writing.
		_ = http.NewResponseController(rec.ResponseWriter).Flush()
		rec.limit(time.Time{}) // the next answer on this connection has its own
	}
}

// sendingTime is how long sending what was just made may take. It is in memory until
// then, beside what renders may take, so nobody may hold it for ever; 8 KiB/s is
// less than a phone has at the edge of a network. What is kept is sent from its
// file, or from memory that has a bound of its own.
func sendingTime(size int64) time.Duration {
	return time.Minute + time.Duration(size/(8<<10))*time.Second
}

// inBytes is a request without ranges in any unit but bytes: these are to be
// ignored (RFC 9110, 14.2), and net/http refuses them.
func inBytes(r *http.Request) *http.Request {
	if ranges := r.Header["Range"]; len(ranges) == 0 || strings.HasPrefix(ranges[0], "bytes=") {
		return r
	}
	whole := *r
	whole.Header = r.Header.Clone()
	whole.Header.Del("Range")
	return &whole
}

// tooLarge is the error of a body that is larger than can be sent.
func tooLarge(size, most int64) error {
	return &photofit.Fault{
		Kind: photofit.ErrTooLarge, Code: "answer-bytes",
		Text: fmt.Sprintf("The original has %d bytes, and %d can be sent at most: ask for a rendition, such as ?w=3840.", size, most),
	}
}

// accept joins the Accept headers, as RFC 9110 (5.3) reads several.
func accept(r *http.Request) string { return strings.Join(r.Header["Accept"], ",") }

// mediaType is what the rendition was stored as. An original is sniffed: its
// name may say anything.
func mediaType(a *rendition.Answer) string {
	if media := photofit.InfoJSON.MediaType(); strings.HasPrefix(a.Type, media) {
		return media // what follows is for who keeps it
	}
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

// cacheControl is Config.CacheControl. For a URL that expires, its max-age ends
// with the signature, and there is no serving of stale answers: a cache must not
// give away what the signature no longer allows.
func (h *Handler) cacheControl(query string) string {
	if !h.Policy.Signed && len(h.Policy.Key) == 0 {
		return h.CacheControl
	}
	values, _ := url.ParseQuery(query) // what it cannot read, the policy did not take either
	if !values.Has("expires") {
		return h.CacheControl
	}
	until, err := strconv.ParseInt(values.Get("expires"), 10, 64)
	if err != nil {
		return noStore
	}
	now := time.Now
	if h.Policy.Now != nil {
		now = h.Policy.Now
	}
	left := max(until-now().Unix(), 0)
	var kept []string
	for directive := range strings.SplitSeq(h.CacheControl, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(directive), "=")
		switch strings.ToLower(name) {
		case "max-age", "s-maxage":
			age, err := strconv.ParseInt(value, 10, 64)
			if err != nil {
				return noStore
			}
			kept = append(kept, name+"="+strconv.FormatInt(min(age, left), 10))
		case "stale-while-revalidate", "stale-if-error", "immutable":
		default:
			kept = append(kept, strings.TrimSpace(directive))
		}
	}
	return strings.Join(kept, ", ")
}
