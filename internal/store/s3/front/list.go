package front

import (
	"context"
	"encoding/xml"
	"errors"
	"io/fs"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

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
