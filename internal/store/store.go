// Package store holds what Photofit reads and what it keeps.
//
// There are two sides, and they want different things. Photos are somebody's
// originals: they are only ever read, under whatever names they have. The
// renditions made of them are ours: they are written whole or not at all,
// carry what is needed to answer for them again, and may go at any time.
//
// Every implementation of either interface passes the suite in storetest.
package store

import (
	"context"
	"io"
	"os"
	"time"
)

// Photos is a place of originals. It is read only, and safe for concurrent use.
//
// A key is a photo's name with "/" between folders and none in front:
// "trip/b.jpg". Any string is a legal key; one that the place cannot hold
// ("..", "a//b" or a NUL in a folder) is simply not there.
//
// Absence is an error for which errors.Is(err, fs.ErrNotExist) holds.
type Photos interface {
	// Stat tells which version of a photo is there now. It is asked on every
	// request, so it must be cheap.
	Stat(ctx context.Context, key string) (Photo, error)

	// Open gives the photo's bytes and the version that they are of. The
	// caller closes it.
	Open(ctx context.Context, key string) (OpenPhoto, error)

	// List gives what lies directly in a folder ("" is the top, "trip" is
	// trip/), folders first, each sort in ascending order of their names. Names
	// that start with a dot are left out. A folder that is not there is an
	// absence; on a bucket an empty one is too.
	List(ctx context.Context, folder string) ([]Entry, error)
}

// Recaller is what Photos also is where each question is a round trip.
type Recaller interface {
	// Recall gives what was learnt of a photo a short while ago, without asking
	// anybody; false if that was nothing, or too long ago. Stat answers by it,
	// too, and Open renews it.
	Recall(key string) (Photo, bool)
}

// Photo is what a place says of an original without reading it.
type Photo struct {
	Size    int64     // in bytes
	ModTime time.Time // when this version was written
	Version string    // differs between any two versions of a photo; opaque
}

// OpenPhoto is an original being read. ReadAt may be called concurrently; Read
// and Seek share one position.
type OpenPhoto interface {
	io.ReadSeekCloser
	io.ReaderAt
	Photo() Photo
}

// Entry is one name in a folder.
type Entry struct {
	Name   string // the last segment of the key, as it is
	Folder bool
	Photo  Photo // zero for a folder
}

// Renditions is a place where results are kept, safe for concurrent use by
// several goroutines and by several processes.
//
// A key is a canonical rendition path with its version shelf and without a
// leading slash, as photofit.Recipe.Key spells it:
// "r1/trip/b.jpg/_w800.auto-avif". So its segments are made of
// A–Z a–z 0–9 . _ - ~ only, none is empty or all dots, the last one and no
// other starts with "_", and the first one does not start with "-". It may be up
// to 1,024 bytes, a segment as long as all of that.
type Renditions interface {
	// Get gives a rendition, or an error for which
	// errors.Is(err, fs.ErrNotExist) holds. What a crash or a full disk left
	// of one is never given. The caller closes it.
	Get(ctx context.Context, key string) (*Rendition, error)

	// Put keeps a rendition, in place of an older one of that key. It is kept
	// whole or not at all. Body and meta.Size must agree, else an error. Put
	// does not keep body after it returns. A key that the place cannot hold is
	// ErrKeyTooLong, a body larger than the place may ever be is ErrTooLarge,
	// and what is no key at all is ErrBadKey.
	Put(ctx context.Context, key string, body []byte, meta Meta) error

	// Forget removes every rendition whose key starts with prefix, which ends
	// in "/_" ("r1/trip/b.jpg/_": all that was made of one photo), and tells
	// how many there were. None is no error; a prefix that ends otherwise is
	// ErrBadKey.
	Forget(ctx context.Context, prefix string) (int, error)
}

// Holder is what Renditions also is where some are held in memory.
type Holder interface {
	// Held gives the rendition that is held under a key, if it was made of that
	// version of its photo (Meta.Source), else nil. Nothing is asked of a disk or
	// a network. The caller closes it.
	Held(key, source string) *Rendition
}

// Meta is what is kept beside a rendition's bytes.
type Meta struct {
	Size    int64     // of the bytes
	Type    string    // media type: "image/avif"
	ETag    string    // strong entity tag, quotes included (RFC 9110, 8.8.3): the MD5 of the bytes
	Source  string    // the Version of the photo it was made from
	ModTime time.Time // when that version of the photo was written; to the second
}

// Rendition is a kept result, open for reading. Its body goes on giving the same
// bytes when the key is replaced or forgotten meanwhile.
type Rendition struct {
	Meta
	Body io.ReadSeekCloser // positioned at its first byte; ends after Size bytes
}

// FileBody is what Rendition.Body also is where the bytes lie at the beginning
// of a file, so that a server can have the kernel send them.
type FileBody interface {
	io.ReadSeekCloser

	// File gives the file, positioned where the body stands. The file is longer
	// than the body: read no more of it than the body has left. Reading it does
	// not move the body. It belongs to the body, whose Close closes it.
	File() *os.File
}

// BytesBody is what Rendition.Body also is where the bytes lie in memory, so that
// a server can send them without copying them first.
type BytesBody interface {
	io.ReadSeekCloser

	// Next gives the n bytes where the body stands, or what is left of it, and
	// moves the body behind them. They must not be changed, and are there until
	// Close.
	Next(n int64) []byte
}
