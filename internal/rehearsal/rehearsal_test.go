package rehearsal

import (
	"crypto/tls"
	"crypto/x509"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"
)

// Sites are tested with the program that deploys them, by the script rehearsal of
// cmd/photofit; this is of those that are not there.
func TestNobody(t *testing.T) {
	a, err := Start(Config{Temp: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	env := map[string]string{}
	for _, e := range a.Environment() {
		env[e[0]] = e[1]
	}
	authority, err := os.ReadFile(env["SSL_CERT_FILE"])
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(authority)
	proxy, err := url.Parse(env["https_proxy"])
	if err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{Proxy: http.ProxyURL(proxy), TLSClientConfig: &tls.Config{RootCAs: roots}}
	defer transport.CloseIdleConnections()
	for _, c := range []struct {
		url    string
		status int
		says   string // of the body, or of the error
	}{
		{"https://d111111abcdef8.cloudfront.net/a.jpg", http.StatusBadGateway, "nobody here is called d111111abcdef8.cloudfront.net"},
		{"http://d111111abcdef8.cloudfront.net/a.jpg", http.StatusBadGateway, "nobody here is called d111111abcdef8.cloudfront.net"},
		// As at CloudFront: a name that no distribution has gets the certificate of its own domain.
		{"https://media.example.com/a.jpg", 0, "certificate is valid for cloudfront.net, *.cloudfront.net, not media.example.com"},
	} {
		request, err := http.NewRequest(http.MethodGet, c.url, nil)
		if err != nil {
			t.Fatal(err)
		}
		answer, err := transport.RoundTrip(request)
		if err != nil {
			if c.status != 0 || !strings.Contains(err.Error(), c.says) {
				t.Errorf("%s: %v", c.url, err)
			}
			continue
		}
		body, err := io.ReadAll(answer.Body)
		_ = answer.Body.Close()
		if err != nil || answer.StatusCode != c.status || !strings.Contains(string(body), c.says) {
			t.Errorf("%s: %s, %s, %v", c.url, answer.Status, body, err)
		}
	}
	if payload, failure := a.invoke("nobody", []byte("{}")); payload != nil || failure == "" {
		t.Errorf("%s, %q", payload, failure)
	}
}
