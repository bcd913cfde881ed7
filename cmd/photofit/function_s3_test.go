package main

import (
	"bytes"
	"strings"
	"testing"

	awss3 "github.com/aws/aws-sdk-go-v2/service/s3"

	"photofit"
	"photofit/internal/imgtest"
	"photofit/internal/lambdahost"
	"photofit/internal/store/s3/gateway"
)

// TestFunctionOnS3 is the way of a picture from bucket to bucket. The object that
// is kept is what an edge serves from then on, so it says all that the answer did.
func TestFunctionOnS3(t *testing.T) {
	buckets, client := startS3(t, "photos", "cache")
	put := func(width int) {
		file := imgtest.JPEG(imgtest.OrientationChart(width, 600), 90)
		if _, err := client.SDK().PutObject(t.Context(), &awss3.PutObjectInput{Bucket: pointer("photos"), Key: pointer("album/trip/b c.jpg"), Body: bytes.NewReader(file)}); err != nil {
			t.Fatal(err)
		}
	}
	put(900)
	c := newCloud(t, func(config *lambdahost.Config) {
		config.Sandboxes = 1
		config.Env = environment(buckets.URL)
		config.Env["PHOTOFIT_PHOTOS"] = "s3://photos/album"
		config.Env["PHOTOFIT_CACHE"] = "s3://cache/made"
	})
	const path = "/r1/trip/b%20c.jpg/_w640.auto-webp"
	first := c.ask("GET", path)
	body := whole(t, first)
	if first.StatusCode != 200 || !strings.HasPrefix(first.Header.Get("Server-Timing"), "cache;desc=miss") {
		t.Fatalf("%s %s", first.Status, body)
	}
	object := func() *awss3.GetObjectOutput {
		t.Helper()
		out, err := client.SDK().GetObject(t.Context(), &awss3.GetObjectInput{Bucket: pointer("cache"), Key: pointer("made/r1/trip/b~20c.jpg/_w640.auto-webp")})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = out.Body.Close() })
		return out
	}
	kept := object()
	var got bytes.Buffer
	if _, err := got.ReadFrom(kept.Body); err != nil || !bytes.Equal(got.Bytes(), body) {
		t.Errorf("%d bytes are kept of %d, %v", got.Len(), len(body), err)
	}
	for _, pair := range [][3]string{
		{"ETag", *kept.ETag, first.Header.Get("Etag")},
		{"Content-Type", *kept.ContentType, "image/webp"},
		{"Cache-Control", *kept.CacheControl, objectCacheControl},
		{"cache tag", kept.Metadata["cache-tag"], photofit.CacheTag("trip/b c.jpg")},
		{"cache tag of the answer", first.Header.Get("X-Amz-Meta-Cache-Tag"), photofit.CacheTag("trip/b c.jpg")},
	} {
		if pair[1] != pair[2] {
			t.Errorf("%s: %q, want %q", pair[0], pair[1], pair[2])
		}
	}
	second := c.ask("GET", path)
	if got := whole(t, second); !bytes.Equal(got, body) || !strings.HasPrefix(second.Header.Get("Server-Timing"), "cache;desc=hit") {
		t.Errorf("the second time: %d bytes, %v", len(got), second.Header)
	}
	// A photo that is replaced is noticed without any event. What an edge may have
	// got from the bucket stays there for the purge to find.
	put(800)
	third := c.ask("GET", path)
	if got := whole(t, third); bytes.Equal(got, body) || !strings.HasPrefix(third.Header.Get("Server-Timing"), "cache;desc=miss") {
		t.Errorf("after another upload: %d bytes, %v", len(got), third.Header)
	}
	if object().Metadata["source"] != kept.Metadata["source"] {
		t.Error("the rendition of the older photo was replaced, and nobody tells the edge")
	}
	if r := c.ask("GET", "/r1/trip/no.jpg/_w640.auto-webp"); r.StatusCode != 404 {
		t.Error(r.Status)
	}
}

// environment is that of a function on an S3 server.
func environment(url string) map[string]string {
	all := map[string]string{"PHOTOFIT_S3_ENDPOINT": url}
	gateway.SetEnvironment(func(name, value string) { all[name] = value })
	return all
}

// Renditions among the photos would be taken for photos, and each tell the purge
// of another one.
func TestFunctionPlacesApart(t *testing.T) {
	gateway.SetEnvironment(t.Setenv)
	for cache, fails := range map[string]bool{"s3://photos/album/made": true, "s3://photos/album": true, "s3://photos/albums": false, "s3://cache/album": false} {
		c := &serveCmd{Place: "s3://photos/album", cacheFlags: cacheFlags{Cache: cache}}
		_, _, err := c.functionPlaces(t.Context(), nil)
		if (err != nil) != fails || fails && !strings.Contains(err.Error(), "lies among the photos") {
			t.Errorf("%s: %v", cache, err)
		}
	}
}
