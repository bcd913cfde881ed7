package check

import (
	"bytes"
	"context"
	"fmt"
	"image"
	_ "image/jpeg"
	_ "image/png"
	"net/http"
	"slices"
	"strings"

	"photofit"
)

// The three kinds of viewers.
const (
	takesAVIF = "image/avif,image/webp,image/apng,image/*,*/*;q=0.8"
	takesWebP = "image/webp,image/*,*/*;q=0.8"
	takesNone = "image/png,image/*;q=0.8,*/*;q=0.5"
)

// target is the query form that most checks ask.
func (s *suite) target() string { return fmt.Sprintf("%s?w=%d", photoPath(s.known), s.width()) }

// picture asks for one, which must be there.
func (s *suite) picture(ctx context.Context, target string, headers ...string) (*answer, error) {
	a, err := s.get(ctx, target, headers...)
	if err != nil {
		return nil, err
	}
	if a.status != http.StatusOK || !strings.HasPrefix(a.header.Get("Content-Type"), "image/") {
		return nil, a.trouble("a picture")
	}
	return a, nil
}

// isThere sees that the photo which was named is one: what follows is asked of it.
func isThere(ctx context.Context, s *suite) (string, error) {
	a, err := s.get(ctx, s.target(), "Accept", takesWebP)
	if err != nil {
		return "", err
	}
	fix := ""
	switch a.status {
	case http.StatusNotFound:
		fix = "--photo is to name one that is there: its key in the bucket, within the folder of the photos, without a slash in front."
	case http.StatusUnsupportedMediaType, http.StatusUnprocessableEntity:
		fix = "--photo is to name a picture that can be shown."
	}
	if fix != "" && a.header.Get("Photofit-Error") != "" {
		s.probeFailed = true
		return "", wrongf(fix, "%s", a.text())
	}
	if a.status != http.StatusOK {
		return "", a.trouble("a picture")
	}
	return s.known, nil
}

func wide(ctx context.Context, s *suite) (string, error) {
	a, err := s.picture(ctx, s.target()+"&fm=jpg", "Accept", takesNone)
	if err != nil {
		return "", err
	}
	return s.pixels(a)
}

// pixels decodes a JPEG or PNG, and compares.
func (s *suite) pixels(a *answer) (string, error) {
	im, kind, err := image.Decode(bytes.NewReader(a.body))
	if err != nil {
		return "", wrongf("The picture is cut or changed on the way: Compress must be off, and InvokeMode RESPONSE_STREAM.", "%s: %d bytes that are no picture: %v", a.text(), len(a.body), err)
	}
	if w := im.Bounds().Dx(); w != s.width() {
		return "", wrongf(fixPolicy+" (A photo that is narrower is not enlarged: name another one.)", "%s is %d px wide, and not %d", a.text(), w, s.width())
	}
	return fmt.Sprintf("%s of %d × %d", kind, im.Bounds().Dx(), im.Bounds().Dy()), nil
}

func formats(ctx context.Context, s *suite) (string, error) {
	var seen []string
	for _, c := range []struct {
		accept string
		may    []string
	}{
		{takesAVIF, []string{"image/avif", "image/webp"}},
		{takesWebP, []string{"image/webp"}},
		{takesNone, []string{"image/jpeg", "image/png"}},
	} {
		a, err := s.picture(ctx, s.target(), "Accept", c.accept)
		if err != nil {
			return "", err
		}
		kind := a.header.Get("Content-Type")
		if !slices.Contains(c.may, kind) || !is(a.body, kind) {
			return "", wrongf("Accept does not decide the format: the edge function reads it, and it must not be in the cache key in its place.", "%s with Accept %s is %s", a.text(), c.accept, kind)
		}
		if !slices.Contains(strings.Split(strings.ToLower(strings.ReplaceAll(strings.Join(a.header["Vary"], ","), " ", "")), ","), "accept") {
			return "", wrongf("Vary is missing: the response headers policy sets Vary: Accept, or a cache behind CloudFront gives AVIF to who cannot show it.", "%s has Vary %q", a.text(), a.header["Vary"])
		}
		seen = append(seen, strings.TrimPrefix(kind, "image/"))
	}
	return strings.Join(seen, ", "), nil
}

