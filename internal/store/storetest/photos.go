package storetest

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"reflect"
	"strings"
	"sync"
	"testing"

	"photofit/internal/store"
)

// Photos runs the contract of store.Photos. Open gives a place that holds these
// files and nothing else; their names are such as every place can hold.
func Photos(t *testing.T, open func(t *testing.T, files map[string][]byte) store.Photos) {
	files := photoFiles()
	s := open(t, files)
	t.Run("StatOpen", func(t *testing.T) { statOpen(t, s, files) })
	t.Run("Absent", func(t *testing.T) { absentPhotos(t, s, files) })
	t.Run("Read", func(t *testing.T) { readPhoto(t, s, files) })
	t.Run("List", func(t *testing.T) { listPhotos(t, s, files) })
	t.Run("Cancelled", func(t *testing.T) { cancelledPhotos(t, s) })
	t.Run("Empty", func(t *testing.T) {
		s := open(t, nil)
		if list, err := s.List(t.Context(), ""); len(list) != 0 || err != nil && !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("List of an empty place = %v, %v", list, err)
		}
	})
}

func photoFiles() map[string][]byte {
	files := map[string][]byte{}
	for i, key := range []string{
		"b.jpg", "b.jpg2", "a.jpg", "Z.jpg", "_DSC1.jpg", "trip/b.jpg", "trip/c d.jpg", "trip/deep/er/x.png", "trip.jpg", "trip2/b.jpg",
		"a+b.jpg", "a%20b.jpg", "50%.jpg", "what?.jpg", "#1.jpg", "a&b=c.jpg", "café.jpg", "cafe\u0301s.jpg", "世界/写真.jpg", "🌄.jpg",
		"a~b.jpg", "a..b.jpg", "-.jpg", "-/b.jpg", " lead.jpg", "trail ", "quote\".jpg", "star*.jpg", "back\\slash.jpg", "new\nline.jpg", "tab\t.jpg",
		strings.Repeat("x", 251) + ".jpg", "no extension",
	} {
		files[key] = noise(100*i, uint64(i)) // the first is empty
	}
	return files
}

func statOpen(t *testing.T, s store.Photos, files map[string][]byte) {
	for key, want := range files {
		photo, err := s.Stat(t.Context(), key)
		if err != nil || photo.Size != int64(len(want)) || photo.Version == "" || photo.ModTime.IsZero() {
			t.Errorf("Stat(%.40q) = %+v, %v, want %d bytes", key, photo, err, len(want))
		}
		again, err := s.Stat(t.Context(), key)
		if err != nil || again.Version != photo.Version || !again.ModTime.Equal(photo.ModTime) {
			t.Errorf("Stat(%.40q) again = %+v, %v, before %+v", key, again, err, photo)
		}
		o, err := s.Open(t.Context(), key)
		if err != nil {
			t.Errorf("Open(%.40q): %v", key, err)
			continue
		}
		got, err := io.ReadAll(o)
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("Open(%.40q) has %d bytes, %v, want %d", key, len(got), err, len(want))
		}
		if p := o.Photo(); p.Version != photo.Version || p.Size != photo.Size || !p.ModTime.Equal(photo.ModTime) {
			t.Errorf("Open(%.40q).Photo() = %+v, Stat said %+v", key, p, photo)
		}
		if err := o.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	}
}

func absentPhotos(t *testing.T, s store.Photos, files map[string][]byte) {
	for _, key := range []string{"", "/", ".", "..", "trip", "trip/", "/b.jpg", "b.jpg/", "b.jpg/x", "./b.jpg", "trip/../b.jpg", "../b.jpg",
		"trip//b.jpg", "trip/./b.jpg", "b.jpg\x00", "\x00", "a\x00/../b.jpg", "B.jpeg", "no/such.jpg", "b.jp", "b.jpg22", "trip/deep",
		"%62.jpg", "\xff\xfe.jpg", strings.Repeat("y", 256), strings.Repeat("y/", 3000) + "b.jpg", "../../../../../../etc/passwd", "/etc/passwd"} {
		if _, err := s.Stat(t.Context(), key); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("Stat(%.40q): %v, want an absence", key, err)
		}
		if o, err := s.Open(t.Context(), key); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("Open(%.40q): %v, want an absence", key, err)
			if err == nil {
				o.Close()
			}
		}
	}
	for _, folder := range []string{"no", "b.jpg", "tri", "..", ".", "/", "trip/", "/trip", "trip//deep", "trip/..", "a\x00"} {
		if list, err := s.List(t.Context(), folder); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("List(%q) = %v, %v, want an absence", folder, list, err)
		}
	}
}

