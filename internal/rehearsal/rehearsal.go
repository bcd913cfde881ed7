// Package rehearsal is all of AWS that photofit deploy meets, on this machine: the
// account that it sets up (awsfake.Cloud), and what it has made there, at work
// (package dev). So a whole deployment can be tried, from an empty account to photos in
// a browser, with the program as it is.
//
// Who takes part is led here by the environment: AWS_ENDPOINT_URL is the account,
// PHOTOFIT_DNS is asked about names, and a proxy stands for the internet. It knows the names that AWS has given, of
// distributions, function URLs and buckets, and the aliases; all others are
// answered by a 502. Their certificates are as CloudFront would show them, signed by
// an authority of this machine.
//
//	viewer ──► proxy ──► package dev, of the stack that has the name
//	photofit deploy ──► account ──► its buckets ◄── the stack's functions
package rehearsal

import (
	"context"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"photofit/internal/awsfake"
	"photofit/internal/dev"
	"photofit/internal/edge/emulator"
	"photofit/internal/edge/run"
)

// Config is what a rehearsal is made of. Temp is needed.
type Config struct {
	Temp string // an empty folder; who made it removes it

	Report func(emulator.Report)            // each request of a viewer; default: nobody is told
	Said   func(format string, args ...any) // what goes on besides; default: nobody is told
	Log    io.Writer                        // what the functions print; default: this is dropped
}

// AWS is an account and its sites. Its methods are safe for concurrent use.
type AWS struct {
	Config
	Cloud *awsfake.Cloud

	api, proxy string // URLs
	dns        net.PacketConn
	authority  *authority
	closers    []func()

	mu      sync.Mutex
	running map[string]*site // by region and stack
	started int
}

// site is a stack at work.
type site struct {
	awsfake.Site
	stack *dev.Stack
	err   error // why it is not
}

// Start starts an account with nothing in it. Who started it closes it.
func Start(c Config) (*AWS, error) {
	if c.Said == nil {
		c.Said = func(string, ...any) {}
	}
	authority, err := newAuthority(time.Now())
	if err != nil {
		return nil, err
	}
	if err := os.WriteFile(filepath.Join(c.Temp, authorityFile), authority.pem(), 0o644); err != nil {
		return nil, err
	}
	a := &AWS{Config: c, Cloud: awsfake.New(), authority: authority, running: map[string]*site{}}
	a.Cloud.OnTest(func(code string, event []byte) awsfake.Tested {
		output, err := run.Test(code, event, true)
		if err != nil {
			return awsfake.Tested{Error: err.Error()}
		}
		return awsfake.Tested{Output: output, Utilization: 1} // nobody counts here
	})
	a.Cloud.OnInvoke(a.invoke)
	a.Cloud.OnChange(a.changed)
	a.Cloud.OnInvalidate(a.invalidated)
	if a.dns, err = net.ListenPacket("udp", "127.0.0.1:0"); err == nil {
		a.closers = append(a.closers, func() { _ = a.dns.Close() })
		go a.Cloud.ServeDNS(a.dns)
		a.api, err = a.serve(a.Cloud)
	}
	if err == nil {
		a.proxy, err = a.serve(&proxy{a, a.tunnel()})
	}
	if err != nil {
		a.Close()
		return nil, err
	}
	return a, nil
}

const authorityFile = "authority.pem"

// Environment leads a program here that knows AWS by its environment, and the
// internet by a proxy; photofit asks the account's DNS, too.
func (a *AWS) Environment() [][2]string {
	return [][2]string{
		{"AWS_ENDPOINT_URL", a.api}, {"AWS_ACCESS_KEY_ID", accessKey}, {"AWS_SECRET_ACCESS_KEY", secretKey}, {"AWS_REGION", "eu-central-1"},
		{"PHOTOFIT_DNS", a.dns.LocalAddr().String()},
		{"https_proxy", a.proxy}, {"http_proxy", a.proxy}, {"SSL_CERT_FILE", filepath.Join(a.Temp, authorityFile)},
	}
}

// Anybody's will do: the account looks at what a request is signed for, not at its
// signature.
const (
	accessKey = "AKIAEXAMPLE"
	secretKey = "secret"
)

