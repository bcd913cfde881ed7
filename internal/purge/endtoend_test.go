package purge_test

import (
	"slices"
	"strings"
	"testing"

	"photofit"
	"photofit/internal/store"
)

// oddNames are photos whose names another one's could be taken for, or that some
// encoding would change.
var oddNames = []string{
	"trip", "trip/b.jpg", "trip/b.jpg2", "trip/b", "Trip/b.jpg", "photo", "photo2",
	"a b.jpg", "a+b.jpg", "a%20b.jpg", "a%2Bb.jpg", "100%.jpg", "#1.jpg", "a?w=1.jpg", "a&b=c.jpg",
	"Übung/Größe ß.jpg", "U\u0308bung/x.jpg", "世界.jpg", "~.jpg", "a~20b.jpg", "_w320.webp", "-fp0-0.jpg", "a\"b'.jpg", "\tа\u0001.jpg", "r1/r2.jpg", "*.jpg",
}

// keep keeps a rendition on a shelf.
func (g *rig) keep(key string) {
	g.Helper()
	if err := g.kept.Put(g.Context(), key, []byte("x"), store.Meta{Size: 1, Type: "image/webp", Source: `"old"`}); err != nil {
		g.Fatal(err)
	}
}

// TestOddNames has each of many names forgotten, on both shelves, the master
// included, and nothing of any other.
func TestOddNames(t *testing.T) {
	eachServer(t, func(g *rig) {
		// What is made of a photo: the master's name no URL can spell.
		made := func(photo string) (keys []string) {
			prefix := photofit.KeyPrefix(photo)
			for _, name := range []string{"w320.webp", "w800.auto-avif", "info.json", "~master"} {
				keys = append(keys, prefix+name, "r7"+strings.TrimPrefix(prefix, "r1")+name)
			}
			return keys
		}
		g.kept = g.client.Renditions(g.place(), untagged)
		var all []string
		for _, photo := range oddNames {
			for _, key := range made(photo) {
				g.keep(key)
				all = append(all, key)
			}
		}
		g.wantKept(all...)
		left := slices.Clone(all)
		for _, photo := range oddNames {
			g.purge(eventOf("Object Deleted", photo, ""))
			mine := made(photo)
			left = slices.DeleteFunc(left, func(key string) bool { return slices.Contains(mine, key) })
			g.wantKept(left...)
			g.wantInvalidated(photo)
		}
		g.wantKept()
		g.settle() // by way of our own messages
		g.wantInvalidated(oddNames...)
	})
}

// TestBatch has many events in one batch, of which some come twice, and some are
// none of ours.
func TestBatch(t *testing.T) {
	eachServer(t, func(g *rig) {
		g.kept = g.client.Renditions(g.place(), untagged)
		var bodies []string
		for _, photo := range oddNames {
			g.keep(photofit.KeyPrefix(photo) + "w320.webp")
			bodies = append(bodies, eventOf("Object Deleted", photo, ""), eventOf("Object Deleted", photo, ""))
		}
		other := eventOf("Object Deleted", "kept.jpg", "")
		g.keep(photofit.KeyPrefix("kept.jpg") + "w320.webp")
		bodies = append(bodies,
			strings.Replace(other, `"name":"photos"`, `"name":"others"`, 1),
			strings.Replace(other, photosPrefix, "famous/", 1),
			strings.Replace(other, `"aws.s3"`, `"aws.ec2"`, 1),
			strings.Replace(other, `Object Deleted`, `Object Tags Added`, 1),
			"", "{", `{"photofit-pass":{"photo":"kept.jpg","pass":1}}`, `{"photofit-pass":{"photo":"~","pass":2}}`)
		g.purge(bodies...)
		g.wantInvalidated(oddNames...)
		g.wantKept(photofit.KeyPrefix("kept.jpg") + "w320.webp")
		g.settle()
		g.wantInvalidated(oddNames...)
	})
}

// TestNothingHeldCostsNothing has uploads of what nobody has asked for yet make
// no invalidation, and be made ahead once.
func TestNothingHeldCostsNothing(t *testing.T) {
	eachServer(t, func(g *rig) {
		event := g.put("a b.jpg", "one")
		g.purge(event)
		g.settle()
		if failed := g.deliver(1, event, event); len(failed) > 0 {
			g.Errorf("%v failed", failed)
		}
		g.settle()
		g.wantInvalidated()
		// An event of what was replaced since makes nothing ahead.
		g.put("a b.jpg", "two")
		g.purge(event)
		g.settle()
		if want := []string{"a b.jpg", "a b.jpg"}; !slices.Equal(g.warmed, want) {
			g.Errorf("made ahead: %q, want %q", g.warmed, want)
		}
	})
}

// TestTooManyInvalidations has only that message come again which is not done,
// and the invalidation made when it does, once.
func TestTooManyInvalidations(t *testing.T) {
	eachServer(t, func(g *rig) {
		key := recipe(trip).Key()
		g.put(trip, "one")
		g.ask(trip, "of one")
		g.see(key)
		event := g.remove(trip)
		g.cloudfront.Refuse(1)
		if failed := g.deliver(1, eventOf("Object Deleted", "other.jpg", ""), event, "{"); !slices.Equal(failed, []int{1}) {
			g.Errorf("%v are to come again, want the second", failed)
		}
		g.wantHeld(key, "of one")
		g.wantInvalidated()
		g.followUps()
		// S3 holds nothing any more, but it may have: the message says so by
		// coming again.
		g.messages--
		if failed := g.deliver(2, eventOf("Object Deleted", "other.jpg", ""), event); len(failed) > 0 {
			g.Errorf("%v failed", failed)
		}
		g.wantHeld(key, "")
		g.wantInvalidated("other.jpg", trip)
		g.messages--
		g.deliver(3, eventOf("Object Deleted", "other.jpg", ""), event)
		g.wantInvalidated() // the same reference
	})
}
