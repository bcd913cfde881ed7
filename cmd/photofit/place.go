package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"photofit/internal/store"
	"photofit/internal/store/s3"
)

// s3Flags are how buckets are reached, for all commands that take one.
type s3Flags struct {
	Endpoint  string `name:"s3-endpoint" env:"PHOTOFIT_S3_ENDPOINT" help:"Another S3 server than Amazon's: MinIO, R2, versitygw …" placeholder:"URL" group:"S3"`
	Region    string `name:"s3-region" env:"PHOTOFIT_S3_REGION" help:"The region of the buckets. Default: AWS_REGION, or the profile's." placeholder:"REGION" group:"S3"`
	Profile   string `name:"s3-profile" env:"PHOTOFIT_S3_PROFILE" help:"The profile in ~/.aws to take credentials from. Default: AWS_PROFILE, else what the AWS command line finds." placeholder:"NAME" group:"S3"`
	PathStyle bool   `name:"s3-path-style" env:"PHOTOFIT_S3_PATH_STYLE" help:"Ask for http://host/bucket, not http://bucket.host; always so with --s3-endpoint." group:"S3"`

	client *s3.Client
}

// connect finds credentials, once.
func (f *s3Flags) connect(ctx context.Context) (*s3.Client, error) {
	if f.client != nil {
		return f.client, nil
	}
	if f.Endpoint != "" && !strings.HasPrefix(f.Endpoint, "http://") && !strings.HasPrefix(f.Endpoint, "https://") {
		return nil, fmt.Errorf("--s3-endpoint %s is no URL: write it as https://%s", f.Endpoint, f.Endpoint)
	}
	client, err := s3.Connect(ctx, s3.Config{Endpoint: f.Endpoint, Region: f.Region, Profile: f.Profile, PathStyle: f.PathStyle})
	if err == nil {
		f.client = client
	}
	return client, err
}

// bucket parses a place in S3, and finds credentials.
func (f *s3Flags) bucket(ctx context.Context, name string) (s3.Place, *s3.Client, error) {
	place, err := s3.ParsePlace(name)
	if err != nil {
		return s3.Place{}, nil, err
	}
	client, err := f.connect(ctx)
	return place, client, err
}

// apart sees that what is kept does not lie among the photos.
func apart(photos, kept s3.Place) error {
	if photos.Holds(kept) {
		return fmt.Errorf("the cache %s lies among the photos, where each rendition would be taken for a photo: name another place for it", kept)
	}
	return nil
}

// photos are a place of originals.
type photos struct {
	store.Photos
	title string                      // names it for people
	check func(context.Context) error // whether it is there
	empty bool                        // nothing is in a bucket's place, when it was opened
}

// openPhotos opens a folder or a bucket.
func (f *s3Flags) openPhotos(ctx context.Context, place string, recheck time.Duration) (photos, error) {
	if s3.IsPlace(place) {
		return f.openBucket(ctx, place, recheck)
	}
	if rest, ok := strings.CutPrefix(place, "s3:"); ok {
		return photos{}, fmt.Errorf("%s: a bucket is written as s3://%s", place, strings.TrimLeft(rest, "/"))
	}
	if scheme, _, ok := strings.Cut(place, "://"); ok {
		return photos{}, fmt.Errorf("%s: photos are in a folder or in s3://bucket/prefix, not in %s://", place, scheme)
	}
	if place == "" {
		return photos{}, errors.New("the name of the photo folder is empty: . is this folder")
	}
	folder, err := store.OpenFolder(place)
	if err != nil {
		return photos{}, err
	}
	title := filepath.Base(place)
	if abs, err := filepath.Abs(place); err == nil {
		title = filepath.Base(abs)
	}
	check := func(context.Context) error {
		if _, err := os.Stat(place); err != nil {
			return errors.New("the photos are not there: is their folder mounted?")
		}
		return nil
	}
	return photos{folder, title, check, false}, nil
}

func (f *s3Flags) openBucket(ctx context.Context, name string, recheck time.Duration) (photos, error) {
	place, client, err := f.bucket(ctx, name)
	if err != nil {
		return photos{}, err
	}
	bucket := client.Photos(place, s3.PhotosConfig{Recheck: recheck})
	empty, err := bucket.Empty(ctx)
	if err != nil {
		return photos{}, err
	}
	return photos{bucket, bucketTitle(place), rarely(10*time.Second, bucket.Check), empty}, nil
}

// bucketTitle is the last name of a place.
func bucketTitle(p s3.Place) string {
	if p.Prefix == "" {
		return p.Bucket
	}
	return path.Base(p.Prefix)
}

// rarely is a check that is made again when its last result is that old.
func rarely(hold time.Duration, check func(context.Context) error) func(context.Context) error {
	var mu sync.Mutex
	var at time.Time
	var last error
	return func(ctx context.Context) error {
		mu.Lock()
		defer mu.Unlock()
		if time.Since(at) >= hold {
			last = check(ctx)
			at = time.Now()
			if ctx.Err() != nil {
				at = time.Time{} // it tells nothing
			}
		}
		return last
	}
}
