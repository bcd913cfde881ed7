package emulator

import (
	"container/list"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"
)

// entry is an answer that the edge holds. It is not changed after it was put; a
// refreshed one is another.
type entry struct {
	key    string
	uri    string
	status int
	header http.Header
	body   []byte
	length int64
	origin string
	tags   []string
	at     time.Time // when it came, or was last found to be right
	life   lifetime
	broken bool
}

func (e *entry) freshAt(now time.Time) bool { return now.Before(e.at.Add(e.life.fresh)) }

// cache is what the edge holds.
type cache struct {
	most int64

	mu    sync.Mutex
	size  int64
	byKey map[string]*list.Element // of *entry
	order *list.List               // the last used in front
}

func newCache(most int64) *cache {
	return &cache{most: most, byKey: map[string]*list.Element{}, order: list.New()}
}

// get gives what is held under a key, nil if that is nothing.
func (c *cache) get(key string) *entry {
	c.mu.Lock()
	defer c.mu.Unlock()
	at, ok := c.byKey[key]
	if !ok {
		return nil
	}
	c.order.MoveToFront(at)
	return at.Value.(*entry)
}

// put holds an answer, in place of an older one.
func (c *cache) put(e *entry) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.drop(c.byKey[e.key])
	if int64(len(e.body)) > c.most {
		return
	}
	c.byKey[e.key] = c.order.PushFront(e)
	for c.size += int64(len(e.body)); c.size > c.most; {
		c.drop(c.order.Back())
	}
}

// remove lets go of what is held under a key.
func (c *cache) remove(key string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.drop(c.byKey[key])
}

func (c *cache) drop(at *list.Element) {
	if at == nil {
		return
	}
	e := c.order.Remove(at).(*entry)
	delete(c.byKey, e.key)
	c.size -= int64(len(e.body))
}

// removeIf lets go of all that is meant.
func (c *cache) removeIf(meant func(*entry) bool) (n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for at := c.order.Front(); at != nil; {
		next := at.Next()
		if meant(at.Value.(*entry)) {
			c.drop(at)
			n++
		}
		at = next
	}
	return n
}

// Invalidate has the edge let go of what was invalidated, and tells how many
// answers that were. An item is a path ("/r1/a.jpg/_w800.auto", "/r1/*") or, behind
// #, a cache tag, which is compared without regard to case. A path is that of the
// edge function's request ("Invalidate files to remove content").
func (e *Emulator) Invalidate(items ...string) (int, error) {
	n := 0
	for _, item := range items {
		switch {
		case strings.HasPrefix(item, "#"):
			n += e.cache.removeIf(func(held *entry) bool {
				for _, tag := range held.tags {
					if strings.EqualFold(tag, item[1:]) {
						return true
					}
				}
				return false
			})
		case !strings.HasPrefix(item, "/"):
			return n, fmt.Errorf("%q is neither a path nor a #tag", item)
		case strings.Contains(item, "~"):
			return n, errors.New("InvalidArgument: a path holds ~, which CloudFront refuses: invalidate by tag")
		case strings.Contains(strings.TrimSuffix(item, "*"), "*"):
			return n, errors.New("InvalidArgument: a * is at the end of a path only")
		case strings.HasSuffix(item, "*"):
			n += e.cache.removeIf(func(held *entry) bool { return strings.HasPrefix(held.uri, item[:len(item)-1]) })
		default:
			n += e.cache.removeIf(func(held *entry) bool { return held.uri == item })
		}
	}
	return n, nil
}
