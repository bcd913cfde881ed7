// Package check asks a deployed Photofit what only asking can tell: that it answers
// as it promises, and that each answer comes from where it should.
//
// A broken grant hides behind the origin group: the function answers in place of
// the bucket, dearly, and nobody notices. So who answered is proved, not guessed:
// the edge function's own answers say so in X-Cache; only the function that renders
// names a recipe (Photofit-Recipe); and what has neither came from the bucket.
//
// The checks are one list (list.go). Those that ask from outside need a URL, and
// mostly the name of a photo; those that put a photo and look into the bucket need
// an Inside. What could not be asked is told, with the reason. A check that fails
// names the mistake and what to do about it.
package check

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"photofit"
)

// Config is what is asked, and how. URL is needed.
type Config struct {
	URL string // "https://d111111abcdef8.cloudfront.net"

	// PlainURL is where the same is asked without TLS; default URL with http.
	PlainURL string

	// Client sends the requests; default one of its own. Redirects are not
	// followed.
	Client *http.Client

	// Policy is the deployment's; the zero value is the default.
	Policy photofit.Policy

	// Basic: what is known of photos leaves out date, caption, creator and copyright
	// (--info basic).
	Basic bool

	// Photo is one that is known to be there, by its key; empty: none is known.
	Photo string

	// Aliases are the site's own names, which must lead there by HTTPS.
	Aliases []string

	// NoAliases is why none of them is asked, if there are any.
	NoAliases string

	// Inside is for what needs credentials; nil: none.
	Inside Inside

	// Sleep waits for answers to age at the edge; nil: what takes minutes is left
	// out.
	Sleep func(ctx context.Context, d time.Duration) error
}

// Inside is what needs credentials. Keys of photos are those that URLs name;
// keys of renditions have their shelf in front, as photofit.Recipe.Key spells them.
type Inside interface {
	PutPhoto(ctx context.Context, key string, body []byte) error

	// DeletePhoto removes a photo and all renditions of it. What is not there is no
	// error.
	DeletePhoto(ctx context.Context, key string) error

	// Rendition gives the ETag of a kept rendition, fs.ErrNotExist if there is none.
	Rendition(ctx context.Context, key string) (etag string, err error)

	// Masters tells whether masters are to be made of photos that are put.
	Masters() bool

	// InvalidateTag has the edges let go of what carries a tag. It returns when they
	// have.
	InvalidateTag(ctx context.Context, tag string) error

	// Invocations counts those of the function that renders; false: it is not known,
	// or only minutes later.
	Invocations(ctx context.Context) (int, bool)

	FunctionURL() string   // without the edge in front
	RenditionsURL() string // that of the bucket, without the edge in front
}

// Status is how a check ended.
type Status string

// How a check ended.
const (
	OK      Status = "ok"
	Failed  Status = "failed"
	Skipped Status = "skipped"
)

// Result is what became of a check.
type Result struct {
	Name   string `json:"name"`
	Status Status `json:"status"`
	Detail string `json:"detail"`        // what was seen, or why it was skipped
	Fix    string `json:"fix,omitempty"` // what to do about it, where it failed
}

// Run makes all checks, one after the other, and tells of each when it is done. The
// error says that they could not be made: a URL that is none, or ctx. Whether all
// is well, the results say.
func Run(ctx context.Context, c Config, report func(Result)) error {
	s, err := newSuite(c)
	if err != nil {
		return err
	}
	defer s.cleanUp(ctx, report)
	for _, one := range list {
		result := s.one(ctx, one)
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		report(result)
	}
	return nil
}

func newSuite(c Config) (*suite, error) {
	at, err := url.Parse(c.URL)
	if err != nil || at.Host == "" || at.Scheme != "http" && at.Scheme != "https" || strings.Trim(at.Path, "/") != "" || at.RawQuery != "" {
		return nil, fmt.Errorf("%s is not where photos are served: write it as https://media.example.com, without a path", c.URL)
	}
	if c.PlainURL == "" && at.Scheme == "https" && at.Port() == "" {
		c.PlainURL = "http://" + at.Host
	}
	client := &http.Client{}
	if c.Client != nil {
		*client = *c.Client
	}
	if client.Timeout == 0 {
		client.Timeout = 90 * time.Second // longer than an edge waits for its origin
	}
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &suite{Config: c, at: at, client: client, known: c.Photo}, nil
}

// one makes a check.
func (s *suite) one(ctx context.Context, c check) Result {
	result := Result{Name: c.name, Status: Skipped}
	switch {
	case s.over != "":
		result.Detail = s.over
		return result
	case c.needs&photo != 0 && s.known == "" && s.Inside == nil:
		result.Detail = "no photo is known: name one with --photo trip/b.jpg"
		return result
	case c.needs&inside != 0 && s.Inside == nil:
		result.Detail = "it needs credentials"
		return result
	case c.needs&(photo|probed) != 0 && s.probeFailed:
		result.Detail = "the photo that it asks for is not answered"
		return result
	case c.needs&slow != 0 && s.Sleep == nil:
		result.Detail = "it takes more than a minute"
		return result
	}
	detail, err := c.ask(ctx, s)
	var skip skipped
	var wrong *mistake
	switch {
	case errors.As(err, &skip):
		result.Detail = string(skip)
	case errors.As(err, &wrong):
		result.Status, result.Detail, result.Fix = Failed, wrong.detail, wrong.fix
	case err != nil:
		result.Status, result.Detail, result.Fix = Failed, err.Error(), "Ask again; if it stays so, look at the function's log and at the distribution's state."
	default:
		result.Status, result.Detail = OK, detail
	}
	return result
}

// skipped is why a check was not made, as an error.
type skipped string

// Error is error's.
func (s skipped) Error() string { return string(s) }

// mistake is what is wrong, as an error.
type mistake struct{ detail, fix string }

// Error is error's.
func (m *mistake) Error() string { return m.detail }

// wrongf is a mistake with its fix.
func wrongf(fix, format string, args ...any) error {
	return &mistake{fmt.Sprintf(format, args...), fix}
}
