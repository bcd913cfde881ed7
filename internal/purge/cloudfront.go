package purge

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudfront"
	"github.com/aws/aws-sdk-go-v2/service/cloudfront/types"
)

// CloudFront invalidates in a distribution, whose CacheTagConfig has to name
// the header in which answers carry their tags. A tag is one item among the
// paths of a CreateInvalidation, with a # in front (Amazon CloudFront developer
// guide, "What you need to know when invalidating tags"). It counts as one of
// 3,000 that may be in progress at a time, beyond which the error is
// *types.TooManyInvalidationsInProgress.
type CloudFront struct {
	Client       *cloudfront.Client
	Distribution string // its id
}

var _ Invalidator = CloudFront{}

// Invalidate is Invalidator.Invalidate.
func (c CloudFront) Invalidate(ctx context.Context, tag, reference string) error {
	_, err := c.Client.CreateInvalidation(ctx, &cloudfront.CreateInvalidationInput{
		DistributionId: aws.String(c.Distribution),
		InvalidationBatch: &types.InvalidationBatch{
			CallerReference: aws.String(reference),
			Paths:           &types.Paths{Quantity: aws.Int32(1), Items: []string{"#" + tag}},
		},
	})
	return err
}
