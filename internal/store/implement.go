package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// This file is what a store in another package needs to keep the contract.

// What a place that is reached over a network says when it cannot do what was
// asked, in the place of an answer. Neither says anything of what lies there: a
// photo in a place that cannot be reached is not an absent one.
var (
	// ErrUnavailable is a place that could not be reached, that failed, or that
	// ended an answer early, each time it was tried.
	ErrUnavailable = errors.New("the storage is unavailable")
	// ErrThrottled is a place that wants fewer requests for a while.
	ErrThrottled = errors.New("the storage asks for fewer requests")
)

// CheckPut is what every Put asks first: of the context, the key, and whether the
// body has the size that its meta says.
func CheckPut(ctx context.Context, key string, body []byte, meta Meta) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := CheckKey(key); err != nil {
		return err
	}
	if int64(len(body)) != meta.Size {
		return fmt.Errorf("put %q: %d bytes, but the meta says %d", key, len(body), meta.Size)
	}
	return nil
}

// ToSecond is a time as Meta keeps it.
func ToSecond(t time.Time) time.Time { return time.Unix(t.Unix(), 0).UTC() }

// SortEntries puts a listing in the order of Photos.List: folders first, then by
// the bytes of the names.
func SortEntries(list []Entry) {
	slices.SortFunc(list, func(a, b Entry) int {
		if a.Folder != b.Folder {
			if a.Folder {
				return -1
			}
			return 1
		}
		return strings.Compare(a.Name, b.Name)
	})
}
