package main

import (
	"archive/zip"
	"debug/elf"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// makeZip writes a function's zip whose bootstrap is of no use but has the header of a
// program for a machine.
func makeZip(file, name string, mode fs.FileMode, machine elf.Machine) error {
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	defer f.Close()
	archive := zip.NewWriter(f)
	if err := archive.SetComment(zipComment()); err != nil {
		return err
	}
	header := &zip.FileHeader{Name: name}
	header.SetMode(mode)
	to, err := archive.CreateHeader(header)
	if err != nil {
		return err
	}
	program := make([]byte, 64)
	copy(program, elf.ELFMAG+"\x02\x01\x01")
	program[16], program[18], program[19] = 2, byte(machine), byte(machine>>8)
	if _, err := to.Write(program); err != nil {
		return err
	}
	return archive.Close()
}

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
