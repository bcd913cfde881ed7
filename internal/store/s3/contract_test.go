package s3

import (
	"fmt"
	"strings"
	"testing"

	"photofit/internal/store"
	"photofit/internal/store/s3/s3test"
	"photofit/internal/store/storetest"
)

// bounded tells the suite what the server, or the prefix, leaves no room for.
type bounded struct {
	*Renditions
	posix bool // the server keeps objects as files
}

func (b bounded) Lacks(key string) string {
	if n := len(b.place.Prefix + key); n > maxKey {
		return fmt.Sprintf("with the prefix it has %d bytes", n)
	}
	for segment := range strings.SplitSeq(key, "/") {
		if b.posix && len(segment) > 255 {
			return "a file's name ends at 255 bytes, and versitygw keeps objects as files"
		}
	}
	return ""
}

func TestRenditions(t *testing.T) {
	s3test.Each(t, func(t *testing.T, s s3test.Server) {
		for _, prefix := range []string{"", "cache/of photos/"} {
			t.Run("prefix "+strings.TrimSuffix(prefix, "/"), func(t *testing.T) {
				c := connect(t, Config{Endpoint: s.URL})
				storetest.Renditions(t, func(t *testing.T) store.Renditions {
					return bounded{c.Renditions(Place{newBucket(t, s), prefix}, RenditionsConfig{}), s.Files}
				})
			})
		}
	})
}

func TestPhotos(t *testing.T) {
	s3test.Each(t, func(t *testing.T, s s3test.Server) {
		for _, prefix := range []string{"", "photos/"} {
			t.Run("prefix "+strings.TrimSuffix(prefix, "/"), func(t *testing.T) {
				c := connect(t, Config{Endpoint: s.URL})
				storetest.Photos(t, func(t *testing.T, files map[string][]byte) store.Photos {
					bucket := newBucket(t, s)
					if prefix != "" {
						// A server that folds "..", as versitygw does, must not lead there.
						upload(t, c, bucket, "b.jpg", []byte("outside"))
					}
					for key, body := range files {
						upload(t, c, bucket, prefix+key, body)
					}
					return c.Photos(Place{bucket, prefix}, PhotosConfig{})
				})
			})
		}
	})
}
