//go:build !function

package main

import (
	"compress/flate"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
	"unicode/utf8"

	"photofit"
	"photofit/internal/check"
	"photofit/internal/dev"
	"photofit/internal/edge/emulator"
	"photofit/internal/store"
	"photofit/internal/store/s3"
)

type devCmd struct {
	Folder string `arg:"" optional:"" help:"The folder of the photos. It is only read."`

	Addr      string `help:"Where to listen." default:"127.0.0.1:8080" placeholder:"HOST:PORT" group:"Server"`
	Check     bool   `help:"Ask all that photofit check asks, and what needs credentials on AWS, then end." env:"-" group:"Server"`
	Against   string `help:"Ask the same of a real deployment, as photofit check does; nothing is run here." placeholder:"URL" env:"-" group:"Server"`
	Photo     string `help:"The name of a photo that is there, for --against." placeholder:"trip/b.jpg" env:"-" group:"Server"`
	JSON      bool   `name:"json" help:"Print the checks as JSON, for scripts." env:"-" group:"Server"`
	Functions bool   `help:"Print what the functions log, too." env:"-" group:"Server"`

	policyFlags
}

// Run runs the stack until ctx ends, or until it is checked.
func (c *devCmd) Run(ctx context.Context, console *console) error {
	policy, template, err := c.template()
	if err != nil {
		return err
	}
	if c.Against != "" {
		return runChecks(ctx, console, c.JSON, check.Config{URL: strings.TrimSuffix(c.Against, "/"), Policy: policy, Basic: c.Info == "basic", Photo: c.Photo})
	}
	switch {
	case c.Folder == "":
		return errors.New("photofit dev needs the folder of the photos: photofit dev ~/Pictures")
	case c.Photo != "":
		return errors.New("--photo is for --against: here the checks put a photo of their own")
	case c.JSON && !c.Check:
		return errors.New("--json is for --check and --against")
	}
	if s3.IsPlace(c.Folder) {
		return errors.New("photofit dev takes a folder, and makes its own buckets of it")
	}
	photos, err := store.OpenFolder(c.Folder)
	if err != nil {
		return err
	}
	if runtime.GOOS != "linux" {
		return fmt.Errorf("photofit dev runs the function as it is deployed, which is a program for Linux, and this is %s", runtime.GOOS)
	}
	if c.Check {
		c.Addr = "127.0.0.1:0" // nobody else asks
	}
	listener, err := listen("--addr", c.Addr)
	if err != nil {
		return err
	}
	defer listener.Close()
	sweepTemp(os.TempDir())
	temp, err := os.MkdirTemp("", fmt.Sprintf("%s%d-", tempPrefix, os.Getpid()))
	if err != nil {
		return err
	}
	defer os.RemoveAll(temp)
	file, err := localZip(ctx, console, temp)
	if err != nil {
		return err
	}
	at := &movedClock{}
	lines := &requestLines{console: console}
	config := dev.Config{Template: template, Zip: file, Photos: photos, Temp: temp, Clock: at.now, Report: lines.print, Said: lines.say,
		// The browser's own machine is taken to be reached by HTTPS.
		Secure: func(r *http.Request) bool { return r.TLS != nil || !c.Check }}
	if c.Check {
		config.Report, config.Said = nil, nil
	}
	if c.Functions {
		config.Log = console.err
	}
	running, err := dev.Start(ctx, config)
	if err != nil {
		return err
	}
	defer running.Close()
	if c.Check {
		return c.ask(ctx, console, running, policy, listener, at)
	}
	console.sayf("Photofit %s runs what would be deployed, on http://%s (photos: %s; renditions: %s)\n", version, listener.Addr(), nameText(c.Folder), running.Server)
	if path, err := example(ctx, photos); err != nil {
		return err
	} else if path == "" {
		console.sayf("No photo is at the top of %s\n", nameText(c.Folder))
	} else {
		console.sayf("Try http://%s%s?w=800\n", listener.Addr(), path)
	}
	watching, stop := context.WithCancel(ctx)
	var watch sync.WaitGroup
	watch.Go(func() { running.Watch(watching) })
	defer watch.Wait()
	defer stop()
	return serveUntil(ctx, running.Edge, listener)
}

// tempPrefix begins the names of temporary folders, which go on with the process's id.
const tempPrefix = "photofit-dev-"

