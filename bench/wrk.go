package main

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"regexp"
	"strconv"
	"time"
)

// load is what a run of wrk came to.
type load struct {
	rate float64 // answers in a second
	p99  float64 // in milliseconds: all but the slowest hundredth took less
}

// runWrk loads a URL from 64 connections.
func runWrk(ctx context.Context, url string, seconds int) (load, error) {
	wrk, err := findTool("wrk")
	if err != nil {
		return load{}, err
	}
	out, err := exec.CommandContext(ctx, wrk, "-c64", "-t1", fmt.Sprintf("-d%ds", seconds), "--latency", url).Output()
	if err != nil {
		return load{}, fmt.Errorf("wrk: %w", err)
	}
	return parseWrk(string(out))
}

var (
	wrkRate  = regexp.MustCompile(`(?m)^Requests/sec:\s+([0-9.]+)$`)
	wrkTail  = regexp.MustCompile(`(?m)^\s+99%\s+([0-9.]+(?:us|ms|s|m))$`)
	wrkFault = regexp.MustCompile(`(?m)^\s+(Socket errors: .*|Non-2xx or 3xx responses: .*)$`)
)

// parseWrk reads what wrk 4 prints. A run with wrong answers measures nothing.
func parseWrk(out string) (load, error) {
	if fault := wrkFault.FindStringSubmatch(out); fault != nil {
		return load{}, errors.New("wrk: " + fault[1])
	}
	rate, tail := wrkRate.FindStringSubmatch(out), wrkTail.FindStringSubmatch(out)
	if rate == nil || tail == nil {
		return load{}, fmt.Errorf("wrk printed what is not understood: %q", out)
	}
	perSecond, err := strconv.ParseFloat(rate[1], 64)
	if err != nil {
		return load{}, err
	}
	slow, err := time.ParseDuration(tail[1])
	if err != nil {
		return load{}, err
	}
	if perSecond == 0 || slow == 0 {
		return load{}, errors.New("wrk had no answers")
	}
	return load{perSecond, float64(slow) / float64(time.Millisecond)}, nil
}
