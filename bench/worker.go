package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
)

// task is what to render, all photos of it at the same time. To a worker it is
// a line of JSON, and so is the reply.
type task struct {
	Folder string   `json:"folder"`
	Photos []string `json:"photos"` // names in the folder
	Width  int      `json:"width"`
	Height int      `json:"height"`
	Format string   `json:"format"` // as fm in a URL: jpg, webp, avif

	Quality int    `json:"quality"` // photofit's own
	Shrink  int    `json:"shrink"`  // of the JPEG decoder; sharp works it out itself
	Own     bool   `json:"own"`     // sharp: shrink and convert as it does by itself
	Keep    string `json:"keep"`    // write the first rendition to this file
}

// reply answers a task.
type reply struct {
	Error string `json:"error,omitempty"`
	About string `json:"about,omitempty"` // of the first reply: who answers
}

// worker is a child process that renders tasks as they come.
type worker struct {
	cmd   *exec.Cmd
	in    io.WriteCloser
	out   *bufio.Scanner
	about string
}

// startWorker starts a worker, and waits until it says that it is there.
func startWorker(ctx context.Context, dir string, name string, args ...string) (*worker, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir, cmd.Env, cmd.Stderr = dir, plainEnvironment(), os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	w := &worker{cmd: cmd, in: in, out: bufio.NewScanner(out)}
	first, err := w.reply()
	if err != nil {
		w.stop()
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	w.about = first.About
	return w, nil
}

func (w *worker) reply() (r reply, err error) {
	if !w.out.Scan() {
		return r, errors.Join(errors.New("it ended without a reply"), w.out.Err())
	}
	if err := json.Unmarshal(w.out.Bytes(), &r); err != nil {
		return r, err
	}
	if r.Error != "" {
		return r, errors.New(r.Error)
	}
	return r, nil
}

func (w *worker) render(_ context.Context, t task) error {
	line, err := json.Marshal(t)
	if err != nil {
		return err
	}
	if _, err := w.in.Write(append(line, '\n')); err != nil {
		return err
	}
	_, err = w.reply()
	return err
}

func (w *worker) pid() int { return w.cmd.Process.Pid }

// stop ends the worker, which leaves when there is no more to read.
func (w *worker) stop() {
	_ = w.in.Close()
	_ = w.cmd.Wait()
}
