// Package awssdk is how AWS's SDK is loaded: the one place where all clients of
// Photofit get their configuration, and so what is mended of the SDK for all of them.
//
// Region, profile and credentials are found as the AWS command line finds them.
package awssdk

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/smithy-go/logging"
	"github.com/aws/smithy-go/middleware"
)

// Config is what clients may differ in. The zero value is what the AWS command
// line would take.
type Config struct {
	Region     string             // default: the environment's or the profile's
	Profile    string             // of ~/.aws/config; default: the environment's AWS_PROFILE
	Retryer    func() aws.Retryer // default: the SDK's
	HTTPClient aws.HTTPClient     // default: the SDK's
}

// Load reads the configuration that clients are made of; nothing is asked for yet.
// Its Region is empty if none is named. An error is one line that says what is
// wrong with the files in ~/.aws, or with c.
func Load(ctx context.Context, c Config) (aws.Config, error) {
	options := []func(*config.LoadOptions) error{
		config.WithLogger(logging.Nop{}), // what matters comes back as an error
		config.WithAPIOptions([]func(*middleware.Stack) error{plainBodies}),
	}
	if c.Region != "" {
		options = append(options, config.WithRegion(c.Region))
	}
	if c.Profile != "" {
		options = append(options, config.WithSharedConfigProfile(c.Profile))
	}
	if c.Retryer != nil {
		options = append(options, config.WithRetryer(c.Retryer))
	}
	if c.HTTPClient != nil {
		options = append(options, config.WithHTTPClient(c.HTTPClient))
	}
	loaded, err := config.LoadDefaultConfig(ctx, options...)
	var gone config.SharedConfigProfileNotExistError
	switch {
	case errors.As(err, &gone):
		return aws.Config{}, fmt.Errorf("there is no profile %q in ~/.aws/config: aws configure list-profiles tells which there are", gone.Profile)
	case err != nil:
		return aws.Config{}, fmt.Errorf("the AWS configuration cannot be used: %w", err)
	}
	return loaded, nil
}
