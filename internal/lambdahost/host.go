// Package lambdahost runs a Lambda function on this machine: the bootstrap from
// the zip that would be uploaded, as a process, behind Lambda's Runtime API. It
// is for tests and for photofit dev, which tries a whole set-up without a cloud;
// nothing that is deployed uses it.
//
// A Host keeps sandboxes (sandbox.go), each one process that handles one
// invocation at a time and is frozen in between, as Lambda freezes it: what a
// function leaves for later does not happen until the next request thaws it. A
// sandbox takes invocations from a Runtime API of its own (runtimeapi.go), and
// is killed when it is out of time or memory. Invoke hands a function any JSON;
// ServeHTTP is a function URL with InvokeMode RESPONSE_STREAM (url.go,
// event.go). A function that fails before its header is a 502, later a broken
// connection.
//
// Not as in Lambda: a sandbox sees this machine's files and network, memory is
// what the system counts as resident (on Linux only), and answers are not slowed
// to 2 MB/s after the first 6 MB. Sources are AWS's pages "Using the Lambda
// runtime API for custom runtimes", "Building a custom runtime", "Invoking
// Lambda function URLs" and "Response streaming for Lambda functions".
package lambdahost

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"
)

// Config says what is run, and how. Task is needed.
type Config struct {
	// Task is the folder with the function, LAMBDA_TASK_ROOT: its bootstrap lies
	// there, executable. Unpack makes one of a zip.
	Task string

	// Env is the function's own environment, on top of what Lambda sets. It gets
	// nothing of this process's.
	Env map[string]string

	Name    string        // default "function"
	Region  string        // default "us-east-1"
	Memory  int64         // in MB; default 128, as in Lambda
	Timeout time.Duration // of one invocation; default 3 s, as in Lambda
	Init    time.Duration // from the start of a process to its asking for work; default 10 s, as in Lambda

	// Sandboxes is how many requests are handled at a time, each by a process of
	// its own; default 10, what a new account may have. One more is throttled.
	Sandboxes int

	// Log gets what the function prints. Default: this is dropped.
	Log io.Writer

	// Report is told of each invocation when it is over, also of one that failed.
	// It is called by several goroutines.
	Report func(Report)
}

// Report is what Lambda would print of an invocation.
type Report struct {
	ID        string
	Init      time.Duration // from the start of the process to its asking for work; 0 if it ran already
	Duration  time.Duration // until the function asked for more work, or was gone
	MaxMemory int64         // the most that the process ever had resident, in bytes; 0: not known here
	Err       error         // why the invocation failed
}

// Why an invocation failed. What the function itself reports is a
// *FunctionError.
var (
	ErrThrottled = errors.New("as many requests are under way as there may be")
	ErrTimeout   = errors.New("the function did not finish in time")
	ErrMemory    = errors.New("the function used more memory than it has")
	ErrExited    = errors.New("the function's process ended before its answer did")
	ErrTooLarge  = errors.New("the answer is larger than Lambda takes")
	ErrClosed    = errors.New("the host is closed")
)

// FunctionError is an error that a function reported by itself.
type FunctionError struct {
	Type    string // as "Runtime.ExitError"
	Message string
}

// Error is error's.
func (e *FunctionError) Error() string { return e.Type + ": " + e.Message }

// How large an event or an answer that is not streamed may be, and one that is,
// in bytes.
const (
	maxPayload = 6 << 20
	maxStream  = 200 << 20
)

// Host runs one function. Close ends it.
type Host struct {
	config Config
	env    []string
	stream int64 // how large a streamed answer may be, in bytes

	mu     sync.Mutex
	change *sync.Cond // a sandbox became idle, or is gone
	all    map[*sandbox]bool
	idle   []*sandbox // the last used at the end
	closed bool

	under sync.WaitGroup // sandboxes that are not gone, and reports
}

// New makes a host. No process is started before the first request.
func New(c Config) (*Host, error) {
	task, err := filepath.Abs(c.Task)
	if err != nil {
		return nil, err
	}
	c.Task = task
	if info, err := os.Stat(filepath.Join(task, "bootstrap")); err != nil || !info.Mode().IsRegular() || info.Mode()&0o111 == 0 {
		return nil, fmt.Errorf("there is no executable file bootstrap at the root of %s", c.Task)
	}
	if c.Name == "" {
		c.Name = "function"
	}
	if c.Region == "" {
		c.Region = "us-east-1"
	}
	if c.Memory <= 0 {
		c.Memory = 128
	}
	if c.Timeout <= 0 {
		c.Timeout = 3 * time.Second
	}
	if c.Init <= 0 {
		c.Init = 10 * time.Second
	}
	if c.Sandboxes <= 0 {
		c.Sandboxes = 10
	}
	if c.Log == nil {
		c.Log = io.Discard
	}
	c.Log = &oneByOne{w: c.Log}
	if c.Report == nil {
		c.Report = func(Report) {}
	}
	h := &Host{config: c, env: environment(c), stream: maxStream, all: map[*sandbox]bool{}}
	h.change = sync.NewCond(&h.mu)
	return h, nil
}

