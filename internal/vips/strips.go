package vips

import (
	"runtime"
	"unsafe"
)

// Strips hands out all rows of the image in strips, from top to bottom, without a
// copy of the whole: what was decoded is still in the processor's cache when it is
// used. Rows are stride bytes apart, and have Width times Bands samples each. They
// are libvips's own: only to be read, and only until use returns.
//
// The image must have 8-bit samples. One that Load gives can be read once.
func (im *Image) Strips(use func(rows []byte, stride int)) error {
	if im.Format() != UChar {
		return &Error{"strips", "the samples are not of 8 bits"}
	}
	// What libvips computes with belongs to a thread.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	c := &im.job.lib.c
	region := c.regionNew(im.ptr)
	if region == 0 {
		return &Error{"region", im.job.lib.lastError()}
	}
	defer c.objectUnref(region)
	width, height, row := im.Width(), im.Height(), im.Width()*im.Bands()
	area := new(rect)
	for y := 0; y < height; y += rowsAtATime {
		*area = rect{0, int32(y), int32(width), int32(min(rowsAtATime, height-y))}
		if im.job.Killed() {
			return &Error{"strips", "killed"}
		}
		if c.regionPrepare(region, area) != 0 {
			return &Error{"region", im.job.lib.lastError()}
		}
		first, stride := im.job.lib.regionRows(region, y)
		use(unsafe.Slice(first, (int(area.height)-1)*stride+row), stride)
	}
	return nil
}

// rect is VipsRect.
type rect struct{ left, top, width, height int32 }

// region is what follows VipsObject in VipsRegion (region.h), as far as the
// macro VIPS_REGION_ADDR reads it, which is compiled into programs and so does
// not change.
type region struct {
	_     uintptr // the image
	valid rect
	_     int32 // how the memory is held
	data  *byte
	bpl   int32 // bytes from row to row
}

// typeQuery is GTypeQuery.
type typeQuery struct {
	_            [2]uintptr // the type and its name
	_            uint32     // bytes of the class
	instanceSize uint32
}

// regionRows gives the first sample of a prepared region at its left edge in
// row y, and how many bytes it is from one row to the next.
func (l *Library) regionRows(ptr uintptr, y int) (*byte, int) {
	r := (*region)(unsafe.Add(*(*unsafe.Pointer)(unsafe.Pointer(&ptr)), l.objectSize))
	return (*byte)(unsafe.Add(unsafe.Pointer(r.data), (y-int(r.valid.top))*int(r.bpl))), int(r.bpl)
}
