// Package front is an S3 server in this process, as far as Photofit asks one: for
// trying a deployment on a machine where no other is installed. Photos are served
// from where they are and never written; what is put among them, and all that is
// put elsewhere, lies in a folder of the server's own, and its metadata in memory.
//
// Objects have what S3 gives back with them: type, Cache-Control, metadata, an ETag
// that is the MD5 of the bytes. A request must be signed with the server's key, by
// the look of it; whether the signature is right is not checked, and neither is a
// bucket's policy: whoever stands for CloudFront decides that.
package front

import (
	"encoding/xml"
	"errors"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"

	"photofit/internal/store"
)

// Server is an S3 server. Buckets are added before the first request.
type Server struct {
	access string
	folder string
	own    map[string]*objects
	others map[string]http.Handler

	mu sync.Mutex
	n  int // files that were made
}

// New makes a server without buckets, which keeps what is put into it in a folder.
// access is the id of the key that requests are signed with.
func New(access, folder string) *Server {
	return &Server{access: access, folder: folder, own: map[string]*objects{}, others: map[string]http.Handler{}}
}

// Add adds an empty bucket.
func (s *Server) Add(name string) { s.own[name] = s.newBucket(name, nil) }

// AddPhotos adds a bucket of photos that are there. An object that is put covers
// the photo of its key; deleting it uncovers that.
func (s *Server) AddPhotos(name string, photos store.Photos) {
	s.own[name] = s.newBucket(name, photos)
}

// Forward has another server answer for a bucket.
func (s *Server) Forward(name string, to http.Handler) { s.others[name] = to }

// ServeHTTP answers path-style requests: /bucket/key.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path := r.URL.EscapedPath()
	name, key, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	if other, ok := s.others[name]; ok {
		other.ServeHTTP(w, r)
		return
	}
	own, ok := s.own[name]
	if !ok {
		refuse(w, r, http.StatusNotFound, "NoSuchBucket")
		return
	}
	key, err := url.PathUnescape(key)
	switch {
	case !strings.HasPrefix(r.Header.Get("Authorization"), "AWS4-HMAC-SHA256 Credential="+s.access+"/"):
		refuse(w, r, http.StatusForbidden, "AccessDenied")
	case err != nil:
		refuse(w, r, http.StatusBadRequest, "InvalidURI")
	case len(key) > 1024:
		refuse(w, r, http.StatusBadRequest, "KeyTooLongError")
	default:
		own.serve(w, r, key)
	}
}

// file makes a file for an object's bytes.
func (s *Server) file() (*os.File, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.n++
	return os.OpenFile(filepath.Join(s.folder, strconv.Itoa(s.n)), os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
}

// refuse answers with one of S3's errors.
func refuse(w http.ResponseWriter, r *http.Request, status int, code string) {
	w.Header().Set("Content-Type", "application/xml")
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		say(w, struct {
			XMLName xml.Name `xml:"Error"`
			Code    string
			Message string
		}{Code: code, Message: http.StatusText(status)})
	}
}

func say(w http.ResponseWriter, v any) {
	body, err := xml.Marshal(v)
	if err != nil {
		panic(err) // of strings and numbers
	}
	_, _ = w.Write(append([]byte(xml.Header), body...))
}

// fail answers for an error of this machine's.
func fail(w http.ResponseWriter, r *http.Request, err error) {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		refuse(w, r, http.StatusNotFound, "NoSuchKey")
	case errors.Is(err, fs.ErrPermission):
		refuse(w, r, http.StatusForbidden, "AccessDenied")
	default:
		refuse(w, r, http.StatusInternalServerError, "InternalError")
	}
}
