package rendition

import "sync"

// faults remembers which renditions cannot be made of a version of a photo, so
// that a damaged one costs a render once and not at every request. It holds a
// bounded number; when it is full it starts over.
type faults struct {
	mu    sync.Mutex
	byKey map[string]error
}

const mostFaults = 4096

func newFaults() *faults { return &faults{byKey: map[string]error{}} }

func (f *faults) get(key, version string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.byKey[key+"\x00"+version]
}

func (f *faults) put(key, version string, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.byKey) >= mostFaults {
		clear(f.byKey)
	}
	f.byKey[key+"\x00"+version] = err
}
