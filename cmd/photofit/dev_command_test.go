//go:build !function

package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"photofit/internal/check"
	"photofit/internal/imgtest"
)

// follow hands out the lines that a command prints, until one matches.
func follow(t *testing.T, lines <-chan string, pattern string) string {
	t.Helper()
	wanted := regexp.MustCompile(pattern)
	for line := range lines {
		t.Log(line)
		if wanted.MatchString(line) {
			return line
		}
	}
	t.Fatalf("no line has %s", pattern)
	return ""
}

// TestDevCommand is photofit dev from its start to Ctrl-C: who answers is printed, a
// photo that is replaced shows, and nothing stays.
func TestDevCommand(t *testing.T) {
	needsServer(t)
	folder, temp := t.TempDir(), t.TempDir()
	t.Setenv("TMPDIR", temp)
	photo := filepath.Join(folder, "b c.jpg")
	write := func(width int) {
		t.Helper()
		fresh := filepath.Join(folder, ".fresh")
		if err := os.WriteFile(fresh, imgtest.JPEG(imgtest.OrientationChart(width, 600), 90), 0o644); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(fresh, photo); err != nil {
			t.Fatal(err)
		}
	}
	write(900)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	out, said := io.Pipe()
	var errors lockedBuffer
	ended := make(chan int, 1)
	go func() {
		ended <- run(ctx, []string{"dev", folder, "--addr", "127.0.0.1:0", "--widths", "100,200"}, said, io.MultiWriter(&errors, said))
		_ = said.Close()
	}()
	lines := make(chan string, 10_000) // an answer waits until its line is printed
	go func() {
		defer close(lines)
		for each := bufio.NewScanner(out); each.Scan(); {
			lines <- each.Text()
		}
	}()
	url := regexp.MustCompile(`http://[^ ]+`).FindString(follow(t, lines, "runs what would be deployed"))
	follow(t, lines, `^Try http://127.0.0.1:[0-9]+/b%20c.jpg\?w=800$`)
	get := func(path string) []byte {
		t.Helper()
		a, err := http.Get(url + path)
		if err != nil {
			t.Fatal(err)
		}
		return whole(t, a)
	}
	first := get("/b%20c.jpg?w=99&fm=png")
	follow(t, lines, `^function +200 .* GET /b%20c.jpg\?w=99&fm=png$`)
	if again := get("/b%20c.jpg?w=100&fm=png"); !bytes.Equal(first, again) {
		t.Error("another picture")
	}
	follow(t, lines, `^edge cache +200 `)
	get("/b%20c.jpg?w=0")
	follow(t, lines, `^edge +400 `)
	write(700)
	follow(t, lines, `"b c.jpg" was replaced`)
	follow(t, lines, `let go of 1 answer$`)
	if again := get("/b%20c.jpg?w=100&fm=png"); bytes.Equal(first, again) {
		t.Error("the replaced photo does not show")
	}
	follow(t, lines, `^function +200 `)

	var report bytes.Buffer
	if code := run(t.Context(), []string{"check", url, "--photo", "b c.jpg", "--widths", "100,200"}, &report, &report); code != 0 {
		t.Errorf("photofit check ends with %d:\n%s", code, &report)
	}
	for _, want := range []string{"✓ formats by Accept", "– a photo is rendered", "it needs credentials", "– HTTPS only"} {
		if !strings.Contains(report.String(), want) {
			t.Errorf("%q is not in\n%s", want, &report)
		}
	}
	report.Reset()
	var told bytes.Buffer
	if code := run(t.Context(), []string{"check", url, "--json", "--photo", "b c.jpg"}, &report, &told); code != 1 {
		t.Errorf("with another ladder it ends with %d", code)
	}
	var all []check.Result
	if err := json.Unmarshal(report.Bytes(), &all); err != nil || len(all) < 20 || !strings.Contains(told.String(), "checks failed") {
		t.Errorf("%d results, %v, %s", len(all), err, &told)
	}

	if err := os.Remove(photo); err != nil {
		t.Fatal(err)
	}
	follow(t, lines, `"b c.jpg" is gone`)
	follow(t, lines, `let go of [0-9]+ answer`)
	if gone, err := http.Get(url + "/b%20c.jpg?w=100&fm=png"); err != nil || gone.StatusCode != http.StatusNotFound {
		t.Errorf("%v, %v", gone, err)
	} else {
		_ = whole(t, gone)
	}

	stop()
	if code := <-ended; code != 0 {
		t.Errorf("it ends with %d: %s", code, &errors)
	}
	if left, err := os.ReadDir(temp); err != nil || len(left) > 0 {
		t.Errorf("left: %v, %v", left, err)
	}
	if left, err := os.ReadDir(folder); err != nil || len(left) > 0 {
		t.Errorf("the folder holds %v, %v", left, err)
	}
}

// TestDevCheck is photofit dev --check.
func TestDevCheck(t *testing.T) {
	needsServer(t)
	folder := t.TempDir()
	var out, said bytes.Buffer
	if code := run(t.Context(), []string{"dev", folder, "--addr", "127.0.0.1:0", "--check", "--policy", "open"}, &out, &said); code != 0 {
		t.Errorf("it ends with %d: %s%s", code, &out, &said)
	}
	if n := strings.Count(out.String(), "✓"); n < 26 || strings.ContainsAny(out.String(), "✗–") {
		t.Errorf("%d checks passed:\n%s", n, &out)
	}
}

// The function carries nothing of what sets up or tries out.
func TestFunctionIsSlim(t *testing.T) {
	list := exec.Command("go", "list", "-deps", "-tags", "lambda.norpc,function", ".")
	packages, err := list.Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, never := range []string{"github.com/dop251/goja", "photofit/internal/edge", "photofit/internal/check", "photofit/internal/dev", "photofit/internal/stack"} {
		for name := range strings.Lines(string(packages)) {
			if name = strings.TrimSpace(name); name == never || strings.HasPrefix(name, never+"/") {
				t.Errorf("the function has %s", name)
			}
		}
	}
}
