//go:build !function

package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"photofit"
	"photofit/internal/check"
	"photofit/internal/stack/deploy"
)

// verifier looks whether a site does what it shall, once it is there.
type verifier struct {
	console  *console
	progress *progress
	policy   photofit.Policy
	basic    bool // --info basic
	quiet    bool // tells only in the result
}

// errWrong: the site is there, and something is wrong with it.
var errWrong = errors.New("the site is there, and something is wrong with it, see above; photofit doctor looks further")

// verify runs the edge function in CloudFront's own runtime, and asks the site all that the
// contract has.
func (v *verifier) verify(ctx context.Context, d *deploy.Deployer, r *deploy.Result) error {
	v.progress.say(deploy.Event{Text: "Looking whether it works"})
	v.progress.erase()
	lines := newCheckLines(v.console)
	tell := func(result check.Result) {
		r.Checks = append(r.Checks, result)
		if !v.quiet {
			lines.print(result)
		}
	}
	if !v.quiet {
		v.console.printf("\n")
	}
	tell(v.edge(ctx, d, r))
	if err := awaitName(ctx, r.Outputs.URL, d.Wait); err != nil {
		return err
	}
	config := check.Config{URL: r.Outputs.URL, Policy: v.policy, Basic: v.basic, Inside: d.Inside()}
	if r.Pending == nil {
		config.Aliases = r.Plan.Aliases
	} else {
		config.NoAliases = "they wait for DNS records, see below"
	}
	if err := check.Run(ctx, config, tell); err != nil {
		return err
	}
	for _, result := range r.Checks {
		if result.Status == check.Failed {
			return errWrong
		}
	}
	return nil
}

// edge is the check of the edge function.
func (v *verifier) edge(ctx context.Context, d *deploy.Deployer, r *deploy.Result) check.Result {
	result := check.Result{Name: "the edge function in CloudFront's runtime", Status: check.Failed}
	var err error
	if r.Edge, err = d.CheckEdge(ctx, v.policy); err == nil {
		err = r.Edge.Error()
	}
	if err != nil {
		result.Detail = err.Error()
		return result
	}
	result.Status = check.OK
	result.Detail = fmt.Sprintf("%d requests as the server resolves them, %d %% of its time", r.Edge.Asked, r.Edge.Utilisation)
	if r.Edge.NoQuery {
		result.Detail += "; AWS's test hands no query over, so those with one were not compared"
	}
	return result
}

// awaitName waits until DNS knows the name of a site, for three minutes at most: a new distribution's takes a moment.
func awaitName(ctx context.Context, url string, wait func(context.Context, time.Duration) error) error {
	for range 36 {
		request, err := http.NewRequestWithContext(ctx, http.MethodHead, url+"/", nil)
		if err != nil {
			return err
		}
		response, err := http.DefaultTransport.RoundTrip(request)
		if err == nil {
			response.Body.Close()
			return nil
		}
		var dns *net.DNSError
		if !errors.As(err, &dns) {
			return nil // the checks say what it is
		}
		if err := wait(ctx, 5*time.Second); err != nil {
			return err
		}
	}
	return nil
}
