package awsfake

import (
	"crypto/md5"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// object is one version of one.
type object struct {
	key, version string // "null" without versioning
	marker       bool   // of a deletion
	body         []byte
	etag         string // quoted
	header       map[string]string
	made         time.Time
}

// Object is what a test sees of one.
type Object struct {
	Key    string
	Body   []byte
	Header map[string]string // Content-Type, Cache-Control and X-Amz-Meta-…
}

// PutObject puts one into a bucket that is there, as a program elsewhere does.
func (c *Cloud) PutObject(bucket, key string, body []byte) {
	c.mu.Lock()
	defer c.unlock()
	c.put(c.buckets[bucket], key, body, map[string]string{})
}

// Change is one of an object in a bucket that tells EventBridge of those.
type Change struct {
	Bucket, Key string
	ETag        string // quoted; empty if it was deleted
}

// OnChange has somebody told of changes, after each and before it is answered.
func (c *Cloud) OnChange(tell func(Change)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.changed = tell
}

// tellChange tells of a change, if the bucket does.
func (c *Cloud) tellChange(b *bucket, key, etag string) {
	if tell := c.changed; tell != nil && read[notificationConfig](b, "notification").EventBridgeConfiguration != nil {
		c.later = append(c.later, func() { tell(Change{b.name, key, etag}) })
	}
}

// Objects are those that a bucket has, in order of their keys.
func (c *Cloud) Objects(bucket string) []Object {
	c.mu.Lock()
	defer c.mu.Unlock()
	var list []Object
	if b := c.buckets[bucket]; b != nil {
		for _, o := range b.current("") {
			list = append(list, Object{o.key, o.body, o.header})
		}
	}
	return list
}

// put keeps a version.
func (c *Cloud) put(b *bucket, key string, body []byte, header map[string]string) *object {
	sum := md5.Sum(body)
	o := &object{key: key, version: "null", body: body, etag: `"` + hex.EncodeToString(sum[:]) + `"`, header: header, made: c.now()}
	c.keep(b, o)
	c.tellChange(b, key, o.etag)
	return o
}

// keep adds a version where versions are kept, and else takes the place of the one
// without a version.
func (c *Cloud) keep(b *bucket, o *object) {
	if b.versioning() == "Enabled" {
		o.version = "v" + strconv.Itoa(c.number())
	} else {
		b.objects[o.key] = slices.DeleteFunc(b.objects[o.key], func(v *object) bool { return v.version == "null" })
	}
	b.objects[o.key] = append(b.objects[o.key], o)
}

// current are the newest versions that are no markers, in order of their keys.
func (b *bucket) current(prefix string) []*object {
	var list []*object
	for key, versions := range b.objects {
		if n := len(versions); n > 0 && !versions[n-1].marker && strings.HasPrefix(key, prefix) {
			list = append(list, versions[n-1])
		}
	}
	slices.SortFunc(list, func(a, b *object) int { return strings.Compare(a.key, b.key) })
	return list
}

// kept are the headers that an object keeps.
var kept = []string{"Content-Type", "Cache-Control", "Content-Disposition", "Content-Language", "Expires"}

func putObject(c *Cloud, q *call, b *bucket) (answer, error) {
	_, key := split(q)
	body, trailer, err := payload(q)
	if err != nil {
		return answer{}, err
	}
	sums := q.Header.Clone()
	for name, value := range trailer {
		sums.Set(name, value)
	}
	if err := checkSums(sums, body, false); err != nil {
		return answer{}, err
	}
	versions := b.objects[key]
	there := len(versions) > 0 && !versions[len(versions)-1].marker
	match, none := q.Header.Get("If-Match"), q.Header.Get("If-None-Match")
	switch {
	case len(key) > 1024:
		return answer{}, refuse(http.StatusBadRequest, "KeyTooLongError", "Your key is too long")
	case none != "" && none != "*":
		return answer{}, refuse(http.StatusNotImplemented, "NotImplemented", "A header you provided implies functionality that is not implemented")
	case none == "*" && there, match != "" && there && match != versions[len(versions)-1].etag:
		return answer{}, refuse(http.StatusPreconditionFailed, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold")
	case match != "" && !there:
		return answer{}, refuse(http.StatusNotFound, "NoSuchKey", "The specified key does not exist.")
	case q.Header.Get("X-Amz-Acl") != "" && read[ownershipConfig](b, "ownershipControls").Rule[0].ObjectOwnership == "BucketOwnerEnforced" && q.Header.Get("X-Amz-Acl") != "bucket-owner-full-control":
		return answer{}, refuse(http.StatusBadRequest, "AccessControlListNotSupported", "The bucket does not allow ACLs")
	}
	header := map[string]string{}
	for name, values := range sums {
		lower := strings.ToLower(name)
		if slices.Contains(kept, name) || strings.HasPrefix(lower, "x-amz-meta-") || strings.HasPrefix(lower, "x-amz-checksum-") {
			header[name] = values[0]
		}
	}
	if header["Content-Type"] == "" {
		header["Content-Type"] = "binary/octet-stream"
	}
	o := c.put(b, key, body, header)
	return answer{header: o.named(map[string]string{"Etag": o.etag, "X-Amz-Server-Side-Encryption": "AES256"})}, nil
}

// named adds the version to headers, if there are versions.
func (o *object) named(header map[string]string) map[string]string {
	if o.version != "null" {
		header["X-Amz-Version-Id"] = o.version
	}
	if o.marker {
		header["X-Amz-Delete-Marker"] = "true"
	}
	return header
}

// find is a version of a key, or the newest.
func (b *bucket) find(key, version string) (*object, error) {
	versions := b.objects[key]
	missing := refuse(http.StatusNotFound, "NoSuchKey", "The specified key does not exist.")
	if version != "" {
		for _, o := range versions {
			if o.version == version {
				return o, nil
			}
		}
		if len(versions) > 0 {
			missing = refuse(http.StatusNotFound, "NoSuchVersion", "The specified version does not exist.")
		}
		return nil, missing
	}
	if len(versions) == 0 {
		return nil, missing
	}
	o := versions[len(versions)-1]
	if o.marker {
		missing.header = o.named(map[string]string{})
		return nil, missing
	}
	return o, nil
}

func getObject(_ *Cloud, q *call, b *bucket) (answer, error) {
	_, key := split(q)
	o, err := b.find(key, q.URL.Query().Get("versionId"))
	if err != nil {
		return answer{}, err
	}
	if o.marker {
		return answer{}, refuse(http.StatusMethodNotAllowed, "MethodNotAllowed", "The specified method is not allowed against this resource.")
	}
	header := o.named(map[string]string{"Etag": o.etag, "Last-Modified": o.made.Format(http.TimeFormat), "Accept-Ranges": "bytes", "X-Amz-Server-Side-Encryption": "AES256"})
	for name, value := range o.header {
		if !strings.HasPrefix(strings.ToLower(name), "x-amz-checksum-") {
			header[name] = value
		} else if q.Header.Get("X-Amz-Checksum-Mode") == "ENABLED" && q.Header.Get("Range") == "" {
			header[name], header["X-Amz-Checksum-Type"] = value, "FULL_OBJECT"
		}
	}
	switch match, none := q.Header.Get("If-Match"), q.Header.Get("If-None-Match"); {
	case match != "" && match != "*" && match != o.etag:
		return answer{}, refuse(http.StatusPreconditionFailed, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold")
	case none != "" && (none == "*" || none == o.etag):
		return answer{status: http.StatusNotModified, header: header}, nil
	}
	body, status := o.body, http.StatusOK
	if wanted := q.Header.Get("Range"); wanted != "" {
		from, to, ok := span(wanted, len(body))
		if !ok {
			return answer{}, refuse(http.StatusRequestedRangeNotSatisfiable, "InvalidRange", "The requested range is not satisfiable")
		}
		header["Content-Range"] = fmt.Sprintf("bytes %d-%d/%d", from, to-1, len(body))
		body, status = body[from:to], http.StatusPartialContent
	}
	header["Content-Length"] = strconv.Itoa(len(body))
	return answer{status: status, header: header, body: body}, nil
}

// span is the part of size bytes that "bytes=from-to" wants; to is the first that is
// not part of it.
func span(wanted string, size int) (from, to int, ok bool) {
	first, last, dash := strings.Cut(strings.TrimPrefix(wanted, "bytes="), "-")
	from, err := strconv.Atoi(first)
	if !dash || err != nil || from >= size {
		return 0, 0, false
	}
	if last == "" {
		return from, size, true
	}
	to, err = strconv.Atoi(last)
	return from, min(to+1, size), err == nil && to >= from
}

func deleteObject(c *Cloud, q *call, b *bucket) (answer, error) {
	_, key := split(q)
	if o := c.forget(b, key, q.URL.Query().Get("versionId")); o != nil {
		return answer{status: http.StatusNoContent, header: o.named(map[string]string{})}, nil
	}
	return answer{status: http.StatusNoContent}, nil
}

// forget takes a version away, or, of none is named and versions are kept, adds
// a marker; it gives what went or came.
func (c *Cloud) forget(b *bucket, key, version string) *object {
	if version == "" && b.versioning() != "" {
		o := &object{key: key, version: "null", marker: true, made: c.now()}
		c.keep(b, o)
		c.tellChange(b, key, "")
		return o
	}
	if version == "" {
		version = "null"
	}
	o, err := b.find(key, version)
	if err != nil {
		return nil
	}
	b.objects[key] = slices.DeleteFunc(b.objects[key], func(v *object) bool { return v == o })
	if len(b.objects[key]) == 0 {
		delete(b.objects, key)
	}
	c.tellChange(b, key, "")
	return o
}

type deletion struct {
	Object []struct{ Key, VersionId, ETag string }
	Quiet  bool
}

func deleteObjects(c *Cloud, q *call, b *bucket) (answer, error) {
	if err := checkSums(q.Header, q.body, true); err != nil {
		return answer{}, err
	}
	var in deletion
	if err := readXML(q.body, "Delete", s3Namespace, &in); err != nil {
		return answer{}, misunderstood(http.StatusBadRequest, "MalformedXML", "%v", err)
	}
	if len(in.Object) == 0 || len(in.Object) > 1000 {
		return answer{}, malformed()
	}
	type deleted struct {
		Key                   string
		VersionId             string `xml:",omitempty"`
		DeleteMarker          bool   `xml:",omitempty"`
		DeleteMarkerVersionId string `xml:",omitempty"`
	}
	out := struct {
		XMLName xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ DeleteResult"`
		Deleted []deleted
	}{}
	for _, wanted := range in.Object {
		d := deleted{Key: wanted.Key, VersionId: wanted.VersionId}
		if o := c.forget(b, wanted.Key, wanted.VersionId); o != nil && o.marker {
			d.DeleteMarker, d.DeleteMarkerVersionId = true, o.version
		}
		if !in.Quiet {
			out.Deleted = append(out.Deleted, d)
		}
	}
	return s3XML(out), nil
}
