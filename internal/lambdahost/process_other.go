//go:build !linux

package lambdahost

import "syscall"

// processAttributes gives a process a group of its own, so that all of it is
// frozen and killed together.
func processAttributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true}
}

// peakMemory is not known here.
func peakMemory(int) int64 { return 0 }
