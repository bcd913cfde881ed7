package account

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// Error is a refusal of AWS's in words.
type Error struct {
	Doing  string // what was being done: "making the bucket x"
	Code   string // AWS's name for it, such as AccessDenied; empty if there was no answer
	Text   string // AWS's own words, or the network's
	Remedy string // what to do; may be empty
	Err    error  // the SDK's
}

// Error is error's: one line.
func (e *Error) Error() string {
	s := e.Doing + ": " + strings.TrimSpace(strings.TrimRight(e.Text, ". \n"))
	if e.Code != "" && !strings.Contains(e.Text, e.Code) {
		s += " (" + e.Code + ")"
	}
	if e.Remedy != "" {
		s += ". " + e.Remedy
	}
	return strings.Join(strings.Fields(s), " ")
}

// Unwrap gives the SDK's error.
func (e *Error) Unwrap() error { return e.Err }

// Code is AWS's name for an error, such as AccessDenied; empty if it is none of
// AWS's.
func Code(err error) string {
	var api smithy.APIError
	if errors.As(err, &api) {
		return api.ErrorCode()
	}
	return ""
}

// Status is the HTTP status of the answer that an error is about; 0 if there was
// none.
func Status(err error) int {
	var r *smithyhttp.ResponseError
	if errors.As(err, &r) && r.Response != nil {
		return r.HTTPStatusCode()
	}
	return 0
}

// Text is what AWS says of an error, or the innermost cause that there is.
func Text(err error) string {
	var api smithy.APIError
	if errors.As(err, &api) && api.ErrorMessage() != "" {
		return api.ErrorMessage()
	}
	for {
		next := errors.Unwrap(err)
		if next == nil {
			return err.Error()
		}
		err = next
	}
}

// Explain makes an Error of what the SDK says, with the remedy for what can be met
// anywhere: credentials, rights, the clock, throttling, the network. A context's end
// stays what it is; nil stays nil.
func Explain(doing string, err error) error {
	var known *Error
	switch {
	case err == nil:
		return nil
	case errors.Is(err, context.Canceled):
		return context.Canceled
	case errors.Is(err, context.DeadlineExceeded) && !noCredentials(err):
		return err
	case errors.As(err, &known):
		return err
	}
	e := &Error{Doing: doing, Code: Code(err), Text: Text(err), Err: err}
	if noCredentials(err) {
		e.Text, e.Remedy = "no AWS credentials are found", "Run aws configure or aws sso login, set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name a profile by --profile"
		return e
	}
	e.Remedy = remedy(e.Code, Status(err), e.Text)
	return e
}

// remedy is what to do about an error that any request can meet.
func remedy(code string, status int, text string) string {
	switch code {
	case "ChangeSetNotFound", "ChangeSetNotFoundException", "InvalidChangeSetStatus", "InvalidChangeSetStatusException":
		return "Somebody else has changed the stack meanwhile: run this again"
	case "LimitExceededException":
		if strings.Contains(text, "maximum of 10") {
			return "A certificate has 10 names unless you ask for more: ask for a higher quota of ACM (Service Quotas in the console), or take a wildcard such as *.example.com"
		}
	case "ExpiredToken", "ExpiredTokenException", "RequestExpired":
		return "The session has ended: run aws sso login, or renew the credentials, and run this again; it goes on where it was"
	case "InvalidClientTokenId", "InvalidAccessKeyId", "UnrecognizedClientException", "SignatureDoesNotMatch", "InvalidToken", "AuthFailure":
		return "The credentials are not valid: renew them (aws configure, aws sso login), or name a profile by --profile"
	case "RequestTimeTooSkewed", "SignatureExpired":
		return "The clock of this machine is wrong: set it"
	case "OptInRequired", "SubscriptionRequiredException":
		return "The account, or this region of it, is not open for the service yet: the AWS console says what is missing"
	case "AccessDenied", "AccessDeniedException", "AccessDeniedFault", "UnauthorizedOperation", "Forbidden":
		if action := deniedAction(text); action != "" {
			return "The credentials may not " + action + ": an administrator grants it, or name another profile by --profile"
		}
		return "The credentials may not do this: an administrator grants it, or name another profile by --profile"
	}
	if _, throttled := retry.DefaultThrottleErrorCodes[code]; throttled || status == http.StatusTooManyRequests {
		return "AWS wants fewer requests, and eight tries did not help: run this again in a minute; it goes on where it was"
	}
	switch {
	case status >= 500:
		return "AWS failed: run this again in a minute; it goes on where it was"
	case status == 0 && code == "":
		return "There was no answer: is this machine online?"
	}
	return ""
}

// noCredentials tells whether an error is that the chain of credentials came to its end, which is
// the machine's own service (IMDS).
func noCredentials(err error) bool {
	text := err.Error()
	return strings.Contains(text, "EC2 IMDS") || strings.Contains(text, "no EC2 IMDS role found")
}

// deniedAction is the action in AWS's words of a refusal: "s3:CreateBucket" in
// "User: … is not authorized to perform: s3:CreateBucket on resource: …".
func deniedAction(text string) string {
	_, after, found := strings.Cut(text, "not authorized to perform: ")
	if !found {
		return ""
	}
	action, _, _ := strings.Cut(after, " ")
	return strings.Trim(action, ".,")
}

// Refused makes an Error of an answer of AWS's that is no error of the SDK's: a
// resource that failed, a change set that was not made.
func Refused(doing, text, remedy string) error {
	return &Error{Doing: doing, Text: text, Remedy: remedy}
}
