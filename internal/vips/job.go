package vips

import (
	"runtime"
	"sync"
	"unsafe"
)

// Job owns all that one piece of work opens: images, and the bytes that they
// read from. Close lets go of everything at once, so no path out of the work
// leaks. One goroutine works on a job; only Kill may be called from another.
type Job struct {
	lib *Library
	pin runtime.Pinner

	mu     sync.Mutex
	images []uintptr
	last   []func()
	killed bool
}

// NewJob begins a piece of work.
func (l *Library) NewJob() *Job {
	// Work that succeeds, too, leaves words in the error buffer. Once it is full,
	// the next failure would find no room for its own.
	l.c.errorClear()
	return &Job{lib: l}
}

// Close lets go of the job's images and buffers. Its images must not be used
// afterwards.
func (j *Job) Close() {
	j.mu.Lock()
	defer j.mu.Unlock()
	for i := len(j.images) - 1; i >= 0; i-- {
		j.lib.c.objectUnref(j.images[i])
	}
	j.images = nil
	j.pin.Unpin()
	for _, f := range j.last {
		f()
	}
	j.last = nil
}

// OnClose has f called when the job's images are gone: to let go of bytes that
// they lie in.
func (j *Job) OnClose(f func()) { j.last = append(j.last, f) }

// Kill asks libvips to stop working on the job's images. It is a request: some
// decoders and encoders finish first.
func (j *Job) Kill() {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.killed = true
	for _, image := range j.images {
		j.lib.c.imageSetKill(image, 1)
	}
}

// Killed tells whether Kill was called.
func (j *Job) Killed() bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.killed
}

// adopt takes over a reference to an image.
func (j *Job) adopt(image uintptr) *Image {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.images = append(j.images, image)
	if j.killed {
		j.lib.c.imageSetKill(image, 1)
	}
	return &Image{job: j, ptr: image}
}

// Image is a picture, or the recipe for one: pixels exist when they are asked
// for. It belongs to its job and lives as long.
type Image struct {
	job *Job
	ptr uintptr
}

// Width is in pixels.
func (im *Image) Width() int { return int(im.job.lib.c.imageWidth(im.ptr)) }

// Height is in pixels; of an animation, that of all frames together.
func (im *Image) Height() int { return int(im.job.lib.c.imageHeight(im.ptr)) }

// Bands is the number of channels, alpha included.
func (im *Image) Bands() int { return int(im.job.lib.c.imageBands(im.ptr)) }

// Format is the type of a sample.
func (im *Image) Format() Format { return Format(im.job.lib.c.imageFormat(im.ptr)) }

// Interpretation tells what the samples mean.
func (im *Image) Interpretation() Interpretation {
	return Interpretation(im.job.lib.c.imageInterp(im.ptr))
}

// HasProfile tells whether the image has an ICC profile.
func (im *Image) HasProfile() bool { return im.has(metaICC) }

// has tells whether a metadata field is there.
func (im *Image) has(field string) bool { return im.job.lib.c.imageTypeof(im.ptr, field) != 0 }

// PageHeight is the height of one frame, in pixels: Height, unless the image is
// an animation.
func (im *Image) PageHeight() int {
	out := new(int32)
	if !im.has(metaPageHeight) || im.job.lib.c.imageGetInt(im.ptr, metaPageHeight, out) != 0 {
		return im.Height()
	}
	return int(*out)
}

// SetPageHeight makes the image an animation with frames of that height in
// pixels. Only on an image that no other reads yet, as Describe gives it.
func (im *Image) SetPageHeight(height int) {
	im.job.lib.c.imageSetInt(im.ptr, metaPageHeight, int32(height))
}

// fields lists the names of the metadata fields.
func (im *Image) fields() []string {
	list := im.job.lib.c.imageFields(im.ptr)
	if list == nil {
		return nil
	}
	defer im.job.lib.c.strfreev(list)
	var names []string
	for p := list; *(*unsafe.Pointer)(p) != nil; p = unsafe.Add(p, unsafe.Sizeof(p)) {
		names = append(names, goString(*(*unsafe.Pointer)(p)))
	}
	return names
}

func (im *Image) setBlob(field string, data []byte) {
	if len(data) > 0 {
		im.job.lib.c.imageSetBlob(im.ptr, field, bytesPointer(data), uintptr(len(data)))
	}
}
