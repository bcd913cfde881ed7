package check

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
	"strings"
	"time"

	"photofit"
)

// renders puts a photo that nobody has, and asks for it. From here on it is the
// photo that is known.
func renders(ctx context.Context, s *suite) (string, error) {
	s.probeFailed = true // until it is answered
	s.known = unknown()
	s.put = append(s.put, s.known)
	if err := s.Inside.PutPhoto(ctx, s.known, probePhoto()); err != nil {
		return "", wrongf("Photos cannot be put: see the credentials' rights on the bucket of photos.", "%v", err)
	}
	s.recipe = photofit.Recipe{Photo: s.known, Width: s.width(), Format: photofit.JPEG}
	a, err := s.picture(ctx, s.target()+"&fm=jpg")
	if err != nil {
		return "", err
	}
	s.probeFailed = false
	s.rendered = a
	if !a.byFunction() {
		return "", wrongf("Something else than the function has answered for a photo that was put a moment ago: see where the origins lead.", "%s names no recipe", a.text())
	}
	return s.pixels(a)
}

func keeps(ctx context.Context, s *suite) (string, error) {
	tag, err := s.Inside.Rendition(ctx, s.recipe.Key())
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "", wrongf("The function keeps nothing: PHOTOFIT_CACHE names the bucket of renditions, and its role needs s3:PutObject there; its log says what failed.", "%s is not in the bucket of renditions", s.recipe.Key())
	case err != nil:
		return "", err
	case tag != s.rendered.header.Get("Etag"):
		return "", wrongf("The bucket of renditions must use SSE-S3 (AES256): with KMS an object's ETag is not the MD5 of its bytes.", "the object's ETag is %s, the answer's was %s", tag, s.rendered.header.Get("Etag"))
	}
	return s.recipe.Key(), nil
}

// tagged proves that the function's answer carried its tag to the edge.
func tagged(ctx context.Context, s *suite) (string, error) {
	if err := s.Inside.InvalidateTag(ctx, photofit.CacheTag(s.known)); err != nil {
		return "", wrongf("The tag cannot be invalidated: see the credentials' right cloudfront:CreateInvalidation.", "%v", err)
	}
	before, counted := s.Inside.Invocations(ctx)
	a, err := s.picture(ctx, s.target()+"&fm=jpg")
	if err != nil {
		return "", err
	}
	after, ok := s.Inside.Invocations(ctx)
	s.again, s.invoked = a, counted && ok && after > before // for bucketAnswers
	if !bytes.Equal(s.rendered.body, a.body) {
		return "", wrongf("The bucket of renditions holds another picture: empty it.", "%s has other bytes than what was rendered", a.text())
	}
	if a.cached() == "Hit" {
		return "", wrongf("The edge does not know the tag: CacheTagConfig of the distribution is to name the header x-amz-meta-cache-tag.", "%s after its tag was invalidated", a.text())
	}
	return a.cached(), nil
}

// bucketAnswers looks at the answer after the edge had let go.
func bucketAnswers(_ context.Context, s *suite) (string, error) {
	switch {
	case s.again == nil:
		return "", skipped("the edge did not answer again")
	case s.again.cached() == "Hit":
		return "", skipped("the edge did not let go, so nobody was asked")
	case s.again.byFunction() || s.invoked:
		return "", wrongf(fixBucket+" Or the edge function is of another version shelf than the function: deploy both at once.", "the function has answered again for what is kept: %s", s.again.text())
	case s.again.header.Get("Etag") != s.rendered.header.Get("Etag"):
		return "", wrongf("The bucket of renditions must use SSE-S3 (AES256): with KMS an object's ETag is not the MD5 of its bytes.", "the bucket's ETag is %s, the function's was %s", s.again.header.Get("Etag"), s.rendered.header.Get("Etag"))
	}
	return "no recipe named, no invocation", nil
}

func functionAlone(ctx context.Context, s *suite) (string, error) {
	return s.alone(ctx, s.Inside.FunctionURL(), "The function URL's AuthType is to be AWS_IAM, with grants for cloudfront.amazonaws.com only: anybody can have photos rendered past the edge, at your cost.")
}

func bucketAlone(ctx context.Context, s *suite) (string, error) {
	return s.alone(ctx, s.Inside.RenditionsURL(), "The bucket of renditions is public: block all public access, and grant s3:GetObject to cloudfront.amazonaws.com with SourceArn only.")
}

// alone asks an origin past the edge.
func (s *suite) alone(ctx context.Context, at, fix string) (string, error) {
	to, err := url.Parse(strings.TrimSuffix(at, "/"))
	if err != nil {
		return "", err
	}
	key := s.recipe.Key()
	if s.recipe.Photo == "" {
		key = photofit.Recipe{Photo: unknown(), Width: s.width(), Format: photofit.JPEG}.Key()
	}
	for _, path := range []string{to.Path + "/" + key, to.Path + "/"} {
		a, err := s.askAt(ctx, to, http.MethodGet, path)
		if err != nil {
			return "", err
		}
		if a.status != http.StatusForbidden {
			return "", wrongf(fix, "%s%s: %d, and not 403", to.Host, path, a.status)
		}
	}
	return "403", nil
}

// shortLived asks for what the function has answered by itself, a minute later.
func shortLived(ctx context.Context, s *suite) (string, error) {
	target := fmt.Sprintf("%s?w=%d&fm=jpg&q=80", photoPath(s.known), s.width())
	if _, err := s.picture(ctx, target); err != nil {
		return "", err
	}
	if err := s.Sleep(ctx, 62*time.Second); err != nil {
		return "", err
	}
	a, err := s.picture(ctx, target)
	if err != nil {
		return "", err
	}
	if a.cached() == "Hit" {
		return "", wrongf("MinTTL is above 0: the edge holds the function's own answer for longer than the 60 s that it says, and a photo that is replaced while it is rendered stays wrong.", "%s after a minute", a.text())
	}
	return a.cached() + " after a minute", nil
}

// uploadShows asks for a photo, puts it, and asks again.
func uploadShows(ctx context.Context, s *suite) (string, error) {
	name := unknown()
	target := fmt.Sprintf("%s?w=%d&fm=jpg", photoPath(name), s.width())
	a, err := s.get(ctx, target)
	if err != nil {
		return "", err
	}
	if a.status != http.StatusNotFound {
		return "", a.trouble("a 404")
	}
	s.put = append(s.put, name)
	if err := s.Inside.PutPhoto(ctx, name, probePhoto()); err != nil {
		return "", err
	}
	if err := s.Sleep(ctx, 12*time.Second); err != nil {
		return "", err
	}
	if a, err = s.get(ctx, target); err != nil {
		return "", err
	}
	if a.status == http.StatusNotFound {
		return "", wrongf("An error is held for too long: leave 404 out of CustomErrorResponses, or give it an ErrorCachingMinTTL of 10 at most.", "%s twelve seconds after it was put", a.text())
	}
	if a.status != http.StatusOK {
		return "", a.trouble("a picture")
	}
	return "", nil
}