// is tells whether bytes begin as that type does.
func is(body []byte, kind string) bool {
	if len(body) < 16 {
		return false
	}
	switch kind {
	case "image/jpeg":
		return body[0] == 0xff && body[1] == 0xd8
	case "image/png":
		return string(body[1:4]) == "PNG"
	case "image/webp":
		return string(body[8:12]) == "WEBP"
	}
	return string(body[4:12]) == "ftypavif" || string(body[4:12]) == "ftypavis"
}

func headers(ctx context.Context, s *suite) (string, error) {
	const fix = "The response headers policy is missing or another one: the behaviour needs ResponseHeadersPolicyId with what photofit template has."
	// Answers of the function, of the edge and, if the suite has an Inside, of the bucket.
	for _, target := range []string{s.target(), s.target(), s.target() + "&fm=jpg"} {
		a, err := s.picture(ctx, target, "Accept", takesWebP, "Origin", "https://photofit.example")
		if err != nil {
			return "", err
		}
		for _, want := range [][2]string{{"Access-Control-Allow-Origin", "*"}, {"Timing-Allow-Origin", "*"}, {"X-Content-Type-Options", "nosniff"}, {"Vary", "Accept"}} {
			if got := strings.Join(a.header[want[0]], ","); got != want[1] {
				return "", wrongf(fix, "%s has %s %q, and not %s", a.text(), want[0], got, want[1])
			}
		}
		for name := range a.header {
			if name := strings.ToLower(name); strings.HasPrefix(name, "x-amz-meta-") || name == "x-amz-server-side-encryption" {
				return "", wrongf(fix+" It removes what S3 adds.", "%s shows %s", a.text(), name)
			}
		}
		if e := a.header.Get("Content-Encoding"); e != "" {
			return "", wrongf("Pictures are not to be encoded once more: switch Compress off, and what else compresses on the way.", "%s has Content-Encoding %s", a.text(), e)
		}
		if a.header.Get("Set-Cookie") != "" {
			return "", wrongf("Something on the way sets a cookie: what is cached is then not shared, or is somebody's.", "%s sets a cookie", a.text())
		}
		if c := a.header.Get("Cache-Control"); !strings.Contains(c, "max-age=") {
			return "", wrongf("The object was put without Cache-Control: let the function make it anew.", "%s has Cache-Control %q", a.text(), c)
		}
	}
	return "CORS, timing, nosniff, Vary; nothing of S3's", nil
}

func conditional(ctx context.Context, s *suite) (string, error) {
	a, err := s.picture(ctx, s.target(), "Accept", takesWebP)
	if err != nil {
		return "", err
	}
	tag := a.header.Get("Etag")
	if !strings.HasPrefix(tag, `"`) || len(tag) < 3 {
		return "", wrongf("Something on the way changes it: Compress must be off.", "%s has ETag %q", a.text(), tag)
	}
	again, err := s.get(ctx, s.target(), "Accept", takesWebP, "If-None-Match", tag)
	if err != nil {
		return "", err
	}
	return tag, again.unmodified(tag)
}

// unmodified sees that an answer for an ETag that is known is a 304.
func (a *answer) unmodified(tag string) error {
	switch {
	case a.status == http.StatusOK:
		return wrongf("Something in front of CloudFront drops If-None-Match, or ETag: each view is sent whole.", "%s for If-None-Match %s, and not a 304", a.text(), tag)
	case a.status != http.StatusNotModified || len(a.body) > 0:
		return a.trouble("a 304 without a body")
	}
	return nil
}

