package awsfake

import (
	"bytes"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"hash/crc32"
	"hash/crc64"
	"net/http"
	"strconv"
	"strings"
)

// payload is the body of an upload, taken out of its chunks if it came in those, and
// the trailers behind them.
func payload(q *call) (body []byte, trailer map[string]string, err error) {
	said := q.Header.Get("X-Amz-Content-Sha256")
	chunked := false
	switch {
	case strings.HasPrefix(said, "STREAMING-"):
		chunked = true
	case said == "UNSIGNED-PAYLOAD":
	default:
		if sum := sha256.Sum256(q.body); said != hex.EncodeToString(sum[:]) {
			return nil, nil, misunderstood(http.StatusBadRequest, "XAmzContentSHA256Mismatch", "The provided 'x-amz-content-sha256' header does not match what was computed.")
		}
	}
	if chunked != strings.Contains(q.Header.Get("Content-Encoding"), "aws-chunked") {
		return nil, nil, misunderstood(http.StatusBadRequest, "InvalidRequest", "%s, encoded as %q", said, q.Header.Get("Content-Encoding"))
	}
	if !chunked {
		return q.body, nil, nil
	}
	bad := misunderstood(http.StatusBadRequest, "IncompleteBody", "The request body terminated unexpectedly")
	trailer = map[string]string{}
	rest := q.body
	for {
		line, after, ok := bytes.Cut(rest, []byte("\r\n"))
		size, _, _ := strings.Cut(string(line), ";") // ;chunk-signature=…
		n, err := strconv.ParseUint(size, 16, 31)
		if !ok || err != nil {
			return nil, nil, bad
		}
		if rest = after; n == 0 {
			break
		}
		if uint64(len(rest)) < n+2 || string(rest[n:n+2]) != "\r\n" {
			return nil, nil, bad
		}
		body, rest = append(body, rest[:n]...), rest[n+2:]
	}
	for line := range strings.SplitSeq(string(rest), "\r\n") {
		if name, value, ok := strings.Cut(line, ":"); ok {
			trailer[http.CanonicalHeaderKey(name)] = strings.TrimSpace(value)
		}
	}
	if length := q.Header.Get("X-Amz-Decoded-Content-Length"); length != strconv.Itoa(len(body)) {
		return nil, nil, bad
	}
	for name := range strings.SplitSeq(q.Header.Get("X-Amz-Trailer"), ",") {
		if name != "" && trailer[http.CanonicalHeaderKey(name)] == "" {
			return nil, nil, misunderstood(http.StatusBadRequest, "MalformedTrailerError", "The request contained trailing data that was not well-formed or did not conform to our published schema.")
		}
	}
	return body, trailer, nil
}

// sums are the checksums that are checked, by header.
var sums = map[string]func([]byte) []byte{
	"Content-Md5":           func(b []byte) []byte { s := md5.Sum(b); return s[:] },
	"X-Amz-Checksum-Sha1":   func(b []byte) []byte { s := sha1.Sum(b); return s[:] },
	"X-Amz-Checksum-Sha256": func(b []byte) []byte { s := sha256.Sum256(b); return s[:] },
	"X-Amz-Checksum-Crc32":  func(b []byte) []byte { return bigEndian(uint64(crc32.ChecksumIEEE(b)), 4) },
	"X-Amz-Checksum-Crc32c": func(b []byte) []byte {
		return bigEndian(uint64(crc32.Checksum(b, crc32.MakeTable(crc32.Castagnoli))), 4)
	},
	"X-Amz-Checksum-Crc64nvme": func(b []byte) []byte { return bigEndian(crc64.Checksum(b, crc64.MakeTable(0x9a6c9329ac4bc9b5)), 8) },
}

func bigEndian(n uint64, size int) []byte {
	b := make([]byte, size)
	for i := range b {
		b[i] = byte(n >> (8 * (size - 1 - i)))
	}
	return b
}

// checkSums is an error if a checksum is wrong, or if one is needed and there is none.
func checkSums(header http.Header, body []byte, needed bool) error {
	found := false
	for name, sum := range sums {
		said := header.Get(name)
		if said == "" {
			continue
		}
		found = true
		if said != base64.StdEncoding.EncodeToString(sum(body)) {
			return misunderstood(http.StatusBadRequest, "BadDigest", "The %s you specified did not match the calculated checksum.", name)
		}
	}
	if needed && !found {
		return misunderstood(http.StatusBadRequest, "InvalidRequest", "Missing required header for this request: Content-MD5 OR x-amz-checksum-*")
	}
	return nil
}
