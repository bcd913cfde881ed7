package main

import (
	"archive/zip"
	"bytes"
	"debug/elf"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
)

// pack runs photofit package as the bootstrap itself, which is that program, built
// without what slows tests down.
func pack(t *testing.T, program, folder string, env []string, args ...string) (said string, err error) {
	t.Helper()
	command := exec.Command(program, append([]string{"package"}, args...)...)
	command.Dir, command.Env = folder, append(os.Environ(), env...)
	out, err := command.CombinedOutput()
	return string(out), err
}

// TestPackage makes the zip for both CPUs, the second time by somebody whose
// settings are others.
func TestPackage(t *testing.T) {
	if testing.Short() {
		t.Skip("it builds for another CPU")
	}
	program := filepath.Join(unpacked(t), "bootstrap")
	root := checkout(".")
	machines := map[string]elf.Machine{"arm64": elf.EM_AARCH64, "amd64": elf.EM_X86_64}
	for arch, machine := range machines {
		t.Run(arch, func(t *testing.T) {
			_, npm := exec.LookPath("npm")
			if lib := filepath.Join(root, "bin", "lib", "linux-"+arch, "libvips.so"); arch != runtime.GOARCH && npm != nil && !exists(lib) && os.Getenv("CI") == "" {
				t.Skip("SKIPPED: npm is missing, to fetch the libvips of another CPU")
			}
			one, other := filepath.Join(t.TempDir(), "a.zip"), filepath.Join(t.TempDir(), "b.zip")
			said, err := pack(t, program, root, nil, "--arch", arch, "-o", one)
			if err != nil || !strings.Contains(said, " MB, for provided.al2023 on "+arch) {
				t.Fatalf("%v: %s", err, said)
			}
			if arch != runtime.GOARCH {
				other = one // it is seen with the other CPU's
			} else if said, err := pack(t, program, filepath.Join(root, "internal"), []string{"GOFLAGS=-race", "GOAMD64=v3", "GOARM64=v8.2", "TZ=Asia/Tokyo"}, "--arch", arch, "-o", other); err != nil {
				t.Fatalf("%v: %s", err, said)
			}
			a, b := read(t, one), read(t, other)
			if !bytes.Equal(a, b) {
				t.Error("two zips of the same program differ")
			}
			if len(a) > 20_000_000 {
				t.Errorf("it has %d bytes", len(a))
			}
			archive, err := zip.NewReader(bytes.NewReader(a), int64(len(a)))
			if err != nil {
				t.Fatal(err)
			}
			for i, want := range []struct {
				name    string
				mode    os.FileMode
				program bool
			}{{"bootstrap", 0o755, true}, {"lib/LICENSE-libvips.txt", 0o644, false}, {"lib/libvips.so", 0o755, true}} {
				if len(archive.File) != 3 {
					t.Fatalf("%d files", len(archive.File))
				}
				f := archive.File[i]
				if f.Name != want.name || f.Mode() != want.mode {
					t.Errorf("%s %s, want %s %s", f.Name, f.Mode(), want.name, want.mode)
				}
				if !want.program {
					continue
				}
				if got := machineOf(t, f); got != machine {
					t.Errorf("%s is for %s", f.Name, got)
				}
			}
		})
	}
}

// TestPackageTakesWhatLiesThere has the one of a release found, beside the
// program, and a folder with neither release nor checkout told what to do.
func TestPackageTakesWhatLiesThere(t *testing.T) {
	folder := unpacked(t)
	program := filepath.Join(folder, "bootstrap")
	out := filepath.Join(folder, "out.zip")
	said, err := pack(t, program, folder, nil, "-o", out)
	if err == nil || !strings.Contains(said, "there is no function-arm64.zip in lib/ beside this program, and no checkout") {
		t.Errorf("%v: %s", err, said)
	}
	if exists(out) {
		t.Error("it wrote something")
	}
	ready := filepath.Join(folder, "lib", "function-arm64.zip")
	lay := func(comment string) {
		t.Helper()
		var content bytes.Buffer
		archive := zip.NewWriter(&content)
		if err := errors.Join(archive.SetComment(comment), archive.Close(), os.WriteFile(ready, content.Bytes(), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	lay("photofit v0.0.1")
	if said, err := pack(t, program, folder, nil, "-o", out); err == nil || !strings.Contains(said, "is of \"photofit v0.0.1\"") || exists(out) {
		t.Errorf("one of another version: %v: %s", err, said)
	}
	// A checkout is there as well, and is not needed.
	lay(zipComment())
	if said, err := pack(t, program, checkout("."), nil, "-o", out); err != nil || !bytes.Equal(read(t, out), read(t, ready)) {
		t.Errorf("%v: %s", err, said)
	}
	if said, err := pack(t, program, folder, nil, "--fresh", "-o", out); err == nil || !strings.Contains(said, "--fresh builds in a checkout") {
		t.Errorf("--fresh: %v: %s", err, said)
	}
	// What is no file is written to, and never replaced.
	pipe := filepath.Join(folder, "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	piped := make(chan []byte, 1)
	go func() {
		content, _ := os.ReadFile(pipe)
		piped <- content
	}()
	if said, err := pack(t, program, folder, nil, "-o", pipe); err != nil || !bytes.Equal(<-piped, read(t, ready)) {
		t.Errorf("a pipe: %v: %s", err, said)
	}
	if info, err := os.Lstat(pipe); err != nil || info.Mode().Type() != os.ModeNamedPipe {
		t.Errorf("the pipe has become %v, %v", info.Mode(), err)
	}
	for out, says := range map[string]string{
		folder:                               "is a folder: name a file in it",
		"":                                   "-o is empty",
		filepath.Join(folder, "no", "a.zip"): "there is no folder",
	} {
		if said, err := pack(t, program, folder, nil, "-o", out); err == nil || !strings.Contains(said, says) {
			t.Errorf("-o %q: %v: %s", out, err, said)
		}
	}
	command := exec.Command(program, "package", "-o", "-")
	command.Dir = folder
	if content, err := command.Output(); err != nil || !bytes.Equal(content, read(t, ready)) || exists(filepath.Join(folder, "-")) {
		t.Errorf("standard output: %d bytes, %v", len(content), err)
	}
	// It may be asked for where it lies.
	if said, err := pack(t, program, folder, nil, "-o", ready); err != nil || !strings.Contains(said, ready) {
		t.Errorf("%v: %s", err, said)
	}
	if err := os.Truncate(ready, 10); err != nil {
		t.Fatal(err)
	}
	if said, err := pack(t, program, folder, nil, "-o", out); err == nil || !strings.Contains(said, "is no whole zip: take it from the release again") {
		t.Errorf("a cut one: %v: %s", err, said)
	}
}

func read(t *testing.T, file string) []byte {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// machineOf tells what CPU a program or a library is for.
func machineOf(t *testing.T, f *zip.File) elf.Machine {
	t.Helper()
	from, err := f.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer from.Close()
	var content bytes.Buffer
	if _, err := content.ReadFrom(from); err != nil {
		t.Fatal(err)
	}
	program, err := elf.NewFile(bytes.NewReader(content.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	return program.Machine
}
