package render

import (
	"fmt"
	"syscall"
)

// allocate gives n bytes that the garbage collector has no part in. A photo is
// megabytes that are needed for one render only: on Go's heap they would stay
// until the next collection and raise the heap's goal besides; these are the
// system's again as soon as free is called, which must be once.
func allocate(n int64) (data []byte, free func(), err error) {
	data, err = syscall.Mmap(-1, 0, int(n), syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		return nil, nil, fmt.Errorf("no memory for a photo of %d bytes: %w", n, err)
	}
	return data, func() { _ = syscall.Munmap(data) }, nil
}
