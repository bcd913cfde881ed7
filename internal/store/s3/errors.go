package s3

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/credentials/ssocreds"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"photofit/internal/store"
)

// trouble is an error of a kind that the contract knows, in words that say what
// to do.
type trouble struct {
	kind error // fs.ErrPermission, store.ErrUnavailable and so on
	text string
}

func (t *trouble) Error() string { return t.text }
func (t *trouble) Unwrap() error { return t.kind }

func troublef(kind error, format string, args ...any) error {
	return &trouble{kind, fmt.Sprintf(format, args...)}
}

// answer is what can be known of an error of the SDK.
type answer struct {
	status int    // 0: there was none
	code   string // S3's name for it; HEAD answers have none
	region string // where the bucket is, if S3 says so
	id     string // of the request, for Amazon's support
}

func read(err error) (a answer) {
	var r *smithyhttp.ResponseError
	if errors.As(err, &r) && r.Response != nil {
		a.status = r.HTTPStatusCode()
		a.region = r.Response.Header.Get("X-Amz-Bucket-Region")
		a.id = r.Response.Header.Get("X-Amz-Request-Id")
	}
	var e smithy.APIError
	if errors.As(err, &e) {
		a.code = e.ErrorCode()
	}
	return a
}

// String tells an answer to whoever reads the log.
func (a answer) String() string {
	s := a.code
	if s == "" {
		s = http.StatusText(a.status)
	}
	if a.id != "" {
		s += ", request " + a.id
	}
	return s
}

// fault makes one of the store's errors of one of the SDK's: fs.ErrNotExist,
// fs.ErrPermission, store.ErrThrottled, store.ErrUnavailable, store.ErrKeyTooLong
// or the context's. What it says of a bucket says what to do, too.
func (c *Client) fault(ctx context.Context, op string, p Place, key string, err error) error {
	if ended := ctx.Err(); ended != nil {
		return &fs.PathError{Op: op, Path: p.String() + key, Err: ended}
	}
	a := read(err)
	name := op + " " + p.String() + key
	switch {
	case a.code == "NoSuchBucket":
		return c.noBucket(op, p, key)
	case a.code == "NoSuchKey", a.code == "NotFound", a.status == http.StatusNotFound && a.code == "":
		return absent(op, p.String()+key)
	case a.code == "KeyTooLongError":
		if op == "open" || op == "get" {
			return absent(op, p.String()+key)
		}
		return fmt.Errorf("%s: %w", name, store.ErrKeyTooLong)
	case a.status == http.StatusMovedPermanently, a.status == http.StatusTemporaryRedirect, a.code == "AuthorizationHeaderMalformed",
		a.status == http.StatusBadRequest && a.region != "" && a.region != c.region:
		return troublef(store.ErrUnavailable, "%s: %s", name, c.wrongRegion(p, a))
	case a.code == "InvalidObjectState":
		return troublef(fs.ErrPermission, "%s: the object is archived (%s): restore it, or move it to a storage class that can be read at once", name, a)
	case a.code == "InvalidAccessKeyId", a.code == "XAdminUserNotFound", a.code == "SignatureDoesNotMatch", a.code == "InvalidToken", a.code == "ExpiredToken":
		return troublef(fs.ErrPermission, "%s: the credentials are not valid%s (%s): renew them (aws sso login, aws configure), or name a profile by --s3-profile", name, c.at(), a)
	case a.code == "RequestTimeTooSkewed":
		return troublef(fs.ErrPermission, "%s: the clock of this machine is wrong (%s): set it", name, a)
	case a.status == http.StatusForbidden, a.status == http.StatusUnauthorized:
		return troublef(fs.ErrPermission, "%s: access is denied (%s): %s", name, a, needs(op, p))
	case a.status == http.StatusPreconditionFailed:
		return changed(op, p, key)
	case throttled(a):
		return troublef(store.ErrThrottled, "%s: the server wants fewer requests (%s)", name, a)
	case a.status != 0:
		return troublef(store.ErrUnavailable, "%s: the server failed with status %d (%s)", name, a.status, a)
	}
	// The cause is told, not wrapped: that a connection to S3 was reset must not
	// be taken for a client's.
	hint := "is this machine online?"
	if c.where != "" {
		hint = "is the server up, and --s3-endpoint right?"
	}
	return troublef(store.ErrUnavailable, "%s: no answer%s (%v): %s", name, c.at(), bare(err), hint)
}

