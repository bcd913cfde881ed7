package store

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"math"
	"time"
)

// A file of a cache folder is the picture, byte for byte, and behind it a
// trailer with what else is known of it. Picture formats say where they end, so
// viewers show the file as it is; and one rename publishes both. A trailer is
//
//	payload   version (1 byte), key, Type, ETag, Source (each with its length in
//	          front), Size, ModTime in seconds since 1970 (all numbers are varints)
//	checksum  CRC-32C of the payload, 4 bytes, little endian
//	length    of the payload, 4 bytes, little endian
//	magic     "Photofit"
const (
	trailerMagic   = "Photofit"
	trailerVersion = 1
	trailerFoot    = 4 + 4 + len(trailerMagic)
	trailerMax     = 2048 // with the foot; so that one read gets it
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

var errTrailer = errors.New("no trailer of ours at the end")

// appendTrailer appends key's trailer to b.
func appendTrailer(b []byte, key string, m Meta) ([]byte, error) {
	start := len(b)
	b = append(b, trailerVersion)
	for _, s := range [...]string{key, m.Type, m.ETag, m.Source} {
		b = binary.AppendUvarint(b, uint64(len(s)))
		b = append(b, s...)
	}
	b = binary.AppendUvarint(b, uint64(m.Size))
	b = binary.AppendVarint(b, m.ModTime.Unix())
	payload := b[start:]
	b = binary.LittleEndian.AppendUint32(b, crc32.Checksum(payload, castagnoli))
	b = binary.LittleEndian.AppendUint32(b, uint32(len(payload)))
	b = append(b, trailerMagic...)
	if n := len(b) - start; n > trailerMax {
		return nil, fmt.Errorf("put %q: type, etag and source are %d bytes too long", key, n-trailerMax)
	}
	return b, nil
}

// parseTrailer reads the trailer at the end of tail, the last bytes of a file of
// fileSize bytes: all of them or at least trailerMax.
func parseTrailer(tail []byte, fileSize int64) (key string, m Meta, err error) {
	n := len(tail) - trailerFoot
	if n < 0 || string(tail[n+8:]) != trailerMagic {
		return "", Meta{}, errTrailer
	}
	length := int64(binary.LittleEndian.Uint32(tail[n+4:]))
	if length > int64(n) {
		return "", Meta{}, errTrailer
	}
	payload := tail[int64(n)-length : n]
	if crc32.Checksum(payload, castagnoli) != binary.LittleEndian.Uint32(tail[n:]) {
		return "", Meta{}, errTrailer
	}
	p := &fields{rest: string(payload)}
	if p.byte() != trailerVersion {
		return "", Meta{}, errTrailer
	}
	key, m.Type, m.ETag, m.Source = p.string(), p.string(), p.string(), p.string()
	size := p.uint()
	m.ModTime = time.Unix(p.int(), 0).UTC()
	if p.bad || p.rest != "" || size > math.MaxInt64 || int64(size) != fileSize-length-int64(trailerFoot) {
		return "", Meta{}, errTrailer
	}
	m.Size = int64(size)
	return key, m, nil
}

// fields takes a payload apart; bad once it has run short.
type fields struct {
	rest string
	bad  bool
}

func (f *fields) take(n uint64) string {
	if n > uint64(len(f.rest)) {
		f.bad, f.rest = true, ""
		return ""
	}
	s := f.rest[:n]
	f.rest = f.rest[n:]
	return s
}

func (f *fields) byte() byte {
	if s := f.take(1); s != "" {
		return s[0]
	}
	return 0
}

func (f *fields) uint() (v uint64) {
	for shift := 0; shift < 64; shift += 7 {
		c := f.byte()
		v |= uint64(c&0x7f) << shift
		if c < 0x80 {
			return v
		}
	}
	f.bad = true
	return 0
}

// int undoes the zigzag of binary.AppendVarint.
func (f *fields) int() int64 {
	u := f.uint()
	return int64(u>>1) ^ -int64(u&1)
}

func (f *fields) string() string { return f.take(f.uint()) }
