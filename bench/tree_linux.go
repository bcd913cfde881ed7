package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// tick is the unit of times in /proc/PID/stat: a hundredth of a second on every
// system that Go runs on (proc_pid_stat(5)).
const tick = time.Second / 100

// treeCPU is what a process and its descendants have taken so far, those that
// ended too, if they were waited for.
func treeCPU(pid int) (time.Duration, error) {
	var sum time.Duration
	err := eachOf(pid, func(pid int, s stat) error {
		own, err := cpuTime(pid)
		sum += own + s.reaped
		return err
	})
	return sum, err
}

// treePeak is the most that a process and its descendants had resident, in
// bytes: the sum of what each had at most, so no less than what they had at a time.
func treePeak(pid int) (int64, error) {
	var sum int64
	err := eachOf(pid, func(pid int, s stat) error {
		if s.dead {
			return nil
		}
		_, peak, err := memoryOf(pid)
		sum += peak
		return err
	})
	return sum, err
}

// stat is what /proc/PID/stat says of a process.
type stat struct {
	parent int
	dead   bool          // it has ended, and its parent has not yet waited for it
	reaped time.Duration // taken by children that ended
}

// eachOf goes through a process and its descendants. A descendant that ends
// meanwhile is passed over: its parent has its time.
func eachOf(root int, f func(pid int, s stat) error) error {
	files, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		return err
	}
	processes, children := map[int]stat{}, map[int][]int{}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			continue // it has ended
		}
		pid, s, err := parseStat(string(data))
		if err != nil {
			return err
		}
		processes[pid] = s
		children[s.parent] = append(children[s.parent], pid)
	}
	if _, found := processes[root]; !found {
		return fmt.Errorf("there is no process %d", root)
	}
	for todo := []int{root}; len(todo) > 0; todo = todo[1:] {
		pid := todo[0]
		if err := f(pid, processes[pid]); err != nil {
			if _, gone := os.Stat(fmt.Sprintf("/proc/%d", pid)); pid == root || !errors.Is(gone, os.ErrNotExist) {
				return err
			}
		}
		todo = append(todo, children[pid]...)
	}
	return nil
}

// parseStat reads /proc/PID/stat. The program's name, in brackets, may hold
// anything.
func parseStat(line string) (pid int, s stat, err error) {
	open, shut := strings.Index(line, " ("), strings.LastIndex(line, ") ")
	wrong := fmt.Errorf("/proc: %.80q is not understood", line)
	if open < 0 || shut < open {
		return 0, s, wrong
	}
	fields := strings.Fields(line[shut+2:]) // from the third on
	if len(fields) < 15 {
		return 0, s, wrong
	}
	var numbers [4]int
	for i, text := range []string{line[:open], fields[1], fields[13], fields[14]} {
		if numbers[i], err = strconv.Atoi(text); err != nil {
			return 0, s, wrong
		}
	}
	return numbers[0], stat{numbers[1], fields[0] == "Z", time.Duration(numbers[2]+numbers[3]) * tick}, nil
}
