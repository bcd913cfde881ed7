package s3

import (
	"context"
	"iter"
	"net/url"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"photofit/internal/store"
)

// list gives the pages of a listing, of a thousand keys each. What follows the
// first delimiter behind the prefix is left out; an empty one is none. The error
// is the store's, and ends it.
func (c *Client) list(ctx context.Context, p Place, prefix, delimiter string) iter.Seq2[*s3.ListObjectsV2Output, error] {
	return func(yield func(*s3.ListObjectsV2Output, error) bool) {
		// Keys may hold what XML cannot, so they are asked for percent-encoded.
		in := &s3.ListObjectsV2Input{Bucket: &p.Bucket, Prefix: &prefix, Delimiter: optional(delimiter), EncodingType: types.EncodingTypeUrl}
		for {
			limited, cancel := context.WithTimeout(ctx, c.call)
			out, err := c.api.ListObjectsV2(limited, in)
			cancel()
			if err != nil {
				err = c.fault(ctx, "list", Place{Bucket: p.Bucket}, prefix, err)
			} else if err = unescape(out); err != nil {
				err = troublef(store.ErrUnavailable, "list %s: a key cannot be read: %v", p, err)
			}
			if err != nil {
				yield(nil, err)
				return
			}
			if !yield(out, nil) || out.IsTruncated == nil || !*out.IsTruncated || value(out.NextContinuationToken) == "" {
				return
			}
			in.ContinuationToken = out.NextContinuationToken
		}
	}
}

// unescape takes the encoding off a page's keys, if the server has put it on: as
// in a form, with "+" for a space.
func unescape(page *s3.ListObjectsV2Output) error {
	if page.EncodingType != types.EncodingTypeUrl {
		return nil
	}
	for i := range page.Contents {
		key, err := url.QueryUnescape(value(page.Contents[i].Key))
		if err != nil {
			return err
		}
		page.Contents[i].Key = &key
	}
	for i := range page.CommonPrefixes {
		prefix, err := url.QueryUnescape(value(page.CommonPrefixes[i].Prefix))
		if err != nil {
			return err
		}
		page.CommonPrefixes[i].Prefix = &prefix
	}
	return nil
}
