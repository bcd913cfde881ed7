package rendition

import (
	"context"
	"errors"
	"io"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"photofit"
	"photofit/internal/store"
)

// fakeMasters makes masters of which one can see what they were made of: of "one" it
// is "master of one", and what is made of that is "from master of one". Recipes
// wider than 1000 it does not serve.
type fakeMasters struct {
	whole  bool          // photos are decoded as a whole
	free   bool          // no master pays
	fail   error         // making one fails
	hold   chan struct{} // if there is one, making waits for it to be closed
	before chan struct{} // the same for a rendition from the photo, when it has its turn
	asked  atomic.Int32  // how often one was to be made
	made   atomic.Int32  // masters
	plain  atomic.Int32  // renditions made from a photo itself
	from   atomic.Int32  // renditions made from a master
	broken error         // what comes of using one
}

func (m *fakeMasters) render(ctx context.Context, photo io.ReaderAt, size int64, r photofit.Recipe, admit admit) (Made, error) {
	m.plain.Add(1)
	if m.before != nil {
		<-m.before
	}
	if err := admit(ctx, 10); err != nil {
		return Made{}, err
	}
	return copying(ctx, photo, size, r, admit)
}

func (m *fakeMasters) make(ctx context.Context, photo io.ReaderAt, size int64, admit admit) (Made, error) {
	m.asked.Add(1)
	if m.free {
		return Made{}, nil
	}
	if m.hold != nil {
		<-m.hold
	}
	if m.fail != nil {
		return Made{}, m.fail
	}
	if err := admit(ctx, 20); err != nil {
		return Made{}, err
	}
	m.made.Add(1)
	made, err := copying(ctx, photo, size, photofit.Recipe{}, admit)
	return Made{Body: append([]byte("master of "), made.Body...), Type: "image/jpeg; photo=1x1"}, err
}

func (m *fakeMasters) masters() *Masters {
	return &Masters{
		Make: m.make,
		From: func(ctx context.Context, master io.ReaderAt, size int64, kind string, r photofit.Recipe, admit admit) (Made, bool, error) {
			if kind != "image/jpeg; photo=1x1" {
				return Made{}, false, errors.New("the type is lost")
			}
			if r.Width > 1000 {
				return Made{}, false, nil
			}
			if m.broken != nil {
				return Made{}, false, m.broken
			}
			m.from.Add(1)
			made, err := copying(ctx, master, size, r, admit)
			made.Body = append([]byte("from "), made.Body...)
			return made, true, err
		},
		Both: func(ctx context.Context, photo io.ReaderAt, size int64, r photofit.Recipe, admit func(context.Context, int64, func(photofit.Recipe) bool) error) (Made, func(context.Context) (Made, error), error) {
			var serves func(photofit.Recipe) bool
			if m.whole && r.Width <= 1000 {
				serves = func(r photofit.Recipe) bool { return r.Width <= 1000 }
			}
			leave := func(ctx context.Context, bytes int64) error { return admit(ctx, bytes, serves) }
			made, err := m.render(ctx, photo, size, r, leave)
			if err != nil || serves == nil {
				return made, nil, err
			}
			return made, func(ctx context.Context) (Made, error) {
				return m.make(ctx, photo, size, func(context.Context, int64) error { return nil })
			}, nil
		},
	}
}

func newMasterRig(m *fakeMasters, change func(*Config)) *rig {
	return newRig(m.render, func(c *Config) {
		c.Masters = m.masters()
		if change != nil {
			change(c)
		}
	})
}

func (g *rig) hasMaster() bool {
	kept, err := g.kept.Get(context.Background(), photofit.MasterKey("a.jpg"))
	if err != nil {
		return false
	}
	return kept.Body.Close() == nil
}

// Of a photo that is decoded as a whole the first rendition leaves a master, from
// which the second is made, and one that is too large for it is not.
func TestMasterOfOneDecode(t *testing.T) {
	m := &fakeMasters{whole: true}
	g := newMasterRig(m, nil)
	if body, _ := g.must(t, wide(100)); body != "one" {
		t.Errorf("the first is %q", body)
	}
	g.Wait()
	if !g.hasMaster() {
		t.Fatal("no master is kept")
	}
	body, a, err := g.take(t.Context(), wide(200))
	if err != nil || body != "from master of one" || !a.Master || a.How != Miss {
		t.Errorf("the second is %q, by master %v, %v", body, a != nil && a.Master, err)
	}
	if kept, _ := g.isKept(wide(200)); kept == "" {
		t.Error("what was made of a master is kept without its photo's version")
	}
	if body, a, err := g.take(t.Context(), wide(2000)); err != nil || body != "one" || a.Master {
		t.Errorf("a large one is %q, %v", body, err)
	}
	g.Wait()
	if n := m.made.Load(); n != 1 {
		t.Errorf("%d masters were made", n)
	}
	if l := g.Load(); l != (Load{}) || g.Busy() {
		t.Errorf("load is left: %+v, busy %v", l, g.Busy())
	}
}

