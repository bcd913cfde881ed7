package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"photofit/internal/imgtest"
)

func TestNameText(t *testing.T) {
	for name, want := range map[string]string{
		"b.jpg": "b.jpg", "Café 世界 🌄.jpg": "Café 世界 🌄.jpg", `say "hi" \o/.jpg`: `say "hi" \o/.jpg`, "9.41\u202fAM.png": "9.41\u202fAM.png",
		"👩\u200d👧.jpg": "👩\u200d👧.jpg", "": "",
		"a\x1b[31m.jpg": `"a\x1b[31m.jpg"`, "a\nb": `"a\nb"`, "a\rb": `"a\rb"`, "\x7f": `"\x7f"`, "\u009b31m": `"\u009b31m"`,
		"gpj.\u202eb": `"gpj.\u202eb"`, "\xff\xfe.jpg": `"\xff\xfe.jpg"`, "\ufffd": "\ufffd", "q\"\x00": `"q\"\x00"`,
	} {
		if got := nameText(name); got != want {
			t.Errorf("nameText(%q) = %s, want %s", name, got, want)
		}
	}
	if got, want := visibleLines("stat a\x1b]0;x\a: no\nsay \xff\n"), `stat a\x1b]0;x\a: no`+"\nsay "+`\xff`+"\n"; got != want {
		t.Errorf("visibleLines: %q, want %q", got, want)
	}
}

// What is in a name does not reach the terminal, neither in a table nor in an
// error.
func TestNamesDoNotReachTheTerminal(t *testing.T) {
	lib := libvips(t)
	folder := t.TempDir()
	odd := []string{"red\x1b[31m.jpg", "two\nlines.jpg", "latin\xe9.jpg", "bell\a.jpg"}
	chart := imgtest.JPEG(imgtest.OrientationChart(60, 40), 90)
	for _, name := range odd {
		if err := os.WriteFile(filepath.Join(folder, name), chart, 0o644); err != nil {
			t.Skip("this file system has no such names:", err)
		}
	}
	if err := os.WriteFile(filepath.Join(folder, "text\x1b[32m.jpg"), []byte("no picture"), 0o644); err != nil {
		t.Fatal(err)
	}
	said := func(want int, args ...string) string {
		t.Helper()
		var out, err bytes.Buffer
		if code := run(context.Background(), args, &out, &err); code != want {
			t.Errorf("%q: exit code %d, %s", args, code, err.String())
		}
		both := out.String() + err.String()
		if visibleLines(both) != both {
			t.Errorf("%q prints\n%q", args, both)
		}
		return both
	}
	table := said(0, "measure", folder, "--libvips", lib)
	for _, want := range []string{`"red\x1b[31m.jpg" `, `"two\nlines.jpg" `, `"latin\xe9.jpg" `, `"bell\a.jpg" `, `"text\x1b[32m.jpg" `} {
		if !strings.Contains(table, "\n"+want) {
			t.Errorf("%s is not in\n%s", want, table)
		}
	}
	said(1, "render", filepath.Join(folder, "no\x1b[31m.jpg"), "-o", "x.jpg", "--libvips", lib)
	said(0, "render", filepath.Join(folder, odd[0]), "-o", filepath.Join(folder, "out\x1b[31m.jpg"), "--libvips", lib)
	said(1, "serve", filepath.Join(folder, "no\x1b[31m"))
	said(0, "explain", "/b.jpg?w=64&\x1b[31m=1&fm=png&ut\x1bm=\x07")
	said(80, "serve", folder, "more\x1b[31m")
	said(80, "serv\x1b[31m")
}
