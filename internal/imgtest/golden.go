package imgtest

import (
	"bytes"
	"flag"
	"fmt"
	"image"
	_ "image/gif"  // decoders for GoldenFile
	_ "image/jpeg" // decoders for GoldenFile
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	_ "golang.org/x/image/webp" // decoders for GoldenFile
)

// UpdateEnv is the environment variable that, set to anything but "" and "0", makes [Golden] rewrite the kept pictures.
const UpdateEnv = "PHOTOFIT_UPDATE_GOLDENS"

// Golden compares a picture with testdata/golden/<name>.png beside the test and fails the test when their [RMS] is over maxRMS (0 asks
// for the very same pixels). The name says how the picture was made, as a recipe's path does, and may have folders. On failure the
// picture, the kept one and their difference (eight times, around grey) are written to a folder that the failure names: the test's
// artefact folder under `go test -artifacts`, else a new one under the system's temporary folder.
func Golden(t testing.TB, name string, got image.Image, maxRMS float64) {
	t.Helper()
	path := filepath.Join("testdata", "golden", filepath.FromSlash(name)+".png")
	if v := os.Getenv(UpdateEnv); v != "" && v != "0" {
		if err := writeFile(path, encodePNG(got)); err != nil {
			t.Fatal(err)
		}
		return
	}
	kept, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v\n%s", err, explain(t, name, got, nil))
	}
	want, err := png.Decode(bytes.NewReader(kept))
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	if a, b := got.Bounds().Size(), want.Bounds().Size(); a != b {
		t.Errorf("%s is %v, should be %v\n%s", name, a, b, explain(t, name, got, want))
	} else if d := RMS(got, want); d > maxRMS {
		t.Errorf("%s is %.3f away from what is kept, more than %.3f (PSNR %.1f dB, largest difference %d)\n%s",
			name, d, maxRMS, PSNR(got, want), MaxDiff(got, want), explain(t, name, got, want))
	}
}

// GoldenFile is [Golden] for an encoded JPEG, PNG, GIF (its first frame) or WebP.
func GoldenFile(t testing.TB, name string, file []byte, maxRMS float64) {
	t.Helper()
	img, _, err := image.Decode(bytes.NewReader(file))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	Golden(t, name, img, maxRMS)
}

func explain(t testing.TB, name string, got, want image.Image) string {
	dir := ""
	if f := flag.Lookup("test.artifacts"); f != nil && f.Value.String() == "true" {
		dir = t.ArtifactDir()
	} else {
		var err error
		if dir, err = os.MkdirTemp("", "photofit-golden-"); err != nil {
			return err.Error()
		}
	}
	files := map[string]image.Image{"got": got}
	if want != nil {
		files["want"] = want
		if got.Bounds().Size() == want.Bounds().Size() {
			files["diff"] = difference(got, want)
		}
	}
	base := filepath.Join(dir, strings.ReplaceAll(name, "/", "_"))
	for kind, img := range files {
		if err := writeFile(base+"."+kind+".png", encodePNG(img)); err != nil {
			return err.Error()
		}
	}
	return fmt.Sprintf("look at %s.*.png; if it is right, run the test again with %s=1", base, UpdateEnv)
}

func difference(a, b image.Image) *image.RGBA {
	x, y := rgba(a), rgba(b)
	out := image.NewRGBA(x.Rect)
	for i := range out.Pix {
		d := 128 + 8*(int(x.Pix[i])-int(y.Pix[i]))
		out.Pix[i] = uint8(min(max(d, 0), 255))
		if i&3 == 3 {
			out.Pix[i] = 255
		}
	}
	return out
}

// encodePNG goes for a small file: goldens stay in the repository.
func encodePNG(img image.Image) []byte {
	var b bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&b, img); err != nil {
		panic("imgtest: " + err.Error())
	}
	return b.Bytes()
}

func writeFile(path string, data []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return err
	}
	return os.WriteFile(path, data, 0o666)
}
