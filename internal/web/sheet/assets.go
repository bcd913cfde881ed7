package sheet

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"net/http"
	"path"
	"regexp"
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
	// What a script imports is read before it, since its name is in the script.
	var read func(plain string) string
	read = func(plain string) string {
		if address, ok := addresses[plain]; ok {
			return address
		}
		body, err := static.ReadFile("static/" + plain)
		if err != nil {
			panic(err) // what is embedded can be read
		}
		ext := path.Ext(plain)
		body = imported.ReplaceAllFunc(body, func(m []byte) []byte {
			return []byte("'" + read(string(m[len("'./"):len(m)-1])) + "'")
		})
		sum := sha256.Sum256(body)
		name := strings.TrimSuffix(plain, ext) + "." + hex.EncodeToString(sum[:6]) + ext
		byName[name] = asset{body, mediaTypes[ext]}
		addresses[plain] = Prefix + name
		return addresses[plain]
	}
	files, err := static.ReadDir("static")
	if err != nil {
		panic(err)
	}
	for _, f := range files {
		read(f.Name())
	}
	return byName, addresses
}

var imported = regexp.MustCompile(`'\./[a-z]+\.js'`)

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
