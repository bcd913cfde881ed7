package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
)

// installNode sees to a package of npm's, in the user's cache folder, and gives
// the folder in which Node finds it, or says why there is none.
func (b *bench) installNode(ctx context.Context, name, version string) (folder, why string, err error) {
	for _, tool := range []string{"node", "npm"} {
		if _, err := exec.LookPath(tool); err != nil {
			return "", tool + " is missing; Debian: apt-get install nodejs npm", nil
		}
	}
	base, err := os.UserCacheDir()
	if err != nil {
		base = b.temp
	}
	folder = filepath.Join(base, "photofit-bench", name+"-"+version)
	if _, err := os.Stat(filepath.Join(folder, "installed")); err == nil {
		return folder, "", nil
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return "", "", err
	}
	b.sayf("npm install %s@%s, into %s", name, version, folder)
	npm := exec.CommandContext(ctx, "npm", "install", "--prefix", folder, "--no-audit", "--no-fund", "--no-save", "--ignore-scripts",
		name+"@"+version)
	npm.Dir = folder
	if out, err := npm.CombinedOutput(); err != nil {
		return "", fmt.Sprintf("npm install: %v: %.200s", err, out), nil
	}
	return folder, "", os.WriteFile(filepath.Join(folder, "installed"), nil, 0o644)
}

// startNode starts a server in Node. It is run where its package is, gets the
// folder of photos as its argument, and says on a line where it listens.
func (b *bench) startNode(ctx context.Context, name string, script []byte, packages, photos, template string) (*running, error) {
	file := filepath.Join(b.temp, name+"server.mjs")
	if err := os.WriteFile(file, script, 0o644); err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, "node", file, photos)
	cmd.Dir, cmd.Env, cmd.Stderr = packages, append(plainEnvironment(), "NODE_ENV=production"), os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	end := func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		_ = cmd.Wait()
	}
	line, err := bufio.NewReader(out).ReadBytes('\n')
	var said struct{ About, Base string }
	if err == nil {
		err = json.Unmarshal(line, &said)
	}
	if err == nil && said.Base == "" {
		err = errors.New("it does not say where it listens")
	}
	if err != nil {
		end()
		return nil, err
	}
	if !b.told[name] {
		b.told[name] = true
		b.sayf("%s is %s", name, said.About)
	}
	return &running{template: said.Base + template, pid: cmd.Process.Pid, client: newClient(), end: end}, nil
}
