package s3

import (
	"errors"
	"io"
	"io/fs"
	"strings"
	"testing"

	"photofit/internal/store/s3/s3test"
)

// A photo is put where nothing is, and nowhere else.
func TestUpload(t *testing.T) {
	s := s3test.Fake(t)
	c := connect(t, Config{Endpoint: s.URL, Region: "us-east-1", timing: hasty})
	photos := c.Photos(Place{Bucket: newBucket(t, s), Prefix: "album/"}, PhotosConfig{})
	const first = "one photo"
	if err := photos.Upload(t.Context(), "trip/b c.jpg", strings.NewReader(first), int64(len(first))); err != nil {
		t.Fatal(err)
	}
	if err := photos.Upload(t.Context(), "trip/b c.jpg", strings.NewReader("another"), 7); !errors.Is(err, fs.ErrExist) {
		t.Errorf("a second one: %v", err)
	}
	f, err := photos.Open(t.Context(), "trip/b c.jpg")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if got, err := io.ReadAll(f); err != nil || string(got) != first {
		t.Errorf("%q, %v", got, err)
	}
}
