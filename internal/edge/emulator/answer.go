package emulator

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// byteRanges are Range headers of bytes (RFC 9110, 14.1.2).
var byteRanges = regexp.MustCompile(`^bytes *= *(\d+ *- *\d*|- *\d+)( *, *(\d+ *- *\d*|- *\d+))* *$`)

// via is how the edge names itself.
const via = "1.1 photofit.cloudfront.net (CloudFront)"

// newID is an X-Amz-Cf-Id.
func newID() string {
	var b [32]byte
	_, _ = rand.Read(b[:]) // never fails
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// viewer is a request and the answer to it.
type viewer struct {
	w  http.ResponseWriter
	r  *http.Request
	id string

	uri, who, cache string
	status          int
	bytes           int64
}

func (v *viewer) header() http.Header { return v.w.Header() }

// WriteHeader is http.ResponseWriter's.
func (v *viewer) WriteHeader(status int) {
	if v.status == 0 {
		v.status = status
	}
	v.w.WriteHeader(status)
}

// Write is http.ResponseWriter's.
func (v *viewer) Write(p []byte) (int, error) {
	n, err := v.w.Write(p)
	v.bytes += int64(n)
	return n, err
}

// Header is http.ResponseWriter's.
func (v *viewer) Header() http.Header { return v.w.Header() }

// mark puts on what CloudFront says of itself.
func (v *viewer) mark() {
	h := v.header()
	h.Set("X-Cache", v.cache+" from cloudfront")
	h.Set("Via", via)
	h.Set("X-Amz-Cf-Id", v.id)
	h.Set("X-Amz-Cf-Pop", "LOCAL50-C1")
}

// refuse answers in CloudFront's name.
func (e *Emulator) refuse(v *viewer, status int, text string) {
	if v.cache == "" {
		v.cache = "Error"
	}
	v.header().Set("Server", "CloudFront")
	v.header().Set("Content-Type", "text/plain; charset=utf-8")
	e.end(v, status, []byte(text+"\n"))
}

// end answers with a whole body.
func (e *Emulator) end(v *viewer, status int, body []byte) {
	v.mark()
	if v.r.Method != http.MethodHead || len(body) > 0 {
		v.header().Set("Content-Length", strconv.Itoa(len(body)))
	}
	v.WriteHeader(status)
	if v.r.Method != http.MethodHead {
		_, _ = v.Write(body)
	}
}

// hopByHop are headers that concern one connection only.
var hopByHop = []string{"Connection", "Keep-Alive", "Proxy-Authenticate", "Te", "Trailer", "Transfer-Encoding", "Upgrade", "Content-Length", "Age"}

// answer hands an answer of an origin's on: whole, in part, or as unchanged.
func (e *Emulator) answer(v *viewer, got *entry, how string) {
	h := v.header()
	for name, values := range got.header {
		h[name] = append([]string(nil), values...)
	}
	for _, name := range hopByHop {
		h.Del(name)
	}
	e.d.headers.apply(h, v.r)
	if how != "Miss" {
		before, _ := strconv.Atoi(got.header.Get("Age"))
		h.Set("Age", strconv.Itoa(before+int(e.config.Clock().Sub(got.at)/time.Second)))
	}
	if v.cache = how; got.status >= 400 {
		v.cache = "Error"
	}
	v.mark()
	switch {
	case got.broken:
		// The origin broke off in the middle, and so must this.
		panic(http.ErrAbortHandler)
	case got.status != http.StatusOK:
		h.Set("Content-Length", strconv.Itoa(len(got.body)))
		if v.r.Method == http.MethodHead || got.status == http.StatusNoContent || got.status == http.StatusNotModified {
			h.Del("Content-Length")
		}
		v.WriteHeader(got.status)
		if v.r.Method != http.MethodHead {
			_, _ = v.Write(got.body)
		}
	case len(got.body) == 0 && v.r.Method == http.MethodHead:
		e.head(v, got)
	default:
		modified, _ := http.ParseTime(got.header.Get("Last-Modified"))
		if !byteRanges.MatchString(v.r.Header.Get("Range")) {
			v.r.Header.Del("Range") // RFC 9110, 14.2: what is no range is ignored; net/http refuses it
		}
		http.ServeContent(v, v.r, "", modified, bytes.NewReader(got.body))
	}
}

// head answers HEAD by the origin's answer to HEAD.
func (e *Emulator) head(v *viewer, got *entry) {
	for one := range strings.SplitSeq(v.r.Header.Get("If-None-Match"), ",") {
		if tag := strings.TrimPrefix(strings.TrimSpace(one), "W/"); tag != "" && (tag == "*" || tag == strings.TrimPrefix(got.header.Get("Etag"), "W/")) {
			v.header().Del("Content-Type")
			v.WriteHeader(http.StatusNotModified)
			return
		}
	}
	if got.length >= 0 {
		v.header().Set("Content-Length", strconv.FormatInt(got.length, 10))
	}
	v.WriteHeader(http.StatusOK)
}
