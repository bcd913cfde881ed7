//go:build !linux

package main

import (
	"errors"
	"time"
)

var errLinux = errors.New("the bench reads CPU time and memory of other processes as Linux tells them: run it there")

func canMeasure() error { return errLinux }

func cpuTime(int) (time.Duration, error) { return 0, errLinux }

func memoryOf(int) (resident, peak int64, err error) { return 0, 0, errLinux }

func treeCPU(int) (time.Duration, error) { return 0, errLinux }

func treePeak(int) (int64, error) { return 0, errLinux }
