package check

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"net/http"
	"slices"
	"strings"

	"photofit"
)

// infos asks what is known of a photo, under both of its addresses.
func infos(ctx context.Context, s *suite) (string, error) {
	recipe := photofit.Recipe{Photo: s.known, Format: photofit.InfoJSON}
	var first *answer
	var info photofit.Info
	for _, target := range []string{recipe.Path(), photoPath(s.known) + "?fm=json", recipe.Path()} {
		a, err := s.get(ctx, target, "Accept", "application/json", "Origin", "https://photofit.example")
		if err != nil {
			return "", err
		}
		if a.status != http.StatusOK || !strings.HasPrefix(a.header.Get("Content-Type"), "application/json") {
			return "", a.trouble("what is known of the photo, as JSON")
		}
		if a.header.Get("Access-Control-Allow-Origin") != "*" {
			return "", wrongf("A page's script may not read it: the response headers policy sets Access-Control-Allow-Origin: *.", "%s has no Access-Control-Allow-Origin", a.text())
		}
		if err := json.Unmarshal(a.body, &info); err != nil || info.Width < 1 || info.Height < 1 || info.Bytes < 1 || info.ThumbHash == "" || !strings.HasPrefix(info.Color, "#") {
			return "", wrongf("Edge and function are of different versions: deploy both at once.", "%s: %.200q", a.text(), a.body)
		}
		if s.Basic && (info.Taken != "" || info.Caption != "" || info.Creator != "" || info.Copyright != "") {
			return "", wrongf("It was made before --info basic, or the site was deployed without: docs/purge.md tells how to let go of what was told.", "%s tells more than --info basic does: %.200q", a.text(), a.body)
		}
		if !s.Policy.Free && !slices.Equal(info.Widths, s.Policy.WidthsFor(info.Width)) {
			return "", wrongf("It was made for another ladder: docs/purge.md, \"Another ladder\", tells how to let go of it.", "%s tells the widths %v, and the ladder has %v", a.text(), info.Widths, s.Policy.WidthsFor(info.Width))
		}
		if first == nil {
			first = a
		}
		if !bytes.Equal(first.body, a.body) || first.header.Get("Etag") != a.header.Get("Etag") {
			return "", wrongf(fixEdge, "%s differs from %s", a.text(), first.text())
		}
	}
	if s.Inside != nil {
		switch tag, err := s.Inside.Rendition(ctx, recipe.Key()); {
		case errors.Is(err, fs.ErrNotExist):
			return "", wrongf("The function does not keep it: PHOTOFIT_CACHE names the bucket of renditions, and its role needs s3:PutObject there.", "%s is not in the bucket of renditions", recipe.Key())
		case err != nil:
			return "", err
		case tag != first.header.Get("Etag"):
			return "", wrongf("The bucket of renditions must use SSE-S3 (AES256): with KMS an object's ETag is not the MD5 of its bytes.", "the object's ETag is %s, the answer's was %s", tag, first.header.Get("Etag"))
		}
	}
	again, err := s.get(ctx, recipe.Path(), "If-None-Match", first.header.Get("Etag"))
	if err != nil {
		return "", err
	}
	return strings.TrimSpace(info.Color + ", " + info.Type), again.unmodified(first.header.Get("Etag"))
}
