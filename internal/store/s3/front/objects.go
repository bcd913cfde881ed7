package front

import (
	"context"
	"crypto/md5"
	"encoding/base64"
	"encoding/hex"
	"encoding/xml"
	"errors"
	"io"
	"io/fs"
	"maps"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"photofit/internal/store"
)

// objects is a bucket.
type objects struct {
	server *Server
	name   string
	photos store.Photos // what lies under the objects; nil: nothing

	mu  sync.Mutex
	all map[string]object
}

// object is what was put.
type object struct {
	file   string
	size   int64
	etag   string
	time   time.Time
	header http.Header // type, Cache-Control, metadata
}

func (s *Server) newBucket(name string, photos store.Photos) *objects {
	return &objects{server: s, name: name, photos: photos, all: map[string]object{}}
}

func (b *objects) serve(w http.ResponseWriter, r *http.Request, key string) {
	switch {
	case key == "" && r.Method == http.MethodGet && (b.photos == nil || r.URL.Query().Get("delimiter") == "/"):
		b.list(w, r)
	case key == "" && r.Method == http.MethodPost && r.URL.Query().Has("delete"):
		b.removeMany(w, r)
	case key == "" && r.Method == http.MethodHead:
	case key == "":
		refuse(w, r, http.StatusNotImplemented, "NotImplemented")
	case r.Method == http.MethodGet || r.Method == http.MethodHead:
		b.get(w, r, key)
	case r.Method == http.MethodPut:
		b.put(w, r, key)
	case r.Method == http.MethodDelete:
		b.remove(key)
		w.WriteHeader(http.StatusNoContent)
	default:
		refuse(w, r, http.StatusMethodNotAllowed, "MethodNotAllowed")
	}
}

func (b *objects) get(w http.ResponseWriter, r *http.Request, key string) {
	b.mu.Lock()
	o, ok := b.all[key]
	b.mu.Unlock()
	if !ok {
		b.photo(w, r, key)
		return
	}
	f, err := os.Open(o.file)
	if err != nil {
		fail(w, r, err)
		return
	}
	defer f.Close()
	for name, values := range o.header {
		w.Header()[name] = values
	}
	w.Header().Set("Etag", o.etag)
	http.ServeContent(w, r, "", o.time, f)
}

// photo answers with a photo that is there. Its ETag is made of its version, not of
// its bytes, as that of an object in several parts is.
func (b *objects) photo(w http.ResponseWriter, r *http.Request, key string) {
	if b.photos == nil {
		refuse(w, r, http.StatusNotFound, "NoSuchKey")
		return
	}
	open, err := b.photos.Open(r.Context(), key)
	if err != nil {
		fail(w, r, err)
		return
	}
	defer open.Close()
	w.Header().Set("Etag", ETag(open.Photo()))
	w.Header().Set("Content-Type", "binary/octet-stream")
	http.ServeContent(w, r, "", open.Photo().ModTime, open)
}

// ETag is that of a photo which was not put, by its version.
func ETag(p store.Photo) string {
	sum := md5.Sum([]byte(p.Version))
	return `"` + hex.EncodeToString(sum[:]) + `-1"`
}

func (b *objects) put(w http.ResponseWriter, r *http.Request, key string) {
	if strings.HasPrefix(r.Header.Get("X-Amz-Content-Sha256"), "STREAMING-") {
		refuse(w, r, http.StatusNotImplemented, "NotImplemented")
		return
	}
	f, err := b.server.file()
	if err != nil {
		fail(w, r, err)
		return
	}
	sum := md5.New()
	n, err := io.Copy(io.MultiWriter(f, sum), r.Body)
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err != nil {
		_ = os.Remove(f.Name())
		fail(w, r, err)
		return
	}
	o := object{f.Name(), n, `"` + hex.EncodeToString(sum.Sum(nil)) + `"`, time.Now().UTC().Truncate(time.Second), http.Header{}}
	for name, values := range r.Header {
		if name == "Content-Type" || name == "Cache-Control" || strings.HasPrefix(name, "X-Amz-Meta-") {
			o.header[name] = values
		}
	}
	said := r.Header.Get("Content-Md5")
	b.mu.Lock()
	before, there := b.all[key]
	refused, code := 0, ""
	switch {
	case said != "" && said != base64.StdEncoding.EncodeToString(sum.Sum(nil)):
		refused, code = http.StatusBadRequest, "BadDigest"
	case r.Header.Get("If-None-Match") == "*" && there:
		refused, code = http.StatusPreconditionFailed, "PreconditionFailed"
	default:
		b.all[key] = o
	}
	b.mu.Unlock()
	if refused != 0 {
		_ = os.Remove(o.file)
		refuse(w, r, refused, code)
		return
	}
	if there {
		_ = os.Remove(before.file)
	}
	w.Header().Set("Etag", o.etag)
}

