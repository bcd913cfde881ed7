package lambdahost

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
)

// processAttributes gives a process a group of its own, so that all of it is
// frozen and killed together, and has it die with us: nobody else would thaw it.
func processAttributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}

// peakMemory is the most that a process ever had resident, in bytes: VmHWM of
// /proc/PID/status (proc_pid_status(5)); 0 if it is gone.
func peakMemory(pid int) int64 {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(status)) {
		if value, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kib, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(value), " kB"), 10, 64)
			if err != nil {
				return 0
			}
			return kib << 10
		}
	}
	return 0
}
