package main

import (
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// peer is a server that is measured beside others.
type peer struct {
	name  string
	keeps bool // whether it keeps what it has made; else every request is a render

	// start has it serve a folder of photos. A peer that somebody else has
	// started is there already.
	start func(ctx context.Context, folder string) (*running, error)
}

// running is a peer under way.
type running struct {
	peer     peer
	template string // of its URLs; see address
	pid      int    // of its process; 0: its CPU time and memory cannot be read
	client   *http.Client
	end      func()
}

// stop ends the peer, if it was started here. It is called once.
func (r *running) stop() {
	r.client.CloseIdleConnections()
	r.end()
}

// newClient keeps as many connections open as the largest crowd needs.
func newClient() *http.Client {
	return &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: askers, DisableCompression: true}}
}

// placeholders are the words that a URL template may have in braces.
var placeholders = []string{"{photo}", "{width}", "{format}", "{type}", "{quality}"}

// checkTemplate refuses a template by which not every rendition can be asked for.
func checkTemplate(template string) error {
	parsed, err := url.Parse(template)
	if err != nil || parsed.Scheme != "http" && parsed.Scheme != "https" || parsed.Host == "" {
		return fmt.Errorf("%q is no http URL", template)
	}
	rest := template
	for _, p := range placeholders {
		rest = strings.ReplaceAll(rest, p, "")
	}
	if strings.ContainsAny(rest, "{}") {
		return fmt.Errorf("%q has a placeholder that is none of %s", template, strings.Join(placeholders, " "))
	}
	for _, p := range []string{"{photo}", "{width}"} {
		if !strings.Contains(template, p) {
			return fmt.Errorf("%q has no %s", template, p)
		}
	}
	if !strings.Contains(template, "{format}") && !strings.Contains(template, "{type}") {
		return fmt.Errorf("%q has neither {format} nor {type}", template)
	}
	return nil
}

// fill makes a URL of a template: {photo} is the photo's name, {width} pixels,
// {format} jpg, webp or avif, {type} the same as a media type has it (jpeg),
// {quality} that at which Photofit encodes the format, for a photo of 3:2.
func fill(template, photo string, width int, format string) string {
	kind := format
	if kind == "jpg" {
		kind = "jpeg"
	}
	quality := ownQuality(format, image.Pt(width, width*2/3))
	return strings.NewReplacer("{photo}", url.PathEscape(photo), "{width}", strconv.Itoa(width), "{format}", format,
		"{type}", kind, "{quality}", strconv.Itoa(quality)).Replace(template)
}

// get asks for one rendition, and takes nothing but 200 with a body for an answer.
func (r *running) get(ctx context.Context, a ask) ([]byte, error) {
	address := fill(r.template, a.photo, a.width, a.format)
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	answer, err := r.client.Do(request)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", r.peer.name, err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err == nil && answer.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %.200s", answer.Status, strings.TrimSpace(string(body)))
	}
	if err == nil && len(body) == 0 {
		err = errors.New("an empty answer")
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %s: %w", r.peer.name, address, err)
	}
	return body, nil
}

// spent is the CPU time that the peer has taken so far, its children's too, once
// it has come to rest: work that goes on beside an answer counts. It is 0 where
// it cannot be read.
func (r *running) spent(ctx context.Context) (time.Duration, error) {
	if r.pid == 0 {
		return 0, nil
	}
	return atRest(ctx, r.pid)
}

// atRest is the CPU time that a process and its children have taken once they do
// nothing any more.
func atRest(ctx context.Context, pid int) (time.Duration, error) {
	const (
		look  = 20 * time.Millisecond
		quiet = 2 * time.Millisecond // of CPU time within a look: at rest
	)
	tick := time.NewTicker(look)
	defer tick.Stop()
	before, err := treeCPU(pid)
	for still := 0; err == nil && still < 3; {
		select {
		case <-ctx.Done():
			return 0, context.Cause(ctx)
		case <-tick.C:
		}
		var now time.Duration
		if now, err = treeCPU(pid); now-before < quiet {
			still++
		} else {
			still = 0
		}
		before = now
	}
	return before, err
}
