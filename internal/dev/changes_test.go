package dev

import (
	"testing"

	"photofit/internal/cfn"
)

func TestMatches(t *testing.T) {
	pattern := cfn.Object{
		"source": []any{"aws.s3"}, "detail-type": []any{"Object Created", "Object Deleted"},
		"detail": cfn.Object{"bucket": cfn.Object{"name": []any{"photos"}}, "object": cfn.Object{"key": []any{cfn.Object{"prefix": "family/"}}}},
	}
	for _, c := range []struct {
		kind, bucket, key string
		want              bool
	}{
		{"Object Created", "photos", "family/a.jpg", true},
		{"Object Deleted", "photos", "family/trip/b.jpg", true},
		{"Object Created", "photos", "familya.jpg", false},
		{"Object Created", "others", "family/a.jpg", false},
		{"Object Restore Completed", "photos", "family/a.jpg", false},
	} {
		s := &Stack{photosBucket: c.bucket}
		if got := matches(pattern, s.event(c.kind, c.key, `"e"`)); got != c.want {
			t.Errorf("%+v: %t", c, got)
		}
	}
	if matches(cfn.Object{"account": []any{"1"}}, map[string]any{"source": "aws.s3"}) {
		t.Error("a field that is not there fits")
	}
}
