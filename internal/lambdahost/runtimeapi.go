package lambdahost

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
)

const (
	apiRoot = "/2018-06-01/runtime/"

	headerErrorType = "Lambda-Runtime-Function-Error-Type"
	headerErrorBody = "Lambda-Runtime-Function-Error-Body"
	headerMode      = "Lambda-Runtime-Function-Response-Mode"
)

// httpResponse is the media type of an answer that begins with its status and
// header.
const httpResponse = "application/vnd.awslambda.http-integration-response"

// runtimeAPI is what a function's runtime talks to.
func (s *sandbox) runtimeAPI() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+apiRoot+"invocation/next", s.next)
	mux.HandleFunc("POST "+apiRoot+"invocation/{id}/response", s.response)
	mux.HandleFunc("POST "+apiRoot+"invocation/{id}/error", s.failure)
	mux.HandleFunc("POST "+apiRoot+"init/error", s.initError)
	return mux
}

// next gives the function its next event. By asking it says that it has finished
// the one before, so it is frozen until there is another.
func (s *sandbox) next(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	first, call := !s.asked, s.call
	s.asked = true
	s.mu.Unlock()
	if first {
		close(s.ready)
	} else {
		if call != nil {
			call.finish(&FunctionError{"Runtime.NoResponse", "the function asked for the next event without an answer to the last"})
		}
		if !s.host.enter(s) {
			return // the process has ended meanwhile
		}
		s.freeze()
		s.report(s.host.rest(s))
		s.host.under.Done()
	}
	select {
	case call = <-s.work:
	case <-r.Context().Done():
		return
	}
	s.thaw()
	header := w.Header()
	header.Set("Content-Type", "application/json")
	header.Set("Lambda-Runtime-Aws-Request-Id", call.id)
	header.Set("Lambda-Runtime-Deadline-Ms", strconv.FormatInt(call.given.Add(s.host.config.Timeout).UnixMilli(), 10))
	header.Set("Lambda-Runtime-Invoked-Function-Arn", fmt.Sprintf("arn:aws:lambda:%s:123456789012:function:%s", s.host.config.Region, s.host.config.Name))
	header.Set("Lambda-Runtime-Trace-Id", traceID(call))
	header.Set("Content-Length", strconv.Itoa(len(call.event)))
	_, _ = w.Write(call.event)
}

// traceID is as X-Ray writes one that nobody samples.
func traceID(call *invocation) string {
	digits := strings.ReplaceAll(call.id, "-", "")
	return fmt.Sprintf("Root=1-%08x-%s;Parent=%s;Sampled=0", call.given.Unix(), digits[:24], digits[16:])
}

// response takes an answer, at once or in pieces. One that is streamed may end
// with trailers that say what went wrong on the way.
func (s *sandbox) response(w http.ResponseWriter, r *http.Request) {
	call := s.current(r.PathValue("id"))
	if call == nil || !call.begin(r.Header.Get("Content-Type")) {
		reject(w, http.StatusBadRequest, "InvalidRequestID", "that event is not being handled, or was answered before")
		return
	}
	limit := s.host.stream
	if r.Header.Get("Content-Type") != httpResponse && r.Header.Get(headerMode) != "streaming" {
		limit = maxPayload
	}
	n, err := io.Copy(pour{call.write}, io.LimitReader(r.Body, limit+1))
	switch {
	case err != nil:
		err = fmt.Errorf("%w: %w", ErrExited, err)
	case n > limit:
		err = fmt.Errorf("%w: %d MB", ErrTooLarge, limit>>20)
	case r.Trailer.Get(headerErrorType) != "":
		err = reported(r.Trailer.Get(headerErrorType), decoded(r.Trailer.Get(headerErrorBody)))
	}
	s.tooLarge() // then that is why it failed
	call.finish(err)
	if errors.Is(err, ErrTooLarge) {
		reject(w, http.StatusRequestEntityTooLarge, "RequestEntityTooLarge", err.Error())
		return
	}
	accept(w)
}

// decoded is the body of an error in a trailer, which is in base64.
func decoded(body string) []byte {
	b, err := base64.StdEncoding.DecodeString(body)
	if err != nil {
		return nil
	}
	return b
}

// failure takes a function's own word that it could not handle an event.
func (s *sandbox) failure(w http.ResponseWriter, r *http.Request) {
	call := s.current(r.PathValue("id"))
	if call == nil {
		reject(w, http.StatusBadRequest, "InvalidRequestID", "that event is not being handled")
		return
	}
	body, _ := io.ReadAll(io.LimitReader(r.Body, maxPayload))
	call.finish(reported(r.Header.Get(headerErrorType), body))
	accept(w)
}

// initError takes a function's own word that it cannot start.
func (s *sandbox) initError(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(io.LimitReader(r.Body, maxPayload))
	s.mu.Lock()
	if s.cause == nil && !s.asked {
		s.cause = reported(r.Header.Get(headerErrorType), body)
	}
	s.mu.Unlock()
	accept(w)
}

// reported is an error as a function reports it.
func reported(kind string, body []byte) error {
	var said struct{ ErrorMessage, ErrorType string }
	if json.Unmarshal(body, &said) != nil {
		said.ErrorMessage = string(body)
	}
	if kind == "" {
		kind = said.ErrorType
	}
	if kind == "" {
		kind = "Function.Unknown"
	}
	return &FunctionError{kind, said.ErrorMessage}
}

// current is the invocation with that id, if it is being handled.
func (s *sandbox) current(id string) *invocation {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.call == nil || s.call.id != id {
		return nil
	}
	return s.call
}

func accept(w http.ResponseWriter) { say(w, http.StatusAccepted, map[string]string{"status": "OK"}) }

func reject(w http.ResponseWriter, status int, kind, text string) {
	say(w, status, map[string]string{"errorType": kind, "errorMessage": text})
}

func say(w http.ResponseWriter, status int, words map[string]string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(words)
}
