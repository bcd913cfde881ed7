package s3

import (
	"context"
	"errors"
	"io/fs"
	"net/http"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"photofit/internal/store"
)

// Photos is store.Photos on a bucket. Any key is one but the empty one, what is
// not UTF-8, what holds a NUL, and what is longer than S3's 1,024 bytes; those are
// not there. A key that ends in "/" is no photo: tools make such objects to stand
// for a folder.
//
// A photo's version is its ETag, quotes included: the MD5 of its bytes, where S3
// encrypts with its own keys.
//
// Without s3:ListBucket, S3 denies what is not there, and absences are errors.
type Photos struct {
	c      *Client
	place  Place
	memory memory

	mu   sync.Mutex
	seen time.Time // when the bucket last was seen to be there
}

var _ store.Photos = (*Photos)(nil)

// PhotosConfig is how photos are read.
type PhotosConfig struct {
	// Recheck is for how long what was learnt of a photo is taken to hold; 0: S3
	// is asked each time. A photo that is replaced is noticed that much later.
	Recheck time.Duration
}

// DefaultRecheck is the Recheck of a server that nobody tells of changes.
const DefaultRecheck = time.Minute

// bucketSeen is for how long a bucket that answered is taken to be there.
const bucketSeen = 10 * time.Second

// Photos gives the photos of a place. Nothing is asked of S3.
func (c *Client) Photos(p Place, config PhotosConfig) *Photos {
	return &Photos{c: c, place: p, memory: memory{hold: config.Recheck}}
}

// Stat is store.Photos.Stat. It costs a request, unless the photo is remembered.
func (s *Photos) Stat(ctx context.Context, key string) (store.Photo, error) {
	if err := ctx.Err(); err != nil {
		return store.Photo{}, err
	}
	if photo, ok := s.memory.get(key); ok {
		return photo, nil
	}
	if !possible(s.place.Prefix + key) {
		return store.Photo{}, absent("stat", s.place.String()+key)
	}
	if err := s.exact(ctx, "stat", key); err != nil {
		return store.Photo{}, err
	}
	asked := time.Now()
	limited, cancel := context.WithTimeout(ctx, s.c.call)
	defer cancel()
	out, err := s.c.api.HeadObject(limited, &s3.HeadObjectInput{Bucket: &s.place.Bucket, Key: ptr(s.place.Prefix + key)})
	if err != nil {
		return store.Photo{}, s.missing(ctx, "stat", key, err)
	}
	photo := photoOf(out.ContentLength, out.LastModified, out.ETag)
	s.memory.put(key, photo, asked)
	return photo, nil
}

// Recall gives what was learnt of a photo within the recheck time, without asking
// (store.Recaller).
func (s *Photos) Recall(key string) (store.Photo, bool) { return s.memory.get(key) }

// Open is store.Photos.Open. It costs one GET; see openPhoto for
// what reading costs. If ctx is cancelled, reading ends, too.
func (s *Photos) Open(ctx context.Context, key string) (store.OpenPhoto, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if !possible(s.place.Prefix + key) {
		return nil, absent("open", s.place.String()+key)
	}
	if err := s.exact(ctx, "open", key); err != nil {
		return nil, err
	}
	asked := time.Now()
	st, out, err := s.c.open(ctx, "open", s.place, key)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			s.memory.drop(key)
		}
		return nil, err
	}
	photo := photoOf(out.ContentLength, out.LastModified, out.ETag)
	s.memory.put(key, photo, asked)
	return newOpenPhoto(st, photo), nil
}

// List is store.Photos.List. It costs a request for each thousand names, and what
// it tells of photos is remembered.
func (s *Photos) List(ctx context.Context, folder string) ([]store.Entry, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	prefix := s.place.Prefix
	if folder != "" {
		prefix += folder + "/"
	}
	if !utf8.ValidString(prefix) || len(prefix) > maxKey || strings.IndexByte(prefix, 0) >= 0 {
		return nil, absent("list", s.place.String()+folder)
	}
	var list []store.Entry
	there := folder == ""
	name := func(key *string) (string, bool) {
		name, ok := strings.CutPrefix(value(key), prefix)
		there = there || ok
		return strings.TrimSuffix(name, "/"), ok && name != "" && name[0] != '.'
	}
	for page, err := range s.c.list(ctx, s.place, prefix, "/") {
		if err != nil {
			return nil, err
		}
		for _, p := range page.CommonPrefixes {
			if name, ok := name(p.Prefix); ok {
				list = append(list, store.Entry{Name: name, Folder: true})
			}
		}
		for _, o := range page.Contents {
			// The marker of the folder itself has no name.
			if name, ok := name(o.Key); ok {
				list = append(list, store.Entry{Name: name, Photo: s.listed(o, folder, name)})
			}
		}
	}
	if !there {
		return nil, absent("list", s.place.String()+folder)
	}
	store.SortEntries(list)
	return list, nil
}

