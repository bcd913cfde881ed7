package dev

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// errUnknown is for a request whose actions are not written down here.
var errUnknown = errors.New("what it needs is not known")

// s3Resources are the ARNs that a path-style URL of S3's names. That of the object
// is empty where it is the bucket's own.
func s3Resources(r *http.Request) (bucket, object string, err error) {
	name, key, _ := strings.Cut(strings.TrimPrefix(r.URL.EscapedPath(), "/"), "/")
	if key, err = url.PathUnescape(key); err != nil {
		return "", "", err
	}
	bucket = "arn:aws:s3:::" + name
	if key != "" {
		object = bucket + "/" + key
	}
	return bucket, object, nil
}

// s3Needs are the actions of S3's operations, of those that the functions ask for.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
func s3Needs(r *http.Request) ([]need, error) {
	bucket, object, err := s3Resources(r)
	if err != nil {
		return nil, err
	}
	query := r.URL.Query()
	query.Del("x-id") // the SDK's name of the operation
	switch {
	case object == "" && r.Method == http.MethodGet && query.Get("list-type") == "2": // ListObjectsV2
		return []need{{"s3:ListBucket", bucket}}, nil
	case object == "" && r.Method == http.MethodPost && query.Has("delete") && len(query) == 1: // DeleteObjects
		return deletions(r, bucket)
	case object == "" || len(query) > 0: // of versions, tags, parts
	case r.Method == http.MethodGet, r.Method == http.MethodHead:
		return []need{{"s3:GetObject", object}}, nil
	case r.Method == http.MethodPut && plainPut(r.Header):
		return []need{{"s3:PutObject", object}}, nil
	case r.Method == http.MethodDelete:
		return []need{{"s3:DeleteObject", object}}, nil
	}
	return nil, errUnknown
}

// plainPut tells whether a PUT needs s3:PutObject and nothing else. If-None-Match
// needs nothing else.
func plainPut(h http.Header) bool {
	for name := range h {
		switch {
		case name == "If-Match", name == "X-Amz-Acl", strings.HasPrefix(name, "X-Amz-Copy-"), strings.HasPrefix(name, "X-Amz-Grant-"),
			strings.HasPrefix(name, "X-Amz-Object-Lock-"), strings.HasPrefix(name, "X-Amz-Server-Side-"), name == "X-Amz-Tagging":
			return false
		}
	}
	return true
}

// deletions are what DeleteObjects needs: the same action for each of its keys.
func deletions(r *http.Request, bucket string) ([]need, error) {
	var in struct {
		Object []struct {
			Key       string
			VersionID string `xml:"VersionId"`
		}
	}
	body, err := readAgain(r)
	if err == nil {
		err = xml.Unmarshal(body, &in)
	}
	if err != nil {
		return nil, err
	}
	var all []need
	for _, o := range in.Object {
		if o.VersionID != "" {
			return nil, errUnknown
		}
		all = append(all, need{"s3:DeleteObject", bucket + "/" + o.Key})
	}
	return all, nil
}

// s3AlsoNeeds is s3:ListBucket where an object is not there: without it S3 denies
// what it does not find (Amazon S3 API reference, "Permissions" of GetObject and
// HeadObject).
func s3AlsoNeeds(r *http.Request, status int) []need {
	bucket, object, err := s3Resources(r)
	if err != nil || object == "" || status != http.StatusNotFound || r.Method != http.MethodGet && r.Method != http.MethodHead {
		return nil
	}
	return []need{{"s3:ListBucket", bucket}}
}

// sqsNeeds is what SendMessage needs, by a queue's URL:
// https://sqs.REGION.amazonaws.com/ACCOUNT/NAME.
func sqsNeeds(r *http.Request) ([]need, error) {
	var in struct {
		QueueURL string `json:"QueueUrl"`
	}
	body, err := readAgain(r)
	if err == nil {
		err = json.Unmarshal(body, &in)
	}
	if err != nil {
		return nil, err
	}
	at, err := url.Parse(in.QueueURL)
	if err != nil {
		return nil, err
	}
	host, path := strings.Split(at.Host, "."), strings.Split(at.Path, "/")
	if r.Header.Get("X-Amz-Target") != "AmazonSQS.SendMessage" || len(host) < 2 || len(path) != 3 {
		return nil, errUnknown
	}
	return []need{{"sqs:SendMessage", "arn:aws:sqs:" + host[1] + ":" + path[1] + ":" + path[2]}}, nil
}

// cloudFrontNeeds is what CreateInvalidation needs.
func cloudFrontNeeds(r *http.Request) ([]need, error) {
	path := strings.Split(r.URL.Path, "/") // /2020-05-31/distribution/ID/invalidation
	if r.Method != http.MethodPost || len(path) != 5 || path[2] != "distribution" || path[4] != "invalidation" {
		return nil, errUnknown
	}
	return []need{{"cloudfront:CreateInvalidation", "arn:aws:cloudfront::" + local.Account + ":distribution/" + path[3]}}, nil
}

// elsewhere is any other service of AWS's. No function asks one.
var elsewhere = service{
	Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) }),
	needs:   func(*http.Request) ([]need, error) { return nil, errUnknown },
}

// readAgain reads a request's body, and puts it back.
func readAgain(r *http.Request) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(r.Body, 4<<20))
	r.Body = io.NopCloser(bytes.NewReader(body))
	return body, err
}
