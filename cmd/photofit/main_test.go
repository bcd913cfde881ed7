package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"image"
	_ "image/jpeg"
	_ "image/png"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"photofit/internal/imgtest"
	"photofit/internal/store/s3/gateway"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"photofit":         func() { os.Exit(run(context.Background(), os.Args[1:], os.Stdout, os.Stderr)) },
		"photofit-signals": main, // with signals
	})
}

// Every behaviour of the command line is a script in testdata.
//
//	photo FILE W H     writes a JPEG
//	serve ARGS...      starts photofit serve on a free port; $URL is its address,
//	                   $METRICS that of its metrics if it is another
//	get [-H 'Name: value'] PATH|URL   prints status, headers and the size of the body,
//	                   by $https_proxy if that is set
//	get -kept …        asks until the answer is one that was kept: that is done beside
//	                   the first answer
//	shutdown           asks the server to stop, and waits until it has
//	insist             asks again and again while a request is under way, until a
//	                   signal has ended the server
//	size FILE W H      checks a picture's size
//	cloud [DO ARGS...] starts an account of AWS in Frankfurt, and does something to it (cloud_test.go)
//	buckets FOLDER     starts an S3 server on a folder of buckets; $S3 is its address
//
// [s3] tells whether there is a server to start; in CI there must be.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata",
		Setup: func(e *testscript.Env) error {
			e.Setenv("HOME", filepath.Join(e.WorkDir, "home"))
			e.Setenv("XDG_CACHE_HOME", filepath.Join(e.WorkDir, "home", "cache"))
			e.Setenv("PHOTOFIT_LIBVIPS", libvips(t))
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"photo":    photo,
			"serve":    serve,
			"get":      get,
			"shutdown": shutdown, // "stop" is testscript's own, and ends the script
			"size":     checkSize,
			"insist":   insist,

			"buckets": startBuckets,
			"cloud":   inCloud,
		},
		Condition: func(name string) (bool, error) {
			if name != "s3" {
				return false, fmt.Errorf("unknown condition %s", name)
			}
			err := gateway.Installed()
			if err != nil && os.Getenv("CI") != "" {
				return false, err
			}
			return err == nil, nil
		},
	})
}

// testscript's own stop ends a script as passed, and what follows is never run.
func TestScriptsAreRunToTheirEnd(t *testing.T) {
	scripts, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(scripts) == 0 {
		t.Fatalf("%d scripts, %v", len(scripts), err)
	}
	early := regexp.MustCompile(`(?m)^(\[[^\n]*\] *)?stop\b`)
	for _, script := range scripts {
		text, err := os.ReadFile(script)
		if err != nil {
			t.Fatal(err)
		}
		if line := early.Find(text); line != nil {
			t.Errorf("%s has %q: a server is ended by shutdown", script, line)
		}
	}
}

// libvips is the one of the environment, or the one that make puts into bin/.
func libvips(t *testing.T) string {
	if named := os.Getenv("PHOTOFIT_LIBVIPS"); named != "" {
		return named
	}
	for _, name := range []string{"../../bin/lib/libvips.so", "../../bin/lib/libvips.dylib"} {
		if abs, err := filepath.Abs(name); err == nil {
			if _, err := os.Stat(abs); err == nil {
				return abs
			}
		}
	}
	if os.Getenv("CI") != "" {
		t.Fatal("no libvips: scripts/libvips gets it")
	}
	t.Skip("SKIPPED: no libvips: scripts/libvips gets it")
	return ""
}

func photo(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: photo FILE W H")
	}
	im := imgtest.OrientationChart(number(ts, args[1]), number(ts, args[2]))
	file := ts.MkAbs(args[0])
	ts.Check(os.MkdirAll(filepath.Dir(file), 0o755))
	ts.Check(os.WriteFile(file, imgtest.JPEG(im, 90), 0o644))
}

func checkSize(ts *testscript.TestScript, neg bool, args []string) {
	f, err := os.Open(ts.MkAbs(args[0]))
	ts.Check(err)
	defer f.Close()
	c, _, err := image.DecodeConfig(f)
	ts.Check(err)
	if same := c.Width == number(ts, args[1]) && c.Height == number(ts, args[2]); same == neg {
		ts.Fatalf("%s is %d × %d", args[0], c.Width, c.Height)
	}
}

func number(ts *testscript.TestScript, s string) int {
	n, err := strconv.Atoi(s)
	ts.Check(err)
	return n
}

// server is a photofit serve that a script has started.
type server struct {
	cmd *exec.Cmd
	log *bytes.Buffer
	eof chan struct{}
}

var (
	listening = regexp.MustCompile(`on (http://\S+) `)
	metricsAt = regexp.MustCompile(`Metrics are on (http://\S+)`)
)

func serve(ts *testscript.TestScript, neg bool, args []string) {
	cmd := exec.Command("photofit-signals", append([]string{"serve", "--addr", "127.0.0.1:0"}, args...)...)
	cmd.Dir = ts.MkAbs(".")
	cmd.Path = lookPath(ts, "photofit-signals")
	cmd.Env = []string{"PATH=" + ts.Getenv("PATH")}
	for _, name := range []string{"HOME", "XDG_CACHE_HOME", "PHOTOFIT_LIBVIPS"} {
		cmd.Env = append(cmd.Env, name+"="+ts.Getenv(name))
	}
	if ts.Getenv("S3") != "" {
		cmd.Env = append(cmd.Env, gateway.Environment()...)
	}
	stderr, err := cmd.StderrPipe()
	ts.Check(err)
	ts.Check(cmd.Start())
	s := &server{cmd: cmd, log: &bytes.Buffer{}, eof: make(chan struct{})}
	running.Store(ts, s)
	ts.Defer(func() { _ = cmd.Process.Kill() })
	lines := bufio.NewReader(stderr)
	for {
		line, err := lines.ReadString('\n')
		s.log.WriteString(line)
		if m := metricsAt.FindStringSubmatch(line); m != nil {
			ts.Setenv("METRICS", m[1])
		}
		if m := listening.FindStringSubmatch(line); m != nil {
			ts.Setenv("URL", m[1])
			break
		}
		if err != nil {
			_ = cmd.Wait()
			ts.Fatalf("the server did not start:\n%s", s.log)
		}
	}
	go func() {
		_, _ = io.Copy(s.log, lines)
		close(s.eof)
	}()
}

