package s3

import (
	"bytes"
	"context"
	"crypto/md5"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"photofit/internal/store"
)

// Renditions is store.Renditions on a bucket. A rendition is one object: its key
// behind the place's prefix, its bytes as they are, and its meta as metadata of
// the object. So whoever reads the bucket, a CDN or another server, gives the very
// answer.
//
// What is kept stays until it is forgotten: a bucket has no bound of its own, and
// a lifecycle rule takes what is old.
type Renditions struct {
	c      *Client
	place  Place
	config RenditionsConfig
}

var _ store.Renditions = (*Renditions)(nil)

// RenditionsConfig is what renditions are kept with. The zero value is useful.
type RenditionsConfig struct {
	CacheControl string                  // of the objects, for whoever serves them from the bucket; default: none
	Tag          func(key string) string // the metadata cache-tag of a key, for caches that purge by tag; nil: none
	Log          *slog.Logger            // what could not be removed; default: nothing is logged

	// Unseen tells of a key that no CDN serves: Forget and ForgetStale remove it
	// without counting it, as nobody need be told. Nil: there are none.
	Unseen func(key string) bool

	// Once has a Put leave what is kept already as it is, without an error. What
	// was kept may have been read by a CDN, which is told to let go of it by
	// whoever finds it here and forgets it: nobody would know of what a Put has
	// replaced (package purge).
	Once bool
}

// The names of metadata, behind x-amz-meta-.
const (
	metaETag   = "etag"      // Meta.ETag: the object's own is another where S3 encrypts by KMS
	metaSource = "source"    // Meta.Source
	metaTime   = "mtime"     // Meta.ModTime, in seconds since 1970
	metaTag    = "cache-tag" // RenditionsConfig.Tag
)

// noType is the media type of an object without one.
const noType = "binary/octet-stream"

// staleMark is the last segment of what Withdraw leaves. No URL can spell it.
const staleMark = "_~stale"

// Renditions gives the renditions of a place. Nothing is asked of S3.
func (c *Client) Renditions(p Place, config RenditionsConfig) *Renditions {
	if config.Log == nil {
		config.Log = slog.New(slog.DiscardHandler)
	}
	return &Renditions{c, p, config}
}

// Get is store.Renditions.Get. It costs one GET, whose body is handed on as it
// comes, and it is not asked again whether the object still is the same version:
// going back in a body that was replaced meanwhile is an error.
func (r *Renditions) Get(ctx context.Context, key string) (*store.Rendition, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if store.CheckKey(key) != nil || len(r.place.Prefix+key) > maxKey || strings.HasSuffix(key, "/"+staleMark) {
		return nil, absent("get", r.place.String()+key)
	}
	st, out, err := r.c.open(ctx, "get", r.place, key)
	if err != nil {
		return nil, err
	}
	return &store.Rendition{Meta: metaOf(out), Body: &kept{stream: st}}, nil
}

func metaOf(out *s3.GetObjectOutput) store.Meta {
	m := store.Meta{Size: *out.ContentLength, Type: value(out.ContentType), ETag: out.Metadata[metaETag], Source: out.Metadata[metaSource]}
	if m.Type == noType {
		m.Type = ""
	}
	if seconds, err := strconv.ParseInt(out.Metadata[metaTime], 10, 64); err == nil {
		m.ModTime = time.Unix(seconds, 0).UTC()
	}
	return m
}

// Put is store.Renditions.Put. It costs one PUT, which carries the MD5 of the
// body: what arrives otherwise is refused.
func (r *Renditions) Put(ctx context.Context, key string, body []byte, meta store.Meta) error {
	if err := store.CheckPut(ctx, key, body, meta); err != nil {
		return err
	}
	if strings.HasSuffix(key, "/"+staleMark) {
		return fmt.Errorf("%w: %q stands for what was withdrawn", store.ErrBadKey, key)
	}
	metadata := map[string]string{}
	for name, v := range map[string]string{metaETag: meta.ETag, metaSource: meta.Source, metaTag: r.tag(key)} {
		if !headerValue(v) {
			return fmt.Errorf("put %q: %s %q cannot be metadata", key, name, v)
		}
		if v != "" {
			metadata[name] = v
		}
	}
	if !meta.ModTime.IsZero() {
		metadata[metaTime] = strconv.FormatInt(meta.ModTime.Unix(), 10)
	}
	kind := meta.Type
	if kind == "" {
		kind = noType
	}
	in := &s3.PutObjectInput{ContentType: &kind, CacheControl: optional(r.config.CacheControl), Metadata: metadata}
	if r.config.Once {
		in.IfNoneMatch = ptr("*")
	}
	return r.put(ctx, key, body, meta.ETag, in)
}