// sweepTemp removes the temporary folders of those that were killed.
func sweepTemp(folder string) {
	left, err := filepath.Glob(filepath.Join(folder, tempPrefix+"*"))
	if err != nil {
		return
	}
	for _, name := range left {
		text, _, _ := strings.Cut(strings.TrimPrefix(filepath.Base(name), tempPrefix), "-")
		if id, err := strconv.Atoi(text); err == nil && errors.Is(syscall.Kill(id, 0), syscall.ESRCH) {
			_ = os.RemoveAll(name)
		}
	}
}

// example is the path of a photo at the top of the folder; empty if there is none.
func example(ctx context.Context, photos *store.Folder) (string, error) {
	entries, err := photos.List(ctx, "")
	if err != nil {
		return "", err
	}
	for _, e := range entries {
		if !e.Folder && photofit.PhotoName(e.Name) && utf8.ValidString(e.Name) {
			return (&url.URL{Path: "/" + e.Name}).EscapedPath(), nil
		}
	}
	return "", nil
}

// serveUntil serves until ctx ends, and lets requests under way finish for a moment.
func serveUntil(ctx context.Context, handler http.Handler, listener net.Listener) error {
	server := newServer(handler, log.New(io.Discard, "", 0))
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	if server.Shutdown(drain) != nil {
		return server.Close()
	}
	return nil
}

// ask makes all checks. The address without TLS is the one that was asked for, and
// there is another with a certificate of its own.
func (c *devCmd) ask(ctx context.Context, console *console, running *dev.Stack, policy photofit.Policy, plain net.Listener, at *movedClock) error {
	certificate, err := dev.Certificate(time.Now())
	if err != nil {
		return err
	}
	secure, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	quiet := log.New(io.Discard, "", 0)
	for listener, config := range map[net.Listener]*tls.Config{plain: nil, secure: {Certificates: []tls.Certificate{certificate}}} {
		server := newServer(running.Edge, quiet)
		server.TLSConfig = config
		if config == nil {
			go func() { _ = server.Serve(listener) }()
		} else {
			go func() { _ = server.ServeTLS(listener, "", "") }()
		}
		defer server.Close()
	}
	roots := x509.NewCertPool()
	roots.AddCert(certificate.Leaf)
	client := &http.Client{Transport: &http.Transport{ForceAttemptHTTP2: true, TLSClientConfig: &tls.Config{RootCAs: roots}}}
	defer client.CloseIdleConnections()
	return runChecks(ctx, console, c.JSON, check.Config{
		URL: "https://" + secure.Addr().String(), PlainURL: "http://" + plain.Addr().String(), Client: client,
		Policy: policy, Basic: c.Info == "basic", Inside: running.Inside(), Sleep: at.sleep, Aliases: []string{secure.Addr().String()},
	})
}

// localZip is the function's zip for this machine's CPU: the one that photofit
// package would take, else one that it would build.
func localZip(ctx context.Context, console *console, temp string) (string, error) {
	ready, err := readyZip(runtime.GOARCH)
	if err != nil || ready != "" {
		return ready, err
	}
	_, files, err := buildHere(ctx, runtime.GOARCH, false, console)
	if err != nil {
		return "", err
	}
	file := filepath.Join(temp, "function.zip")
	return file, writeFile(file, func(w io.Writer) error { return writeZip(w, files, flate.NoCompression) }) // nobody uploads it
}

// movedClock is a clock that waiting moves. Its zero value is right.
type movedClock struct {
	mu    sync.Mutex
	ahead time.Duration
}

func (c *movedClock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Now().Add(c.ahead)
}

func (c *movedClock) sleep(_ context.Context, d time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ahead += d
	return nil
}

// requestLines prints what happens, a line each.
type requestLines struct {
	mu      sync.Mutex
	console *console
}

// answerers are who can answer, for people.
var answerers = map[string]string{"edge": "edge", "cache": "edge cache", "renditions": "bucket", "render": "function"}

func (l *requestLines) print(r emulator.Report) {
	l.mu.Lock()
	defer l.mu.Unlock()
	who, known := answerers[r.Who]
	if !known {
		who = r.Who
	}
	l.console.printf("%-10s  %d  %5d ms  %8s  %s %s\n", who, r.Status, r.Took.Milliseconds(), bytesText(r.Bytes), r.Method, visibleText(clipped(r.Path)))
}

// clipped is a text that fits on a line or two.
func clipped(s string) string {
	const most = 160
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}

func (l *requestLines) say(format string, args ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.console.printf("%s\n", visibleText(fmt.Sprintf(format, args...)))
}
