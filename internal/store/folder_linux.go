package store

import (
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// stat is Folder.Stat by openat2 (Linux 5.6), by which the kernel itself goes
// from folder to folder. It is not ok where there is no such photo or anything
// else is the matter: os.Root tells what.
func (f *Folder) stat(key string) (photo Photo, ok bool) {
	fd, err := f.openPath(key)
	if err != nil {
		return Photo{}, false
	}
	var st syscall.Stat_t
	err = syscall.Fstat(fd, &st)
	_ = unix.Close(fd)
	if err != nil || st.Mode&syscall.S_IFMT != syscall.S_IFREG {
		return Photo{}, false
	}
	return photoOf(time.Unix(st.Mtim.Unix()), &st), true
}

// openPath opens a photo, not for reading. A path without a link on it cannot
// lead out, as visible keys have no "..". One with a link has to be looked up
// from the root, for the kernel to refuse what leads out of that.
func (f *Folder) openPath(key string) (int, error) {
	fd, err := unix.Openat2(unix.AT_FDCWD, f.path+"/"+key, &unix.OpenHow{Flags: unix.O_PATH | unix.O_CLOEXEC, Resolve: unix.RESOLVE_NO_SYMLINKS})
	if err != unix.ELOOP {
		return fd, err
	}
	root, err := unix.Open(f.path, unix.O_PATH|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		return -1, err
	}
	defer unix.Close(root)
	return unix.Openat2(root, key, &unix.OpenHow{Flags: unix.O_PATH | unix.O_CLOEXEC, Resolve: unix.RESOLVE_BENEATH})
}