// put sends a PUT. etag is the MD5 of body, if it is known.
func (r *Renditions) put(ctx context.Context, key string, body []byte, etag string, in *s3.PutObjectInput) error {
	name := r.place.Prefix + key
	if len(name) > maxKey {
		return fmt.Errorf("%w: %d bytes with its prefix", store.ErrKeyTooLong, len(name))
	}
	in.Bucket, in.Key, in.Body, in.ContentLength, in.ContentMD5 = &r.place.Bucket, &name, bytes.NewReader(body), ptr(int64(len(body))), ptr(contentMD5(body, etag))
	limited, cancel := context.WithTimeout(ctx, r.c.call)
	defer cancel()
	if _, err := r.c.api.PutObject(limited, in); err != nil {
		if in.IfNoneMatch != nil && refusedPut(err) {
			return nil
		}
		return r.c.fault(ctx, "put", r.place, key, err)
	}
	return nil
}

// refusedPut tells whether a put on condition was refused: there is an object
// already, or there was one a moment ago (Amazon S3 user guide, "Conditional write
// behavior").
func refusedPut(err error) bool {
	a := read(err)
	return a.status == http.StatusPreconditionFailed || a.status == http.StatusConflict && a.code == "ConditionalRequestConflict"
}

// contentMD5 is the header Content-MD5 (RFC 1864). If etag says the MD5 already,
// it is not worked out again; if it says a wrong one, S3 refuses the body.
func contentMD5(body []byte, etag string) string {
	if sum, err := hex.DecodeString(strings.Trim(etag, `"`)); err == nil && len(sum) == md5.Size {
		return base64.StdEncoding.EncodeToString(sum)
	}
	sum := md5.Sum(body)
	return base64.StdEncoding.EncodeToString(sum[:])
}

func (r *Renditions) tag(key string) string {
	if r.config.Tag == nil {
		return ""
	}
	return r.config.Tag(key)
}

// headerValue tells whether S3 gives metadata back as it is.
func headerValue(s string) bool {
	if s != strings.TrimSpace(s) {
		return false
	}
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

// Withdraw removes a rendition that others may have read meanwhile, and leaves a
// mark beside it, so that whoever forgets the photo next learns that there was
// something: Forget counts the mark. If the mark cannot be made, the rendition
// stays.
func (r *Renditions) Withdraw(ctx context.Context, key string) error {
	if err := store.CheckKey(key); err != nil {
		return err
	}
	mark := key[:strings.LastIndexByte(key, '/')+1] + staleMark
	if err := r.put(ctx, mark, nil, "", &s3.PutObjectInput{ContentType: ptr(noType)}); err != nil {
		return err
	}
	limited, cancel := context.WithTimeout(ctx, r.c.call)
	defer cancel()
	_, err := r.c.api.DeleteObject(limited, &s3.DeleteObjectInput{Bucket: &r.place.Bucket, Key: ptr(r.place.Prefix + key)})
	if err != nil {
		err = r.c.fault(ctx, "delete", r.place, key, err)
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil // as some servers say
	}
	return err
}

// kept is the body of a rendition. Seek asks for nothing; Read does, if it is to
// go on elsewhere.
type kept struct {
	stream *stream
	at     int64
	closed bool
}

func (k *kept) Read(p []byte) (int, error) {
	if k.closed {
		return 0, fs.ErrClosed
	}
	if k.at >= k.stream.size {
		return 0, io.EOF
	}
	if err := k.stream.seek(k.at); err != nil {
		return 0, err
	}
	n, err := k.stream.Read(p)
	k.at += int64(n)
	return n, err
}

func (k *kept) Seek(offset int64, whence int) (int64, error) {
	at, err := position(offset, whence, k.at, k.stream.size)
	if err == nil {
		k.at = at
	}
	return at, err
}

func (k *kept) Close() error {
	if !k.closed {
		k.closed = true
		k.stream.close()
	}
	return nil
}