// environment is what Lambda defines, and the function's own.
func environment(c Config) []string {
	env := map[string]string{
		"AWS_LAMBDA_FUNCTION_NAME":        c.Name,
		"AWS_LAMBDA_FUNCTION_VERSION":     "$LATEST",
		"AWS_LAMBDA_FUNCTION_MEMORY_SIZE": fmt.Sprint(c.Memory),
		"AWS_LAMBDA_INITIALIZATION_TYPE":  "on-demand",
		"AWS_LAMBDA_LOG_GROUP_NAME":       "/aws/lambda/" + c.Name,
		"AWS_LAMBDA_LOG_STREAM_NAME":      "local",
		"AWS_REGION":                      c.Region,
		"AWS_DEFAULT_REGION":              c.Region,
		"LAMBDA_TASK_ROOT":                c.Task,
		"LAMBDA_RUNTIME_DIR":              "/var/runtime",
		"LANG":                            "en_US.UTF-8",
		"PATH":                            "/usr/local/bin:/usr/bin:/bin:/opt/bin",
		"LD_LIBRARY_PATH":                 "/lib64:/usr/lib64:/var/runtime:/var/runtime/lib:" + c.Task + ":" + c.Task + "/lib:/opt/lib",
		"TZ":                              ":UTC",
		"_HANDLER":                        "bootstrap",
	}
	maps.Copy(env, c.Env)
	var all []string
	for _, name := range slices.Sorted(maps.Keys(env)) {
		all = append(all, name+"="+env[name])
	}
	return all
}

// Invoke hands the function an event and gives its answer, both JSON; it waits
// for as long as the function may take, and ctx does not stop it.
func (h *Host) Invoke(ctx context.Context, event []byte) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, context.Cause(ctx)
	}
	call, err := h.invoke(event)
	if err != nil {
		return nil, err
	}
	defer call.answer.Close()
	if err := call.begun(); err != nil {
		return nil, err
	}
	var answer bytes.Buffer
	n, err := io.Copy(&answer, io.LimitReader(call.answer, maxPayload+1))
	if err == nil && n > maxPayload {
		err = ErrTooLarge
	}
	if err != nil {
		return nil, err
	}
	return answer.Bytes(), nil
}

// invoke gives an event to a sandbox.
func (h *Host) invoke(event []byte) (*invocation, error) {
	if len(event) > maxPayload {
		return nil, fmt.Errorf("%w: the event has %d bytes", ErrTooLarge, len(event))
	}
	call := newInvocation(event)
	for {
		s, fresh, err := h.acquire()
		if err != nil {
			return nil, err
		}
		if fresh {
			if err := s.start(); err != nil {
				h.config.Report(Report{ID: call.id, MaxMemory: s.peak(), Err: err})
				return nil, err
			}
			call.report.Init = s.init
		}
		if s.take(call) {
			return call, nil
		}
	}
}

// acquire gives a sandbox that has nothing to do. A fresh one is to be started.
func (h *Host) acquire() (s *sandbox, fresh bool, err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for {
		if h.closed {
			return nil, false, ErrClosed
		}
		if n := len(h.idle); n > 0 {
			s = h.idle[n-1]
			h.idle = h.idle[:n-1]
			return s, false, nil
		}
		if len(h.all) < h.config.Sandboxes {
			s = newSandbox(h)
			h.all[s] = true
			h.under.Add(1)
			return s, true, nil
		}
		// One whose answer is out will ask for work in a moment, or is gone.
		if !slices.ContainsFunc(slices.Collect(maps.Keys(h.all)), (*sandbox).finishing) {
			return nil, false, ErrThrottled
		}
		h.change.Wait()
	}
}

// enter has Close wait for what is done for a sandbox, until under.Done; false: the
// sandbox is gone, and Close may have waited already.
func (h *Host) enter(s *sandbox) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.all[s] {
		return false
	}
	h.under.Add(1)
	return true
}

// rest notes that a sandbox has nothing to do any more, and gives what it had.
func (h *Host) rest(s *sandbox) *invocation {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.idle = append(h.idle, s)
	h.change.Broadcast()
	return s.drop()
}

// forget notes that a sandbox is gone, and gives what it had.
func (h *Host) forget(s *sandbox) *invocation {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.all, s)
	h.idle = slices.DeleteFunc(h.idle, func(other *sandbox) bool { return other == s })
	h.change.Broadcast()
	return s.drop()
}

func (h *Host) isClosed() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.closed
}

// Close kills all sandboxes and waits until they are gone, and all is reported.
// Invocations under way fail.
func (h *Host) Close() error {
	h.mu.Lock()
	h.closed = true
	all := slices.Collect(maps.Keys(h.all))
	h.change.Broadcast()
	h.mu.Unlock()
	for _, s := range all {
		s.end(ErrClosed)
	}
	h.under.Wait()
	return nil
}

// oneByOne writes for several processes.
type oneByOne struct {
	mu sync.Mutex
	w  io.Writer
}

// Write is io.Writer's.
func (o *oneByOne) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.w.Write(p)
}

// newID is a UUID, as Lambda gives each request.
func newID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
