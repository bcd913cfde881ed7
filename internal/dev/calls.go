package dev

import (
	"fmt"
	"net/http"
)

// Call is something that a function asks of AWS, as IAM looks at it.
type Call struct {
	Function string // "Render", as the template calls it
	Action   string // "s3:GetObject"; for a request that is not known here, its text
	Resource string // ARN; empty where the request is not known
}

// need is an action on a resource.
type need struct{ action, resource string }

// service is one of AWS's, as functions reach it.
type service struct {
	http.Handler

	// needs tells what a request asks for. It may read the body, and puts it back.
	needs func(*http.Request) ([]need, error)

	// alsoNeeds tells what it needed besides, by how it was answered; nil: nothing.
	alsoNeeds func(r *http.Request, status int) []need
}

// told is a service that tells Calls of what a function asks of it; the service
// itself where nobody is to be told.
func (s *Stack) told(function string, of service) http.Handler {
	if s.Calls == nil {
		return of.Handler
	}
	tell := func(all []need) {
		for _, n := range all {
			s.Calls(Call{function, n.action, n.resource})
		}
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		needs, err := of.needs(r)
		if err != nil {
			needs = []need{{action: fmt.Sprintf("%s %s%s: %v", r.Method, r.Host, r.URL, err)}}
		}
		tell(needs)
		answer := &statusWriter{w, http.StatusOK}
		of.ServeHTTP(answer, r)
		if of.alsoNeeds != nil {
			tell(of.alsoNeeds(r, answer.status))
		}
	})
}

// statusWriter keeps the status of an answer.
type statusWriter struct {
	http.ResponseWriter
	status int
}

// WriteHeader is http.ResponseWriter's.
func (w *statusWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

// Unwrap is for http.ResponseController.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
