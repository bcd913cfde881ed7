package markup_test

import (
	"encoding/json"
	"fmt"
	"html/template"
	"net/http"
	"net/http/httptest"
	"os"
	"sync"

	"photofit"
	"photofit/markup"
)

// Infos asks a server for what it knows of photos, and keeps it.
type Infos struct {
	Base string
	mu   sync.Mutex
	kept map[string]photofit.Info
}

func (n *Infos) Of(photo string) (photofit.Info, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if info, ok := n.kept[photo]; ok {
		return info, nil
	}
	var info photofit.Info
	res, err := http.Get(n.Base + photofit.Recipe{Photo: photo, Format: photofit.InfoJSON}.Path())
	if err != nil {
		return info, err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return info, fmt.Errorf("%s: %s", photo, res.Status)
	}
	if err := json.NewDecoder(res.Body).Decode(&info); err != nil {
		return info, err
	}
	if n.kept == nil {
		n.kept = map[string]photofit.Info{}
	}
	n.kept[photo] = info
	return info, nil
}

// What a page needs to know of its photos can be asked of the server that has them.
func ExampleSite_FuncMap_server() {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/trip/b.jpg/_info.json" {
			http.NotFound(w, r)
			return
		}
		fmt.Fprint(w, `{"width": 1500, "height": 1000, "color": "#8a6f4d"}`)
	}))
	defer server.Close()
	infos := &Infos{Base: server.URL}

	page := template.Must(template.New("page").Funcs(site.FuncMap(infos.Of)).Parse(`{{photo "trip/b.jpg" "alt" "The summit"}}`))
	if err := page.Execute(os.Stdout, nil); err != nil {
		fmt.Println(err)
	}
	tag, err := markup.Site{}.FuncMap(infos.Of)["photo"].(func(string, ...any) (template.HTML, error))("gone.jpg")
	fmt.Printf("\n%q %v\n", tag, err)
	// Output:
	// <img alt="The summit" src="https://media.example.com/trip/b.jpg?w=1600" srcset="https://media.example.com/trip/b.jpg?w=400 400w, https://media.example.com/trip/b.jpg?w=800 800w, https://media.example.com/trip/b.jpg?w=1600 1500w" sizes="auto, 100vw" width="1500" height="1000" loading="lazy" decoding="async">
	// "" gone.jpg: 404 Not Found
}
