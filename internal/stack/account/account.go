// Package account is the way to one AWS account, in one region: the clients of the
// services that set-up talks to, who the credentials belong to, and AWS's errors in
// words.
//
// Credentials are found as the AWS command line finds them. What CloudFront
// needs lives in us-east-1, whatever the region is: its certificates and its
// metrics; those clients ask there.
package account

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/acm"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudfront"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/route53"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"photofit/internal/awssdk"
)

// Global is the region of what CloudFront needs.
const Global = "us-east-1"

// Config is how to find an account. The zero value is what the AWS command line
// would take.
type Config struct {
	Region  string // default: the environment's or the profile's; one is needed
	Profile string // of ~/.aws/config; default: the environment's AWS_PROFILE

	// Backoff is the most to wait between two tries of a request; 0 is 20 s, the
	// SDK's. Tests wait less.
	Backoff time.Duration
}

// Account is a way to an account. Its clients are safe for concurrent use.
type Account struct {
	ID     string // 12 digits
	Arn    string // of the user or role that the credentials are for
	Region string

	CloudFormation *cloudformation.Client
	CloudFront     *cloudfront.Client
	Lambda         *lambda.Client
	Route53        *route53.Client
	S3             *s3.Client
	Metrics        *cloudwatch.Client // of the region

	Certificates  *acm.Client        // in us-east-1
	GlobalMetrics *cloudwatch.Client // in us-east-1: CloudFront's
}

// ErrNoRegion: neither Config nor the environment names one.
var ErrNoRegion = errors.New("no AWS region is named: say --region eu-central-1 or the like (photofit regions lists them), or set AWS_REGION")

// Connect finds credentials and asks AWS whose they are. An error is one line that
// says what to do.
func Connect(ctx context.Context, c Config) (*Account, error) {
	loaded, err := Load(ctx, c)
	if err != nil {
		return nil, err
	}
	if loaded.Region == "" {
		return nil, ErrNoRegion
	}
	a := With(loaded)
	who, err := sts.NewFromConfig(loaded).GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if err != nil {
		return nil, Explain("asking AWS whose the credentials are", err)
	}
	a.ID, a.Arn = aws.ToString(who.Account), aws.ToString(who.Arn)
	return a, nil
}

// Load reads the configuration; nothing is asked for yet. Its Region is empty if none
// is named.
func Load(ctx context.Context, c Config) (aws.Config, error) {
	return awssdk.Load(ctx, awssdk.Config{Region: c.Region, Profile: c.Profile, Retryer: func() aws.Retryer {
		return retry.NewStandard(func(o *retry.StandardOptions) {
			o.MaxAttempts = 8 // a deployment is worth some patience
			if c.Backoff > 0 {
				o.MaxBackoff = c.Backoff
			}
		})
	}})
}

// With makes the clients. ID and Arn are not known yet.
func With(loaded aws.Config) *Account {
	global := loaded.Copy()
	global.Region = Global
	return &Account{
		Region:         loaded.Region,
		CloudFormation: cloudformation.NewFromConfig(loaded),
		CloudFront:     cloudfront.NewFromConfig(global),
		Lambda:         lambda.NewFromConfig(loaded),
		Route53:        route53.NewFromConfig(global),
		S3:             s3.NewFromConfig(loaded, func(o *s3.Options) { o.DisableLogOutputChecksumValidationSkipped = true }),
		Metrics:        cloudwatch.NewFromConfig(loaded),
		Certificates:   acm.NewFromConfig(global),
		GlobalMetrics:  cloudwatch.NewFromConfig(global),
	}
}

// Partition is the part of AWS that a region belongs to, as ARNs name it: "aws",
// "aws-cn", "aws-us-gov".
func Partition(region string) string {
	switch {
	case strings.HasPrefix(region, "cn-"):
		return "aws-cn"
	case strings.HasPrefix(region, "us-gov-"):
		return "aws-us-gov"
	}
	return "aws"
}
