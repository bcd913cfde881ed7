package store

import (
	"errors"
	"fmt"
	"strings"
)

// maxKey is the longest key in bytes: what S3 allows.
const maxKey = 1024

// What Put and Forget say of keys and bodies that cannot be kept.
var (
	ErrKeyTooLong = errors.New("key too long to be kept")
	ErrBadKey     = errors.New("not a rendition's key")
	ErrTooLarge   = errors.New("larger than all that may be kept")
)

// masterName is the last segment of a master's key: what renditions are made from,
// and no rendition itself.
const masterName = "_~master"

// CheckKey tells whether key is one, as Renditions describes them. What passes
// is safe to be used as a relative file path, and since only the last segment
// starts with "_", no key is ever a folder of another.
func CheckKey(key string) error {
	if len(key) > maxKey {
		return fmt.Errorf("%w: %d bytes", ErrKeyTooLong, len(key))
	}
	cut := strings.LastIndexByte(key, '/')
	if cut < 0 || cut+1 == len(key) || key[cut+1] != '_' {
		return fmt.Errorf("%w: %q: the last segment must start with \"_\"", ErrBadKey, key)
	}
	if err := checkFolder(key[:cut]); err != nil {
		return err
	}
	return checkSegment(key, key[cut+1:])
}

// CheckPrefix is CheckKey for what Forget takes, and gives the folder in which
// all keys with that prefix lie.
func CheckPrefix(prefix string) (folder string, err error) {
	folder, ok := strings.CutSuffix(prefix, "/_")
	if !ok {
		return "", fmt.Errorf("%w: prefix %q must end in \"/_\"", ErrBadKey, prefix)
	}
	return folder, checkFolder(folder)
}

// checkFolder checks the segments in front of the last one.
func checkFolder(folder string) error {
	if strings.HasPrefix(folder, "-") {
		return fmt.Errorf("%w: %q starts with \"-\"", ErrBadKey, folder)
	}
	for seg := range strings.SplitSeq(folder, "/") {
		if strings.HasPrefix(seg, "_") {
			return fmt.Errorf("%w: %q: only the last segment may start with \"_\"", ErrBadKey, folder)
		}
		if err := checkSegment(folder, seg); err != nil {
			return err
		}
	}
	return nil
}

func checkSegment(key, seg string) error {
	dots := true
	for i := range len(seg) {
		c := seg[i]
		switch {
		case c == '.':
			continue
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9',
			c == '_', c == '-', c == '~':
			dots = false
		default:
			return fmt.Errorf("%w: %q has a byte %q", ErrBadKey, key, c)
		}
	}
	if dots {
		return fmt.Errorf("%w: %q has a segment without a name", ErrBadKey, key)
	}
	return nil
}
