package awsfake

import (
	"encoding/xml"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// stamp is a time as XML has it.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// listing is what both listings take.
type listing struct {
	prefix, delimiter string
	most              int
	name              func(string) string // as encoding-type has it
	encoding          string
}

func listingOf(q *call) (listing, error) {
	v := q.URL.Query()
	l := listing{v.Get("prefix"), v.Get("delimiter"), 1000, func(s string) string { return s }, v.Get("encoding-type")}
	switch l.encoding {
	case "":
	case "url":
		l.name = func(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "%2F", "/") }
	default:
		return l, misunderstood(http.StatusBadRequest, "InvalidArgument", "Invalid Encoding Method specified in Request")
	}
	if most := v.Get("max-keys"); most != "" {
		n, err := strconv.Atoi(most)
		if err != nil || n < 0 {
			return l, misunderstood(http.StatusBadRequest, "InvalidArgument", "Argument maxKeys must be an integer between 0 and 2147483647")
		}
		l.most = min(n, 1000)
	}
	return l, nil
}

// folder is the common prefix of a key, if the delimiter gives it one.
func (l listing) folder(key string) string {
	if l.delimiter == "" {
		return ""
	}
	before, _, found := strings.Cut(key[len(l.prefix):], l.delimiter)
	if !found {
		return ""
	}
	return l.prefix + before + l.delimiter
}

type commonPrefix struct{ Prefix string }

func listObjects(_ *Cloud, q *call, b *bucket) (answer, error) {
	l, err := listingOf(q)
	if err != nil {
		return answer{}, err
	}
	v := q.URL.Query()
	if v.Get("list-type") != "2" {
		return answer{}, misunderstood(http.StatusBadRequest, "InvalidArgument", "list-type %s", v.Get("list-type"))
	}
	type entry struct {
		Key, LastModified, ETag string
		Size                    int
		StorageClass            string
	}
	out := struct {
		XMLName               xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ ListBucketResult"`
		Name, Prefix          string
		Delimiter             string `xml:",omitempty"`
		EncodingType          string `xml:",omitempty"`
		MaxKeys, KeyCount     int
		IsTruncated           bool
		StartAfter            string `xml:",omitempty"`
		ContinuationToken     string `xml:",omitempty"`
		NextContinuationToken string `xml:",omitempty"`
		Contents              []entry
		CommonPrefixes        []commonPrefix
	}{Name: b.name, Prefix: l.name(l.prefix), Delimiter: l.name(l.delimiter), EncodingType: l.encoding, MaxKeys: l.most,
		StartAfter: v.Get("start-after"), ContinuationToken: v.Get("continuation-token")}
	after, folder := max(v.Get("start-after"), strings.TrimPrefix(v.Get("continuation-token"), "after ")), ""
	for _, o := range b.current(l.prefix) {
		if o.key <= after || folder != "" && strings.HasPrefix(o.key, folder) || after != "" && strings.HasSuffix(after, l.delimiter) && l.folder(o.key) == after {
			continue
		}
		if out.KeyCount == l.most {
			out.IsTruncated = l.most > 0
			break
		}
		out.KeyCount++
		last := o.key
		if folder = l.folder(o.key); folder != "" {
			out.CommonPrefixes = append(out.CommonPrefixes, commonPrefix{l.name(folder)})
			last = folder
		} else {
			out.Contents = append(out.Contents, entry{l.name(o.key), stamp(o.made), o.etag, len(o.body), "STANDARD"})
		}
		out.NextContinuationToken = "after " + last
	}
	if !out.IsTruncated {
		out.NextContinuationToken = ""
	}
	return s3XML(out), nil
}

func listVersions(_ *Cloud, q *call, b *bucket) (answer, error) {
	l, err := listingOf(q)
	if err != nil {
		return answer{}, err
	}
	if l.delimiter != "" {
		return answer{}, misunderstood(http.StatusNotImplemented, "NotImplemented", "ListObjectVersions with a delimiter")
	}
	type entry struct {
		Key, VersionId string
		IsLatest       bool
		LastModified   string
		ETag           string `xml:",omitempty"`
		Size           int    `xml:",omitempty"`
	}
	v := q.URL.Query()
	out := struct {
		XMLName                                  xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ ListVersionsResult"`
		Name, Prefix, KeyMarker, VersionIdMarker string
		EncodingType                             string `xml:",omitempty"`
		NextKeyMarker, NextVersionIdMarker       string `xml:",omitempty"`
		MaxKeys                                  int
		IsTruncated                              bool
		Version, DeleteMarker                    []entry
	}{Name: b.name, Prefix: l.name(l.prefix), KeyMarker: v.Get("key-marker"), VersionIdMarker: v.Get("version-id-marker"), EncodingType: l.encoding, MaxKeys: l.most}
	var keys []string
	for key := range b.objects {
		if strings.HasPrefix(key, l.prefix) && key >= out.KeyMarker {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	n := 0
	for _, key := range keys {
		versions := b.objects[key]
		behind := key != out.KeyMarker // what the markers name, and before it, was listed
		for i := len(versions) - 1; i >= 0; i-- {
			o := versions[i]
			if !behind {
				behind = o.version == out.VersionIdMarker
				continue
			}
			if n == l.most {
				out.IsTruncated = true
				return s3XML(out), nil
			}
			n++
			e := entry{l.name(o.key), o.version, i == len(versions)-1, stamp(o.made), o.etag, len(o.body)}
			if o.marker {
				out.DeleteMarker = append(out.DeleteMarker, e)
			} else {
				out.Version = append(out.Version, e)
			}
			out.NextKeyMarker, out.NextVersionIdMarker = l.name(o.key), o.version
		}
	}
	out.NextKeyMarker, out.NextVersionIdMarker = "", ""
	return s3XML(out), nil
}
