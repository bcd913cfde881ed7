package front_test

import (
	"bytes"
	"errors"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	awss3 "github.com/aws/aws-sdk-go-v2/service/s3"

	"photofit/internal/store"
	"photofit/internal/store/s3"
	"photofit/internal/store/s3/front"
	"photofit/internal/store/s3/gateway"
	"photofit/internal/store/storetest"
)

func start(t *testing.T, buckets ...string) (*front.Server, *s3.Client, string) {
	t.Helper()
	gateway.SetEnvironment(t.Setenv)
	f := front.New(gateway.Access, t.TempDir())
	for _, name := range buckets {
		f.Add(name)
	}
	server := httptest.NewServer(f)
	t.Cleanup(server.Close)
	client, err := s3.Connect(t.Context(), s3.Config{Endpoint: server.URL})
	if err != nil {
		t.Fatal(err)
	}
	return f, client, server.URL
}

// What Photofit asks of a bucket of renditions, it gets.
func TestRenditions(t *testing.T) {
	f, client, _ := start(t)
	n := 0
	storetest.Renditions(t, func(t *testing.T) store.Renditions {
		n++
		name := "bucket-" + string(rune('a'+n))
		f.Add(name)
		return client.Renditions(s3.Place{Bucket: name}, s3.RenditionsConfig{})
	})
}

// What was put once stays, and is given back with all that was said of it.
func TestOnce(t *testing.T) {
	_, client, _ := start(t, "kept")
	kept := client.Renditions(s3.Place{Bucket: "kept"}, s3.RenditionsConfig{Once: true, CacheControl: "max-age=9", Tag: func(string) string { return "tag" }})
	for _, body := range []string{"one", "two"} {
		if err := kept.Put(t.Context(), "r1/a.jpg/_w64.webp", []byte(body), store.Meta{Size: 3, Type: "image/webp", Source: "s"}); err != nil {
			t.Fatal(err)
		}
	}
	bucket, key := "kept", "r1/a.jpg/_w64.webp"
	out, err := client.SDK().GetObject(t.Context(), &awss3.GetObjectInput{Bucket: &bucket, Key: &key})
	if err != nil {
		t.Fatal(err)
	}
	defer out.Body.Close()
	var body bytes.Buffer
	if _, err := body.ReadFrom(out.Body); err != nil || body.String() != "one" || *out.CacheControl != "max-age=9" || *out.ContentType != "image/webp" || out.Metadata["cache-tag"] != "tag" || *out.ETag != `"f97c5d29941bfb1b2fdab0874906ab82"` {
		t.Errorf("%q, %v, %+v", &body, err, out)
	}
}

// Photos in a folder are what they would be in a bucket.
func TestPhotosContract(t *testing.T) {
	f, client, _ := start(t)
	n := 0
	storetest.Photos(t, func(t *testing.T, files map[string][]byte) store.Photos {
		folder := t.TempDir()
		for key, body := range files {
			file := filepath.Join(folder, filepath.FromSlash(key))
			if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o755), os.WriteFile(file, body, 0o644)); err != nil {
				t.Fatal(err)
			}
		}
		place, err := store.OpenFolder(folder)
		if err != nil {
			t.Fatal(err)
		}
		n++
		name := "photos-" + string(rune('a'+n))
		f.AddPhotos(name, place)
		return client.Photos(s3.Place{Bucket: name}, s3.PhotosConfig{})
	})
}

// Photos are those of the folder, until one is put; the folder stays as it is.
func TestPhotos(t *testing.T) {
	f, client, url := start(t, "other")
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "a b.jpg"), []byte("in the folder"), 0o444); err != nil {
		t.Fatal(err)
	}
	place, err := store.OpenFolder(folder)
	if err != nil {
		t.Fatal(err)
	}
	f.AddPhotos("photos", place)
	photos := client.Photos(s3.Place{Bucket: "photos"}, s3.PhotosConfig{})
	read := func(key string) string {
		p, err := photos.Open(t.Context(), key)
		if errors.Is(err, fs.ErrNotExist) {
			return "nothing"
		}
		if err != nil {
			t.Fatal(err)
		}
		defer p.Close()
		var b bytes.Buffer
		if _, err := b.ReadFrom(p); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	change := func(key, body string) {
		var err error
		bucket := "photos"
		if body == "" {
			_, err = client.SDK().DeleteObject(t.Context(), &awss3.DeleteObjectInput{Bucket: &bucket, Key: &key})
		} else {
			_, err = client.SDK().PutObject(t.Context(), &awss3.PutObjectInput{Bucket: &bucket, Key: &key, Body: strings.NewReader(body)})
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, step := range [][3]string{
		{"a b.jpg", "", "in the folder"}, {"no.jpg", "", "nothing"}, {"a b.jpg", "put", "put"}, {"é/..", "put", "put"}, {"é/..", "", "nothing"}, {"a b.jpg", "", "in the folder"},
	} {
		if step[1] != "" || step[2] == "nothing" || step[0] == "a b.jpg" {
			change(step[0], step[1])
		}
		if got := read(step[0]); got != step[2] {
			t.Errorf("%q: %s, want %s", step[0], got, step[2])
		}
	}
	if got, err := os.ReadFile(filepath.Join(folder, "a b.jpg")); err != nil || string(got) != "in the folder" {
		t.Errorf("the folder has %q, %v", got, err)
	}
	before, err := photos.Stat(t.Context(), "a b.jpg")
	if err != nil {
		t.Fatal(err)
	}
	if of, err := place.Stat(t.Context(), "a b.jpg"); err != nil || front.ETag(of) != before.Version {
		t.Errorf("the version is %s, and not %s", before.Version, front.ETag(of))
	}
	for path, want := range map[string]int{"/photos/a%20b.jpg": 403, "/other/": 403, "/nowhere/x": 404} {
		r, err := http.Get(url + path)
		if err != nil {
			t.Fatal(err)
		}
		_ = r.Body.Close()
		if r.StatusCode != want {
			t.Errorf("%s without a signature: %s", path, r.Status)
		}
	}
}
