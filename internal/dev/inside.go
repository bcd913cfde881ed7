package dev

import (
	"bytes"
	"context"
	"errors"
	"io/fs"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	awss3 "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go"

	"photofit/internal/check"
	"photofit/internal/store/s3/gateway"
)

// Inside is the stack as package check looks into it.
func (s *Stack) Inside() check.Inside {
	client := awss3.New(awss3.Options{BaseEndpoint: &s.s3.URL, Region: s.names.Region, UsePathStyle: true,
		Credentials: credentials.NewStaticCredentialsProvider(gateway.Access, gateway.Secret, "")})
	return &insider{s, client}
}

type insider struct {
	s      *Stack
	client *awss3.Client
}

// PutPhoto is check.Inside's. Nothing is written to the user's folder.
func (i *insider) PutPhoto(ctx context.Context, key string, body []byte) error {
	put, err := i.client.PutObject(ctx, &awss3.PutObjectInput{Bucket: &i.s.photosBucket, Key: &key, Body: bytes.NewReader(body)})
	if err != nil {
		return err
	}
	return i.s.changed(created, key, aws.ToString(put.ETag))
}

// DeletePhoto is check.Inside's: the purge function removes the renditions.
func (i *insider) DeletePhoto(ctx context.Context, key string) error {
	if _, err := i.client.DeleteObject(ctx, &awss3.DeleteObjectInput{Bucket: &i.s.photosBucket, Key: &key}); err != nil {
		return err
	}
	return i.s.changed(deleted, key, "")
}

// Rendition is check.Inside's.
func (i *insider) Rendition(ctx context.Context, key string) (string, error) {
	out, err := i.client.HeadObject(ctx, &awss3.HeadObjectInput{Bucket: &i.s.renditions, Key: &key})
	var refused smithy.APIError
	if errors.As(err, &refused) && (refused.ErrorCode() == "NotFound" || refused.ErrorCode() == "NoSuchKey") {
		return "", fs.ErrNotExist
	}
	if err != nil {
		return "", err
	}
	return aws.ToString(out.ETag), nil
}

// Masters is check.Inside's.
func (i *insider) Masters() bool { return i.s.Parameters["Masters"] != "false" }

// InvalidateTag is check.Inside's.
func (i *insider) InvalidateTag(_ context.Context, tag string) error {
	_, err := i.s.Edge.Invalidate("#" + tag)
	return err
}

// Invocations is check.Inside's.
func (i *insider) Invocations(context.Context) (int, bool) { return int(i.s.invocations.Load()), true }

// FunctionURL is check.Inside's.
func (i *insider) FunctionURL() string { return i.s.direct[renderOrigin] }

// RenditionsURL is check.Inside's.
func (i *insider) RenditionsURL() string { return i.s.direct[renditionsOrigin] }
