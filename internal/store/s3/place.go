package s3

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// scheme is what the name of a bucket begins with on a command line.
const scheme = "s3://"

// Place is a bucket, or what has a common prefix in one.
type Place struct {
	Bucket string
	Prefix string // without a leading slash; ends in "/" if it is not empty
}

// IsPlace tells whether s is meant to be a Place, and not a folder.
func IsPlace(s string) bool { return strings.HasPrefix(s, scheme) }

// ParsePlace reads "s3://bucket" or "s3://bucket/prefix", with or without a slash
// at the end. The prefix is taken as it is; nothing in it is escaped.
func ParsePlace(s string) (Place, error) {
	bucket, prefix, err := split(s)
	if err != nil {
		return Place{}, err
	}
	if prefix != "" && !strings.HasSuffix(prefix, "/") {
		prefix += "/"
	}
	return Place{bucket, prefix}, nil
}

// ParseObject reads "s3://bucket/trip/b.jpg", and gives the bucket and the key of
// an object in it.
func ParseObject(s string) (Place, string, error) {
	bucket, key, err := split(s)
	if err != nil {
		return Place{}, "", err
	}
	if key == "" || strings.HasSuffix(key, "/") {
		return Place{}, "", fmt.Errorf("%s names no object: write s3://bucket/name", s)
	}
	return Place{Bucket: bucket}, key, nil
}

func split(s string) (bucket, rest string, err error) {
	after, ok := strings.CutPrefix(s, scheme)
	if !ok {
		return "", "", fmt.Errorf("%s: a bucket is written as s3://bucket or s3://bucket/prefix", s)
	}
	bucket, rest, _ = strings.Cut(after, "/")
	if !bucketName(bucket) {
		return "", "", fmt.Errorf("%s: %q is no name of a bucket, which has 3 to 63 of a–z, 0–9, \".\" and \"-\"", s, bucket)
	}
	if !utf8.ValidString(rest) || strings.HasPrefix(rest, "/") {
		return "", "", fmt.Errorf("%s: what follows the bucket is no prefix of keys", s)
	}
	return bucket, rest, nil
}

// bucketName tells whether a bucket may have that name. Capitals and "_" are of
// old buckets, and of servers that are not Amazon's.
func bucketName(s string) bool {
	if len(s) < 3 || len(s) > 255 {
		return false
	}
	for i := range len(s) {
		c := s[i]
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '.', c == '-', c == '_':
		default:
			return false
		}
	}
	return true
}

// String is the place as ParsePlace takes it.
func (p Place) String() string { return scheme + p.Bucket + "/" + p.Prefix }

// Holds tells whether all that lies in other lies in p, too.
func (p Place) Holds(other Place) bool {
	return p.Bucket == other.Bucket && strings.HasPrefix(other.Prefix, p.Prefix)
}
