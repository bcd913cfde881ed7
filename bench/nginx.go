package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"
)

// nginxServer is an nginx under way that serves one file.
type nginxServer struct {
	cmd *exec.Cmd
	url string
}

// nginxConfig is what a static file server needs, and no more: a worker for
// each core, sendfile, no log. Connections stay open as long as the client
// likes, as photofit keeps them.
func nginxConfig(folder, address string, workers int, asRoot bool) string {
	user := ""
	if asRoot { // the workers would be somebody who cannot read the folder
		user = "user root;\n"
	}
	temp := ""
	for _, kind := range []string{"client_body", "proxy", "fastcgi", "uwsgi", "scgi"} {
		temp += fmt.Sprintf("  %s_temp_path %s;\n", kind, filepath.Join(folder, "temp-"+kind))
	}
	return fmt.Sprintf(`%sworker_processes %d;
daemon off;
pid %s;
error_log stderr error;
events { worker_connections 1024; }
http {
%s  types { image/jpeg jpg; }
  access_log off;
  sendfile on;
  tcp_nopush on;
  keepalive_requests 100000000;
  server {
    listen %s;
    root %s;
  }
}
`, user, workers, filepath.Join(folder, "pid"), temp, address, filepath.Join(folder, "root"))
}

// startNginx serves the bytes as a file.
func (b *bench) startNginx(ctx context.Context, body []byte) (*nginxServer, error) {
	folder, err := os.MkdirTemp(b.temp, "nginx-")
	if err != nil {
		return nil, err
	}
	address, err := freeAddress()
	if err != nil {
		return nil, err
	}
	config := filepath.Join(folder, "nginx.conf")
	if err := errors.Join(
		os.Mkdir(filepath.Join(folder, "root"), 0o755),
		os.WriteFile(filepath.Join(folder, "root", "photo.jpg"), body, 0o644),
		os.WriteFile(config, []byte(nginxConfig(folder, address, runtime.NumCPU(), os.Geteuid() == 0)), 0o644),
	); err != nil {
		return nil, err
	}
	program, err := findTool("nginx")
	if err != nil {
		return nil, err
	}
	n := &nginxServer{exec.CommandContext(ctx, program, "-c", config, "-p", folder, "-e", "stderr"), "http://" + address + "/photo.jpg"}
	n.cmd.Stderr = os.Stderr
	// Killed outright, the master would leave its workers behind.
	n.cmd.Cancel = func() error { return n.cmd.Process.Signal(syscall.SIGTERM) }
	n.cmd.WaitDelay = 5 * time.Second
	if err := n.cmd.Start(); err != nil {
		return nil, err
	}
	if err := answers(ctx, n.url, 5*time.Second); err != nil {
		n.stop()
		return nil, fmt.Errorf("nginx: %w", err)
	}
	return n, nil
}

func (n *nginxServer) stop() {
	_ = n.cmd.Process.Signal(syscall.SIGTERM)
	_ = n.cmd.Wait()
}

// answers waits until a URL gives 200.
func answers(ctx context.Context, url string, limit time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
		if err != nil {
			return err
		}
		answer, err := http.DefaultClient.Do(request)
		if err == nil {
			answer.Body.Close()
			if answer.StatusCode == http.StatusOK {
				return nil
			}
			err = errors.New(answer.Status)
		}
		select {
		case <-ctx.Done():
			return err
		case <-tick.C:
		}
	}
}

// freeAddress is a loopback address at which nobody listens.
func freeAddress() (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer listener.Close()
	return listener.Addr().String(), nil
}

// findTool looks for a program, also where only root's PATH leads.
func findTool(name string) (string, error) {
	if path, err := exec.LookPath(name); err == nil {
		return path, nil
	}
	for folder := range strings.SplitSeq("/usr/sbin:/usr/local/sbin", ":") {
		if path, err := exec.LookPath(filepath.Join(folder, name)); err == nil {
			return path, nil
		}
	}
	return "", fmt.Errorf("%s is missing: scripts/tools bench installs it", name)
}
