package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"photofit/internal/imgtest"
	"photofit/internal/site/browser/browsertest"
)

// measuredSite is a site of two pages of one layout and one of another, and its photos.
func measuredSite(t *testing.T) (site, photos string) {
	t.Setenv("PHOTOFIT_LIBVIPS", libvips(t))
	site, photos = t.TempDir(), t.TempDir()
	write(t, filepath.Join(photos, "a.jpg"), string(imgtest.JPEG(imgtest.OrientationChart(900, 600), 90)))
	const head = `<!doctype html><meta name=viewport content="width=device-width"><style>body{margin:0}img{max-width:100%;height:auto}.post{padding:0 20px}.half{float:left;width:50%}</style>`
	write(t, filepath.Join(site, "index.html"), head+`<img src="a.jpg"><p class=half><img src="a.jpg"></p>`)
	for _, name := range []string{"one.html", "two.html"} {
		write(t, filepath.Join(site, name), head+`<article class=post><p>x<p><img src="a.jpg"></article>`)
	}
	return site, photos
}

// files are the texts of a site's pages.
func files(t *testing.T, folder string) string {
	t.Helper()
	all := ""
	for _, name := range []string{"index.html", "one.html", "two.html"} {
		text, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			t.Fatal(err)
		}
		all += name + "\n" + string(text) + "\n"
	}
	return all
}

// What was measured once is in the rules, and makes the same pages without a browser.
func TestMeasuredRulesWithoutABrowser(t *testing.T) {
	browsertest.Start(t)
	site, photos := measuredSite(t)
	rules := filepath.Join(t.TempDir(), "photofit.rules")
	args := func(more ...string) []string {
		return append([]string{"rewrite", site, "--photos", photos, "--base", "https://m.example", "--cache", t.TempDir(), "--rules", rules}, more...)
	}
	rewrite := func(want int, args []string) string {
		t.Helper()
		var out, said bytes.Buffer
		if code := run(t.Context(), args, &out, &said); code != want {
			t.Fatalf("exit %d: %s%s", code, &out, &said)
		}
		return said.String()
	}
	before := files(t, site)
	rewrite(1, args("--measure", "--check"))
	if _, err := os.Stat(rules); err == nil || files(t, site) != before {
		t.Error("--check has written something")
	}

	write(t, rules, "/* mine */\n.post img { quality: 60 }\n")
	if said := rewrite(0, args("--measure", "--out", filepath.Join(t.TempDir(), "out"))); !strings.Contains(said, "photofit.rules has 3 rules of what was measured") {
		t.Errorf("%s", said)
	}
	text, err := os.ReadFile(rules)
	if want := `/* mine */
.post img { quality: 60 }

/* measured: photofit rewrite --measure writes what is between these lines */
.half img { sizes: (min-width: 1800px) 900px, 50vw }
.post img { sizes: (min-width: 940px) 900px, calc(100vw - 40px) }
body > img { sizes: (min-width: 900px) 900px, 100vw }
/* measured: end */
`; err != nil || string(text) != want {
		t.Errorf("%s, %v", text, err)
	}
	measured := filepath.Join(t.TempDir(), "measured")
	rewrite(0, args("--measure", "--out", measured))
	if again, err := os.ReadFile(rules); err != nil || !bytes.Equal(again, text) {
		t.Errorf("a second time: %s, %v", again, err)
	}

	t.Setenv("PATH", "")
	rewrite(0, args())
	if got, want := files(t, site), files(t, measured); got != want || !strings.Contains(got, `sizes="auto, (min-width: 1800px) 900px, 50vw"`) {
		t.Errorf("without a browser\n%s\nwith one\n%s", got, want)
	}
	rewrite(0, args("--check"))
}

// Without a browser --measure says what to do, before anything is written.
func TestMeasureWithoutABrowser(t *testing.T) {
	site, photos := measuredSite(t)
	t.Setenv("PATH", t.TempDir())
	before := files(t, site)
	rules, beside := filepath.Join(t.TempDir(), "rules"), filepath.Join(t.TempDir(), "out")
	for _, more := range [][]string{nil, {"--out", beside}, {"--rules", rules}} {
		var out, said bytes.Buffer
		args := append([]string{"rewrite", site, "--photos", photos, "--base", "https://m.example", "--cache", t.TempDir(), "--measure"}, more...)
		if code := run(t.Context(), args, &out, &said); code != 1 || out.Len() > 0 ||
			!strings.Contains(said.String(), "no Chromium is found: install chromium (or Google Chrome), or leave --measure out") {
			t.Errorf("%v: exit %d, %s%s", more, code, &out, &said)
		}
	}
	for _, file := range []string{rules, beside} {
		if _, err := os.Stat(file); err == nil {
			t.Errorf("%s is there", file)
		}
	}
	if files(t, site) != before {
		t.Error("the site has changed")
	}
}
