// Package emulator is CloudFront for the one distribution of a template, on this
// machine: an http.Handler that does what CloudFront documents, with the values
// that the template has.
//
// A request meets, in this order: the names that the distribution has, the viewer
// protocol policy, the allowed methods, the edge function (package run), the cache
// by the cache policy's key, and the origins, of which the second is asked if the
// first answers with a status of the origin group (fetch.go). What CloudFront may
// read is decided by the grants in the template: bucket policies, permissions of
// the function URL, origin access control (access.go). So a template with a mistake
// misbehaves here as it would there. Answers carry X-Cache, Age and Via, and what
// the response headers policy says (answer.go). How long they are held is in
// lifetime.go.
//
// What it does not know of a template is an error of New, never left out in
// silence. Not as in CloudFront: there is one edge with one cache, no compression,
// no cookies, and an answer is read whole before it is passed on. Sources are the
// pages of the Developer Guide that the files name.
package emulator

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"photofit/internal/cfn"
	"photofit/internal/edge/run"
)

// Config is what an edge is made of. Stack, Names and Origins are needed.
type Config struct {
	// Stack is the evaluated template, and Names what it was evaluated with.
	Stack *cfn.Stack
	Names Names

	// Origins are what the distribution's origins stand for, by their ids.
	Origins map[string]Origin

	// Secure tells whether a viewer's request came by HTTPS; default: by r.TLS.
	Secure func(r *http.Request) bool

	// Clock is the time by which answers age; default time.Now.
	Clock func() time.Time

	// MaxBytes is how much the cache holds; what was used least recently goes
	// first. Default 256 MiB.
	MaxBytes int64

	// Report is told of each request when it is answered, by several goroutines.
	// Default: nobody is.
	Report func(Report)
}

// Origin asks what an origin stands for. The request is as CloudFront sends it, to
// the origin's domain name, but for the signature: signed tells that there is to be
// one, of somebody who may do all that is asked.
type Origin func(r *http.Request, signed bool) (*http.Response, error)

// Report is what became of a request.
type Report struct {
	Method string
	Path   string // as the viewer sent it, with its query
	URI    string // as the edge function made it; empty if it answered by itself
	Who    string // "edge", "cache", or the id of the origin that was asked
	Cache  string // "Hit", "Miss", "RefreshHit", "Error" …, as in X-Cache
	Status int
	Bytes  int64 // of the body
	Took   time.Duration
}

// Emulator is an edge. It is safe for concurrent use.
type Emulator struct {
	config  Config
	d       *distribution
	cache   *cache
	flights singleflight.Group
	beside  sync.WaitGroup // refreshes under way
}

// New makes an edge. The error names what is wrong with the template, with its
// line, or what this package does not know of it.
func New(c Config) (*Emulator, error) {
	if c.Clock == nil {
		c.Clock = time.Now
	}
	if c.MaxBytes <= 0 {
		c.MaxBytes = 256 << 20
	}
	if c.Secure == nil {
		c.Secure = func(r *http.Request) bool { return r.TLS != nil }
	}
	if c.Report == nil {
		c.Report = func(Report) {}
	}
	d, err := read(c.Stack, c.Names)
	if err != nil {
		return nil, err
	}
	for _, o := range d.members {
		if o.ask = c.Origins[o.id]; o.ask == nil {
			return nil, fmt.Errorf("nothing stands for the origin %s", o.id)
		}
	}
	return &Emulator{config: c, d: d, cache: newCache(c.MaxBytes)}, nil
}

// Wait waits for refreshes that go on beside the answers.
func (e *Emulator) Wait() { e.beside.Wait() }

// ServeHTTP answers a viewer.
func (e *Emulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	began := time.Now()
	v := &viewer{w: w, r: r, id: newID()}
	target := r.RequestURI
	if !strings.HasPrefix(target, "/") {
		target = r.URL.RequestURI()
	}
	defer func() { // of one that breaks off, too
		e.config.Report(Report{r.Method, target, v.uri, v.who, v.cache, v.status, v.bytes, time.Since(began)})
	}()
	e.serve(v, target)
}

func (e *Emulator) serve(v *viewer, target string) {
	r := v.r
	v.who = "edge"
	switch {
	case !e.d.named(r.Host):
		e.refuse(v, http.StatusForbidden, "The distribution has no such name: it is not among its Aliases.")
		return
	case !e.config.Secure(r) && e.d.protocol == "https-only":
		e.refuse(v, http.StatusForbidden, "Only HTTPS is taken.")
		return
	case !e.config.Secure(r) && e.d.protocol == "redirect-to-https":
		status := http.StatusMovedPermanently
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			status = http.StatusTemporaryRedirect
		}
		v.header().Set("Location", "https://"+r.Host+target)
		v.cache = "Redirect"
		e.end(v, status, nil)
		return
	case !e.d.methods[r.Method]:
		e.refuse(v, http.StatusForbidden, "This distribution is not configured to allow the HTTP request method that was used for this request.")
		return
	}
	path, query, more := strings.Cut(target, "?")
	if e.d.function != nil {
		result, err := e.d.function.Do(run.Request{Method: r.Method, Path: path, Query: query, Bare: !more, Header: fields(r)})
		switch {
		case err != nil:
			v.cache = "FunctionExecutionError"
			e.refuse(v, http.StatusServiceUnavailable, "The CloudFront function associated with the CloudFront distribution is invalid or could not run. "+err.Error())
			return
		case result.Status != 0:
			for name, value := range result.Header {
				v.header().Set(name, value)
			}
			v.cache = "FunctionGeneratedResponse"
			e.end(v, result.Status, []byte(result.Body))
			return
		}
		path, query = result.URI, result.Query
	}
	v.uri = path
	e.look(v, ask{method: r.Method, uri: path, query: query, header: r.Header})
}

// fields are the headers as the edge function gets them.
func fields(r *http.Request) [][2]string {
	all := [][2]string{{"host", r.Host}}
	for name, values := range r.Header {
		for _, value := range values {
			all = append(all, [2]string{strings.ToLower(name), value})
		}
	}
	return all
}

// named tells whether a Host is one of the distribution's. On this machine it is
// also asked by address.
func (d *distribution) named(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.ToLower(strings.Trim(host, "[]"))
	_, domain, _ := strings.Cut(host, ".")
	return host == "localhost" || net.ParseIP(host) != nil || d.names[host] || d.names["*."+domain]
}

// errTimeout is that an origin did not answer in time.
var errTimeout = errors.New("the origin did not answer in time")