// listed is what a listing says of a photo, which is what Stat would.
func (s *Photos) listed(o types.Object, folder, name string) store.Photo {
	photo := photoOf(o.Size, o.LastModified, o.ETag)
	key := name
	if folder != "" {
		key = folder + "/" + name
	}
	s.memory.put(key, photo, time.Now())
	return photo
}

// missing is Client.fault for HEAD, whose answers have no body that says why: the
// same is asked by a GET of one byte. Without that, a bucket that is missing, or
// credentials that have expired, would look like a photo that is.
func (s *Photos) missing(ctx context.Context, op, key string, err error) error {
	fault := s.c.fault(ctx, op, s.place, key, err)
	gone := errors.Is(fault, fs.ErrNotExist)
	if gone {
		s.memory.drop(key)
	}
	status := read(err).status
	if status < 400 || status >= 500 || gone && s.seenLately() {
		return fault
	}
	limited, cancel := context.WithTimeout(ctx, s.c.call)
	defer cancel()
	out, err := s.c.api.GetObject(limited, &s3.GetObjectInput{Bucket: &s.place.Bucket, Key: ptr(s.place.Prefix + key), Range: ptr("bytes=0-0")})
	if err == nil {
		_ = out.Body.Close() // it is there after all: the next look will see it
		return fault
	}
	if why := read(err); why.code == "NoSuchKey" {
		s.mu.Lock()
		s.seen = time.Now()
		s.mu.Unlock()
	} else if gone && why.status == http.StatusNotFound && why.code != "NoSuchBucket" {
		return troublef(store.ErrUnavailable, "%s %s%s: an answer that is not S3's%s: %s", op, s.place, key, s.c.at(), why)
	}
	fault = s.c.fault(ctx, op, s.place, key, err)
	if errors.Is(fault, store.ErrKeyTooLong) {
		return absent(op, s.place.String()+key)
	}
	return fault
}

// seenLately tells whether the bucket was there a moment ago.
func (s *Photos) seenLately() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return time.Since(s.seen) < bucketSeen
}

// exact makes an absence of keys that the server would take for another's. To
// Amazon's S3 a key is a string, but there are servers on file systems to which
// "trip/../b.jpg" is "b.jpg"; and with one of these, ".." would lead out of the
// place. So such a key is looked for in a listing first.
func (s *Photos) exact(ctx context.Context, op, key string) error {
	if s.c.where == "" || !foldable(key) {
		return nil
	}
	whole := s.place.Prefix + key
	for page, err := range s.c.list(ctx, s.place, whole, "/") {
		if err != nil {
			return err
		}
		for _, o := range page.Contents {
			if value(o.Key) == whole {
				return nil
			}
		}
		break // it would be the first
	}
	return absent(op, s.place.String()+key)
}

// foldable tells whether a path with that key could be written in another way.
func foldable(key string) bool {
	for segment := range strings.SplitSeq(key, "/") {
		if segment == "" || segment == "." || segment == ".." {
			return true
		}
	}
	return false
}

// maxKey is the longest key of S3, in bytes.
const maxKey = 1024

// possible tells whether an object can have that key and be a photo.
func possible(key string) bool {
	return key != "" && len(key) <= maxKey && !strings.HasSuffix(key, "/") && utf8.ValidString(key) && strings.IndexByte(key, 0) < 0
}

// photoOf is a photo's version. Times are to the second, as S3's headers have
// them; its listings have more.
func photoOf(size *int64, modified *time.Time, etag *string) store.Photo {
	photo := store.Photo{Version: value(etag)}
	if size != nil {
		photo.Size = *size
	}
	if modified != nil {
		photo.ModTime = store.ToSecond(*modified)
	}
	return photo
}
