// Package doctor asks a machine, an AWS account and a stack what is usually wrong
// with them, and says for each answer that is not well what to do.
//
// Questions are asked in order, from the machine to the site's names, and each is told as
// soon as it is answered. One that makes no sense without an earlier one's answer is
// skipped and says so. Nothing is changed; the function is invoked once, for its
// health.
package doctor

import (
	"context"
	"errors"
	"fmt"

	"photofit/internal/stack/account"
	"photofit/internal/stack/deploy"
)

// Verdict is how an answer is.
type Verdict string

// The verdicts.
const (
	Well    Verdict = "well"
	Ill     Verdict = "ill"
	Skipped Verdict = "skipped" // it could not be asked, or need not be
)

// Answer is what a question came to.
type Answer struct {
	About    string  `json:"about"`    // the part that it is about: "machine", "account", "photos" …
	Question string  `json:"question"` // what was looked at
	Verdict  Verdict `json:"verdict"`
	Detail   string  `json:"detail,omitempty"` // what was found
	Remedy   string  `json:"remedy,omitempty"` // what to do, if it is ill
}

// Question is one that somebody else knows to ask: of this machine, for instance. It gives what was
// found; an error is what is wrong, and may be a *Remedied.
type Question struct {
	About string
	Name  string
	Ask   func(ctx context.Context) (detail string, err error)
}

// Remedied is an error with what to do.
type Remedied struct {
	Text   string
	Remedy string
}

// Error is error's.
func (r *Remedied) Error() string { return r.Text }

func illf(remedy, format string, args ...any) error {
	return &Remedied{fmt.Sprintf(format, args...), remedy}
}

// errSkip is a question that need not be asked; its text is why.
type errSkip string

func (e errSkip) Error() string { return string(e) }

// Config is who is asked. The zero value asks nothing.
type Config struct {
	First    []Question                                            // asked before all else
	Account  func(ctx context.Context) (*account.Account, error)   // nil: nothing is asked of AWS
	Stack    string                                                // default "photofit"
	Artifact string                                                // the bucket of the function's zip; default photofit-artifacts-<account>-<region>
	Resolver deploy.Resolver                                       // nil: this machine's
	CAA      func(ctx context.Context, host string) ([]CAA, error) // nil: this machine's DNS server is asked
}

// Run asks all questions and gives how many answers are ill. report is given each answer.
// The error is the context's.
func Run(ctx context.Context, c Config, report func(Answer)) (ill int, err error) {
	p := &patient{Config: c}
	questions := append([]Question{}, c.First...)
	if c.Account != nil {
		questions = append(questions, p.questions()...)
	}
	for _, q := range questions {
		if err := ctx.Err(); err != nil {
			return ill, err
		}
		a := Answer{About: q.About, Question: q.Name, Verdict: Well}
		detail, err := q.Ask(ctx)
		var skip errSkip
		var remedied *Remedied
		var refused *account.Error
		switch {
		case err == nil:
			a.Detail = detail
		case ctx.Err() != nil:
			return ill, ctx.Err()
		case errors.As(err, &skip):
			a.Verdict, a.Detail = Skipped, string(skip)
		case errors.As(err, &remedied):
			a.Verdict, a.Detail, a.Remedy = Ill, remedied.Text, remedied.Remedy
		case errors.As(err, &refused):
			a.Verdict, a.Remedy = Ill, refused.Remedy
			without := *refused
			without.Remedy = ""
			a.Detail = without.Error()
		default:
			a.Verdict, a.Detail = Ill, err.Error()
		}
		if a.Verdict == Ill {
			ill++
		}
		report(a)
	}
	return ill, nil
}

// patient is what was found out so far.
type patient struct {
	Config
	account  *account.Account
	deployer *deploy.Deployer
	stack    *deploy.Stack
}

// questions are those about the account and the stack.
func (p *patient) questions() []Question {
	of := func(about, name string, ask func(context.Context) (string, error)) Question {
		return Question{about, name, ask}
	}
	inAccount := func(ask func(context.Context) (string, error)) func(context.Context) (string, error) {
		return func(ctx context.Context) (string, error) {
			if p.account == nil {
				return "", errSkip("there is no way into the account")
			}
			return ask(ctx)
		}
	}
	inStack := func(ask func(context.Context) (string, error)) func(context.Context) (string, error) {
		return inAccount(func(ctx context.Context) (string, error) {
			if p.stack == nil || p.stack.Outputs.DistributionID == "" {
				return "", errSkip("there is no stack in use")
			}
			return ask(ctx)
		})
	}
	return []Question{
		of("account", "credentials", p.credentials),
		of("account", "region", inAccount(p.region)),
		of("account", "concurrency", inAccount(p.concurrency)),
		of("account", "cache policies", inAccount(p.cachePolicies)),
		of("account", "artifact bucket", inAccount(p.artifacts)),
		of("account", "stack", inAccount(p.standing)),
		of("photos", "bucket", inStack(p.photosBucket)),
		of("photos", "events", inStack(p.photosEvents)),
		of("photos", "closed to the public", inStack(p.photosClosed)),
		of("renditions", "read by CloudFront", inStack(p.renditionsPolicy)),
		of("renditions", "nothing expires", inStack(p.renditionsLifecycle)),
		of("function", "state", inStack(p.function)),
		of("function", "URL", inStack(p.functionURL)),
		of("function", "grants", inStack(p.functionGrants)),
		of("function", "health", inStack(p.health)),
		of("purge", "health", inStack(p.purgeHealth)),
		of("edge", "distribution", inStack(p.distribution)),
		of("edge", "function", inStack(p.edgeFunction)),
		of("names", "certificate", inStack(p.certificate)),
		of("names", "CAA", inStack(p.caa)),
		of("names", "DNS", inStack(p.dns)),
	}
}
