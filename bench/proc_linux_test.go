package main

import (
	"os"
	"testing"
)

func TestParseStatus(t *testing.T) {
	resident, peak, err := parseStatus("Name:\tphotofit\nVmPeak:\t 9 kB\nVmHWM:\t   71900 kB\nVmRSS:\t   60000 kB\nThreads:\t9\n")
	if err != nil || resident != 60000<<10 || peak != 71900<<10 {
		t.Errorf("parseStatus = %d, %d, %v", resident, peak, err)
	}
	for _, status := range []string{"", "VmHWM:\t1 kB\n", "VmRSS:\t1 kB\n", "VmHWM:\t1 MB\nVmRSS:\t1 kB\n", "VmHWM:\tx kB\nVmRSS:\t1 kB\n"} {
		if _, _, err := parseStatus(status); err == nil {
			t.Errorf("%q passed", status)
		}
	}
}

// The clock of a process must be that of the process, not of whoever asks.
func TestCPUTimeIsTheProcesss(t *testing.T) {
	pid := os.Getpid()
	before, err := cpuTime(pid)
	if err != nil {
		t.Fatal(err)
	}
	sum := 0
	after := before
	for i := 0; after == before && i < 1000; i++ {
		for j := range 1_000_000 {
			sum += j ^ i
		}
		if after, err = cpuTime(pid); err != nil {
			t.Fatal(err)
		}
	}
	if after <= before || sum == 0 {
		t.Errorf("work took nothing: %v, then %v", before, after)
	}
	if init, err := cpuTime(1); err == nil && init == after {
		t.Error("process 1 has taken just as much")
	}
	if _, err := cpuTime(1 << 22); err == nil {
		t.Error("a process that cannot be has a clock")
	}
	if resident, peak, err := memoryOf(pid); err != nil || resident < 1<<20 || peak < resident {
		t.Errorf("memoryOf = %d, %d, %v", resident, peak, err)
	}
}
