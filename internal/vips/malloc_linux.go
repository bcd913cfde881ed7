package vips

import "github.com/ebitengine/purego"

// Values of glibc's malloc.h.
const (
	mTrimThreshold = -1
	mMmapThreshold = -3
	mArenaMax      = -8
	mMxfast        = 1
)

// tuneMalloc makes glibc keep what the next render needs, and no more than that.
// By default every thread that ever decoded a photo has an arena of its own, and
// the threshold above which blocks are mapped climbs to 32 MiB by itself. Here
// two arenas do for all. Blocks of 8 MiB and more are mapped, so they are gone
// when they are freed; below that they stay in the arenas, since pages that are
// unmapped have to be faulted in and cleared again by the next render, at a tenth
// of its CPU time. What stays is what Trim gives back. Small free blocks are
// joined with their neighbours at once, which is cheaper than to do it whenever a
// large one is freed.
//
// Other C libraries have no mallopt, and need none.
func (l *Library) tuneMalloc() {
	var mallopt func(param, value int32) int32
	if !bindMalloc("mallopt", &mallopt) {
		return
	}
	mallopt(mArenaMax, 2)
	mallopt(mMmapThreshold, 8<<20)
	mallopt(mTrimThreshold, 32<<20)
	mallopt(mMxfast, 0)
	bindMalloc("malloc_trim", &l.trim)
}

// bindMalloc makes *into the C library's function of that name, and tells
// whether there is one.
func bindMalloc(name string, into any) bool {
	address, err := purego.Dlsym(purego.RTLD_DEFAULT, name)
	if err != nil {
		return false
	}
	purego.RegisterFunc(into, address)
	return true
}
