// Package s3 keeps photos and renditions in buckets: of Amazon S3, or of any
// server that speaks its protocol.
//
// Connect finds credentials the way every AWS tool does and gives a Client. Of
// it, Photos and Renditions are the two sides of package store on a bucket.
//
// What differs from a folder is that asking costs a round trip, and that a
// network can fail in the middle. So Photos remembers what it was told for a
// while, a photo is read by one GET whose body is handed on as it comes, and a
// body that breaks off is taken up again where it ended, of the same version or
// not at all (stream.go). Requests are tried three times, as the SDK does it;
// what fails then is store.ErrUnavailable or store.ErrThrottled, never an absence
// (errors.go).
package s3

import (
	"cmp"
	"context"
	"net"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"photofit/internal/awssdk"
)

// Config is how to reach S3. The zero value is Amazon's, with the credentials and
// the region that the AWS command line would use: from the environment, from
// ~/.aws, by SSO, or from the machine's role.
type Config struct {
	Endpoint  string // another server: "https://host:port"; default Amazon's, or the environment's AWS_ENDPOINT_URL_S3
	Region    string // default: the environment's or the profile's, else us-east-1
	Profile   string // of ~/.aws/config; default: the environment's AWS_PROFILE
	PathStyle bool   // the bucket is in the path, not in the host's name; always so with an endpoint that is not Amazon's

	// Timing of requests; zero is a default. Tests have less patience.
	timing timing
}

// timing is how patient a client is.
type timing struct {
	call    time.Duration // for a request without a body to wait for, tries included; default 30 s
	answer  time.Duration // until an answer begins; default 10 s
	stall   time.Duration // how long a body may lag behind minRate; default 10 s
	backoff time.Duration // the most between two tries; default 2 s
}

// tries is how often a request is sent at most, and how often a body is taken up
// again before the next megabyte of it has come.
const tries = 3

// conflicts are answers to somebody who was in another's way: with other requests
// for the same object, or, where objects are files, with the removal of a folder's
// last one.
var conflicts = map[string]struct{}{"OperationAborted": {}, "ConditionalRequestConflict": {}, "ExistingObjectIsDirectory": {}}

// Client is a way to S3. It is safe for concurrent use.
type Client struct {
	api    *s3.Client
	region string
	where  string // the endpoint, where it is not Amazon's; for messages
	asked  bool   // whether the region was given
	timing
}

// Connect makes a client, and sees that there are credentials; no bucket is asked
// for anything yet (Check does). An error is one line that says what to do.
func Connect(ctx context.Context, c Config) (*Client, error) {
	t := c.timing
	t.call = cmp.Or(t.call, 30*time.Second)
	t.answer = cmp.Or(t.answer, 10*time.Second)
	t.stall = cmp.Or(t.stall, 10*time.Second)
	t.backoff = cmp.Or(t.backoff, 2*time.Second)
	loaded, err := awssdk.Load(ctx, awssdk.Config{Region: c.Region, Profile: c.Profile, HTTPClient: httpClient(t), Retryer: func() aws.Retryer {
		return retry.NewStandard(func(o *retry.StandardOptions) {
			o.MaxAttempts, o.Backoff = tries, backoff(t.backoff)
			o.Retryables = append(o.Retryables, retry.RetryableErrorCode{Codes: conflicts})
		})
	}})
	if err != nil {
		return nil, err
	}
	asked := loaded.Region != ""
	if !asked {
		loaded.Region = "us-east-1"
	}
	api := s3.NewFromConfig(loaded, func(o *s3.Options) {
		if c.Endpoint != "" {
			o.BaseEndpoint = &c.Endpoint
		}
		o.UsePathStyle = c.PathStyle || o.BaseEndpoint != nil && !amazon(*o.BaseEndpoint)
		// The checksums that are newer than S3 itself are not known to every
		// server; a put carries its MD5.
		o.RequestChecksumCalculation = aws.RequestChecksumCalculationWhenRequired
		o.ResponseChecksumValidation = aws.ResponseChecksumValidationWhenRequired
		o.DisableLogOutputChecksumValidationSkipped = true
	})
	client := &Client{api: api, region: loaded.Region, asked: asked, timing: t}
	if end := api.Options().BaseEndpoint; end != nil {
		client.where = *end
	}
	if err := client.haveCredentials(ctx, c.Profile); err != nil {
		return nil, err
	}
	return client, nil
}

// SDK is the SDK's own client, for what this package has no words for.
func (c *Client) SDK() *s3.Client { return c.api }

// haveCredentials asks the chain for credentials. On a machine of Amazon's that
// is a request to the machine's own service, elsewhere it waits a second in vain.
func (c *Client) haveCredentials(ctx context.Context, profile string) error {
	ctx, cancel := context.WithTimeout(ctx, c.call)
	defer cancel()
	provider := c.api.Options().Credentials
	if provider == nil {
		return noCredentials(profile, errNoneConfigured)
	}
	if _, err := provider.Retrieve(ctx); err != nil {
		return noCredentials(profile, err)
	}
	return nil
}

// httpClient keeps connections for as many as ask at a time: with the SDK's 10,
// most of a busy server's would be closed after each answer.
func httpClient(t timing) aws.HTTPClient {
	return awshttp.NewBuildableClient().
		WithDialerOptions(func(d *net.Dialer) { d.Timeout = min(5*time.Second, t.answer) }).
		WithTransportOptions(func(tr *http.Transport) {
			tr.MaxIdleConns, tr.MaxIdleConnsPerHost = 512, 256
			tr.ResponseHeaderTimeout = t.answer
			tr.DisableCompression = true // pictures don't compress, and lengths shall be what they seem
			tr.WriteBufferSize, tr.ReadBufferSize = 64<<10, 64<<10
		})
}
