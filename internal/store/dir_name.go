package store

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// A file system's names are up to 255 bytes. A longer segment is kept as its
// first 180 bytes, "~~" and half its SHA-256.
const (
	maxName   = 255
	cutName   = 180
	cutMark   = "~~"
	shortName = cutName + len(cutMark) + 2*sha256.Size/2
)

// fileName gives the path, below the cache folder, of a key or of a folder of keys.
func fileName(key string) string {
	if len(key) < shortName {
		return key
	}
	var b strings.Builder
	for i, seg := range strings.Split(key, "/") {
		if i > 0 {
			b.WriteByte('/')
		}
		b.WriteString(segmentName(seg))
	}
	return b.String()
}

// segmentName is injective, as what looks like a cut name is cut as well.
func segmentName(seg string) string {
	looksCut := len(seg) == shortName && seg[cutName:cutName+len(cutMark)] == cutMark
	if len(seg) <= maxName && !looksCut {
		return seg
	}
	sum := sha256.Sum256([]byte(seg))
	return seg[:cutName] + cutMark + hex.EncodeToString(sum[:sha256.Size/2])
}
