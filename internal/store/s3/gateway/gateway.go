// Package gateway runs versitygw, a real S3 server on a folder, as a process on
// loopback: for tests, for the bench and for photofit dev. scripts/tools s3 installs it.
package gateway

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// ErrMissing says that versitygw is not installed.
var ErrMissing = errors.New("versitygw is missing: scripts/tools s3 installs it")

// Access and Secret are the root user's key.
const (
	Access = "photofit"
	Secret = "photofit-secret"
)

// Gateway is a server under way.
type Gateway struct {
	URL    string // "http://127.0.0.1:41234"
	folder string
	cmd    *exec.Cmd
	done   chan struct{} // closed when the process has ended
}

// Installed tells whether there is a versitygw: nil or ErrMissing.
func Installed() error {
	_, err := find()
	return err
}

// Start serves a folder, each folder in it a bucket. It returns when the server
// takes connections. Who starts it stops it.
func Start(ctx context.Context, folder string) (*Gateway, error) {
	program, err := find()
	if err != nil {
		return nil, err
	}
	for try := 0; ; try++ {
		g, err := start(ctx, program, folder)
		// Somebody may have taken the port meanwhile.
		if err == nil || try == 2 || ctx.Err() != nil {
			return g, err
		}
	}
}

func start(ctx context.Context, program, folder string) (*Gateway, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	address := listener.Addr().String()
	if err := listener.Close(); err != nil {
		return nil, err
	}
	var said strings.Builder
	cmd := exec.CommandContext(ctx, program, "--port", address, "--access", Access, "--secret", Secret, "--keep-alive", "--quiet", "posix", folder)
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	g := &Gateway{URL: "http://" + address, folder: folder, cmd: cmd, done: make(chan struct{})}
	go func() {
		_ = cmd.Wait()
		close(g.done)
	}()
	if err := g.answers(ctx, address); err != nil {
		g.Stop()
		return nil, fmt.Errorf("versitygw: %w: %s", err, strings.TrimSpace(said.String()))
	}
	return g, nil
}

// answers waits until the server takes connections.
func (g *Gateway) answers(ctx context.Context, address string) error {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	var dialer net.Dialer
	for {
		connection, err := dialer.DialContext(ctx, "tcp", address)
		if err == nil {
			return connection.Close()
		}
		select {
		case <-g.done:
			return errors.New("it ended")
		case <-ctx.Done():
			return err
		case <-tick.C:
		}
	}
}

// Bucket makes a bucket.
func (g *Gateway) Bucket(name string) error {
	return os.Mkdir(filepath.Join(g.folder, name), 0o755)
}

// Environment is what tools of AWS find the server's key by, and nothing else. Who
// does not name a server gets none: nothing here may ask Amazon's.
func Environment() []string {
	return []string{"AWS_ACCESS_KEY_ID=" + Access, "AWS_SECRET_ACCESS_KEY=" + Secret, "AWS_REGION=us-east-1",
		"AWS_CONFIG_FILE=/dev/null", "AWS_SHARED_CREDENTIALS_FILE=/dev/null", "AWS_EC2_METADATA_DISABLED=true",
		"AWS_ENDPOINT_URL=http://127.0.0.1:1", "AWS_ENDPOINT_URL_S3=", "AWS_PROFILE=", "AWS_SESSION_TOKEN=",
		"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI=", "AWS_CONTAINER_CREDENTIALS_FULL_URI=", "AWS_WEB_IDENTITY_TOKEN_FILE="}
}

// SetEnvironment hands Environment to who sets variables, as testing's Setenv does.
func SetEnvironment(set func(name, value string)) {
	for _, e := range Environment() {
		name, value, _ := strings.Cut(e, "=")
		set(name, value)
	}
}

// Stop ends the server, and returns when it has ended.
func (g *Gateway) Stop() {
	_ = g.cmd.Process.Signal(syscall.SIGTERM)
	late := time.AfterFunc(5*time.Second, func() { _ = g.cmd.Process.Kill() })
	<-g.done
	late.Stop()
}

// find looks on the PATH, and in bin/tools of the module around the working
// folder.
func find() (string, error) {
	if path, err := exec.LookPath("versitygw"); err == nil {
		return path, nil
	}
	folder, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		path := filepath.Join(folder, "bin", "tools", "versitygw")
		if _, err := os.Stat(path); err == nil {
			return path, nil
		}
		_, err := os.Stat(filepath.Join(folder, "go.mod"))
		parent := filepath.Dir(folder)
		if err == nil || parent == folder {
			return "", ErrMissing
		}
		folder = parent
	}
}
