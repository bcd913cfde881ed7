package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// theme is one whose tool makes a site of a post with three photos.
type theme struct {
	name  string
	page  string                             // the post's folder in the site
	build func(t *testing.T) (folder string) // skips where the tool is missing
}

// address is the post's path, without the slash at its end.
func (t theme) address() string {
	if t.page == "" {
		return ""
	}
	return "/" + t.page
}

// themes are the ones that their tools bring, or name first.
var themes = []theme{
	{"Jekyll minima", "trip", jekyllMinima},
	{"Hexo landscape", "trip", hexoLandscape},
	{"VitePress", "", vitePress},
}

// tripPhotos are at the top of the site.
var tripPhotos = []string{"a.jpg", "b.jpg", "c.jpg"}

// trip is a post with a photo by itself, in a quote and in a list; silent is one
// without descriptions.
const (
	trip   = "Up.\n\n![The summit](/a.jpg)\n\n> ![In a quote](/b.jpg)\n\n- ![In a list](/c.jpg)\n"
	silent = "Up.\n\n![](/a.jpg)\n\n> ![](/b.jpg)\n\n- ![](/c.jpg)\n"
)

func jekyllMinima(t *testing.T) string {
	jekyll, err := exec.LookPath("jekyll")
	if err == nil {
		err = exec.CommandContext(t.Context(), "ruby", "-e", `Gem::Specification.find_by_name("minima")`).Run()
	}
	if err != nil {
		noTool(t, "jekyll with minima")
	}
	source := sources(t, map[string]string{
		"_config.yml":               "title: Trips\ntheme: minima\nplugins: [jekyll-feed, jekyll-seo-tag]\n",
		"_posts/2026-05-01-trip.md": "---\nlayout: post\ntitle: A trip\npermalink: /trip/\n---\n" + trip,
		"index.md":                  "---\nlayout: home\n---\n",
	})
	builds(t, source, jekyll, "build", "--quiet", "--disable-disk-cache")
	return filepath.Join(source, "_site")
}

// hexoLandscape has a script that writes descriptions below photos, which moves what follows.
func hexoLandscape(t *testing.T) string {
	modules := nodeModules(t, "hexo")
	source := sources(t, map[string]string{
		"package.json": `{"private": true, "hexo": {"version": ""}, "dependencies": {"hexo": "*", "hexo-generator-index": "*",
			"hexo-renderer-ejs": "*", "hexo-renderer-marked": "*", "hexo-renderer-stylus": "*", "hexo-theme-landscape": "*"}}`,
		"_config.yml":           "title: Trips\ntheme: landscape\nurl: https://trips.example\npermalink: :title/\n",
		"source/_posts/trip.md": "---\ntitle: A trip\ndate: 2026-05-01\n---\n" + silent,
	})
	if err := os.Symlink(modules, filepath.Join(source, "node_modules")); err != nil {
		t.Fatal(err)
	}
	builds(t, source, "node", filepath.Join(modules, "hexo/bin/hexo"), "generate", "--silent")
	return filepath.Join(source, "public")
}

// vitePress takes over the page that the server has sent, as sites of its kind do.
func vitePress(t *testing.T) string {
	modules := nodeModules(t, "vitepress")
	source := sources(t, map[string]string{
		"package.json":               `{"private": true, "type": "module"}`,
		"docs/.vitepress/config.mjs": "export default { title: 'Trips' }\n",
		"docs/index.md":              "# A trip\n\n" + trip,
		// It looks for photos, and does not start without them; they give way to the real ones.
		"docs/public/a.jpg": "", "docs/public/b.jpg": "", "docs/public/c.jpg": "",
	})
	if err := os.Symlink(modules, filepath.Join(source, "node_modules")); err != nil {
		t.Fatal(err)
	}
	builds(t, source, "node", filepath.Join(modules, "vitepress/bin/vitepress.js"), "build", "docs")
	site := filepath.Join(source, "docs/.vitepress/dist")
	for _, name := range tripPhotos {
		if err := os.Remove(filepath.Join(site, name)); err != nil {
			t.Fatal(err)
		}
	}
	return site
}

// nodeModules is where scripts/tools guides installs what npm has, that package too.
func nodeModules(t *testing.T, name string) string {
	t.Helper()
	modules, err := filepath.Abs("../../bin/tools/guides/node_modules")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(modules, name)); err != nil {
		noTool(t, name)
	}
	return modules
}

// noTool ends a test whose tool is missing.
func noTool(t *testing.T, name string) {
	t.Helper()
	if os.Getenv("CI") != "" {
		t.Fatalf("no %s, and CI has to have it", name)
	}
	t.Skipf("SKIPPED: no %s: scripts/tools guides installs it", name)
}

// sources writes a site's source into a folder.
func sources(t *testing.T, files map[string]string) (folder string) {
	t.Helper()
	folder = t.TempDir()
	for name, text := range files {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(folder, name)), 0o777); err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(folder, name), text)
	}
	return folder
}

// builds runs a site's tool in its folder.
func builds(t *testing.T, folder, program string, args ...string) {
	t.Helper()
	c := exec.CommandContext(t.Context(), program, args...)
	c.Dir, c.Env = folder, append(os.Environ(), "JEKYLL_NO_BUNDLER_REQUIRE=true")
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
}
