package sheet

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"net/http"
	"path"
	"strings"
	"time"
)

//go:embed static
var static embed.FS

// asset is a file of the sheet's own, under a name that changes with its bytes.
type asset struct {
	body      []byte
	mediaType string
}

var mediaTypes = map[string]string{
	".css": "text/css; charset=utf-8",
	".js":  "text/javascript; charset=utf-8",
	".svg": "image/svg+xml",
}

// assets are by hashed name, assetAddresses by plain name: "sheet.css" is at
// "/-/sheet/sheet.0123456789ab.css".
var assets, assetAddresses = readAssets()

func readAssets() (map[string]asset, map[string]string) {
	byName, addresses := map[string]asset{}, map[string]string{}
	files, err := static.ReadDir("static")
	if err != nil {
		panic(err) // what is embedded can be read
	}
	for _, f := range files {
		body, err := static.ReadFile("static/" + f.Name())
		if err != nil {
			panic(err)
		}
		ext := path.Ext(f.Name())
		// A script may import those before it in the order of names.
		for plain, address := range addresses {
			body = bytes.ReplaceAll(body, []byte("'./"+plain+"'"), []byte("'"+address+"'"))
		}
		sum := sha256.Sum256(body)
		name := strings.TrimSuffix(f.Name(), ext) + "." + hex.EncodeToString(sum[:6]) + ext
		byName[name] = asset{body, mediaTypes[ext]}
		addresses[f.Name()] = Prefix + name
	}
	return byName, addresses
}

// serveAsset answers for the asset of that hashed name, or tells that there is
// none. A name never gets other bytes, so it may be kept for ever.
func serveAsset(w http.ResponseWriter, r *http.Request, name string) bool {
	a, ok := assets[name]
	if !ok {
		return false
	}
	w.Header().Set("Content-Type", a.mediaType)
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(a.body))
	return true
}
