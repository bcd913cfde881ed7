// Package guides builds the sites that docs/guides shows with the tools that they
// are for, and looks at them in a browser. The guides are all there is of them: a
// block of code below a line with a file's name in it is that file.
package guides

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// media is where the guides have their photos.
const media = "https://media.example.com"

// block is a line like "`index.html`:", and the fenced block below it.
var block = regexp.MustCompile("(?ms)^`([^`\n]+)`:\n\n```[a-z-]*\n(.*?)^```$")

// filesOf are the files of a guide, by their names.
func filesOf(t *testing.T, guide string) map[string]string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "guides", guide+".md"))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, m := range block.FindAllStringSubmatch(string(text), -1) {
		if _, twice := files[m[1]]; twice || !filepath.IsLocal(m[1]) {
			t.Errorf("%s.md: the file %s is there twice, or is not below the site", guide, m[1])
		}
		files[m[1]] = m[2]
	}
	if fences := strings.Count(string(text), "\n```"); fences != 2*len(files) {
		t.Errorf("%s.md: %d files, and %d fences: each block has the name of its file above it", guide, len(files), fences)
	}
	return files
}

// write lays a guide's site into a folder, with its photos at base.
func write(t *testing.T, guide, folder, base string) {
	t.Helper()
	for name, text := range filesOf(t, guide) {
		file := filepath.Join(folder, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(strings.ReplaceAll(text, media, base)), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

// TestGuides reads all of them: each has files, is in the list, asks the one host, and tells
// of photofit rewrite.
func TestGuides(t *testing.T) {
	folder := filepath.Join("..", "..", "docs", "guides")
	list, err := os.ReadFile(filepath.Join(folder, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	all, err := filepath.Glob(filepath.Join(folder, "*.md"))
	if err != nil || len(all) < 8 {
		t.Fatalf("%d guides: %v", len(all), err)
	}
	for _, file := range all {
		name := filepath.Base(file)
		if name == "README.md" || name == "go-templates.md" { // which is tested where markup is
			continue
		}
		if !strings.Contains(string(list), "("+name+")") {
			t.Errorf("%s is not in README.md", name)
		}
		text := ""
		for _, part := range filesOf(t, strings.TrimSuffix(name, ".md")) {
			text += part
		}
		if !strings.Contains(text, media) {
			t.Errorf("%s: no file names %s", name, media)
		}
		guide, err := os.ReadFile(file)
		if err != nil || !strings.Contains(string(guide), "photofit rewrite ") {
			t.Errorf("%s does not tell of photofit rewrite: %v", name, err)
		}
	}
}
