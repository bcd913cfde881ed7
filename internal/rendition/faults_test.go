package rendition

import (
	"context"
	"errors"
	"fmt"
	"io"
	"testing"

	"photofit"
)

func TestFaultsAreRemembered(t *testing.T) {
	damaged := &photofit.Fault{Kind: photofit.ErrDamaged, Code: "photo-damaged", Text: "It is cut off."}
	cases := []struct {
		name string
		err  error
		want int // renders for two askers, one after the other
	}{
		{"fault", damaged, 1},
		{"fault within", fmt.Errorf("decode: %w", damaged), 1},
		{"busy", ErrBusy, 2},
		{"another", errors.New("no space"), 2},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			renders := 0
			g := newRig(func(context.Context, io.ReaderAt, int64, photofit.Recipe, admit) (Made, error) {
				renders++
				return Made{}, c.err
			}, nil)
			for range 2 {
				if _, _, err := g.take(t.Context(), wide(800)); err != c.err {
					t.Errorf("%v, want %v", err, c.err)
				}
			}
			if renders != c.want {
				t.Errorf("%d renders, want %d", renders, c.want)
			}
			if _, _, err := g.take(t.Context(), wide(400)); err != c.err || renders != c.want+1 {
				t.Errorf("another recipe: %v, %d renders", err, renders)
			}
			g.photos.Set("a.jpg", []byte("mended"))
			if _, _, err := g.take(t.Context(), wide(800)); err != c.err || renders != c.want+2 {
				t.Errorf("another version: %v, %d renders", err, renders)
			}
		})
	}
}

// A fault belongs to the version that was read. Stores that number versions by
// content give an old one again when the old bytes come back.
func TestFaultOfTheVersionThatWasRead(t *testing.T) {
	fault := &photofit.Fault{Kind: photofit.ErrDamaged, Code: "photo-damaged", Text: "It is cut off."}
	g := newRig(func(ctx context.Context, p io.ReaderAt, size int64, r photofit.Recipe, a admit) (Made, error) {
		made, err := copying(ctx, p, size, r, a)
		if string(made.Body) == "bad" {
			return Made{}, fault
		}
		return made, err
	}, nil)
	good, err := g.photos.Stat(t.Context(), "a.jpg")
	if err != nil {
		t.Fatal(err)
	}
	bad := g.photos.Set("a.jpg", []byte("bad"))
	f := &flight{landed: make(chan struct{}), close: func() {}}
	r := wide(800)
	g.make(t.Context(), f, r, r.Key(), good.Version, false) // looked at while it was good
	if f.err != fault {
		t.Fatalf("got %v", f.err)
	}
	if g.faults.get(r.Key(), bad.Version) == nil {
		t.Error("the version that was read is not remembered")
	}
	if g.faults.get(r.Key(), good.Version) != nil {
		t.Error("the sound version has got the other's fault")
	}
}

// What a stopped render says of the photo is worth nothing.
func TestFaultOfAStoppedRender(t *testing.T) {
	fault := &photofit.Fault{Kind: photofit.ErrDamaged, Code: "photo-damaged", Text: "It is cut off."}
	begun, ended := make(chan struct{}), make(chan struct{})
	stops := true
	g := newRig(func(ctx context.Context, p io.ReaderAt, size int64, r photofit.Recipe, a admit) (Made, error) {
		if stops {
			close(begun)
			<-ctx.Done()
			defer close(ended)
			return Made{}, fault
		}
		return copying(ctx, p, size, r, a)
	}, nil)
	ctx, leave := context.WithCancel(t.Context())
	asker := g.send(ctx, wide(800))
	<-begun
	leave()
	<-asker
	<-ended
	stops = false
	if body, _ := g.must(t, wide(800)); body != "one" {
		t.Errorf("got %q", body)
	}
}

func TestFaultsAreBounded(t *testing.T) {
	f := newFaults()
	err := errors.New("x")
	for i := range mostFaults + 1 {
		f.put(fmt.Sprint("key", i), "v", err)
		if len(f.byKey) > mostFaults {
			t.Fatalf("%d are remembered, want %d at most", len(f.byKey), mostFaults)
		}
	}
	if f.get(fmt.Sprint("key", mostFaults), "v") != err {
		t.Error("the last one is forgotten")
	}
}
