package s3

import (
	"context"
	"errors"
	"io/fs"

	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// Check sees that photos can be listed, so that what is wrong is said at once and
// not at the first request. It costs one request; an error is one line that says
// what to do.
func (s *Photos) Check(ctx context.Context) error {
	_, err := s.Empty(ctx)
	return err
}

// Empty is Check, and tells whether there is nothing: the prefix may be a wrong one.
func (s *Photos) Empty(ctx context.Context) (bool, error) { return s.c.checkList(ctx, s.place) }

// Check sees that renditions can be listed, kept and removed. It costs three
// requests, and leaves nothing.
func (r *Renditions) Check(ctx context.Context) error {
	if _, err := r.c.checkList(ctx, r.place); err != nil {
		return err
	}
	const key = "-/check" // which is no rendition's
	if err := r.put(ctx, key, nil, "", &s3.PutObjectInput{ContentType: ptr(noType)}); err != nil {
		return err
	}
	if _, err := r.remove(ctx, []string{r.place.Prefix + key}); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// checkList sees that a place can be listed, and tells whether nothing is there.
func (c *Client) checkList(ctx context.Context, p Place) (empty bool, err error) {
	limited, cancel := context.WithTimeout(ctx, c.call)
	defer cancel()
	out, err := c.api.ListObjectsV2(limited, &s3.ListObjectsV2Input{Bucket: &p.Bucket, Prefix: &p.Prefix, MaxKeys: ptr(int32(1))})
	if err != nil {
		return false, c.fault(ctx, "list", p, "", err)
	}
	return len(out.Contents) == 0, nil
}