// remove removes an object, if it is there.
func (b *objects) remove(key string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if o, ok := b.all[key]; ok {
		delete(b.all, key)
		_ = os.Remove(o.file)
	}
}

func (b *objects) removeMany(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Object []struct{ Key string }
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, 4<<20))
	if err == nil {
		err = xml.Unmarshal(body, &in)
	}
	if err != nil {
		refuse(w, r, http.StatusBadRequest, "MalformedXML")
		return
	}
	for _, o := range in.Object {
		b.remove(o.Key)
	}
	w.Header().Set("Content-Type", "application/xml")
	say(w, struct {
		XMLName xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ DeleteResult"`
	}{})
}

// listed is an item of a listing.
type listed struct {
	Key          string
	ETag         string
	Size         int64
	LastModified string
}

// keys gives all that is there with a prefix, of photos what lies in that folder. A
// folder in it is a key that ends in a slash.
func (b *objects) keys(ctx context.Context, prefix string) (map[string]listed, error) {
	const form = "2006-01-02T15:04:05.000Z"
	all := map[string]listed{}
	if b.photos != nil {
		folder := prefix[:strings.LastIndexByte(prefix, '/')+1]
		entries, err := b.photos.List(ctx, strings.TrimSuffix(folder, "/"))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		for _, e := range entries {
			if key := folder + e.Name; e.Folder {
				all[key+"/"] = listed{Key: key + "/"}
			} else {
				all[key] = listed{key, ETag(e.Photo), e.Photo.Size, e.Photo.ModTime.UTC().Format(form)}
			}
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	for key, o := range b.all {
		all[key] = listed{key, o.etag, o.size, o.time.Format(form)}
	}
	maps.DeleteFunc(all, func(key string, _ listed) bool { return !strings.HasPrefix(key, prefix) })
	return all, nil
}

// list answers ListObjectsV2. A page goes on behind the key that the one before
// ended with.
func (b *objects) list(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	prefix, delimiter, after := q.Get("prefix"), q.Get("delimiter"), q.Get("continuation-token")
	most, err := strconv.Atoi(q.Get("max-keys"))
	if err != nil || most < 0 || most > 1000 {
		most = 1000
	}
	encoded := func(s string) string { return s }
	if q.Get("encoding-type") == "url" {
		encoded = url.QueryEscape
	}
	type common struct{ Prefix string }
	out := struct {
		XMLName               xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ ListBucketResult"`
		Name                  string
		Prefix                string
		Delimiter             string `xml:",omitempty"`
		EncodingType          string `xml:",omitempty"`
		MaxKeys, KeyCount     int
		IsTruncated           bool
		NextContinuationToken string `xml:",omitempty"`
		Contents              []listed
		CommonPrefixes        []common
	}{Name: b.name, Prefix: encoded(prefix), Delimiter: encoded(delimiter), EncodingType: q.Get("encoding-type"), MaxKeys: most}
	all, err := b.keys(r.Context(), prefix)
	if err != nil {
		fail(w, r, err)
		return
	}
	last, folded := "", ""
	for _, key := range slices.Sorted(maps.Keys(all)) {
		group := ""
		if i := strings.Index(key[len(prefix):], delimiter); delimiter != "" && i >= 0 {
			group = key[:len(prefix)+i+len(delimiter)]
		}
		if key <= after || group != "" && (group == folded || after != "" && strings.HasPrefix(after, group)) {
			continue
		}
		if out.KeyCount == most {
			out.IsTruncated, out.NextContinuationToken = most > 0, last
			break
		}
		out.KeyCount++
		last = key
		if group != "" {
			folded = group
			out.CommonPrefixes = append(out.CommonPrefixes, common{encoded(group)})
			continue
		}
		item := all[key]
		item.Key = encoded(key)
		out.Contents = append(out.Contents, item)
	}
	w.Header().Set("Content-Type", "application/xml")
	say(w, out)
}
