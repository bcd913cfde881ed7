package guides

import (
	"encoding/json"
	"net/url"
	"os/exec"
	"strings"
	"testing"

	"photofit"
)

// resolve is what a URL of the guides' server asks for, by a browser that takes all formats.
func resolve(t *testing.T, address string) (photofit.Recipe, error) {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil || !strings.HasPrefix(address, media+"/") {
		t.Fatalf("%s: %v", address, err)
	}
	return photofit.Resolve(u.EscapedPath(), u.RawQuery, "image/avif,image/webp", photofit.Policy{})
}

// TestAddresses has what tools ask for that the tests don't run: Nuxt 4.5.2 with
// @nuxt/image 2.1.0, and @unpic/astro 1.0.2.
func TestAddresses(t *testing.T) {
	whole := func(width int) photofit.Recipe { return photofit.Recipe{Width: width, Format: photofit.AutoAVIF} }
	for _, tt := range []struct {
		by, query string
		want      photofit.Recipe
	}{
		{"nuxt, sizes", "w=320", whole(320)},
		{"nuxt, sizes", "w=960", whole(960)},
		{"nuxt, a size without a screen", "w=1", whole(32)},
		{"nuxt, width and height", "w=1280&h=854", photofit.Recipe{Width: 1280, Height: 853, Format: photofit.AutoAVIF}},
		{"nuxt, cover", "w=800&h=450&fm=avif&q=60&fit=crop", photofit.Recipe{Width: 800, Height: 450, Fit: photofit.Cover, Quality: 60, Format: photofit.AVIF}},
		{"nuxt, ar as a modifier", "ar=16%3A9&w=768&fit=crop", photofit.Recipe{Width: 800, Height: 450, Fit: photofit.Cover, Format: photofit.AutoAVIF}},
		{"nuxt, inside", "w=800&fit=max", whole(800)},
		{"nuxt, picture", "w=640&fm=webp", photofit.Recipe{Width: 640, Format: photofit.WebP}},
		{"nuxt, picture with legacy-format", "w=3840&fm=jpg", photofit.Recipe{Width: 3840, Format: photofit.JPEG}},
		{"unpic, constrained", "w=320&h=213&fit=min&auto=format", photofit.Recipe{Width: 320, Height: 213, Fit: photofit.Cover, Format: photofit.AutoAVIF}},
		{"unpic, constrained", "w=2560&h=1707&fit=min&auto=format", photofit.Recipe{Width: 2560, Height: 1707, Fit: photofit.Cover, Format: photofit.AutoAVIF}},
		{"unpic, a breakpoint of its own", "w=828&h=552&fit=min&auto=format", photofit.Recipe{Width: 1280, Height: 853, Fit: photofit.Cover, Format: photofit.AutoAVIF}},
		{"unpic, full width", "w=640&fit=min&auto=format", whole(640)},
		{"unpic, no size", "fit=min&auto=format", whole(3840)},
		{"unpic, fit", "fit=max&w=320&h=213&auto=format", photofit.Recipe{Width: 320, Height: 213, Format: photofit.AutoAVIF}},
	} {
		got, err := resolve(t, media+"/trip/b.jpg?"+tt.query)
		tt.want.Photo = "trip/b.jpg"
		if err != nil || got != tt.want {
			t.Errorf("%s: %s is %+v, %v; want %+v", tt.by, tt.query, got, err, tt.want)
		}
	}
	// What the guide for Nuxt warns of.
	for _, query := range []string{"w=800&fm=jpeg", "w=800&h=450&fit=fill", "w=800&h=450&fit=scale", "w=800&blur=20"} {
		if got, err := resolve(t, media+"/trip/b.jpg?"+query); err == nil {
			t.Errorf("%s is taken, as %+v", query, got)
		}
	}
}

// TestUnpicAddresses asks unpic itself.
func TestUnpicAddresses(t *testing.T) {
	const script = `import(process.argv[1]).then(({ transform }) => {
		const all = []
		for (const src of ["/trip/b.jpg", "/a%20b/%C3%A9.jpg"])
			for (const width of [undefined, 1, 320, 827.5, 6016])
				for (const height of [undefined, 213])
					for (const format of [undefined, "jpg", "webp", "avif", "png"])
						for (const more of [{}, { quality: 60 }, { fit: "max" }, { fit: "crop", crop: "smart" }, { crop: "top,left" }, { ar: "16:9" }, { dpr: 2 }])
							all.push(transform(process.argv[2] + src, { width, height, format, ...more }))
		console.log(JSON.stringify(all))
	})`
	out, err := exec.CommandContext(t.Context(), "node", "-e", script, tool(t, "guides/node_modules/unpic/esm/src/providers/imgix.js"), media).Output()
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	if err := json.Unmarshal(out, &all); err != nil || len(all) != 700 {
		t.Fatalf("%d addresses: %v: %.200s", len(all), err, out)
	}
	for _, address := range all {
		if _, err := resolve(t, address); err != nil {
			t.Errorf("%s: %v", address, err)
		}
	}
}
