// Package vips calls libvips, the image library, without cgo.
//
// The shared library is loaded at run time by purego, so the program builds
// with CGO_ENABLED=0 for any target and one libvips file beside the executable
// is all that it needs. Everything unsafe in Photofit is in this package.
//
// It is a ladder of small files. library.go finds and opens the library and
// sets it up once for hostile input; gvalue.go carries values across;
// operation.go runs one libvips operation by the names of its GObject
// properties (C variadics cannot be called from Go); job.go owns what a piece
// of work has open; ops.go, load.go and save.go are the operations that
// Photofit uses, in Go's words; strips.go hands out pixels as they are decoded.
//
// libvips is lazy: loading reads a header, and pixels move when something is
// saved, copied to memory or measured. One libvips is shared by the process;
// all that is exported here is safe for concurrent use unless it says not.
package vips

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"unsafe"

	"github.com/ebitengine/purego"
)

// MinVersion is the oldest libvips that serves: savers take "keep" since 8.15.
const MinVersion = "8.15"

// ErrNotFound is returned by Find when no libvips is to be had. Its text says
// how to get one.
var ErrNotFound = errors.New("libvips was not found: run `make build`, which puts it into lib/ beside the program, " +
	"or install it (Debian 13: apt install libvips42, macOS: brew install vips), " +
	"or name the file with --libvips or PHOTOFIT_LIBVIPS")

// Library is a loaded libvips.
type Library struct {
	path    string
	version [3]int
	c       functions
	types   types
	trim    func(pad uintptr) int32 // the C library's malloc_trim; nil where it has none

	objectSize uint32      // of VipsObject, which VipsRegion begins with, in bytes
	avif8      atomic.Bool // its AVIF encoder has 8 bits only
}

// Find gives the paths at which a libvips may be, in the order in which they
// are to be tried: the one that is named, if any, and then no other; else the
// file in lib/ beside the executable, else whatever the system has.
func Find(named, executable string) []string {
	if named != "" {
		return []string{named}
	}
	own, system := "libvips.so", []string{"libvips.so.42"}
	if runtime.GOOS == "darwin" {
		own = "libvips.dylib"
		system = []string{"libvips.42.dylib", "/opt/homebrew/lib/libvips.42.dylib", "/usr/local/lib/libvips.42.dylib"}
	}
	var paths []string
	if executable != "" {
		paths = append(paths, filepath.Join(filepath.Dir(executable), "lib", own))
	}
	return append(paths, system...)
}

// Open loads the first of the libraries that is there, starts it, and sets it
// up: no operation cache, one thread for each job, and only the decoders that
// Photofit means to offer. A library that is there but does not load, or is too
// old, is an error that names it; the next path is still tried.
func Open(paths ...string) (*Library, error) {
	var found error
	for _, path := range paths {
		lib, err := open(path)
		if err == nil {
			return lib, nil
		}
		if errors.Is(err, errLoad) {
			if !strings.ContainsRune(path, filepath.Separator) {
				if len(paths) > 1 {
					continue // a system without libvips is no fault yet
				}
			} else if _, missing := os.Stat(path); missing != nil {
				if len(paths) > 1 {
					continue
				}
				return nil, fmt.Errorf("libvips is not at %s: %w", path, missing)
			}
		}
		found = errors.Join(found, err)
	}
	if found == nil {
		return nil, ErrNotFound
	}
	return nil, fmt.Errorf("no libvips that serves was found: %w", found)
}

// errLoad says that the system's loader did not take a file: it is not there, or
// no library for this machine.
var errLoad = errors.New("it does not load")

// serves tells whether a version is MinVersion or newer.
func serves(version [3]int) bool {
	return version[0] > 8 || version[0] == 8 && version[1] >= 15
}

type versionError struct {
	path    string
	version [3]int
}

func (e *versionError) Error() string {
	return fmt.Sprintf("%s is libvips %d.%d.%d, but %s or newer is needed", e.path, e.version[0], e.version[1], e.version[2], MinVersion)
}

func open(path string) (*Library, error) {
	handle, err := purego.Dlopen(path, purego.RTLD_NOW|purego.RTLD_GLOBAL)
	if err != nil {
		return nil, fmt.Errorf("%s: %w: %w", path, errLoad, err)
	}
	lib := &Library{path: path}
	if err := lib.c.bind(handle); err != nil {
		return nil, fmt.Errorf("%s is no libvips that serves: %w", path, err)
	}
	for i := range lib.version {
		lib.version[i] = int(lib.c.version(int32(i)))
	}
	if !serves(lib.version) {
		return nil, &versionError{path, lib.version}
	}
	// Warnings about hostile files would go straight to standard error.
	lib.c.setenv("VIPS_WARNING", "0", 1)
	if lib.c.init("photofit") != 0 {
		return nil, fmt.Errorf("%s does not start: %s", path, lib.lastError())
	}
	lib.types.load(&lib.c)
	object := new(typeQuery)
	lib.c.typeQuery(lib.c.typeFromName("VipsObject"), object)
	lib.objectSize = object.instanceSize

	lib.c.cacheSetMax(0)
	lib.c.concurrencySet(1)
	lib.c.blockSet("VipsForeignLoad", 1)
	for _, loader := range []string{"Jpeg", "Png", "Webp", "Nsgif", "Tiff", "Heif"} {
		lib.c.blockSet("VipsForeignLoad"+loader, 0)
	}
	setRows(handle)
	lib.tuneMalloc()
	return lib, nil
}

// Path tells which file was loaded.
func (l *Library) Path() string { return l.path }

// Version is libvips's own, as "8.18.7".
func (l *Library) Version() string {
	return fmt.Sprintf("%d.%d.%d", l.version[0], l.version[1], l.version[2])
}

// Memory tells how many bytes of pixel buffers libvips holds now, and the most
// that it ever held.
func (l *Library) Memory() (now, peak int64) {
	return int64(l.c.trackedMem()), int64(l.c.trackedMemHigh())
}

// SetThreads sets how many threads libvips may use for each job, at least 1.
func (l *Library) SetThreads(n int) { l.c.concurrencySet(int32(max(1, n))) }

// Trim gives the system back what finished jobs have left in the C library's
// heap. Jobs may be under way. The next job has to fetch such memory anew, so it
// is not for after each. Where the C library is not glibc it does nothing.
func (l *Library) Trim() {
	if l.trim != nil {
		l.trim(0)
	}
}

// lastError takes what libvips has to say of the newest failure. There is one
// buffer for the whole process, so with several jobs under way the text may be
// another's: good for a log, not for a decision.
func (l *Library) lastError() string {
	p := l.c.errorBufferCopy()
	defer l.c.free(p)
	text := oneLine(goString(p))
	if len(text) > maxErrorText { // the newest is at the end
		text = "… " + strings.ToValidUTF8(text[len(text)-maxErrorText:], "")
	}
	if text == "" {
		return "no reason given"
	}
	return text
}

// maxErrorText is how many bytes of libvips's words are worth keeping.
const maxErrorText = 400

func goString(p unsafe.Pointer) string {
	n := 0
	for *(*byte)(unsafe.Add(p, n)) != 0 {
		n++
	}
	return string(unsafe.Slice((*byte)(p), n))
}
