package purge_test

import (
	"slices"
	"testing"

	"photofit"
)

const trip = "trip/b.jpg"

// inFlight starts a render of the photo's first version, replaces the photo, and
// has the first pass over it when the photo was read. release lets the render go
// on, and returns when it has ended.
func (g *rig) inFlight() (release func()) {
	g.Helper()
	g.put(trip, "one")
	g.gate = make(chan struct{})
	done := make(chan struct{})
	go func() {
		defer close(done)
		g.ask(trip, "of one")
	}()
	<-g.reading
	g.purge(g.put(trip, "two"))
	g.wantInvalidated() // nothing was there
	return func() {
		gate := g.gate
		g.gate = nil
		close(gate)
		<-done
	}
}

// TestPutAfterThePurge is the first window: what a render puts after the first
// pass is withdrawn by the render itself, and the edge that got it meanwhile is
// told by the second pass, which finds the mark.
func TestPutAfterThePurge(t *testing.T) {
	eachServer(t, func(g *rig) {
		key := recipe(trip).Key()
		release := g.inFlight()
		g.afterPut = func(key string) { g.see(key) }
		release()
		g.wantHeld(key, "of one")
		g.wantKept(photofit.KeyPrefix(trip) + "~stale")
		g.purge(g.followUps()...)
		g.wantInvalidated(trip)
		g.wantHeld(key, "")
		g.wantKept()
		g.settle()
		g.wantInvalidated(trip) // what an edge was reading
		g.ask(trip, "of two")
		g.wantKept(key)
	})
}

// TestDeathAfterThePut is the second window: a function that dies between its
// put and its look at the photo leaves what only the second pass can find. Another
// render of the photo as it is now comes first, and must not hide it.
func TestDeathAfterThePut(t *testing.T) {
	eachServer(t, func(g *rig) {
		key := recipe(trip).Key()
		release := g.inFlight()
		g.dies = true
		release()
		g.dies = false
		g.wantKept(key)
		g.see(key)
		g.wantHeld(key, "of one")
		g.ask(trip, "of two")
		g.purge(g.followUps()...)
		g.wantInvalidated(trip)
		g.wantHeld(key, "")
		g.settle()
		g.wantInvalidated(trip)
		g.ask(trip, "of two")
		g.see(key)
		g.wantHeld(key, "of two")
		g.wantKept(key)
	})
}

// TestFetchAcrossThePass has an edge read what the second pass forgets, and keep
// it when the second pass has told it to let go.
func TestFetchAcrossThePass(t *testing.T) {
	eachServer(t, func(g *rig) {
		key := recipe(trip).Key()
		release := g.inFlight()
		g.dies = true
		release()
		g.dies = false
		late := g.fetch(key)
		g.purge(g.followUps()...)
		g.edge.keep(key, late)
		g.wantHeld(key, "of one")
		g.settle()
		g.wantHeld(key, "")
		g.wantInvalidated(trip, trip)
		g.wantKept()
	})
}

// TestWhatIsRightStays has the later passes leave a rendition of the photo as it
// is now, and the edge that holds it, alone.
func TestWhatIsRightStays(t *testing.T) {
	eachServer(t, func(g *rig) {
		key := recipe(trip).Key()
		g.purge(g.put(trip, "one"))
		g.ask(trip, "of one")
		g.see(key)
		g.settle()
		g.wantInvalidated()
		g.wantKept(key)
		g.wantHeld(key, "of one")
		// The photo is replaced by what it was: an upload that changes nothing.
		g.purge(g.put(trip, "one"))
		g.wantInvalidated(trip)
		g.ask(trip, "of one")
		g.settle()
		g.wantKept(key)
	})
}

// TestRemovedInFlight has a photo go while it is rendered.
func TestRemovedInFlight(t *testing.T) {
	eachServer(t, func(g *rig) {
		release := g.inFlight()
		removed := g.remove(trip)
		release()
		g.purge(removed)
		g.settle()
		g.wantKept()
		if len(g.warmed) != 1 || g.warmed[0] != trip {
			g.Errorf("made ahead: %q, want what was uploaded", g.warmed)
		}
	})
}

// TestAnyOrder has the events of three changes come in any order, and all of them
// again.
func TestAnyOrder(t *testing.T) {
	eachServer(t, func(g *rig) {
		key := recipe(trip).Key()
		for _, order := range [][]int{{0, 1, 2}, {2, 1, 0}, {1, 2, 0}, {2, 0, 1}} {
			var events []string
			change := func(event string) { events = append(events, event) }
			change(g.put(trip, "one"))
			g.ask(trip, "of one")
			g.see(key)
			change(g.remove(trip))
			change(g.put(trip, "two"))
			for n, i := range order {
				g.purge(events[i])
				if n == 0 {
					g.ask(trip, "of two") // between the events
				}
			}
			g.settle()
			g.wantHeld(key, "")
			for _, k := range g.keys() {
				if o := g.fetch(k); k != key || o.body != "of two" {
					g.Errorf("order %v: %q is kept under %q", order, o.body, k)
				}
			}
			// All in one batch, as the second time.
			slices.Reverse(events)
			if failed := g.deliver(2, append(events, g.followUps()...)...); len(failed) > 0 {
				g.Errorf("again: %v failed", failed)
			}
			g.settle()
			g.wantHeld(key, "")
			g.ask(trip, "of two")
			g.remove(trip)
			if _, err := g.kept.Forget(g.Context(), photofit.KeyPrefix(trip)); err != nil {
				g.Fatal(err)
			}
		}
	})
}
