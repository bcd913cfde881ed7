package lambdahost

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// rig is a host with the toy in it.
type rig struct {
	*Host
	url     string
	mu      sync.Mutex
	log     bytes.Buffer
	reports []Report
}

func (r *rig) Write(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.log.Write(p)
}

func newRig(t *testing.T, c Config) *rig {
	t.Helper()
	if c.Task == "" {
		c.Task = t.TempDir()
		program, err := os.Executable()
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(program, filepath.Join(c.Task, "bootstrap")); err != nil {
			t.Fatal(err)
		}
	}
	if c.Timeout == 0 {
		c.Timeout = time.Minute
	}
	if c.Init == 0 {
		c.Init = time.Minute
	}
	if c.Memory == 0 {
		c.Memory = 1024
	}
	r := &rig{}
	c.Log, c.Report = r, func(one Report) { r.mu.Lock(); defer r.mu.Unlock(); r.reports = append(r.reports, one) }
	host, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	r.Host = host
	server := httptest.NewServer(host)
	r.url = server.URL
	t.Cleanup(func() {
		server.CloseClientConnections()
		_ = host.Close()
		server.Close()
		if t.Failed() {
			t.Logf("the toy said: %s", r.log.String())
		}
	})
	return r
}

func (r *rig) get(t *testing.T, path string) *http.Response {
	t.Helper()
	answer, err := http.Get(r.url + path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = answer.Body.Close() })
	return answer
}

func TestURL(t *testing.T) {
	r := newRig(t, Config{})
	answer := r.get(t, "/hello")
	body, err := io.ReadAll(answer.Body)
	if err != nil || string(body) != "hello world" || answer.StatusCode != 201 {
		t.Errorf("%s, %q, %v", answer.Status, body, err)
	}
	h := answer.Header
	if h.Get("Content-Type") != "text/x-toy" || !slices.Equal(h["Set-Cookie"], []string{"a=1", "b=2"}) {
		t.Errorf("header: %v", h)
	}
	if answer.ContentLength != -1 || h.Get("X-Amzn-Remapped-Content-Length") != "11" {
		t.Errorf("the length is said to be %d, %v", answer.ContentLength, h)
	}
	if answer := r.get(t, "/plain"); answer.StatusCode != 200 || answer.Header.Get("Content-Type") != "text/plain" {
		t.Errorf("plain: %s %v", answer.Status, answer.Header)
	}
}

