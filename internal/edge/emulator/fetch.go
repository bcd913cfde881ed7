package emulator

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"time"
)

// ask is a request that has passed the edge function.
type ask struct {
	method string
	uri    string
	query  string
	header http.Header // the viewer's
}

// fetched is an answer of an origin, read whole.
type fetched struct {
	status int
	header http.Header
	body   []byte
	length int64  // Content-Length, -1 if it was not said
	origin string // whose it is
	broken bool   // the body ended before it was whole
	err    error  // why there is none; status is 502 or 504
}

// maxBody is how large an answer may be, in bytes.
const maxBody = 1 << 30

// failsOver are the methods for which a second origin is asked ("Optimize high
// availability with CloudFront origin failover").
var failsOver = []string{http.MethodGet, http.MethodHead, http.MethodOptions}

// fetch asks the first origin, and the second if that fails. Conditions are headers
// that revalidate what the edge holds.
func (e *Emulator) fetch(ctx context.Context, a ask, conditions http.Header) *fetched {
	var got *fetched
	for i, o := range e.d.members {
		got = e.from(ctx, o, a, conditions)
		last := i == len(e.d.members)-1 || !slices.Contains(failsOver, a.method)
		if last || got.err == nil && !e.d.failover[got.status] {
			break
		}
	}
	return got
}

// from asks one origin, as often as it may be tried.
func (e *Emulator) from(ctx context.Context, o *origin, a ask, conditions http.Header) *fetched {
	tries := max(o.attempts, 1)
	if !slices.Contains(failsOver, a.method) {
		tries = 1
	}
	var err error
	for range tries {
		var got *fetched
		if got, err = e.once(ctx, o, a, conditions); err == nil {
			return got
		}
	}
	status := http.StatusBadGateway
	if errors.Is(err, errTimeout) {
		status = http.StatusGatewayTimeout
	}
	return &fetched{status: status, header: http.Header{}, origin: o.id, err: err}
}

func (e *Emulator) once(ctx context.Context, o *origin, a ask, conditions http.Header) (*fetched, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	late := time.AfterFunc(o.timeout, func() { cancel(errTimeout) })
	defer late.Stop()
	header := conditions.Clone()
	if header == nil {
		header = http.Header{}
	}
	for _, name := range e.d.policy.headers {
		if v, ok := a.header[name]; ok {
			header[name] = v
		}
	}
	answer, err := o.send(ctx, e.d.caller(o, e.config.Names), a.method, o.path+a.uri, e.d.policy.query(a.query), header)
	if err != nil {
		return nil, cause(ctx, err)
	}
	defer answer.Body.Close()
	got := &fetched{status: answer.StatusCode, header: answer.Header.Clone(), length: answer.ContentLength, origin: o.id}
	got.body, err = io.ReadAll(io.LimitReader(&pacing{answer.Body, late, o.timeout}, maxBody+1))
	got.broken = err != nil || len(got.body) > maxBody
	return got, nil
}

// cause is why a request failed: what ended its context, if anything did.
func cause(ctx context.Context, err error) error {
	if errors.Is(context.Cause(ctx), errTimeout) {
		return fmt.Errorf("%w: %w", errTimeout, err)
	}
	return err
}

// pacing has the timeout begin anew with each packet.
type pacing struct {
	io.Reader
	late *time.Timer
	d    time.Duration
}

// Read is io.Reader's.
func (p *pacing) Read(b []byte) (int, error) {
	n, err := p.Reader.Read(b)
	if n > 0 {
		p.late.Reset(p.d)
	}
	return n, err
}

// caller is who CloudFront is to an origin.
func (d *distribution) caller(o *origin, names Names) caller {
	if !o.signs {
		return anybody
	}
	return caller{"cloudfront.amazonaws.com", map[string]string{
		"aws:securetransport": "true", "aws:sourcearn": names.distributionARN(d.id), "aws:sourceaccount": names.Account}}
}

// send sends a request to an origin. Who is not let in gets the origin's refusal;
// for who does not sign either, it is asked without a signature, and refuses by
// itself.
func (o *origin) send(ctx context.Context, c caller, method, path, query string, header http.Header) (*http.Response, error) {
	refused := o.access.before(c, path)
	if _, isBucket := o.access.(*bucket); refused != nil && (c.service != "" || !isBucket) {
		return refused, nil
	}
	r := &http.Request{Method: method, URL: &url.URL{Scheme: "https", Host: o.domain, Opaque: path, RawQuery: query}, Host: o.domain,
		Header: http.Header{"User-Agent": {"Amazon CloudFront"}, "Via": {via}, "X-Amz-Cf-Id": {newID()}}, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1}
	for name, values := range header {
		r.Header[name] = values
	}
	answer, err := o.ask(r.WithContext(ctx), refused == nil)
	if err != nil {
		return nil, err
	}
	o.access.after(c, answer)
	return answer, nil
}
