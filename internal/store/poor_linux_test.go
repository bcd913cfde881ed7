package store

import (
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"testing"
)

func init() { children["tiny"] = putOnTinyDisk }

// putOnTinyDisk mounts a disk of 1 MB, which only this process sees, and fills it.
func putOnTinyDisk(folder string) error {
	if err := syscall.Mount("tmpfs", folder, "tmpfs", 0, "size=1m"); err != nil {
		fmt.Println("cannot mount:", err)
		return nil
	}
	d, err := OpenDir(folder, DirConfig{})
	if err != nil {
		return err
	}
	defer d.Close()
	if err := putSmall(d); err != nil {
		return err
	}
	for range 3 {
		if err := failsAndLeaves(d, 2<<20, syscall.ENOSPC); err != nil {
			return err
		}
	}
	if err := putSmall(d); err != nil { // there is room again
		return err
	}
	d.temp.lock.Close() // open for writing, it would keep the disk from being made read only
	if err := syscall.Mount("", folder, "", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""); err != nil {
		return err
	}
	return failsAndLeaves(d, 10, syscall.EROFS)
}

func TestDirDiskFull(t *testing.T) {
	cmd := child("tiny", t.TempDir())
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNS, Unshareflags: syscall.CLONE_NEWNS}
	if os.Getuid() != 0 {
		cmd.SysProcAttr.Cloneflags |= syscall.CLONE_NEWUSER
		cmd.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}}
	}
	out, err := cmd.Output()
	if _, started := err.(*exec.ExitError); err != nil && !started {
		t.Skipf("SKIPPED: no mount namespace here, so no disk to fill: %v", err)
	}
	if len(out) > 0 {
		t.Skipf("SKIPPED: %s", out)
	}
	if err != nil {
		t.Fatal(err)
	}
}
