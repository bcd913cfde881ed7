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
func (s *Photos) Check(ctx context.Context) error { return s.c.checkList(ctx, s.place) }

// Check sees that renditions can be listed, kept and removed. It costs three
// requests, and leaves nothing.
func (r *Renditions) Check(ctx context.Context) error {
	if err := r.c.checkList(ctx, r.place); err != nil {
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

func (c *Client) checkList(ctx context.Context, p Place) error {
	limited, cancel := context.WithTimeout(ctx, c.call)
	defer cancel()
	_, err := c.api.ListObjectsV2(limited, &s3.ListObjectsV2Input{Bucket: &p.Bucket, Prefix: &p.Prefix, MaxKeys: ptr(int32(1))})
	if err != nil {
		return c.fault(ctx, "list", p, "", err)
	}
	return nil
}
