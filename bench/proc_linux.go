package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// canMeasure tells whether this system says what its processes take.
func canMeasure() error { return nil }

// cpuTime is what a running process has taken so far, of all its threads, those
// that ended too. Its clock counts nanoseconds, where /proc/PID/stat counts
// hundredths of a second (clock_getcpuclockid(3)).
func cpuTime(pid int) (time.Duration, error) {
	var t unix.Timespec
	if err := unix.ClockGettime(int32(^pid<<3|2), &t); err != nil {
		return 0, fmt.Errorf("CPU time of process %d: %w", pid, err)
	}
	return time.Duration(t.Nano()), nil
}

// memoryOf is what a process has resident now, and the most it ever had, in
// bytes.
func memoryOf(pid int) (resident, peak int64, err error) {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, 0, err
	}
	return parseStatus(string(data))
}

// parseStatus reads VmRSS and VmHWM from /proc/PID/status (proc_pid_status(5)).
func parseStatus(status string) (resident, peak int64, err error) {
	for line := range strings.Lines(status) {
		name, value, _ := strings.Cut(line, ":")
		into := map[string]*int64{"VmRSS": &resident, "VmHWM": &peak}[name]
		if into == nil {
			continue
		}
		kib, found := strings.CutSuffix(strings.TrimSpace(value), " kB")
		n, err := strconv.ParseInt(kib, 10, 64)
		if err != nil || !found {
			return 0, 0, fmt.Errorf("/proc: %q is not understood", strings.TrimSpace(line))
		}
		*into = n << 10
	}
	if resident == 0 || peak == 0 {
		return 0, 0, fmt.Errorf("/proc does not tell what the process holds")
	}
	return resident, peak, nil
}
