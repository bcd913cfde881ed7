//go:build !function

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// What a dev has left that was killed goes; what one has that runs, and others' things, stay.
func TestSweepTemp(t *testing.T) {
	ended := exec.Command("true")
	if err := ended.Run(); err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	left := filepath.Join(folder, fmt.Sprintf("%s%d-1", tempPrefix, ended.Process.Pid))
	stays := []string{fmt.Sprintf("%s%d-2", tempPrefix, os.Getpid()), tempPrefix + "mine", "else"}
	if err := os.MkdirAll(filepath.Join(left, "function"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, name := range stays {
		if err := os.Mkdir(filepath.Join(folder, name), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	sweepTemp(folder)
	if _, err := os.Stat(left); !os.IsNotExist(err) {
		t.Errorf("%s is there: %v", left, err)
	}
	for _, name := range stays {
		if _, err := os.Stat(filepath.Join(folder, name)); err != nil {
			t.Error(err)
		}
	}
}
