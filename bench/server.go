package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"
)

// server is a photofit serve under way, on a folder.
type server struct {
	cmd    *exec.Cmd
	base   string // "http://127.0.0.1:41234"
	client *http.Client
	done   chan struct{} // closed when its standard error has ended
}

var listens = regexp.MustCompile(` on (http://[^ ]+) `)

// serve starts a server on an empty cache, and waits until it answers.
func (b *bench) serve(ctx context.Context, folder string, flags ...string) (*server, error) {
	cache, err := os.MkdirTemp(b.temp, "cache-")
	if err != nil {
		return nil, err
	}
	return b.serveCached(ctx, folder, cache, flags...)
}

// serveCached is serve on a cache folder that may have something in it.
func (b *bench) serveCached(ctx context.Context, folder, cache string, flags ...string) (*server, error) {
	args := append([]string{"serve", folder, "--addr", "127.0.0.1:0", "--cache", cache, "--log", "none", "--libvips", b.libvips}, flags...)
	s := &server{
		cmd:    exec.CommandContext(ctx, b.photofit, args...),
		client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}},
		done:   make(chan struct{}),
	}
	s.cmd.Env = plainEnvironment()
	pipe, err := s.cmd.StderrPipe()
	if err != nil {
		return nil, err
	}
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	said := bufio.NewReader(pipe)
	line, err := said.ReadString('\n')
	go func() {
		defer close(s.done)
		for lines := bufio.NewScanner(said); lines.Scan(); {
			if !strings.HasPrefix(lines.Text(), "Photofit stops") {
				fmt.Fprintln(os.Stderr, lines.Text())
			}
		}
	}()
	found := listens.FindStringSubmatch(line)
	if err != nil || found == nil {
		s.stop()
		return nil, fmt.Errorf("photofit serve did not start: %s", strings.TrimSpace(line))
	}
	s.base = found[1]
	if _, err := s.get(ctx, "/-/health"); err != nil {
		s.stop()
		return nil, err
	}
	return s, nil
}

// plainEnvironment is ours without Photofit's own settings: they are given as
// flags, and those of whoever runs the bench must not change what is measured.
func plainEnvironment() []string {
	var env []string
	for _, e := range os.Environ() {
		if !strings.HasPrefix(e, "PHOTOFIT_") {
			env = append(env, e)
		}
	}
	return env
}

// stop ends the server. It is called once.
func (s *server) stop() {
	s.client.CloseIdleConnections()
	_ = s.cmd.Process.Signal(syscall.SIGTERM)
	late := time.AfterFunc(10*time.Second, func() { _ = s.cmd.Process.Kill() })
	<-s.done
	_ = s.cmd.Wait()
	late.Stop()
}

// get fetches a path, and takes nothing but 200 for an answer.
func (s *server) get(ctx context.Context, path string) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.base+path, nil)
	if err != nil {
		return nil, err
	}
	answer, err := s.client.Do(request)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err == nil && answer.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s: %s", path, answer.Status, strings.TrimSpace(string(body)))
	}
	return body, err
}

func (s *server) pid() int { return s.cmd.Process.Pid }

// render asks for all photos of a task at the same time.
func (s *server) render(ctx context.Context, t task) error {
	all, ctx := errgroup.WithContext(ctx)
	for i, name := range t.Photos {
		all.Go(func() error {
			body, err := s.get(ctx, fmt.Sprintf("/%s?w=%d&fm=%s", name, t.Width, t.Format))
			if err != nil {
				return err
			}
			if len(body) == 0 {
				return errors.New("an empty answer")
			}
			if i == 0 && t.Keep != "" {
				return os.WriteFile(t.Keep, body, 0o644)
			}
			return nil
		})
	}
	return all.Wait()
}
