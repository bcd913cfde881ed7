package scale

import (
	"os"
	"os/exec"
	"runtime"
	"testing"
)

// The loops for the other processor are tested on this one, as far as an emulator
// goes: what they compute, not how fast.
func TestOnARM64(t *testing.T) {
	if runtime.GOARCH == "arm64" || runtime.GOOS != "linux" {
		t.Skip("SKIPPED: the other tests are of this processor's loops")
	}
	emulator, err := exec.LookPath("qemu-aarch64")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("no qemu-aarch64, which scripts/tools test installs")
		}
		t.Skip("SKIPPED: no qemu-aarch64 for the loops of arm64; scripts/tools test installs it")
	}
	// Not the benchmarks, and not with the race detector, which needs a C compiler for that processor.
	test := exec.CommandContext(t.Context(), "go", "test", "-exec", emulator, ".")
	test.Env = append(os.Environ(), "GOARCH=arm64", "CGO_ENABLED=0", "GOFLAGS=")
	if out, err := test.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
