package lambdahost

import "testing"

// Close waits for what is done for sandboxes, and nothing begins once they are gone:
// their last requests may still be on their way.
func TestEnter(t *testing.T) {
	h := newRig(t, Config{}).Host
	s, fresh, err := h.acquire()
	if err != nil || !fresh {
		t.Fatal(fresh, err)
	}
	if !h.enter(s) {
		t.Error("a sandbox that is there cannot be entered")
	}
	h.under.Done()
	if call := h.forget(s); call != nil {
		t.Error(call)
	}
	h.under.Done()
	if h.enter(s) {
		t.Error("a sandbox that is gone can be entered")
	}
	if err := h.Close(); err != nil {
		t.Error(err)
	}
}
