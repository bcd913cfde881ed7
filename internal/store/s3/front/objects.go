package front

import (
	"crypto/md5"
	"encoding/base64"
	"encoding/hex"
	"encoding/xml"
	"io"
	"net/http"
	"os"
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
