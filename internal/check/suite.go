package check

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"photofit"
)

// suite is a run of the checks, and what they have learnt.
type suite struct {
	Config
	at          *url.URL
	client      *http.Client
	known       string   // a photo that is there
	over        string   // why nothing else is to be asked; empty: it is
	probeFailed bool     // the probe photo is not answered, so nothing can be learnt of it
	put         []string // photos that were put
	rendered    *answer  // the probe's first rendition, as it was rendered
	again       *answer  // the same, after the edge had let go; nil: it was not answered
	invoked     bool     // the function was called for that
	recipe      photofit.Recipe
}

// answer is what came.
type answer struct {
	asked  string
	status int
	header http.Header
	body   []byte
	proto  string
}

// text is an answer in short.
func (a *answer) text() string {
	s := fmt.Sprintf("%s: %d", a.asked, a.status)
	if code := a.header.Get("Photofit-Error"); code != "" {
		s += " " + code
	}
	if cache := a.header.Get("X-Cache"); cache != "" {
		s += ", " + cache
	}
	return s
}

// cached tells what X-Cache says, its first word.
func (a *answer) cached() string {
	word, _, _ := strings.Cut(a.header.Get("X-Cache"), " ")
	return word
}

// byFunction tells whether the function that renders has answered.
func (a *answer) byFunction() bool { return a.header.Get("Photofit-Recipe") != "" }

// maxBody is how large an answer may be, in bytes.
const maxBody = 64 << 20

// ask sends a request, whose path and query go out as they are. Each pair of
// headers is a name and a value.
func (s *suite) ask(ctx context.Context, method, target string, headers ...string) (*answer, error) {
	return s.askAt(ctx, s.at, method, target, headers...)
}

func (s *suite) get(ctx context.Context, target string, headers ...string) (*answer, error) {
	return s.ask(ctx, http.MethodGet, target, headers...)
}

func (s *suite) askAt(ctx context.Context, at *url.URL, method, target string, headers ...string) (*answer, error) {
	path, query, more := strings.Cut(target, "?")
	to := &url.URL{Scheme: at.Scheme, Host: at.Host, Opaque: path, RawQuery: query, ForceQuery: more && query == ""}
	if strings.HasPrefix(path, "//") { // would be a host
		to.Path, to.Opaque = path, ""
	}
	r := (&http.Request{Method: method, Host: at.Host, Header: http.Header{"User-Agent": {"photofit-check"}}, URL: to}).WithContext(ctx)
	// Nothing is to be unpacked on the way.
	r.Header.Set("Accept-Encoding", "identity")
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	response, err := s.client.Do(r)
	if err != nil {
		var of *url.Error
		if errors.As(err, &of) {
			err = of.Err // without the URL, which is not as it was asked
		}
		return nil, fmt.Errorf("%s %s: %w", method, target, err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, maxBody+1))
	if err != nil {
		return nil, fmt.Errorf("%s %s: the body breaks off: %w", method, target, err)
	}
	if len(body) > maxBody {
		return nil, fmt.Errorf("%s %s: the body has more than %d MB, and no rendition has", method, target, maxBody>>20)
	}
	return &answer{method + " " + target, response.StatusCode, response.Header, body, response.Proto}, nil
}

// photoPath is the query form's path of a photo.
func photoPath(key string) string {
	return (&url.URL{Path: "/" + key}).EscapedPath()
}

// width is the one that renditions are asked in: on the ladder if there is one, and small.
func (s *suite) width() int {
	if s.Policy.Free {
		return 317 // which no ladder has
	}
	return s.widthAfter(319)
}

// widthAfter is the next one on the ladder.
func (s *suite) widthAfter(w int) int {
	steps := s.Policy.WidthsFor(0)
	for _, step := range steps {
		if step > w {
			return step
		}
	}
	return steps[len(steps)-1]
}

// cleanUp takes away what was put, even if ctx is over.
func (s *suite) cleanUp(ctx context.Context, report func(Result)) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
	defer cancel()
	for _, key := range s.put {
		if err := s.Inside.DeletePhoto(ctx, key); err != nil {
			report(Result{"what was put is taken away", Failed, err.Error(), "Delete " + key + " from the bucket of photos."})
		}
	}
}
