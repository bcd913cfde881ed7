package main

import (
	"os"
	"os/exec"
	"testing"
	"time"
)

func TestParseStat(t *testing.T) {
	pid, s, err := parseStat("42 (a) (b c) S 7 42 42 0 -1 4194304 1 2 3 4 11 22 33 44 20 0 1 0 9 8 7\n")
	if err != nil || pid != 42 || s.parent != 7 || s.dead || s.reaped != 770*time.Millisecond {
		t.Errorf("parseStat = %d, %+v, %v", pid, s, err)
	}
	if _, s, err := parseStat("42 (a) Z 7 42 42 0 -1 4194304 1 2 3 4 11 22 33 44 20\n"); err != nil || !s.dead {
		t.Errorf("a dead one: %+v, %v", s, err)
	}
	for _, line := range []string{"", "42", "42 (a) S 7", "x (a) S 7 42 42 0 -1 4194304 1 2 3 4 11 22 33 44 20", "42 (a) S x 42 42 0 -1 4194304 1 2 3 4 11 22 33 44 20"} {
		if pid, s, err := parseStat(line); err == nil {
			t.Errorf("%q is %d, %+v", line, pid, s)
		}
	}
}

// What children take is the peer's, while they run and when they have ended.
func TestChildrenCount(t *testing.T) {
	work := "i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done; echo; "
	for name, script := range map[string]string{
		"running": "(" + work + "read wait <&3) & wait",
		"ended":   "(" + work + ") & wait; read wait <&3",
	} {
		cmd := exec.Command("sh", "-c", "exec 3<&0; "+script)
		in, out, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		cmd.Stdin = in
		said, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		_, _ = said.Read(make([]byte, 1)) // the work is done
		// The parent waits for its child a moment after that.
		var own, all time.Duration
		for try := 0; all <= own+20*time.Millisecond && err == nil && try < 1000; try++ {
			if own, err = cpuTime(cmd.Process.Pid); err == nil {
				all, err = treeCPU(cmd.Process.Pid)
			}
		}
		if err != nil || all <= own+20*time.Millisecond {
			t.Errorf("%s: %v of which %v its own, %v", name, all, own, err)
		}
		if peak, err := treePeak(cmd.Process.Pid); err != nil || peak <= 0 {
			t.Errorf("%s: peak %d, %v", name, peak, err)
		}
		out.Close()
		in.Close()
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	}
	if _, err := treeCPU(1 << 22); err == nil {
		t.Error("a process that cannot be has taken something")
	}
}