// Close ends all of it.
func (a *AWS) Close() {
	for _, end := range slices.Backward(a.closers) {
		end()
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, s := range a.running {
		s.close()
	}
}

func (s *site) close() {
	if s.stack != nil {
		s.stack.Close()
	}
}

// Settle works off what is waiting in the sites' queues.
func (a *AWS) Settle() {
	for _, s := range a.sites() {
		if s.stack != nil {
			s.stack.Settle()
		}
	}
}

// serve serves on a port of this machine, and gives its URL.
func (a *AWS) serve(h http.Handler) (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	server := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second, ErrorLog: log.New(io.Discard, "", 0)}
	go func() { _ = server.Serve(listener) }()
	a.closers = append(a.closers, func() { _ = server.Close() })
	return "http://" + listener.Addr().String(), nil
}

// sites are all that there are now, each running as its stack is. While something is
// under way, a site goes on as it was.
func (a *AWS) sites() []*site {
	a.mu.Lock()
	defer a.mu.Unlock()
	there := map[string]*site{}
	for _, s := range a.Cloud.Sites() {
		key := s.Region + "/" + s.Stack
		before := a.running[key]
		switch {
		case before != nil && (s.InProgress || before.Version == s.Version):
			there[key] = before
		case !s.InProgress:
			if before != nil {
				before.close()
			}
			there[key] = a.start(s)
		}
	}
	for key, s := range a.running {
		if there[key] == nil {
			s.close()
		}
	}
	a.running = there
	all := make([]*site, 0, len(there))
	for _, s := range there {
		all = append(all, s)
	}
	return all
}

// start has a stack work. What fails is said to who asks for it.
func (a *AWS) start(s awsfake.Site) *site {
	made := &site{Site: s}
	a.started++
	temp := filepath.Join(a.Temp, fmt.Sprint("site-", a.started))
	zip := filepath.Join(temp, "function.zip")
	if made.err = os.MkdirAll(temp, 0o755); made.err == nil {
		made.err = os.WriteFile(zip, s.Zip, 0o644)
	}
	if cpu := map[string]string{"amd64": "x86_64"}[runtime.GOARCH]; cpu == "" && s.Parameters["Architecture"] != runtime.GOARCH || cpu != "" && s.Parameters["Architecture"] != cpu {
		made.err = fmt.Errorf("the functions are for %s, and this machine is %s: photofit deploy --arch %s", s.Parameters["Architecture"], runtime.GOARCH, runtime.GOARCH)
	}
	if made.err == nil {
		made.stack, made.err = dev.Start(context.Background(), dev.Config{
			Template: s.Template, Parameters: s.Parameters, Zip: zip, Temp: temp, Report: a.Report, Said: a.Said, Log: a.Log,
			S3: &emulator.Server{URL: a.api, Key: accessKey, Secret: secretKey, Region: s.Region},
			Names: &emulator.Names{Stack: strings.ToLower(s.Stack), Region: s.Region, Account: a.Cloud.Account,
				Known: func(name, kind, attribute string) (string, bool) {
					value, ok := s.Resources[name][attribute]
					return value, ok
				}},
		})
	}
	if made.err != nil {
		a.Said("the stack %s does not run here: %v", s.Stack, made.err)
	}
	return made
}

// invoke is Lambda's Invoke.
func (a *AWS) invoke(function string, event []byte) (payload []byte, failure string) {
	for _, s := range a.sites() {
		if s.stack == nil {
			continue
		}
		for _, r := range s.Resources {
			if r[""] == function {
				payload, err := s.stack.Invoke(context.Background(), function, event)
				if err != nil {
					return nil, err.Error()
				}
				return payload, ""
			}
		}
	}
	return nil, "no site that runs has the function " + function
}

// changed tells the sites of an object.
func (a *AWS) changed(c awsfake.Change) {
	for _, s := range a.sites() {
		if s.stack == nil || s.stack.PhotosBucket() != c.Bucket {
			continue
		}
		if err := s.stack.Changed(c.Key, c.ETag); err != nil {
			a.Said("a change of %q could not be worked off: %v", c.Key, err)
		}
	}
}

// invalidated has an edge let go.
func (a *AWS) invalidated(distribution string, items []string) {
	for _, s := range a.sites() {
		for _, r := range s.Resources {
			if r["DomainName"] == s.Domain && r[""] == distribution && s.stack != nil {
				if _, err := s.stack.Edge.Invalidate(items...); err != nil {
					a.Said("an invalidation failed: %v", err)
				}
			}
		}
	}
}