// Of a photo that is quickly decoded a master is made when a second size was asked
// for, and not at all if none pays.
func TestMasterOfTheSecondSize(t *testing.T) {
	m := &fakeMasters{}
	g := newMasterRig(m, func(c *Config) { c.Memory = 25 }) // for either of the two, not for both
	g.must(t, wide(100))
	g.Wait()
	if g.hasMaster() {
		t.Fatal("a master was made for one size")
	}
	g.must(t, wide(200))
	g.Wait()
	if !g.hasMaster() {
		t.Fatal("no master was made for the second size")
	}
	if body, _ := g.must(t, wide(300)); body != "from master of one" {
		t.Errorf("the third is %q", body)
	}

	m = &fakeMasters{free: true}
	g = newMasterRig(m, nil)
	for w := 100; w < 500; w += 100 {
		g.must(t, wide(w))
		g.Wait()
	}
	if g.hasMaster() || m.plain.Load() != 4 || m.asked.Load() != 1 {
		t.Errorf("a master that does not pay is kept: %v, %d were made from the photo, and it was asked for %d times", g.hasMaster(), m.plain.Load(), m.asked.Load())
	}
}

// The answer is there, and another photo's, while the master is being made; who
// wants another size of this photo waits for it, and decodes nothing.
func TestMasterDelaysNoAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &fakeMasters{whole: true, hold: make(chan struct{})}
		g := newMasterRig(m, func(c *Config) { c.Renders = 2 })
		g.must(t, wide(100)) // whole, and closed, with the master not begun
		if !g.Busy() {
			t.Error("a master is being made, and the service says that it is idle")
		}
		second := g.send(t.Context(), wide(200))
		impatient, leave := context.WithCancel(t.Context())
		third := g.send(impatient, wide(300))
		synctest.Wait()
		g.photos.Set("b.jpg", []byte("two"))
		other := wide(100)
		other.Photo = "b.jpg"
		leave()
		if got := <-third; !errors.Is(got.err, context.Canceled) {
			t.Errorf("who has left got %+v", got)
		}
		m.whole = false // of b.jpg; else its master would wait for hold, too
		if body, _ := g.must(t, other); body != "two" {
			t.Errorf("another photo's is %q", body)
		}
		if n := m.plain.Load(); n != 2 {
			t.Errorf("%d times a photo was taken instead of its master", n-2)
		}
		m.whole = true
		if body, _ := g.must(t, wide(2000)); body != "one" { // which no master serves
			t.Errorf("a large one is %q", body)
		}
		close(m.hold)
		if got := <-second; got.err != nil || got.body != "from master of one" {
			t.Errorf("the second is %+v", got)
		}
		g.Wait()
	})
}

// However many sizes of a photo are asked for at once, it is decoded once.
func TestOneMasterInTheMaking(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &fakeMasters{whole: true, hold: make(chan struct{}), before: make(chan struct{})}
		g := newMasterRig(m, func(c *Config) { c.Renders = 4 })
		var all []<-chan got
		for w := range 16 {
			all = append(all, g.send(t.Context(), wide(10+w)))
		}
		synctest.Wait() // four have their turn, and none knows of another
		close(m.before)
		synctest.Wait()
		close(m.hold)
		for _, one := range all {
			if got := <-one; got.err != nil {
				t.Error(got.err)
			}
		}
		g.Wait()
		if n := m.made.Load(); n != 1 {
			t.Errorf("%d masters were made", n)
		}
		if n := m.from.Load(); n != 15 {
			t.Errorf("%d were made from the master", n)
		}
		if l := g.Load(); l != (Load{}) {
			t.Errorf("load is left: %+v", l)
		}
	})
}

// Each photo that is opened is closed, whoever has it last.
func TestMasterClosesThePhoto(t *testing.T) {
	for _, whole := range []bool{true, false} {
		m := &fakeMasters{whole: whole}
		open := &countedPhotos{}
		g := newMasterRig(m, func(c *Config) {
			open.Photos = c.Photos
			c.Photos = open
		})
		for w := 100; w < 400; w += 100 {
			g.must(t, wide(w))
			g.Wait()
		}
		if n := open.n.Load(); n != 0 || !g.hasMaster() {
			t.Errorf("whole %v: %d are open", whole, n)
		}
	}
}

// countedPhotos counts how many are open.
type countedPhotos struct {
	store.Photos
	n atomic.Int32
}

func (c *countedPhotos) Open(ctx context.Context, key string) (store.OpenPhoto, error) {
	p, err := c.Photos.Open(ctx, key)
	if err != nil {
		return nil, err
	}
	c.n.Add(1)
	return countedPhoto{p, c}, nil
}

type countedPhoto struct {
	store.OpenPhoto
	of *countedPhotos
}

func (c countedPhoto) Close() error {
	c.of.n.Add(-1)
	return c.OpenPhoto.Close()
}

