package emulator

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
)

// Server is an S3 server on this machine, which checks signatures.
type Server struct {
	URL    string // "http://127.0.0.1:41234"
	Key    string // the id of an access key that may do anything
	Secret string
	Region string
}

// nothing is the SHA-256 of no bytes.
const nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

// Bucket is the origin that stands for a bucket of the server. What is to be signed
// is, with the server's key; all else reaches it as it is, and is refused there.
func (s Server) Bucket(name string, transport http.RoundTripper) Origin {
	signer := v4.NewSigner(func(o *v4.SignerOptions) { o.DisableURIPathEscaping = true })
	return func(r *http.Request, signed bool) (*http.Response, error) {
		to, err := url.Parse(s.URL)
		if err != nil {
			return nil, err
		}
		path := "/" + name + pathOf(r)
		if to.Path, err = url.PathUnescape(path); err != nil {
			return nil, err
		}
		to.RawPath, to.RawQuery = path, r.URL.RawQuery
		out := r.Clone(r.Context())
		out.URL, out.Host, out.RequestURI = to, to.Host, ""
		if signed {
			out.Header.Set("X-Amz-Content-Sha256", nothing)
			key := aws.Credentials{AccessKeyID: s.Key, SecretAccessKey: s.Secret}
			if err := signer.SignHTTP(r.Context(), key, out, nothing, "s3", s.Region, time.Now()); err != nil {
				return nil, err
			}
		}
		return transport.RoundTrip(out)
	}
}

// FunctionURL is the origin that stands for a function URL: a server at an address
// of this machine, "http://127.0.0.1:41234". Who is let in was decided before.
func FunctionURL(at string, transport http.RoundTripper) Origin {
	return func(r *http.Request, _ bool) (*http.Response, error) {
		to, err := url.Parse(at)
		if err != nil {
			return nil, err
		}
		to.Opaque, to.RawQuery = pathOf(r), r.URL.RawQuery
		if strings.HasPrefix(to.Opaque, "//") { // would be a host
			to.Path, to.Opaque = to.Opaque, ""
		}
		out := r.Clone(r.Context())
		out.URL, out.RequestURI = to, ""
		return transport.RoundTrip(out)
	}
}

// pathOf is the path as it goes over the wire.
func pathOf(r *http.Request) string {
	if strings.HasPrefix(r.URL.Opaque, "/") {
		return r.URL.Opaque
	}
	return r.URL.EscapedPath()
}
