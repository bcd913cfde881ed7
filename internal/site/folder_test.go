package site

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"photofit"
)

// builtSite writes n pages with five images each.
func builtSite(t testing.TB, n int) string {
	folder := t.TempDir()
	for i := range n {
		var b strings.Builder
		fmt.Fprintf(&b, "<!doctype html>\r\n<html><head><title>%d</title></head><body>", i)
		for j := range 5 {
			fmt.Fprintf(&b, "<article class=\"post p%d\"><h2>Title</h2>%s<p><img src=\"/photos/%d.jpg\" alt='x'></article>\n", j, strings.Repeat("<p>Some <b>words</b> that stay as they are &amp; more.</p>\n", 40), (i*5+j)%200)
		}
		write(t, filepath.Join(folder, fmt.Sprintf("posts/%d/index.html", i)), b.String())
	}
	return folder
}

func write(t testing.TB, file, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// anyPhoto counts how often it is asked.
func anyPhoto(asked *atomic.Int64) func(context.Context, string) (photofit.Info, error) {
	return func(context.Context, string) (photofit.Info, error) {
		asked.Add(1)
		return photofit.Info{Width: 6000, Height: 4000, Bytes: 9e6, Type: "image/jpeg", Color: "#123456"}, nil
	}
}

func TestAThousandPages(t *testing.T) {
	folder := builtSite(t, 1000)
	var asked atomic.Int64
	r := newRewriter(t, Config{Info: anyPhoto(&asked), Rules: parse(t, `.post img { sizes: 50vw }`)})
	for again, want := range []int{1000, 0} {
		files, err := r.Do(t.Context(), Run{Folder: folder})
		if err != nil || len(files) != 1000 {
			t.Fatalf("%d files, %v", len(files), err)
		}
		changed := 0
		for _, f := range files {
			if f.Changed {
				changed++
			}
			if len(f.Found) != 5 || f.Found[0].Left != "" {
				t.Fatalf("%s: %+v", f.Name, f.Found)
			}
		}
		if changed != want {
			t.Errorf("run %d: %d changed, want %d", again, changed, want)
		}
	}
	if asked.Load() != 200 {
		t.Errorf("asked %d times for 200 photos", asked.Load())
	}
}

func TestFilesStayWhatTheyAre(t *testing.T) {
	folder := t.TempDir()
	const page = `<img src="a.jpg">`
	for _, name := range []string{"a.html", "b.HTM", "c.xhtml", "d.txt", ".git/x.html", "outside/o.html"} {
		write(t, filepath.Join(folder, name), page)
	}
	if err := os.Chmod(filepath.Join(folder, "a.html"), 0o640); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("a.html", filepath.Join(folder, "link.html")); err != nil {
		t.Fatal(err)
	}
	r := newRewriter(t, Config{})
	out := filepath.Join(t.TempDir(), "out")
	for _, run := range []Run{{Folder: folder, Check: true}, {Folder: folder, Out: out}, {Folder: folder}} {
		if _, err := r.Do(t.Context(), run); err != nil {
			t.Fatal(err)
		}
		for name, changes := range map[string]bool{"a.html": true, "b.HTM": true, "c.xhtml": false, "d.txt": false, ".git/x.html": false} {
			at := folder
			if run.Out != "" {
				if at = out; name == ".git/x.html" {
					continue
				}
			}
			got, err := os.ReadFile(filepath.Join(at, name))
			if err != nil {
				t.Fatal(err)
			}
			if changed := string(got) != page; changed != (changes && !run.Check) {
				t.Errorf("%+v: %s is %s", run, name, got)
			}
		}
	}
	for _, at := range []string{folder, out} {
		info, err := os.Lstat(filepath.Join(at, "a.html"))
		if err != nil || info.Mode() != 0o640 {
			t.Errorf("%s: %v, %v", at, info.Mode(), err)
		}
		if info, err := os.Lstat(filepath.Join(at, "link.html")); err != nil || info.Mode()&fs.ModeSymlink == 0 {
			t.Errorf("%s: the link is none any more: %v", at, err)
		}
		left, err := filepath.Glob(filepath.Join(at, ".photofit-*"))
		if err != nil || len(left) > 0 {
			t.Errorf("left over: %v", left)
		}
	}
	for _, out := range []string{folder, filepath.Join(folder, "out"), filepath.Dir(folder)} {
		if _, err := r.Do(t.Context(), Run{Folder: folder, Out: out}); err == nil {
			t.Errorf("%s was taken for %s", out, folder)
		}
	}
}

// Fifty megabytes of text, tags and images are a page as any other.
func TestAHugePage(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes a second or two")
	}
	unit := strings.Repeat("<p>Some <b class=x>words</b> &amp; more.\n", 200) + `<img src="a.jpg"><i style="background:url(b.jpg)">`
	page := strings.Repeat(unit, 50<<20/len(unit))
	r := newRewriter(t, Config{Backgrounds: true})
	got := rewrite(t, r, "index.html", page)
	if n := strings.Count(page, "<img"); !got.Changed || len(got.Found) != 2*n {
		t.Errorf("%d of %d", len(got.Found), 2*n)
	}
	if again := rewrite(t, r, "index.html", string(got.HTML)); again.Changed {
		t.Error("a second time it is another")
	}
}

func BenchmarkAThousandPages(b *testing.B) {
	folder := builtSite(b, 1000)
	var asked atomic.Int64
	r := newRewriter(b, Config{Info: anyPhoto(&asked), Rules: parse(b, `.post img { sizes: 50vw } .hero img { ratio: 16:9 }`), Policy: photofit.DefaultPolicy()})
	for b.Loop() {
		if _, err := r.Do(b.Context(), Run{Folder: folder, Check: true}); err != nil {
			b.Fatal(err)
		}
	}
}