// A master that cannot be made, kept or used costs a line in the log and no answer.
func TestMasterFails(t *testing.T) {
	damaged := &photofit.Fault{Kind: photofit.ErrDamaged, Text: "damaged"}
	for name, m := range map[string]*fakeMasters{
		"making": {whole: true, fail: errors.New("no luck")},
		"using":  {whole: true, broken: damaged},
	} {
		t.Run(name, func(t *testing.T) {
			g := newMasterRig(m, nil)
			for _, w := range []int{100, 200, 300} {
				if body, _ := g.must(t, wide(w)); body != "one" {
					t.Errorf("%d: %q", w, body)
				}
				g.Wait()
			}
			if !strings.Contains(g.log.String(), "master") {
				t.Errorf("the log does not say so: %s", g.log)
			}
			if l := g.Load(); l != (Load{}) || g.Busy() {
				t.Errorf("load is left: %+v", l)
			}
		})
	}
	for name, m := range map[string]*fakeMasters{
		"whole": {whole: true, fail: errors.New("no luck")},
		"twice": {fail: errors.New("no luck")},
	} {
		synctest.Test(t, func(t *testing.T) {
			g := newMasterRig(m, nil)
			ask := func(widths ...int) {
				for _, w := range widths {
					g.must(t, wide(w))
					g.Wait()
				}
			}
			ask(100, 200, 300, 400) // one failure is enough, and one line
			if n := m.asked.Load(); n != 1 || strings.Count(g.log.String(), "no master") != 1 {
				t.Errorf("%s: a master was tried %d times; the log: %s", name, n, g.log)
			}
			time.Sleep(mastersAgain)
			m.fail = nil
			ask(500, 600)
			if n := m.asked.Load(); n != 2 || !g.hasMaster() {
				t.Errorf("%s: when it may go again a master was tried %d times", name, n)
			}
			m.fail = errors.New("no luck")
			g.photos.Set("a.jpg", []byte("another")) // of which nothing is known
			ask(100, 200)
			if n := m.asked.Load(); n != 3 {
				t.Errorf("%s: of another version a master was tried %d times", name, n-2)
			}
		})
	}
	m := &fakeMasters{whole: true}
	g := newMasterRig(m, nil)
	both := g.masters.Both
	g.masters.Both = func(ctx context.Context, photo io.ReaderAt, size int64, r photofit.Recipe, admit func(context.Context, int64, func(photofit.Recipe) bool) error) (Made, func(context.Context) (Made, error), error) {
		if _, _, err := both(ctx, photo, size, r, admit); err != nil {
			return Made{}, nil, err
		}
		panic("within")
	}
	for range 2 { // nobody waits for a master that nobody makes
		if _, _, err := g.take(t.Context(), wide(100)); err == nil || !strings.Contains(err.Error(), "panicked") {
			t.Errorf("a panic is %v", err)
		}
	}
}

// A master of another version is not used, and is replaced by the next.
func TestMasterOfAnotherVersion(t *testing.T) {
	m := &fakeMasters{whole: true}
	g := newMasterRig(m, nil)
	g.must(t, wide(100))
	g.Wait()
	g.photos.Set("a.jpg", []byte("another"))
	if body, _ := g.must(t, wide(200)); body != "another" {
		t.Errorf("after it was replaced: %q", body)
	}
	g.Wait()
	if body, _ := g.must(t, wide(300)); body != "from master of another" {
		t.Errorf("after that: %q", body)
	}
	if _, err := g.kept.Forget(t.Context(), photofit.KeyPrefix("a.jpg")); err != nil || g.hasMaster() {
		t.Errorf("forgetting the photo leaves its master: %v", err)
	}
}

// Where masters are made elsewhere, Get uses them and leaves nothing to do; Master
// makes one, once.
func TestMastersElsewhere(t *testing.T) {
	m := &fakeMasters{whole: true}
	g := newMasterRig(m, func(c *Config) { c.Masters.Elsewhere = true })
	g.must(t, wide(100))
	g.must(t, wide(200))
	if g.Busy() || g.hasMaster() {
		t.Error("a master was made")
	}
	for range 2 {
		if err := g.Master(t.Context(), "a.jpg"); err != nil {
			t.Fatal(err)
		}
	}
	if n := m.made.Load(); n != 1 || !g.hasMaster() {
		t.Errorf("%d masters were made", n)
	}
	if body, _ := g.must(t, wide(300)); body != "from master of one" {
		t.Errorf("then: %q", body)
	}
	if err := g.Master(t.Context(), "none.jpg"); err == nil {
		t.Error("there is no such photo, and no error")
	}
	if l := g.Load(); l != (Load{}) || g.Busy() {
		t.Errorf("load is left: %+v", l)
	}
}

// Where nothing is kept, no master is made.
func TestNoMasterWithoutStore(t *testing.T) {
	m := &fakeMasters{whole: true}
	g := newMasterRig(m, func(c *Config) { c.Renditions = store.Renditions(nil) })
	g.must(t, wide(100))
	g.must(t, wide(200))
	g.Wait()
	if m.made.Load() != 0 {
		t.Error("one was made")
	}
}
