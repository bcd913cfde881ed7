//go:build !function

package main

import (
	"debug/elf"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestZipArch(t *testing.T) {
	for _, c := range []struct {
		name    string
		mode    fs.FileMode
		machine elf.Machine
		arch    string
		says    string
	}{
		{"bootstrap", 0o755, elf.EM_AARCH64, "arm64", ""},
		{"bootstrap", 0o755, elf.EM_X86_64, "amd64", ""},
		{"bootstrap", 0o755, elf.EM_RISCV, "", "EM_RISCV, which Lambda does not run"},
		{"bootstrap", 0o644, elf.EM_X86_64, "", "may not be executed"},
		{"bin/bootstrap", 0o755, elf.EM_X86_64, "", "no bootstrap at its root"},
	} {
		file := filepath.Join(t.TempDir(), "function.zip")
		if err := makeZip(file, c.name, c.mode, c.machine); err != nil {
			t.Fatal(err)
		}
		arch, err := zipArch(file)
		if arch != c.arch || c.says == "" && err != nil || c.says != "" && (err == nil || !strings.Contains(err.Error(), c.says)) {
			t.Errorf("%+v: %q, %v", c, arch, err)
		}
	}
	file := filepath.Join(t.TempDir(), "function.zip")
	if err := os.WriteFile(file, []byte("no zip"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := zipArch(file); err == nil || !strings.Contains(err.Error(), "no whole zip") {
		t.Error(err)
	}
}
