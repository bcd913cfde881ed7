package s3

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"mime"
	"path"

	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// Upload puts a photo of size bytes under a key where nothing is; fs.ErrExist if
// something is there. It needs s3:PutObject, which serving photos does not.
func (p *Photos) Upload(ctx context.Context, key string, body io.ReadSeeker, size int64) error {
	name := p.place.Prefix + key
	in := &s3.PutObjectInput{Bucket: &p.place.Bucket, Key: &name, Body: body, ContentLength: &size, IfNoneMatch: ptr("*"), ContentType: optional(mime.TypeByExtension(path.Ext(key)))}
	if _, err := p.c.api.PutObject(ctx, in); err != nil {
		if refusedPut(err) {
			return fmt.Errorf("put %s: %w", key, fs.ErrExist)
		}
		return p.c.fault(ctx, "put", p.place, key, err)
	}
	return nil
}