func readPhoto(t *testing.T, s store.Photos, files map[string][]byte) {
	const key = "世界/写真.jpg"
	want := files[key]
	o, err := s.Open(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	defer o.Close()
	if at, err := o.Seek(-10, io.SeekEnd); at != int64(len(want))-10 || err != nil {
		t.Errorf("Seek = %d, %v", at, err)
	}
	if got, err := io.ReadAll(o); err != nil || !bytes.Equal(got, want[len(want)-10:]) {
		t.Errorf("the last ten are %q, %v", got, err)
	}
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			got := make([]byte, 64)
			n, err := o.ReadAt(got, int64(i*64))
			if n != 64 || err != nil || !bytes.Equal(got, want[i*64:i*64+64]) {
				t.Errorf("ReadAt(%d) = %d, %v", i*64, n, err)
			}
		})
	}
	wg.Wait()
	if n, err := o.ReadAt(make([]byte, 64), int64(len(want))-4); n != 4 || err != io.EOF {
		t.Errorf("ReadAt across the end = %d, %v, want 4, EOF", n, err)
	}
	if _, err := o.Seek(5, io.SeekStart); err != nil {
		t.Error(err)
	}
	if n, err := o.ReadAt(make([]byte, 1), int64(len(want))+4); n != 0 || err != io.EOF {
		t.Errorf("ReadAt behind the end = %d, %v, want 0, EOF", n, err)
	}
	if got, err := io.ReadAll(o); err != nil || !bytes.Equal(got, want[5:]) {
		t.Errorf("ReadAt moved what Read gives: %d bytes, %v", len(got), err)
	}
}

func listPhotos(t *testing.T, s store.Photos, files map[string][]byte) {
	for folder, want := range map[string][]string{
		"": {"-/", "trip/", "trip2/", "世界/", " lead.jpg", "#1.jpg", "-.jpg", "50%.jpg", "Z.jpg", "_DSC1.jpg", "a%20b.jpg", "a&b=c.jpg", "a+b.jpg",
			"a..b.jpg", "a.jpg", "a~b.jpg", "b.jpg", "b.jpg2", "back\\slash.jpg", "cafe\u0301s.jpg", "café.jpg", "new\nline.jpg", "no extension",
			"quote\".jpg", "star*.jpg", "tab\t.jpg", "trail ", "trip.jpg", "what?.jpg", strings.Repeat("x", 251) + ".jpg", "🌄.jpg"},
		"trip":         {"deep/", "b.jpg", "c d.jpg"},
		"trip/deep":    {"er/"},
		"trip/deep/er": {"x.png"},
		"世界":           {"写真.jpg"},
	} {
		list, err := s.List(t.Context(), folder)
		if err != nil {
			t.Errorf("List(%q): %v", folder, err)
			continue
		}
		var got []string
		for _, e := range list {
			if e.Folder {
				got = append(got, e.Name+"/")
				if e.Photo != (store.Photo{}) {
					t.Errorf("folder %q has %+v", e.Name, e.Photo)
				}
				continue
			}
			got = append(got, e.Name)
			key := strings.TrimPrefix(folder+"/"+e.Name, "/")
			photo, err := s.Stat(t.Context(), key)
			if err != nil || e.Photo.Version != photo.Version || e.Photo.Size != photo.Size || !e.Photo.ModTime.Equal(photo.ModTime) {
				t.Errorf("List has %q as %+v, Stat as %+v, %v", key, e.Photo, photo, err)
			}
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("List(%q):\n got %q\nwant %q", folder, got, want)
		}
	}
}

func cancelledPhotos(t *testing.T, s store.Photos) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, statErr := s.Stat(ctx, "b.jpg")
	_, openErr := s.Open(ctx, "b.jpg")
	_, listErr := s.List(ctx, "")
	for i, err := range []error{statErr, openErr, listErr} {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("call %d of Stat, Open, List: %v", i, err)
		}
	}
	if _, err := s.Stat(t.Context(), "b.jpg"); err != nil {
		t.Errorf("Stat afterwards: %v", err)
	}
}