// running are the servers of scripts, which run side by side.
var running sync.Map

func runningServer(ts *testscript.TestScript) *server {
	s, ok := running.Load(ts)
	if !ok {
		ts.Fatalf("no server was started")
	}
	return s.(*server)
}

func startBuckets(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: buckets FOLDER")
	}
	g, err := gateway.Start(context.Background(), ts.MkAbs(args[0]))
	ts.Check(err)
	ts.Defer(g.Stop)
	ts.Setenv("S3", g.URL)
	gateway.SetEnvironment(ts.Setenv)
}

func lookPath(ts *testscript.TestScript, name string) string {
	for _, dir := range filepath.SplitList(ts.Getenv("PATH")) {
		file := filepath.Join(dir, name)
		if _, err := os.Stat(file); err == nil {
			return file
		}
	}
	ts.Fatalf("%s is not on the PATH", name)
	return ""
}

func shutdown(ts *testscript.TestScript, neg bool, args []string) {
	s := runningServer(ts)
	ts.Check(s.cmd.Process.Signal(syscall.SIGTERM))
	<-s.eof
	err := s.cmd.Wait()
	ts.Logf("%s", s.log)
	if (err == nil) == neg {
		ts.Fatalf("the server ended with %v", err)
	}
	ts.Check(os.WriteFile(ts.MkAbs("server.log"), s.log.Bytes(), 0o644))
}

func insist(ts *testscript.TestScript, neg bool, args []string) {
	s := runningServer(ts)
	underWay, err := net.Dial("tcp", strings.TrimPrefix(ts.Getenv("URL"), "http://"))
	ts.Check(err)
	defer underWay.Close()
	_, err = io.WriteString(underWay, "GET ")
	ts.Check(err)
	again := time.NewTicker(10 * time.Millisecond)
	defer again.Stop()
	for ended := false; !ended; {
		select {
		case <-s.eof:
			ended = true
		case <-again.C:
			_ = s.cmd.Process.Signal(syscall.SIGTERM)
		}
	}
	_ = s.cmd.Wait()
	if status := s.cmd.ProcessState.Sys().(syscall.WaitStatus); status.Signaled() == neg {
		ts.Fatalf("the server ended with %s", s.cmd.ProcessState)
	}
}

// clientOf is a client with the proxy and the authority of a script's environment.
func clientOf(ts *testscript.TestScript) (*http.Client, error) {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	if at := ts.Getenv("https_proxy"); at != "" {
		proxy, err := url.Parse(at)
		if err != nil {
			return nil, err
		}
		authority, err := os.ReadFile(ts.Getenv("SSL_CERT_FILE"))
		if err != nil {
			return nil, err
		}
		roots := x509.NewCertPool()
		roots.AppendCertsFromPEM(authority)
		transport.Proxy, transport.TLSClientConfig = http.ProxyURL(proxy), &tls.Config{RootCAs: roots}
	}
	return &http.Client{Transport: transport}, nil
}

func get(ts *testscript.TestScript, neg bool, args []string) {
	header := http.Header{}
	kept := len(args) > 1 && args[0] == "-kept"
	if kept {
		args = args[1:]
	}
	for len(args) > 2 && args[0] == "-H" {
		name, value, _ := strings.Cut(args[1], ": ")
		header.Set(name, value)
		args = args[2:]
	}
	url := args[0]
	if strings.HasPrefix(url, "/") {
		url = ts.Getenv("URL") + url
	}
	client, err := clientOf(ts)
	ts.Check(err)
	defer client.CloseIdleConnections()
	var response *http.Response
	var body []byte
	for asked := 0; ; asked++ {
		request, err := http.NewRequest(http.MethodGet, url, nil)
		ts.Check(err)
		request.Header = header
		response, err = client.Do(request)
		ts.Check(err)
		body, err = io.ReadAll(response.Body)
		_ = response.Body.Close()
		ts.Check(err)
		if !kept || strings.HasPrefix(response.Header.Get("Server-Timing"), "cache;desc=hit") {
			break
		}
		if asked == 10_000 {
			ts.Fatalf("%s is not kept: %s", url, response.Header.Get("Server-Timing"))
		}
	}
	var out strings.Builder
	fmt.Fprintf(&out, "%s\n", response.Status)
	ts.Check(response.Header.Write(&out))
	fmt.Fprintf(&out, "bytes: %d\n", len(body))
	if strings.HasPrefix(response.Header.Get("Content-Type"), "text/") {
		out.Write(body)
	}
	if (response.StatusCode < 400) == neg {
		ts.Fatalf("%s", out.String())
	}
	ts.Check(os.WriteFile(ts.MkAbs("answer"), []byte(out.String()), 0o644))
	ts.Check(os.WriteFile(ts.MkAbs("body"), body, 0o644))
}
