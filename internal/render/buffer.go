package render

import (
	"fmt"
	"sync"
	"syscall"
)

// buffers are where photos are read to: memory that the garbage collector has no
// part in. A photo is megabytes that are needed for one render only; on Go's
// heap they would stay until the next collection and raise the heap's goal
// besides. Nor is each render's memory the system's again at once: to fault its
// pages in and have them cleared took a twentieth of a small render's CPU time.
// A few buffers stay for the next photos, until drop. The zero value is ready.
type buffers struct {
	mu   sync.Mutex
	idle [][]byte // each with the capacity that it was mapped with
	held int64    // their capacities together, in bytes
}

// maxIdle is how many bytes of buffers stay: photos of common cameras fit in,
// for two renders at a time.
const maxIdle = 16 << 20

// granule is what buffers are rounded up to, so that they fit the next photo.
// Pages that are not touched take no memory.
const granule = 1 << 20

// get gives n bytes, at least 1. They are not cleared. What it returns beside
// them must be called once, when they are read no more.
func (b *buffers) get(n int64) (data []byte, free func(), err error) {
	buffer := b.take(n)
	if buffer == nil {
		size := (n + granule - 1) / granule * granule
		buffer, err = syscall.Mmap(-1, 0, int(size), syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
		if err != nil {
			return nil, nil, fmt.Errorf("no memory for a photo of %d bytes: %w", n, err)
		}
	}
	return buffer[:n:n], func() { b.put(buffer) }, nil
}

// take finds the smallest idle buffer that is large enough, nil if none is.
func (b *buffers) take(n int64) []byte {
	b.mu.Lock()
	defer b.mu.Unlock()
	best := -1
	for i, buffer := range b.idle {
		if int64(len(buffer)) >= n && (best < 0 || len(buffer) < len(b.idle[best])) {
			best = i
		}
	}
	if best < 0 {
		return nil
	}
	buffer := b.idle[best]
	b.idle = append(b.idle[:best], b.idle[best+1:]...)
	b.held -= int64(len(buffer))
	return buffer
}

func (b *buffers) put(buffer []byte) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.held+int64(len(buffer)) > maxIdle {
		_ = syscall.Munmap(buffer)
		return
	}
	b.idle = append(b.idle, buffer)
	b.held += int64(len(buffer))
}

// drop gives the idle buffers back to the system.
func (b *buffers) drop() {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, buffer := range b.idle {
		_ = syscall.Munmap(buffer)
	}
	b.idle, b.held = nil, 0
}