// changed says that an object was replaced while it was read. Asking again gives
// the new one.
func changed(op string, p Place, key string) error {
	return troublef(store.ErrUnavailable, "%s %s%s: the object was replaced while it was read", op, p, key)
}

// noBucket says that the whole bucket is missing, which is no absence.
func (c *Client) noBucket(op string, p Place, key string) error {
	return troublef(store.ErrUnavailable, "%s %s%s: there is no bucket %s%s: check its name, or make it (aws s3 mb s3://%s)", op, p, key, p.Bucket, c.at(), p.Bucket)
}

func absent(op, name string) error { return &fs.PathError{Op: op, Path: name, Err: fs.ErrNotExist} }

// needs tells what the credentials must allow for an operation.
func needs(op string, p Place) string {
	objects, bucket := "arn:aws:s3:::"+p.Bucket+"/"+p.Prefix+"*", "arn:aws:s3:::"+p.Bucket
	switch op {
	case "stat", "open", "get":
		return fmt.Sprintf("s3:GetObject on %s is missing, or it is not there: without s3:ListBucket on %s a missing object is denied, too", objects, bucket)
	case "list":
		return "s3:ListBucket on " + bucket + " is missing"
	case "put":
		return "s3:PutObject on " + objects + " is missing"
	}
	return "s3:DeleteObject on " + objects + " is missing"
}

func throttled(a answer) bool {
	if a.status == http.StatusTooManyRequests {
		return true
	}
	_, ok := retry.DefaultThrottleErrorCodes[a.code]
	return ok || a.code == "SlowDown"
}

func (c *Client) wrongRegion(p Place, a answer) string {
	if a.region != "" && a.region != c.region {
		return fmt.Sprintf("the bucket %s is in %s, and %s was asked: say --s3-region %s", p.Bucket, a.region, c.region, a.region)
	}
	return fmt.Sprintf("the bucket %s is not in %s%s (%s): --s3-region names another", p.Bucket, c.region, c.at(), a)
}

// at tells which server was asked, where that is not Amazon's.
func (c *Client) at() string {
	if c.where == "" {
		return ""
	}
	return " at " + c.where
}

// bare is the innermost cause that says something: what the SDK wraps around it
// is longer than a line.
func bare(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	var sent *smithyhttp.RequestSendError
	if errors.As(err, &sent) {
		return sent.Err
	}
	var op *smithy.OperationError
	if errors.As(err, &op) {
		return op.Err
	}
	return err
}

// noCredentials says how to get some: where there are none, the last place that
// was looked at is the machine's own service (IMDS).
func noCredentials(profile string, err error) error {
	login := "aws sso login"
	if profile != "" {
		login += " --profile " + profile
	}
	cause := bare(err)
	var ended *ssocreds.InvalidTokenError
	switch text := cause.Error(); {
	case errors.As(err, &ended), strings.Contains(text, "SSO"), strings.Contains(text, "sso"):
		return fmt.Errorf("the AWS session has ended: run %s (%v)", login, cause)
	case errors.Is(err, errNoneConfigured), strings.Contains(text, "IMDS"):
		return errors.New("there are no AWS credentials: run aws configure or " + login + ", set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name a profile by --s3-profile")
	}
	return fmt.Errorf("the AWS credentials cannot be had: %v", cause)
}

var errNoneConfigured = errors.New("none are configured")

// amazon tells whether an endpoint is Amazon's own.
func amazon(endpoint string) bool {
	u, err := url.Parse(endpoint)
	if err != nil {
		return false
	}
	host := u.Hostname()
	return strings.HasSuffix(host, ".amazonaws.com") || strings.HasSuffix(host, ".amazonaws.com.cn") || strings.HasSuffix(host, ".api.aws")
}

// backoff is how long to wait before another try: up to 500 ms, then twice that
// and so on, at random, so that those who failed together don't come back
// together.
type backoff time.Duration

// BackoffDelay is retry.BackoffDelayer's.
func (b backoff) BackoffDelay(attempt int, _ error) (time.Duration, error) {
	most := min(time.Duration(b), 250*time.Millisecond<<min(attempt, 10))
	return rand.N(max(most, 1)), nil
}
