//go:build !function

package main

import (
	"archive/zip"
	"debug/elf"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// zipArch tells which CPU a function's zip is for, by its bootstrap: an ELF file at the zip's root that may be
// executed. Lambda says "exec format error", or that there is no such entrypoint, where it is not so.
func zipArch(file string) (string, error) {
	archive, err := zip.OpenReader(file)
	if errors.Is(err, zip.ErrFormat) {
		return "", fmt.Errorf("%s is no whole zip: photofit package makes one", file)
	}
	if err != nil {
		return "", err
	}
	defer archive.Close()
	for _, entry := range archive.File {
		if entry.Name != "bootstrap" {
			continue
		}
		if entry.Mode()&0o111 == 0 {
			return "", fmt.Errorf("bootstrap in %s may not be executed: photofit package makes a zip in which it may", file)
		}
		content, err := entry.Open()
		if err != nil {
			return "", err
		}
		defer content.Close()
		// e_ident has 16 bytes, e_type 2, e_machine 2 (System V ABI, "ELF Header"); all that Lambda runs is little-endian.
		var header [20]byte
		if _, err := io.ReadFull(content, header[:]); err != nil || string(header[:4]) != elf.ELFMAG {
			return "", fmt.Errorf("bootstrap in %s is no program for Linux: photofit package makes a zip with one", file)
		}
		switch machine := elf.Machine(binary.LittleEndian.Uint16(header[18:])); machine {
		case elf.EM_AARCH64:
			return "arm64", nil
		case elf.EM_X86_64:
			return "amd64", nil
		default:
			return "", fmt.Errorf("bootstrap in %s is for %s, which Lambda does not run", file, machine)
		}
	}
	return "", fmt.Errorf("%s has no bootstrap at its root: photofit package makes a zip that has", file)
}
