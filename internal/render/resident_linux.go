package render

import (
	"fmt"
	"os"
)

// resident is how many bytes of the process are in memory: the second figure of
// /proc/self/statm, in pages (proc_pid_statm(5)).
func resident() int64 {
	data, err := os.ReadFile("/proc/self/statm")
	var size, pages int64
	if err == nil {
		_, err = fmt.Sscan(string(data), &size, &pages)
	}
	if err != nil {
		return 0
	}
	return pages * int64(os.Getpagesize())
}