func head(ctx context.Context, s *suite) (string, error) {
	// One that was not asked for yet, and one that was.
	for _, target := range []string{fmt.Sprintf("%s?w=%d&q=60", photoPath(s.known), s.widthAfter(s.width())), s.target()} {
		h, err := s.ask(ctx, http.MethodHead, target, "Accept", takesWebP)
		if err != nil {
			return "", wrongf("HEAD hangs or breaks off: the function URL's InvokeMode is to be RESPONSE_STREAM.", "%v", err)
		}
		g, err := s.picture(ctx, target, "Accept", takesWebP)
		if err != nil {
			return "", err
		}
		if h.status != g.status || len(h.body) > 0 || h.header.Get("Etag") != g.header.Get("Etag") || h.header.Get("Content-Type") != g.header.Get("Content-Type") {
			return "", h.trouble("as GET says without a body: " + g.text())
		}
	}
	return "as GET", nil
}

func ranges(ctx context.Context, s *suite) (string, error) {
	a, err := s.picture(ctx, s.target(), "Accept", takesWebP)
	if err != nil {
		return "", err
	}
	part, err := s.get(ctx, s.target(), "Accept", takesWebP, "Range", "bytes=5-104")
	if err != nil {
		return "", err
	}
	if part.status == http.StatusOK {
		return "", wrongf("Something in front of CloudFront drops Range: a download that breaks off begins anew.", "%s for a Range, and not a 206", part.text())
	}
	if part.status != http.StatusPartialContent || len(a.body) < 105 || !bytes.Equal(part.body, a.body[5:105]) {
		return "", part.trouble("a 206 of 100 bytes")
	}
	return part.header.Get("Content-Range"), nil
}

func hits(ctx context.Context, s *suite) (string, error) {
	var a *answer
	// Edges are many servers, so one miss more proves nothing.
	for n := range 4 {
		var err error
		// What differs between viewers of the same class must not matter.
		a, err = s.picture(ctx, fmt.Sprintf("%s&utm_source=%d", s.target(), n), "Accept", fmt.Sprintf("image/webp,image/x-photofit-%d", n), "User-Agent", fmt.Sprint("photofit-check-", n), "Cookie", fmt.Sprint("n=", n))
		if err != nil {
			return "", err
		}
		if n > 0 && a.cached() == "Hit" {
			return "with another Accept, agent, tracker and cookie", nil
		}
	}
	return "", wrongf("Each viewer has an answer of their own: the cache policy is to have no query, header or cookie in its key, MaxTTL 31536000, and the behaviour that policy.", "four asks, and the last is %s", a.text())
}

func oneAddress(ctx context.Context, s *suite) (string, error) {
	form := photofit.Recipe{Photo: s.known, Width: s.width(), Format: photofit.AutoWebP}.Path()
	targets := []string{s.target(), form, s.target() + "&utm_source=x&auto=format"}
	if !s.Policy.Free {
		targets = append(targets, fmt.Sprintf("%s?w=%d", photoPath(s.known), s.width()-1)) // off the ladder
	}
	var first *answer
	for _, target := range targets {
		a, err := s.picture(ctx, target, "Accept", takesWebP)
		if err != nil {
			return "", err
		}
		if first == nil {
			first = a
		}
		if !bytes.Equal(a.body, first.body) || a.header.Get("Etag") != first.header.Get("Etag") {
			return "", wrongf(fixPolicy, "%s differs from %s", a.text(), first.text())
		}
	}
	// What has no parameters is no original, but a rendition like others.
	bare, err := s.picture(ctx, photoPath(s.known), "Accept", takesWebP)
	if err != nil {
		return "", err
	}
	recipe, err := photofit.Resolve(photoPath(s.known), "", takesWebP, s.Policy)
	if err != nil {
		return "", err
	}
	same, err := s.picture(ctx, recipe.Path(), "Accept", takesWebP)
	if err != nil {
		return "", err
	}
	if !bytes.Equal(bare.body, same.body) {
		return "", wrongf(fixEdge, "%s differs from %s: is it the original?", bare.text(), same.text())
	}
	return form, nil
}
