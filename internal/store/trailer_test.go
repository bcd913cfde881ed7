package store

import (
	"bytes"
	"strings"
	"testing"
	"time"
)

func FuzzTrailer(f *testing.F) {
	whole, err := appendTrailer([]byte("picture"), "r1/b.jpg/_w1.auto", Meta{Size: 7, Type: "image/webp", ETag: `"0"`, Source: "v1", ModTime: time.Unix(-5, 0)})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(whole, uint16(0))
	f.Add([]byte(trailerMagic), uint16(1))
	f.Fuzz(func(t *testing.T, data []byte, more uint16) {
		size := int64(len(data)) + int64(more)
		key, m, err := parseTrailer(data, size)
		if err != nil {
			return
		}
		// Whatever reads, reads the same when written again.
		again, err := appendTrailer(nil, key, m)
		if err != nil {
			return // longer than we write
		}
		key2, m2, err := parseTrailer(again, m.Size+int64(len(again)))
		if err != nil || key2 != key || m2 != m {
			t.Errorf("%q %+v became %q %+v, %v", key, m, key2, m2, err)
		}
	})
}

// TestTrailerFlips: no flip of a bit in a trailer goes unnoticed.
func TestTrailerFlips(t *testing.T) {
	body := []byte("picture")
	whole, err := appendTrailer(bytes.Clone(body), "r1/b.jpg/_w1.auto", Meta{Size: 7, Type: "image/webp", ETag: `"0"`, Source: "v1"})
	if err != nil {
		t.Fatal(err)
	}
	if key, m, err := parseTrailer(whole, int64(len(whole))); err != nil || key != "r1/b.jpg/_w1.auto" || m.Type != "image/webp" || m.Size != 7 {
		t.Fatal(key, m, err)
	}
	for i := len(body) * 8; i < len(whole)*8; i++ {
		bad := bytes.Clone(whole)
		bad[i/8] ^= 1 << (i % 8)
		if _, _, err := parseTrailer(bad, int64(len(bad))); err == nil {
			t.Errorf("bit %d of byte %d", i%8, i/8)
		}
	}
}

func TestSegmentName(t *testing.T) {
	long := strings.Repeat("p", 256)
	cut := segmentName(long)
	if len(cut) != shortName || !strings.HasPrefix(cut, long[:cutName]+cutMark) {
		t.Errorf("256 bytes become %q", cut)
	}
	if again := segmentName(cut); again == cut || len(again) != shortName {
		t.Error("a segment that looks cut is the name of another")
	}
	if s := long[:255]; segmentName(s) != s {
		t.Error("255 bytes are cut")
	}
	if segmentName(long) == segmentName(long+"q") {
		t.Error("two segments, one name")
	}
	if got, want := fileName("r1/"+long+"/_w1.auto"), "r1/"+cut+"/_w1.auto"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got, want := fileName("r1/"+cut), "r1/"+segmentName(cut); got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
