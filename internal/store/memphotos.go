package store

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"sync"
	"time"
)

// MemPhotos is Photos in memory, for tests. Like a bucket it holds any key, and
// a folder is there as long as a key is in it. The zero value is empty.
type MemPhotos struct {
	mu     sync.RWMutex
	serial int
	photos map[string]memPhoto
}

type memPhoto struct {
	body []byte // never changes
	is   Photo
}

var _ Photos = (*MemPhotos)(nil)

// Set keeps a copy of body as the photo's new version, even if it equals the
// old one, and gives that version.
func (m *MemPhotos) Set(key string, body []byte) Photo {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.photos == nil {
		m.photos = map[string]memPhoto{}
	}
	m.serial++
	is := Photo{Size: int64(len(body)), ModTime: time.Now(), Version: fmt.Sprintf("v%d", m.serial)}
	m.photos[key] = memPhoto{bytes.Clone(body), is}
	return is
}

// Remove takes a photo away; one that is not there is no error.
func (m *MemPhotos) Remove(key string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.photos, key)
}

// Stat is Photos.Stat.
func (m *MemPhotos) Stat(ctx context.Context, key string) (Photo, error) {
	p, err := m.get(ctx, "stat", key)
	return p.is, err
}

// Open is Photos.Open.
func (m *MemPhotos) Open(ctx context.Context, key string) (OpenPhoto, error) {
	p, err := m.get(ctx, "open", key)
	if err != nil {
		return nil, err
	}
	return openMem{memBody{bytes.NewReader(p.body)}, p.is}, nil
}

func (m *MemPhotos) get(ctx context.Context, op, key string) (memPhoto, error) {
	if err := ctx.Err(); err != nil {
		return memPhoto{}, err
	}
	m.mu.RLock()
	defer m.mu.RUnlock()
	p, ok := m.photos[key]
	if !ok {
		return memPhoto{}, notThere(op, key)
	}
	return p, nil
}

// List is Photos.List.
func (m *MemPhotos) List(ctx context.Context, folder string) ([]Entry, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	prefix := ""
	if folder != "" {
		prefix = folder + "/"
	}
	m.mu.RLock()
	defer m.mu.RUnlock()
	there := folder == ""
	folders := map[string]bool{}
	var list []Entry
	for key, p := range m.photos {
		rest, ok := strings.CutPrefix(key, prefix)
		if !ok {
			continue
		}
		there = true
		name, _, deeper := strings.Cut(rest, "/")
		if name == "" || name[0] == '.' || folders[name] && deeper {
			continue
		}
		if deeper {
			folders[name] = true
			list = append(list, Entry{Name: name, Folder: true})
		} else {
			list = append(list, Entry{Name: name, Photo: p.is})
		}
	}
	if !there {
		return nil, notThere("list", folder)
	}
	SortEntries(list)
	return list, nil
}

type openMem struct {
	memBody
	is Photo
}

func (o openMem) Photo() Photo { return o.is }
