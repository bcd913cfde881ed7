package guides

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"photofit/internal/site/browser/browsertest"
)

// build makes the site in a folder by a guide's tool, and is where it is then.
type build func(t *testing.T, guide, base string) string

// TestGuidesInABrowser builds sites as the guides say, and shows them at sizes of
// phones, tablets and laptops: each photo comes in the step of the ladder that its
// layout wants, in pixels of the screen, and nothing moves when it comes.
func TestGuidesInABrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("builds five sites")
	}
	browser := browsertest.Start(t)
	base := servePhotos(t)
	for guide, build := range map[string]build{"plain": plain, "hugo": hugo, "jekyll": jekyll, "eleventy": eleventy, "next": next} {
		t.Run(guide, func(t *testing.T) {
			site := build(t, guide, base)
			for _, width := range []int{320, 768, 1440} {
				for density := 1; density <= 3; density++ {
					t.Run(fmt.Sprintf("%d px at %d", width, density), func(t *testing.T) {
						all := look(t, browser, site, base, width, density)
						if len(all) != 2 {
							t.Fatalf("%d photos, want 2", len(all))
						}
						for n, img := range all {
							fits(t, img, base, density)
							if lazy := img.Loading == "lazy"; lazy != (n > 0) {
								t.Errorf("photo %d is lazy: %v", n, lazy)
							}
						}
					})
				}
			}
		})
	}
}

func plain(t *testing.T, guide, base string) string {
	site := t.TempDir()
	write(t, guide, site, base)
	return site
}

func hugo(t *testing.T, guide, base string) string {
	program := tool(t, "hugo/bin/hugo")
	folder := t.TempDir()
	write(t, guide, folder, base)
	run(t, folder, []string{"HUGO_CACHEDIR=" + t.TempDir(), "HUGO_SECURITY_HTTP_URLS=^http://127"}, program)
	return filepath.Join(folder, "public")
}

func jekyll(t *testing.T, guide, base string) string {
	program, err := exec.LookPath("jekyll")
	missing(t, err)
	folder := t.TempDir()
	write(t, guide, folder, base)
	run(t, folder, []string{"JEKYLL_NO_BUNDLER_REQUIRE=true"}, program, "build", "--quiet", "--disable-disk-cache")
	return filepath.Join(folder, "_site")
}

func eleventy(t *testing.T, guide, base string) string {
	program := tool(t, "guides/node_modules/@11ty/eleventy/cmd.cjs")
	folder := t.TempDir()
	write(t, guide, folder, base)
	run(t, folder, nil, "node", program, "--quiet")
	return filepath.Join(folder, "_site")
}

func next(t *testing.T, guide, base string) string {
	program := tool(t, "guides/node_modules/next/dist/bin/next")
	// Beside node_modules, where imports are looked for.
	folder, err := os.MkdirTemp(tool(t, "guides"), "site-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(folder) })
	write(t, guide, folder, base)
	run(t, folder, []string{"NEXT_TELEMETRY_DISABLED=1"}, "node", program, "build")
	return filepath.Join(folder, "out")
}

// tool is a program that scripts/tools guides installs, by its path in bin/tools.
func tool(t *testing.T, path string) string {
	t.Helper()
	file, err := filepath.EvalSymlinks(filepath.Join("..", "..", "bin", "tools", filepath.FromSlash(path)))
	if err == nil {
		file, err = filepath.Abs(file)
	}
	missing(t, err)
	return file
}

// missing ends a test whose tool is not there, if err is not nil.
func missing(t *testing.T, err error) {
	t.Helper()
	switch {
	case err == nil:
	case os.Getenv("CI") != "":
		t.Fatalf("%v: scripts/tools guides installs it", err)
	default:
		t.Skipf("SKIPPED: %v: scripts/tools guides installs it", err)
	}
}

// run runs a tool in a folder, with more in its environment.
func run(t *testing.T, folder string, env []string, program string, args ...string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), program, args...)
	cmd.Dir, cmd.Env = folder, append(os.Environ(), env...)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", filepath.Base(program), err, out)
	}
}
