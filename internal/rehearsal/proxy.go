package rehearsal

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// proxy is the internet, as far as it is here.
type proxy struct {
	aws    *AWS
	tunnel chan<- net.Conn
}

// ServeHTTP takes requests for http URLs as they are, and CONNECT for all else.
func (p *proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.Method == http.MethodConnect && strings.HasSuffix(r.Host, ":443"):
		p.connect(w)
	case r.Method == http.MethodConnect:
		http.Error(w, "this proxy takes http and https URLs only", http.StatusBadRequest)
	default:
		if r.URL.Host != "" {
			r.RequestURI = r.URL.RequestURI()
		}
		p.aws.answer(w, r)
	}
}

// connect hands a connection to who speaks TLS.
func (p *proxy) connect(w http.ResponseWriter) {
	hijacker, ok := w.(http.Hijacker)
	if !ok {
		http.Error(w, "no tunnel", http.StatusInternalServerError)
		return
	}
	conn, buffered, err := hijacker.Hijack()
	if err != nil {
		return
	}
	if _, err := io.WriteString(conn, "HTTP/1.1 200 Connection established\r\n\r\n"); err != nil {
		_ = conn.Close()
		return
	}
	p.tunnel <- &tunnelled{conn, buffered.Reader}
}

// tunnelled is a connection some of whose bytes were read already.
type tunnelled struct {
	net.Conn
	read *bufio.Reader
}

// Read is net.Conn's.
func (t *tunnelled) Read(b []byte) (int, error) { return t.read.Read(b) }

// tunnel starts what answers in TLS to who has connected through the proxy.
func (a *AWS) tunnel() chan<- net.Conn {
	conns := &connections{made: make(chan net.Conn), ended: make(chan struct{})}
	config := &tls.Config{NextProtos: []string{"h2", "http/1.1"}, GetCertificate: func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
		return a.authority.issue(a.certified(strings.ToLower(hello.ServerName)))
	}}
	server := &http.Server{Handler: http.HandlerFunc(a.answer), ReadHeaderTimeout: 10 * time.Second, TLSConfig: config, ErrorLog: log.New(io.Discard, "", 0)}
	go func() { _ = server.Serve(tls.NewListener(conns, config)) }()
	a.closers = append(a.closers, func() { _ = server.Close() })
	return conns.made
}

// connections are a listener for those that come otherwise.
type connections struct {
	made  chan net.Conn
	ended chan struct{}
	once  sync.Once
}

// Accept is net.Listener's.
func (c *connections) Accept() (net.Conn, error) {
	select {
	case conn := <-c.made:
		return conn, nil
	case <-c.ended:
		return nil, net.ErrClosed
	}
}

// Close is net.Listener's.
func (c *connections) Close() error {
	c.once.Do(func() { close(c.ended) })
	return nil
}

// Addr is net.Listener's.
func (c *connections) Addr() net.Addr { return &net.TCPAddr{} }

// called tells whether a host's name is an alias of the site's, or under one.
func (s *site) called(host string) bool {
	_, domain, _ := strings.Cut(host, ".")
	return slices.Contains(s.Aliases, host) || slices.Contains(s.Aliases, "*."+domain)
}

// certified are the names of the certificate that is shown for a host name: that of
// the distribution which has it as an alias, else the one that AWS's own names have.
func (a *AWS) certified(host string) []string {
	for _, s := range a.sites() {
		switch {
		case s.called(host):
			return s.Certificate
		case slices.Contains(s.Direct, host):
			_, domain, _ := strings.Cut(host, ".")
			return []string{"*." + domain}
		}
	}
	return []string{"cloudfront.net", "*.cloudfront.net"}
}

// answer answers for whoever has the host name.
func (a *AWS) answer(w http.ResponseWriter, r *http.Request) {
	host := strings.ToLower(r.Host)
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	for _, s := range a.sites() {
		var handler http.Handler
		switch {
		case s.Domain != host && !s.called(host) && !slices.Contains(s.Direct, host):
			continue
		case s.stack == nil:
			http.Error(w, s.err.Error(), http.StatusBadGateway)
			return
		case !slices.Contains(s.Direct, host):
			handler = s.stack.Edge
		case strings.Contains(host, ".lambda-url."):
			handler = s.stack.Direct("render")
		case host == s.Resources["Renditions"]["RegionalDomainName"]:
			handler = s.stack.Direct("renditions")
		default:
			http.Error(w, "AccessDenied", http.StatusForbidden) // the photos: nobody reads them without credentials
			return
		}
		handler.ServeHTTP(w, r)
		return
	}
	http.Error(w, fmt.Sprintf("nobody here is called %s", host), http.StatusBadGateway)
}
