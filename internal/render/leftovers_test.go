package render

import (
	"runtime/debug"
	"testing"
	"testing/synctest"
	"time"
)

// process is one whose size is set by hand, and of which a release takes off all
// but what is in use.
type process struct {
	size, used int64
	released   int
}

func (p *process) leftovers() *leftovers {
	return &leftovers{
		resident: func() int64 { return p.size },
		release:  func() { p.released++; p.size = p.used },
	}
}

func TestLeftoversGoWhenTheyAreTooLarge(t *testing.T) {
	p := &process{size: 100, used: 100}
	l := p.leftovers()
	l.begin(50)
	l.begin(50)
	p.size = 200
	l.end(50)
	if p.released != 0 {
		t.Error("given back although the process was no larger than its renders had leave for")
	}
	p.size, p.used = 160, 120
	l.end(50)
	if p.released != 1 {
		t.Error("not given back when the process had become too large")
	}
}

// What else the program holds is not to cost a release after every render.
func TestLeftoversOfOthersAreLetBe(t *testing.T) {
	p := &process{size: 100, used: 100}
	l := p.leftovers()
	for range 10 {
		l.begin(50)
		p.size, p.used = 500, 500
		l.end(50)
	}
	if p.released != 1 {
		t.Errorf("released %d times, want once", p.released)
	}
	l.begin(50)
	p.size = 600
	l.end(50)
	if p.released != 2 {
		t.Error("not released when there was more to give back")
	}
}

func TestLeftoversGoAtRest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &process{size: 100, used: 100}
		l := p.leftovers()
		released := func() int {
			synctest.Wait()
			l.mu.Lock()
			defer l.mu.Unlock()
			return p.released
		}
		for want := 1; want <= 2; want++ {
			l.begin(50)
			l.end(50)
			time.Sleep(quietTime + 1)
			if n := released(); n != want {
				t.Errorf("given back %d times after a while without renders, want %d", n, want)
			}
		}
		for range 3 {
			l.begin(50)
			time.Sleep(2 * quietTime)
			l.end(50)
			time.Sleep(quietTime / 2)
		}
		if n := released(); n != 2 {
			t.Errorf("given back %d times between renders that followed one another", n-2)
		}
	})
}

func TestResidentIsTold(t *testing.T) {
	if raceEnabled {
		t.Skip("SKIPPED: the race detector's own memory is in the way; CI runs this test without it, too")
	}
	if resident() == 0 {
		t.Skip("SKIPPED: this system does not tell")
	}
	// What renders of the tests before have left goes two seconds after them, which may
	// be now: so all of it goes first, and there is more than one try.
	var grown, left int64
	for range 5 {
		debug.FreeOSMemory()
		library(t).Trim()
		if grown, left = residentOf64MiB(t); grown >= 48<<20 && left <= 16<<20 {
			return
		}
	}
	t.Errorf("grown by %d MiB with 64 more in use, and by %d when they were given back, as a buffer that is too large to be kept", grown>>20, left>>20)
}

// residentOf64MiB tells by how much the process is larger with 64 MiB in a buffer, and
// after that.
func residentOf64MiB(t *testing.T) (with, after int64) {
	before := resident()
	var b buffers
	defer b.drop()
	data, free, err := b.get(64 << 20)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(data); i += 4096 {
		data[i] = 1
	}
	with = resident() - before
	free()
	return with, resident() - before
}
