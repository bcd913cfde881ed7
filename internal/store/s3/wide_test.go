package s3

import (
	"bytes"
	"io"
	"net/http"
	"testing"

	"photofit/internal/store"
)

// A long photo is read by several requests at a time, all of one version, and
// none of them is the only one that may fail.
func TestWide(t *testing.T) {
	body := noise(wideFrom + 3*widePart + 12_345)
	onFaulty(t, func(t *testing.T, f *faulty, c, straight *Client, bucket string) {
		upload(t, straight, bucket, "b.tif", body)
		photos := c.Photos(Place{Bucket: bucket}, PhotosConfig{})
		got := make([]byte, len(body))
		read := func() error {
			clear(got)
			photo, err := photos.Open(t.Context(), "b.tif")
			if err != nil {
				t.Fatal(err)
			}
			defer photo.Close()
			head := make([]byte, 1000)
			if _, err := photo.ReadAt(head, 0); err != nil {
				t.Fatal(err)
			}
			n, err := photo.ReadAt(got, 0)
			if err == nil && (n != len(body) || !bytes.HasPrefix(got, head)) {
				t.Errorf("%d bytes", n)
			}
			return err
		}
		f.fare(nil)
		if err := read(); err != nil || !bytes.Equal(got, body) {
			t.Errorf("the bytes are right: %t, %v", bytes.Equal(got, body), err)
		}
		if n := f.requests(http.MethodGet); n < 1+wide {
			t.Errorf("%d requests", n)
		}
		f.fare(func(n int, _ *http.Request) fault {
			if n%2 == 1 {
				return cutAnswer(2 << 20)
			}
			return nil
		})
		if err := read(); err != nil || !bytes.Equal(got, body) {
			t.Errorf("with cuts, the bytes are right: %t, %v", bytes.Equal(got, body), err)
		}
		f.fare(func(n int, _ *http.Request) fault {
			if n == 1 {
				return nil
			}
			return refuse(http.StatusInternalServerError, "InternalError")
		})
		told(t, "a part that fails", read(), store.ErrUnavailable)
	})
}

// Another version that comes meanwhile is not mixed in.
func TestWideReplaced(t *testing.T) {
	body := noise(wideFrom + 1)
	onFaulty(t, func(t *testing.T, f *faulty, c, straight *Client, bucket string) {
		upload(t, straight, bucket, "b.tif", body)
		f.fare(nil)
		photo, err := c.Photos(Place{Bucket: bucket}, PhotosConfig{}).Open(t.Context(), "b.tif")
		if err != nil {
			t.Fatal(err)
		}
		defer photo.Close()
		upload(t, straight, bucket, "b.tif", noise(wideFrom+2))
		_, err = photo.ReadAt(make([]byte, len(body)), 0)
		if err == io.EOF {
			err = nil
		}
		told(t, "replaced", err, store.ErrUnavailable)
	})
}
