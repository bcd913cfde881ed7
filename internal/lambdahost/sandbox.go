package lambdahost

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
	"syscall"
	"time"
)

// sandbox is one process of the function, with its Runtime API. It handles one
// invocation at a time.
type sandbox struct {
	host   *Host
	cmd    *exec.Cmd
	api    *http.Server
	init   time.Duration
	ready  chan struct{}    // closed when the function first asks for work
	work   chan *invocation // what it gets
	ending chan struct{}    // closed when the process has ended
	gone   chan struct{}    // closed when nothing is left of it
	awoken chan struct{}    // has one when it was frozen and is not any more

	mu      sync.Mutex
	call    *invocation // that it got and has not asked for more since
	begun   bool        // the process was started
	asked   bool        // it has asked for work
	asleep  bool        // frozen
	cause   error       // why it ends
	most    int64       // resident memory, in bytes
	expired *time.Timer
}

func newSandbox(h *Host) *sandbox {
	return &sandbox{host: h, ready: make(chan struct{}), work: make(chan *invocation, 1),
		ending: make(chan struct{}), gone: make(chan struct{}), awoken: make(chan struct{}, 1)}
}

// start starts the process and waits until it asks for work.
func (s *sandbox) start() error {
	began := time.Now()
	if err := s.launch(); err != nil {
		_ = s.host.forget(s)
		close(s.ending)
		close(s.gone)
		s.host.under.Done()
		return err
	}
	late := time.NewTimer(s.host.config.Init)
	defer late.Stop()
	select {
	case <-s.ready:
		s.init = time.Since(began)
		return nil
	case <-s.gone:
	case <-late.C:
		s.end(fmt.Errorf("%w: it was not ready within %s", ErrTimeout, s.host.config.Init))
		<-s.gone
	}
	return fmt.Errorf("the function does not start: %w", s.why())
}

// launch starts the process and its Runtime API.
func (s *sandbox) launch() error {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	c := s.host.config
	s.cmd = &exec.Cmd{
		Path: filepath.Join(c.Task, "bootstrap"), Args: []string{"bootstrap"}, Dir: c.Task,
		Env:    append([]string{"AWS_LAMBDA_RUNTIME_API=" + listener.Addr().String()}, s.host.env...),
		Stdout: c.Log, Stderr: c.Log,
		SysProcAttr: processAttributes(),
		WaitDelay:   time.Second, // for who inherited its output
	}
	s.api = &http.Server{Handler: s.runtimeAPI()}
	go func() { _ = s.api.Serve(listener) }()
	started := make(chan error, 1)
	go func() {
		// The system kills the process if the thread that started it ends, which
		// is when we do; so this one stays.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		s.mu.Lock()
		err := s.cmd.Start()
		s.begun = err == nil
		s.mu.Unlock()
		started <- err
		if err == nil {
			s.wait()
		}
	}()
	if err := <-started; err != nil {
		_ = s.api.Close()
		return fmt.Errorf("the function does not start: %w", err)
	}
	if c.Memory > 0 {
		go s.watch()
	}
	if s.host.isClosed() {
		s.end(ErrClosed) // which did not see that it was started
	}
	return nil
}

// wait waits for the process's end, and clears up after it.
func (s *sandbox) wait() {
	ended := s.cmd.Wait()
	close(s.ending)
	s.mu.Lock()
	if s.cause == nil {
		s.cause = fmt.Errorf("%w (%w)", ErrExited, orNil(ended))
	}
	call, cause := s.call, s.cause
	s.mu.Unlock()
	if call != nil {
		if call.isAnswering() {
			// The end of what it wrote tells whether that was all.
			<-call.finished
		}
		call.finish(cause)
	}
	_ = s.api.Close()
	s.report(s.host.forget(s))
	close(s.gone)
	s.host.under.Done()
}

func orNil(err error) error {
	if err == nil {
		return errors.New("exit status 0")
	}
	return err
}

// take hands the sandbox, which has nothing to do, an invocation; false: its
// process has ended meanwhile.
func (s *sandbox) take(call *invocation) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	select {
	case <-s.ending:
		return false
	default:
	}
	call.given = time.Now()
	s.call = call
	s.expired = time.AfterFunc(s.host.config.Timeout, func() { s.end(fmt.Errorf("%w: %s", ErrTimeout, s.host.config.Timeout)) })
	s.work <- call // there is room for one
	return true
}

// drop lets go of what the sandbox got last: it has asked for more, or is gone.
func (s *sandbox) drop() *invocation {
	s.mu.Lock()
	defer s.mu.Unlock()
	call := s.call
	s.call = nil
	if s.expired != nil {
		s.expired.Stop()
	}
	return call
}

// report tells of an invocation that is over, if there is one.
func (s *sandbox) report(call *invocation) {
	if call == nil {
		return
	}
	call.mu.Lock()
	report := call.report
	call.mu.Unlock()
	report.Duration, report.MaxMemory = time.Since(call.given), s.peak()
	s.host.config.Report(report)
}

// finishing tells whether the sandbox is about to have nothing to do, or to go:
// its answer is out.
func (s *sandbox) finishing() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.cause != nil || s.call != nil && s.call.isOver()
}

// end kills the process. The first cause counts.
func (s *sandbox) end(cause error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cause == nil {
		s.cause = cause
	}
	s.signal(syscall.SIGKILL)
	if s.call != nil {
		s.call.finish(s.cause)
	}
}

// freeze stops the process, and thaw lets it go on.
func (s *sandbox) freeze() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asleep = true
	s.signal(syscall.SIGSTOP)
}

func (s *sandbox) thaw() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asleep = false
	select {
	case s.awoken <- struct{}{}:
	default:
	}
	s.signal(syscall.SIGCONT)
}

// signal is called with mu held. It goes to all that the process has started.
func (s *sandbox) signal(sig syscall.Signal) {
	select {
	case <-s.ending:
	default:
		if s.begun {
			_ = syscall.Kill(-s.cmd.Process.Pid, sig)
		}
	}
}

func (s *sandbox) why() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.cause
}

// watch ends a process that takes more memory than it has.
func (s *sandbox) watch() {
	const pace = 5 * time.Millisecond
	tick := time.NewTicker(pace)
	defer tick.Stop()
	for {
		select {
		case <-s.ending:
			return
		case <-tick.C:
			s.mu.Lock()
			asleep := s.asleep
			s.mu.Unlock()
			if asleep { // it takes nothing more until it goes on
				tick.Stop()
				select {
				case <-s.awoken:
				case <-s.ending:
					return
				}
				tick.Reset(pace)
			}
			if s.tooLarge() {
				return
			}
		}
	}
}

// tooLarge ends the process if it has taken more memory than it has.
func (s *sandbox) tooLarge() bool {
	if s.peak() <= s.host.config.Memory<<20 {
		return false
	}
	s.end(fmt.Errorf("%w: %d MB", ErrMemory, s.host.config.Memory))
	return true
}

// peak is the most that the process ever had resident, in bytes.
func (s *sandbox) peak() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	select {
	case <-s.ending: // the number may be another's
	default:
		if s.begun {
			s.most = max(s.most, peakMemory(s.cmd.Process.Pid))
		}
	}
	return s.most
}
