package vips

import "github.com/ebitengine/purego"

// Values of glibc's malloc.h.
const (
	mTrimThreshold = -1
	mMmapThreshold = -3
	mArenaMax      = -8
)

// tuneMalloc makes glibc give memory back. By default every thread that ever
// decoded a photo keeps an arena of its own, and blocks of up to 32 MiB stay in
// them. Blocks of 32 KiB and more, which is what pictures are made of, are
// mapped and unmapped instead. So what a render holds can be predicted, and is
// the system's again when it ends: two renders at a time of a 24-MP photo to
// 800 px peak at 45 MB and leave 10, where 256 KiB has them peak at 80 and leave
// 65. It costs an eighth of the CPU time at 800 px, a fourteenth at 1600.
//
// Other C libraries have no mallopt, and need none.
func tuneMalloc() {
	address, err := purego.Dlsym(purego.RTLD_DEFAULT, "mallopt")
	if err != nil {
		return
	}
	var mallopt func(param, value int32) int32
	purego.RegisterFunc(&mallopt, address)
	mallopt(mArenaMax, 2)
	mallopt(mMmapThreshold, 32<<10)
	mallopt(mTrimThreshold, 64<<10)
}