// TestStreams has the client get the first piece before there is a last.
func TestStreams(t *testing.T) {
	r := newRig(t, Config{Sandboxes: 1})
	gate := filepath.Join(t.TempDir(), "gate")
	answer := r.get(t, "/slow?"+gate)
	first := make([]byte, len("first "))
	if _, err := io.ReadFull(answer.Body, first); err != nil || string(first) != "first " {
		t.Fatalf("%q, %v", first, err)
	}
	if other := r.get(t, "/hello"); other.StatusCode != http.StatusTooManyRequests {
		t.Errorf("while the one sandbox is busy: %s", other.Status)
	}
	if err := os.WriteFile(gate, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if rest, err := io.ReadAll(answer.Body); err != nil || string(rest) != "last" {
		t.Errorf("%q, %v", rest, err)
	}
	// A process that ends in the middle is not an answer's end.
	answer = r.get(t, "/cut?"+gate+"2")
	if _, err := io.ReadFull(answer.Body, first); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(gate+"2", nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if rest, err := io.ReadAll(answer.Body); err == nil {
		t.Errorf("a body that was cut ends well, with %q", rest)
	}
	// And the client that leaves in the middle does not stop the function.
	gate += "3"
	answer = r.get(t, "/slow?"+gate)
	_ = answer.Body.Close()
	if err := os.WriteFile(gate, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadAll(r.untilFree(t).Body); err != nil {
		t.Error(err)
	}
	_ = r.Close()
	var failed []error
	for _, one := range r.reports {
		if one.Err != nil {
			failed = append(failed, one.Err)
		}
	}
	if len(failed) != 1 || !errors.Is(failed[0], ErrExited) {
		t.Errorf("what failed: %v", failed)
	}
}

// untilFree asks until a sandbox is free.
func (r *rig) untilFree(t *testing.T) *http.Response {
	t.Helper()
	for {
		answer := r.get(t, "/hello")
		if answer.StatusCode != http.StatusTooManyRequests {
			return answer
		}
		runtime.Gosched()
	}
}

// TestFailures has each fault found where it can be: as a status while there is
// still one to give, later as a broken connection.
func TestFailures(t *testing.T) {
	cases := []struct {
		path   string
		config Config
		status int // 0: the body breaks off
		err    error
	}{
		{"/trailer", Config{}, 0, &FunctionError{"Toy.Half", "half way"}},
		{"/large", Config{}, 0, ErrTooLarge},
		{"/slow?never", Config{Timeout: 200 * time.Millisecond}, 0, ErrTimeout},
		{"/silent", Config{Timeout: 200 * time.Millisecond}, 504, ErrTimeout},
		{"/error", Config{}, 502, &FunctionError{"Toy.Sad", "no"}},
		{"/exit", Config{}, 502, ErrExited},
		{"/panic", Config{}, 502, ErrExited},
		{"/nothing", Config{}, 502, &FunctionError{"Runtime.NoResponse", "the function asked for the next event without an answer to the last"}},
		{"/headless", Config{}, 502, nil},
		{"/eat", Config{Memory: 256}, 502, ErrMemory},
		{"/hello", Config{Env: map[string]string{"TOY": "init-error"}}, 502, &FunctionError{"Toy.Broken", "the toy is broken"}},
		{"/hello", Config{Env: map[string]string{"TOY": "exit"}}, 502, ErrExited},
		{"/hello", Config{Env: map[string]string{"TOY": "hang"}, Init: 200 * time.Millisecond}, 504, ErrTimeout},
	}
	for _, c := range cases {
		name := strings.Trim(c.path, "/") + c.config.Env["TOY"]
		t.Run(name, func(t *testing.T) {
			if c.path == "/eat" && runtime.GOOS != "linux" {
				t.Skip("SKIPPED: memory is not known on this system")
			}
			r := newRig(t, c.config)
			r.stream = 1 << 20
			answer := r.get(t, c.path)
			_, err := io.ReadAll(answer.Body)
			switch {
			case c.status == 0 && (answer.StatusCode != 201 || err == nil):
				t.Errorf("%s, and the body ends with %v", answer.Status, err)
			case c.status != 0 && (answer.StatusCode != c.status || err != nil):
				t.Errorf("%s, want %d; %v", answer.Status, c.status, err)
			}
			_ = r.Close()
			if len(r.reports) != 1 {
				t.Fatalf("%d reports", len(r.reports))
			}
			got := r.reports[0].Err
			if said, ok := c.err.(*FunctionError); ok {
				var function *FunctionError
				if !errors.As(got, &function) || *function != *said {
					t.Errorf("the report says %v, want %v", got, said)
				}
			} else if !errors.Is(got, c.err) {
				t.Errorf("the report says %v, want %v", got, c.err)
			}
		})
	}
}

// TestAfterAFailure has a new process take the place of one that failed.
func TestAfterAFailure(t *testing.T) {
	r := newRig(t, Config{Sandboxes: 1})
	for _, path := range []string{"/exit", "/panic", "/error", "/trailer"} {
		_, _ = io.ReadAll(r.get(t, path).Body)
		answer := r.get(t, "/hello")
		if body, err := io.ReadAll(answer.Body); err != nil || string(body) != "hello world" {
			t.Errorf("after %s: %s, %q, %v", path, answer.Status, body, err)
		}
	}
}

func TestInvoke(t *testing.T) {
	r := newRig(t, Config{Sandboxes: 1})
	want := `{"do": "echo", "Records": [{"body": "{\"a\": 1}"}]}`
	got, err := r.Invoke(t.Context(), []byte(want))
	if err != nil || string(got) != want {
		t.Errorf("%s, %v", got, err)
	}
	var said *FunctionError
	if _, err := r.Invoke(t.Context(), []byte(`{"do": "error"}`)); !errors.As(err, &said) || said.Message != "no" {
		t.Errorf("an error: %v", err)
	}
	if _, err := r.Invoke(t.Context(), make([]byte, maxPayload+1)); !errors.Is(err, ErrTooLarge) {
		t.Errorf("a large event: %v", err)
	}
	if got, err := r.Invoke(t.Context(), []byte(`{"do": "twice"}`)); err != nil || string(got) != `"one"` {
		t.Errorf("answered twice: %s, %v", got, err)
	}
	if _, err := r.Invoke(t.Context(), []byte(want)); err != nil {
		t.Error(err)
	}
	_ = r.Close()
	if !strings.Contains(r.log.String(), "twice: 202 400") {
		t.Errorf("the toy said %q", r.log.String())
	}
	if _, err := r.Invoke(t.Context(), []byte(want)); !errors.Is(err, ErrClosed) {
		t.Errorf("after the end: %v", err)
	}
}

// TestEnvironment has a function see what Lambda sets and its own, and nothing
// of who runs it.
func TestEnvironment(t *testing.T) {
	t.Setenv("PHOTOFIT_MEMORY", "1GB")
	r := newRig(t, Config{Memory: 512, Env: map[string]string{"MINE": "yes", "TZ": "UTC"}})
	words, err := r.Invoke(t.Context(), []byte(`{"do": "environment"}`))
	if err != nil {
		t.Fatal(err)
	}
	var env []string
	if err := json.Unmarshal(words, &env); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"MINE=yes", "TZ=UTC", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE=512", "LAMBDA_TASK_ROOT=" + r.config.Task} {
		if !slices.Contains(env, want) {
			t.Errorf("%s is missing", want)
		}
	}
	if slices.ContainsFunc(env, func(e string) bool { return strings.HasPrefix(e, "PHOTOFIT_") || strings.HasPrefix(e, "HOME=") }) {
		t.Errorf("it sees %q", env)
	}
}

// TestFreezes finds work that a function has left for later: it stands still
// until the next request.
func TestFreezes(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("SKIPPED: /proc tells whether a process is stopped")
	}
	r := newRig(t, Config{Sandboxes: 1})
	if _, err := r.Invoke(t.Context(), []byte(`{"do": "leave"}`)); err != nil {
		t.Fatal(err)
	}
	for !r.stopped(t) {
		runtime.Gosched()
	}
	// Far longer than what was left waits between two signs of life.
	began := time.Now()
	for time.Since(began) < 50*time.Millisecond {
		if !r.stopped(t) {
			t.Fatal("it goes on between two requests")
		}
	}
	still := time.Since(began)
	answer, err := r.Invoke(t.Context(), []byte(`{"do": "longest"}`))
	if err != nil {
		t.Fatal(err)
	}
	var longest time.Duration
	if _, err := fmt.Sscan(string(answer), &longest); err != nil || longest < still {
		t.Errorf("it stood still for %s, want %s or more (%v)", longest, still, err)
	}
}

// stopped tells whether the one process is, by the state in /proc/PID/stat.
func (r *rig) stopped(t *testing.T) bool {
	t.Helper()
	r.Host.mu.Lock()
	defer r.Host.mu.Unlock()
	if len(r.idle) == 0 {
		return false
	}
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", r.idle[0].cmd.Process.Pid))
	if err != nil {
		t.Fatal(err)
	}
	_, state, _ := strings.Cut(string(stat), ") ")
	return strings.HasPrefix(state, "T")
}

func TestNew(t *testing.T) {
	folder := t.TempDir()
	if _, err := New(Config{Task: folder}); err == nil {
		t.Error("without a bootstrap")
	}
	file := filepath.Join(folder, "bootstrap")
	if err := os.WriteFile(file, []byte("no program"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := New(Config{Task: folder}); err == nil {
		t.Error("with a bootstrap that may not be executed")
	}
	if err := os.Chmod(file, 0o755); err != nil {
		t.Fatal(err)
	}
	host, err := New(Config{Task: folder})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := host.Invoke(t.Context(), []byte("{}")); err == nil || !strings.Contains(err.Error(), "exec format error") {
		t.Errorf("with a bootstrap for nothing: %v", err)
	}
	if err := host.Close(); err != nil {
		t.Error(err)
	}
}
