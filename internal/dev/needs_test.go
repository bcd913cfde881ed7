package dev

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
)

// What requests need, and that those which need something else are not taken for
// them.
func TestNeeds(t *testing.T) {
	const many = `<Delete xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Object><Key>a&amp;b/c</Key></Object><Object><Key>d</Key>%</Object><Quiet>true</Quiet></Delete>`
	target := func(operation string) http.Header { return http.Header{"X-Amz-Target": {"AmazonSQS." + operation}} }
	const message = `{"QueueUrl":"https://sqs.eu-west-1.amazonaws.com/123/q","MessageBody":"x"}`
	for _, c := range []struct {
		of     func(*http.Request) ([]need, error)
		method string
		target string
		header http.Header
		body   string
		want   []need // nil: it is not known
	}{
		{s3Needs, "GET", "/b/a%20%C3%A9%2Bb?x-id=GetObject", nil, "", []need{{"s3:GetObject", "arn:aws:s3:::b/a é+b"}}},
		{s3Needs, "HEAD", "/b/%2E./k", nil, "", []need{{"s3:GetObject", "arn:aws:s3:::b/../k"}}},
		{s3Needs, "PUT", "/b/k?x-id=PutObject", http.Header{"If-None-Match": {"*"}}, "", []need{{"s3:PutObject", "arn:aws:s3:::b/k"}}},
		{s3Needs, "DELETE", "/b/k/", nil, "", []need{{"s3:DeleteObject", "arn:aws:s3:::b/k/"}}},
		{s3Needs, "GET", "/b?list-type=2&prefix=k", nil, "", []need{{"s3:ListBucket", "arn:aws:s3:::b"}}},
		{s3Needs, "GET", "/b/?list-type=2", nil, "", []need{{"s3:ListBucket", "arn:aws:s3:::b"}}},
		{s3Needs, "POST", "/b?delete=", nil, strings.Replace(many, "%", "", 1), []need{{"s3:DeleteObject", "arn:aws:s3:::b/a&b/c"}, {"s3:DeleteObject", "arn:aws:s3:::b/d"}}},
		{s3Needs, "POST", "/b?delete=", nil, strings.Replace(many, "%", "<VersionId>1</VersionId>", 1), nil},
		{s3Needs, "POST", "/b?delete=", nil, "no XML", nil},
		{s3Needs, "GET", "/b/k?versionId=1", nil, "", nil},
		{s3Needs, "GET", "/b/k?tagging", nil, "", nil},
		{s3Needs, "GET", "/b?versions", nil, "", nil},
		{s3Needs, "GET", "/b", nil, "", nil},
		{s3Needs, "PUT", "/b", nil, "", nil},
		{s3Needs, "PUT", "/b/k?partNumber=1&uploadId=2", nil, "", nil},
		{s3Needs, "PUT", "/b/k", http.Header{"If-Match": {"x"}}, "", nil},
		{s3Needs, "PUT", "/b/k", http.Header{"X-Amz-Copy-Source": {"/c/k"}}, "", nil},
		{s3Needs, "PUT", "/b/k", http.Header{"X-Amz-Tagging": {"a=b"}}, "", nil},
		{s3Needs, "POST", "/b/k?uploads", nil, "", nil},
		{s3Needs, "PATCH", "/b/k", nil, "", nil},

		{sqsNeeds, "POST", "/", target("SendMessage"), message, []need{{"sqs:SendMessage", "arn:aws:sqs:eu-west-1:123:q"}}},
		{sqsNeeds, "POST", "/", target("SendMessageBatch"), message, nil},
		{sqsNeeds, "POST", "/", target("SendMessage"), `{"QueueUrl":"q"}`, nil},
		{sqsNeeds, "POST", "/", target("SendMessage"), "no JSON", nil},

		{cloudFrontNeeds, "POST", "/2020-05-31/distribution/E1/invalidation", nil, "", []need{{"cloudfront:CreateInvalidation", "arn:aws:cloudfront::123456789012:distribution/E1"}}},
		{cloudFrontNeeds, "GET", "/2020-05-31/distribution/E1/invalidation", nil, "", nil},
		{cloudFrontNeeds, "POST", "/2020-05-31/distribution/E1", nil, "", nil},
		{elsewhere.needs, "POST", "/", target("SendMessage"), message, nil},
	} {
		r := httptest.NewRequest(c.method, c.target, strings.NewReader(c.body))
		if c.header != nil {
			r.Header = c.header
		}
		got, err := c.of(r)
		if !slices.Equal(got, c.want) || (err != nil) != (c.want == nil) {
			t.Errorf("%s %s %v: %v, %v, want %v", c.method, c.target, c.header, got, err, c.want)
		}
		if left, err := io.ReadAll(r.Body); err != nil || string(left) != c.body {
			t.Errorf("%s %s: %q is left of the body, %v", c.method, c.target, left, err)
		}
	}
}

// Calls are told with who asked; what is not known is told, too; an absence by what
// tells it.
func TestTold(t *testing.T) {
	var told []Call
	s := &Stack{Config: Config{Calls: func(c Call) { told = append(told, c) }}}
	of := service{http.NotFoundHandler(), s3Needs, s3AlsoNeeds}
	for _, r := range [][2]string{{"GET", "/b/k"}, {"DELETE", "/b/k"}, {"GET", "/b?acl"}} {
		s.told("Render", of).ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(r[0], r[1], nil))
	}
	want := []Call{{"Render", "s3:GetObject", "arn:aws:s3:::b/k"}, {"Render", "s3:ListBucket", "arn:aws:s3:::b"}, {"Render", "s3:DeleteObject", "arn:aws:s3:::b/k"},
		{"Render", "GET example.com/b?acl: " + errUnknown.Error(), ""}}
	if !slices.Equal(told, want) {
		t.Errorf("%q, want %q", told, want)
	}
	s.Calls, of.needs = nil, func(*http.Request) ([]need, error) { return nil, errors.New("it was looked at") }
	s.told("Render", of).ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/b/k", nil))
	if len(told) != len(want) {
		t.Errorf("%q", told)
	}
}
