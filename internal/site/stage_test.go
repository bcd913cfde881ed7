package site

import (
	"path/filepath"
	"strings"
	"testing"
)

// What is measured is a page as it is to be, with photos as large as they were.
func TestStage(t *testing.T) {
	r, folder := newRewriter(t, Config{SiteURL: "https://www.example.com"}), t.TempDir()
	write(t, filepath.Join(folder, "index.html"), `<img src="a.jpg"><img src="https://m.example/a.jpg?w=400" height=1%><img src="a.jpg" srcset="https://m.example/a.jpg?w=400 400w" sizes=1px>`)
	write(t, filepath.Join(folder, "caf\xe9.html"), "<p><img src=b.jpg>")
	stage := r.Stage(folder)
	for url, want := range map[string]string{
		"https://www.example.com/": `<img data-photofit-spot="0" src="https://m.example/a.jpg?w=1600" width="3000" height="2000" loading="eager">` +
			`<img data-photofit-spot="1" src="https://m.example/a.jpg?w=400" loading="eager" height=1%>` +
			`<img data-photofit-spot="2" src="https://m.example/a.jpg?w=1600" width="3000" height="2000" loading="eager" srcset="" sizes="">`,
		"https://www.example.com/caf%E9.html": `<p><img data-photofit-spot="0" src="https://m.example/b.jpg?w=1600" width="3000" height="2000" loading="eager">`,
		"https://m.example/a.jpg?w=400":       `<svg xmlns="http://www.w3.org/2000/svg" width="400" height="267"/>`,
		"https://m.example/none.jpg?w=400":    "",
		"https://www.example.com/none.html":   "",
		"https://www.example.com/../x":        "",
		"https://other.example/":              "",
	} {
		if _, body, ok := stage.Serve(t.Context(), url); string(body) != want || ok != (want != "") {
			t.Errorf("%s: %s, %v", url, body, ok)
		}
	}
	stage.Know("index.html", map[int]Measured{0: {NoDimensions: true}})
	if _, body, _ := stage.Serve(t.Context(), "https://www.example.com/index.html"); !strings.HasPrefix(string(body), `<img data-photofit-spot="0" src="https://m.example/a.jpg?w=1600" loading="eager"><img`) {
		t.Errorf("%s", body)
	}
}
