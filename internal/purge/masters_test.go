package purge_test

import (
	"testing"

	"photofit"
)

// masterInFlight starts to make the master of the photo's first version, replaces the
// photo, and has the first pass over it when the photo was read. release lets the
// making go on, and returns when it has ended.
func (g *rig) masterInFlight() (release func()) {
	g.Helper()
	g.put(trip, "one")
	g.gate = make(chan struct{})
	done := make(chan error)
	go func() { done <- g.service.Master(g.Context(), trip) }()
	<-g.reading
	g.purge(g.put(trip, "two"))
	return func() {
		gate := g.gate
		g.gate = nil
		close(gate)
		if err := <-done; err != nil && !g.dies {
			g.Error(err)
		}
	}
}

// TestMasterPutAfterThePurge is the first window for a master: it is withdrawn.
func TestMasterPutAfterThePurge(t *testing.T) {
	eachServer(t, func(g *rig) {
		release := g.masterInFlight()
		release()
		g.wantKept(photofit.KeyPrefix(trip) + "~stale")
		g.ask(trip, "of two")
		g.settle()
		g.wantKept(recipe(trip).Key())
	})
}

// TestDeathAfterTheMasterWasPut is the second window: what a dying function leaves is
// used by nobody, and gone with the second pass. No edge is told, as none can have it.
func TestDeathAfterTheMasterWasPut(t *testing.T) {
	eachServer(t, func(g *rig) {
		release := g.masterInFlight()
		g.dies = true
		release()
		g.dies = false
		g.wantKept(photofit.MasterKey(trip))
		g.ask(trip, "of two")
		g.wantKept(photofit.MasterKey(trip), recipe(trip).Key())
		g.purge(g.followUps()...)
		g.wantKept(recipe(trip).Key())
		g.wantInvalidated()
		if left := g.followUps(); len(left) > 0 {
			g.Errorf("a pass follows: %q", left)
		}
	})
}

// TestMasterStays has the second pass leave the master of the photo as it is now,
// from which renditions are made that go with the photo.
func TestMasterStays(t *testing.T) {
	eachServer(t, func(g *rig) {
		g.purge(g.put(trip, "one"))
		if err := g.service.Master(g.Context(), trip); err != nil {
			g.Fatal(err)
		}
		g.settle()
		g.ask(trip, "from a master of one")
		g.wantKept(photofit.MasterKey(trip), recipe(trip).Key())
		g.wantInvalidated()
		changed := g.put(trip, "two")
		g.ask(trip, "of two") // before the event has come: its own answer, and what is kept stays
		g.wantKept(photofit.MasterKey(trip), recipe(trip).Key())
		g.purge(changed)
		g.wantInvalidated(trip)
		g.wantKept()
	})
}
