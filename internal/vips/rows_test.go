package vips

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// How many rows libvips has in memory shows in its high water, which is the
// process's: so it is taken in one of its own. With libvips's own values, 128 and
// 16 rows, it is 24 MB here.
func TestFewRowsAreHeld(t *testing.T) {
	if os.Getenv("PHOTOFIT_TEST_ROWS") == "" {
		child := exec.Command(os.Args[0], "-test.run=^TestFewRowsAreHeld$", "-test.count=1")
		child.Env = append(os.Environ(), "PHOTOFIT_TEST_ROWS=1")
		out, err := child.CombinedOutput()
		var held int64
		_, line, _ := strings.Cut(string(out), "held: ")
		if _, scan := fmt.Sscan(line, &held); err != nil || scan != nil {
			t.Fatalf("%v %v\n%s", err, scan, out)
		}
		if held == 0 || held > 16<<20 {
			t.Errorf("libvips held %d kB of rows, want at most 16 MB", held>>10)
		}
		t.Logf("libvips held %d kB", held>>10)
		return
	}
	job := newJob(t)
	var photo bytes.Buffer
	if err := jpeg.Encode(&photo, image.NewGray(image.Rect(0, 0, 16000, 1200)), nil); err != nil {
		t.Fatal(err)
	}
	im, err := job.Load(LoadJPEG, photo.Bytes(), LoadOptions{})
	if err == nil {
		im, err = im.Resize(0.4, 0.4)
	}
	if err == nil {
		_, err = im.SaveJPEG(80, false)
	}
	if err != nil {
		t.Fatal(err)
	}
	_, peak := job.lib.Memory()
	fmt.Printf("held: %d\n", peak)
}
