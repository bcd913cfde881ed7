package store

import (
	"context"
	"errors"
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

// CheckKey tells whether key is one, as Renditions describes them: nil,
// ErrKeyTooLong or ErrBadKey.
func CheckKey(key string) error { return checkKey(key) }

// CheckPrefix tells whether prefix is one that Forget takes: nil or ErrBadKey. It
// may be longer than any key.
func CheckPrefix(prefix string) error {
	_, err := checkPrefix(prefix)
	return err
}

// CheckPut is what every Put asks first: of the context, the key, and whether the
// body has the size that its meta says.
func CheckPut(ctx context.Context, key string, body []byte, meta Meta) error {
	return checkPut(ctx, key, body, meta)
}

// ToSecond is a time as Meta keeps it.
func ToSecond(t time.Time) time.Time { return toSecond(t) }

// SortEntries puts a listing in the order of Photos.List.
func SortEntries(list []Entry) { sortEntries(list) }
