package photofit

import (
	"crypto/sha256"
	"encoding/hex"
)

// CacheTag is the tag under which caches hold all that was made of a photo, so
// that they can be told to let go of it: 32 hexadecimal digits, of the first half
// of the SHA-256 of its name. CloudFront compares tags without regard to case
// and takes few characters, so a name cannot be one itself.
func CacheTag(photo string) string {
	sum := sha256.Sum256([]byte(photo))
	return hex.EncodeToString(sum[:sha256.Size/2])
}
