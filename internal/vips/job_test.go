package vips

import (
	"bytes"
	"errors"
	"sync"
	"testing"
)

// chores are jobs that touch all of the binding, some of which fail on the way.
var chores = []struct {
	name string
	work func(j *Job, png []byte) error
	ok   bool
}{
	{"decode, scale, encode", func(j *Job, png []byte) error {
		im, err := j.Load(LoadPNG, png, LoadOptions{})
		if err != nil {
			return err
		}
		if im, err = im.Resize(.5, .5); err != nil {
			return err
		}
		if im, err = im.Describe(Rights{XMP: []byte("<x/>")}, false); err != nil {
			return err
		}
		_, err = im.SaveJPEG(80, false)
		return err
	}, true},
	{"turn and stack", func(j *Job, png []byte) error {
		im, err := j.Load(LoadPNG, png, LoadOptions{})
		if err != nil {
			return err
		}
		if im, err = im.Copy(); err != nil {
			return err
		}
		if im, err = im.Rotate(180); err != nil {
			return err
		}
		if im, err = j.Stack([]*Image{im, im}); err != nil {
			return err
		}
		if im, err = im.Transform(ProfileP3); err != nil {
			return err
		}
		_, err = im.SaveWebP(80, 0)
		return err
	}, true},
	{"opened and left", func(j *Job, png []byte) error {
		_, err := j.Load(LoadPNG, png, LoadOptions{})
		return err
	}, true},
	{"copied and left", func(j *Job, png []byte) error {
		im, err := j.Load(LoadPNG, png, LoadOptions{})
		if err == nil {
			_, err = im.Copy()
		}
		return err
	}, true},
	{"cut short", func(j *Job, png []byte) error {
		im, err := j.Load(LoadPNG, png[:len(png)/2], LoadOptions{})
		if err != nil {
			return err
		}
		_, err = im.SavePNG(1)
		return err
	}, false},
	{"no picture", func(j *Job, png []byte) error {
		_, err := j.Load(LoadJPEG, png, LoadOptions{})
		return err
	}, false},
	{"window outside", func(j *Job, png []byte) error {
		im, err := j.Load(LoadPNG, png, LoadOptions{})
		if err == nil {
			_, err = im.Extract(1, 1, im.Width(), im.Height())
		}
		return err
	}, false},
	{"wrong property", func(j *Job, png []byte) error {
		_, err := j.image("pngload_buffer", Args{"buffer": png, "shrink": 2})
		return err
	}, false},
}

func TestJobsLeaveNothingBehind(t *testing.T) {
	lib := library(t)
	png := pngFile(t, 200, 160)
	if n := held(lib); n != 0 {
		t.Fatalf("%d bytes are held before anything is done", n)
	}
	for range 10 {
		for _, c := range chores {
			j := lib.NewJob()
			if err := c.work(j, png); (err == nil) != c.ok {
				t.Errorf("%s: %v", c.name, err)
			}
			j.Close()
			if now := held(lib); now != 0 {
				t.Fatalf("%s: %d bytes are held afterwards", c.name, now)
			}
		}
	}
	if _, peak := lib.Memory(); peak == 0 {
		t.Error("nothing was ever held: this proves nothing")
	}
}

func TestJobsSideBySide(t *testing.T) {
	lib := library(t)
	png := pngFile(t, 120, 90)
	var wg sync.WaitGroup
	for n := range 8 {
		wg.Go(func() {
			for i := range 10 {
				c := chores[(n+i)%len(chores)]
				j := lib.NewJob()
				if err := c.work(j, png); (err == nil) != c.ok {
					t.Errorf("%s: %v", c.name, err)
				}
				j.Close()
			}
		})
	}
	wg.Wait()
	if now := held(lib); now != 0 {
		t.Errorf("%d bytes are held afterwards", now)
	}
}

func TestKillStopsWork(t *testing.T) {
	lib := library(t)
	j := lib.NewJob()
	defer j.Close()
	im := picture(t, j, 3000, 2000, 3)
	if j.Killed() {
		t.Error("killed before Kill")
	}
	j.Kill()
	if !j.Killed() {
		t.Error("not killed after Kill")
	}
	if _, err := im.SaveJPEG(80, false); err == nil {
		t.Error("an image was encoded after Kill")
	}
	// What is made of it afterwards is stopped, too.
	late, err := im.Resize(.5, .5)
	if err == nil {
		_, err = late.SaveJPEG(80, false)
	}
	var e *Error
	if !errors.As(err, &e) {
		t.Errorf("an image that was made after Kill: %v", err)
	}
}

// Kill comes when it will: before, while and after the work. Either the result
// is whole, or there is an error.
func TestKillFromElsewhere(t *testing.T) {
	lib := library(t)
	png := pngFile(t, 400, 300)
	whole := func() []byte {
		j := lib.NewJob()
		defer j.Close()
		im := must[*Image](t)(j.Load(LoadPNG, png, LoadOptions{}))
		return must[[]byte](t)(im.SaveJPEG(80, false))
	}()
	for range 40 {
		j := lib.NewJob()
		start, done := make(chan struct{}), make(chan struct{})
		go func() {
			defer close(done)
			<-start
			j.Kill()
		}()
		close(start)
		im, err := j.Load(LoadPNG, png, LoadOptions{})
		var got []byte
		if err == nil {
			got, err = im.SaveJPEG(80, false)
		}
		if err == nil && !bytes.Equal(got, whole) {
			t.Error("half a picture, and no error")
		}
		j.Close()
		<-done
		j.Kill() // of no effect on what is closed
		j.Close()
	}
	if now := held(lib); now != 0 {
		t.Errorf("%d bytes are held afterwards", now)
	}
}

func TestThreads(t *testing.T) {
	lib := library(t)
	defer lib.SetThreads(1)
	png := pngFile(t, 300, 200)
	var first []byte
	for _, n := range []int{-1, 0, 1, 2, 4} {
		lib.SetThreads(n)
		j := lib.NewJob()
		im := must[*Image](t)(j.Load(LoadPNG, png, LoadOptions{}))
		out := must[[]byte](t)(must[*Image](t)(im.Resize(.3, .3)).SavePNG(1))
		j.Close()
		if first == nil {
			first = out
		}
		if !bytes.Equal(out, first) {
			t.Errorf("%d threads make another picture", n)
		}
	}
}
