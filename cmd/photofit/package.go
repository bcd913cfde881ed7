package main

import (
	"compress/flate"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

type packageCmd struct {
	Arch   string `help:"The function's CPU: ${enum}." enum:"arm64,amd64" default:"arm64"`
	Output string `short:"o" required:"" help:"The zip to write; - is standard output." placeholder:"FILE.zip" env:"-"`
	Fresh  bool   `help:"Build it in the checkout, though one lies beside this program."`
}

// Run writes the zip.
func (c *packageCmd) Run(ctx context.Context, console *console) error {
	zip, remove, err := findZip(ctx, c.Arch, c.Fresh, c.Output, console)
	if err != nil || zip == "" {
		if err == nil {
			err = c.tell(c.Output, console)
		}
		return err
	}
	defer remove()
	return c.copy(zip, console)
}

// findZip gives the file of a function's zip: the one that lies beside the program,
// else, or if it is to be fresh, one that is built in a checkout, which remove takes away again. It is empty if
// the file same is that zip already: compressing takes seconds, so it is not done for what would be no other.
func findZip(ctx context.Context, arch string, fresh bool, same string, console *console) (zip string, remove func(), err error) {
	if !fresh {
		if ready, err := readyZip(arch); err != nil || ready != "" {
			return ready, func() {}, err
		}
	}
	root, files, err := buildHere(ctx, arch, fresh, console)
	if err != nil {
		return "", nil, err
	}
	if there, err := holds(same, files); err != nil || there {
		return "", nil, err
	}
	zip = filepath.Join(root, "bin", "function", arch, "function.zip")
	if err := writeFile(zip, func(w io.Writer) error { return writeZip(w, files, flate.BestCompression) }); err != nil {
		return "", nil, err
	}
	return zip, func() { _ = os.Remove(zip) }, nil
}

// readyZip is the zip that lies beside the program; empty if there is none.
func readyZip(arch string) (string, error) {
	executable, err := os.Executable()
	if err != nil {
		return "", nil
	}
	ready := filepath.Join(filepath.Dir(executable), "lib", "function-"+arch+".zip")
	if !exists(ready) {
		return "", nil
	}
	return ready, checkZip(ready)
}

// buildHere builds what goes into the zip, in the checkout around the working folder or
// the program.
func buildHere(ctx context.Context, arch string, fresh bool, console *console) (root string, files []zipped, err error) {
	executable, err := os.Executable()
	if err != nil {
		executable = ""
	}
	root = checkout(".", executable)
	switch {
	case root == "" && fresh:
		return "", nil, errors.New("--fresh builds in a checkout of Photofit, and this is none: run it in one, or leave the flag out")
	case root == "":
		return "", nil, fmt.Errorf("there is no function-%s.zip in lib/ beside this program, and no checkout of Photofit here to build it in: take both from one release, or run this in a checkout", arch)
	}
	if _, err := exec.LookPath("go"); err != nil {
		return "", nil, fmt.Errorf("building the function in %s needs Go, which is not on the PATH: install it from https://go.dev/dl", root)
	}
	files, err = buildFunction(ctx, root, arch, filepath.Join(root, "bin", "function", arch), console.err)
	return root, files, err
}

// copy writes a zip that is there to where it is wanted, unless both are one.
func (c *packageCmd) copy(zip string, console *console) error {
	source, err := os.Open(zip)
	if err != nil {
		return err
	}
	defer source.Close()
	if a, err := source.Stat(); err == nil {
		if b, err := os.Stat(c.Output); err == nil && os.SameFile(a, b) {
			return c.tell(zip, console)
		}
	}
	err = writeOut(c.Output, console, func(w io.Writer) error {
		_, err := io.Copy(w, source)
		return err
	})
	if err != nil {
		return err
	}
	return c.tell(zip, console)
}

// maxZip is how large a function's zip may be, in bytes: what is uploaded at each
// deployment, and fetched at each cold start. Lambda itself takes 50 MB.
const maxZip = 20_000_000

// tell says what was written.
func (c *packageCmd) tell(zip string, console *console) error {
	info, err := os.Stat(zip)
	if err != nil {
		return err
	}
	if info.Size() > maxZip {
		return fmt.Errorf("%s has %s, more than the %s that a function is to have at most", c.Output, bytesText(info.Size()), bytesText(maxZip))
	}
	console.sayf("%s   %s, for provided.al2023 on %s\n", nameText(c.Output), bytesText(info.Size()), c.Arch)
	return nil
}

// checkout finds the root of Photofit's source at or above a folder or a file;
// empty if it is at or above none of them.
func checkout(places ...string) string {
	for _, place := range places {
		folder, err := filepath.Abs(place)
		if err != nil || place == "" {
			continue
		}
		for {
			if mod, err := os.ReadFile(filepath.Join(folder, "go.mod")); err == nil && strings.HasPrefix(string(mod), "module photofit\n") {
				return folder
			}
			parent := filepath.Dir(folder)
			if parent == folder {
				break
			}
			folder = parent
		}
	}
	return ""
}

// buildFunction builds the program for Lambda into a folder, and fetches the
// libvips that it loads. What they say goes to said.
func buildFunction(ctx context.Context, root, arch, folder string, said io.Writer) ([]zipped, error) {
	bootstrap := filepath.Join(folder, "bootstrap")
	compile := exec.CommandContext(ctx, "go", "build", "-tags", "lambda.norpc,function", "-trimpath", "-buildvcs=false",
		"-ldflags", "-s -w -X main.version="+version, "-o", bootstrap, "./cmd/photofit")
	// What a person has set for other builds must not change this one's bytes.
	compile.Env = append(os.Environ(), "GOOS=linux", "GOARCH="+arch, "CGO_ENABLED=0",
		"GOFLAGS=", "GOAMD64=v1", "GOARM64=v8.0", "GOEXPERIMENT=", "GOFIPS140=off")
	target, lib := "linux/"+arch, filepath.Join(root, "bin", "lib")
	if target != runtime.GOOS+"/"+runtime.GOARCH {
		lib = filepath.Join(lib, "linux-"+arch)
	}
	fetch := exec.CommandContext(ctx, filepath.Join(root, "scripts", "libvips"), "--out", lib, target)
	for _, step := range []*exec.Cmd{fetch, compile} {
		step.Dir, step.Stdout, step.Stderr = root, said, said
		if err := step.Run(); err != nil {
			return nil, fmt.Errorf("%s: %w", strings.Join(step.Args, " "), err)
		}
	}
	return []zipped{
		{"bootstrap", bootstrap, 0o755},
		{"lib/LICENSE-libvips.txt", filepath.Join(lib, "LICENSE-libvips.txt"), 0o644},
		{"lib/libvips.so", filepath.Join(lib, "libvips.so"), 0o755},
	}, nil
}

func exists(file string) bool {
	_, err := os.Stat(file)
	return err == nil
}
