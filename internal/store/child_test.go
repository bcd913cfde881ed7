package store

import (
	"bytes"
	"context"
	"crypto/md5"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// Some tests need a process that can be killed, limited or deprived. They run
// this test binary again, which then is one of these instead.
var children = map[string]func(folder string) error{
	"put":       putForEver,
	"forbidden": readForbidden,
	"mix":       mixAWhile,
	"limited":   putBeyondLimit,
	"readonly":  usePoorly,
}

func TestMain(m *testing.M) {
	if run := children[os.Getenv("PHOTOFIT_TEST_CHILD")]; run != nil {
		if err := run(os.Getenv("PHOTOFIT_TEST_FOLDER")); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func child(name, folder string) *exec.Cmd {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "PHOTOFIT_TEST_CHILD="+name, "PHOTOFIT_TEST_FOLDER="+folder)
	cmd.Stderr = os.Stderr
	return cmd
}

// bodyAndMeta makes a rendition of n bytes that is told from others by seed.
func bodyAndMeta(n int, seed uint64) ([]byte, Meta) {
	unit := md5.Sum(fmt.Append(nil, seed))
	body := bytes.Repeat(unit[:], n/len(unit)+1)[:n]
	return body, Meta{Size: int64(n), Type: "image/webp", ETag: fmt.Sprintf(`"%x"`, md5.Sum(body)), Source: "v1", ModTime: time.Unix(1e9, 0)}
}

// sound reads a rendition and checks it against its ETag; absence is sound.
func sound(d *Dir, key string) error {
	r, err := d.Get(context.Background(), key)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer r.Body.Close()
	sum := md5.New()
	n, err := io.Copy(sum, r.Body)
	if err != nil {
		return err
	}
	if got := fmt.Sprintf(`"%x"`, sum.Sum(nil)); n != r.Size || got != r.ETag {
		return fmt.Errorf("%s: %d bytes of %d, MD5 %s, ETag %s", key, n, r.Size, got, r.ETag)
	}
	return nil
}

// someKey is one of 24 keys of 6 photos.
func someKey(r *rand.Rand) (photo, key string) {
	photo = fmt.Sprintf("r1/f%d/%s%d.jpg", r.IntN(2), strings.Repeat("long", 80*r.IntN(2)), r.IntN(3))
	return photo, fmt.Sprintf("%s/_w%d.auto", photo, r.IntN(4))
}

// putForEver puts with four goroutines and writes a byte for each rendition kept.
func putForEver(folder string) error {
	d, err := OpenDir(folder, DirConfig{MaxBytes: 2 << 20})
	if err != nil {
		return err
	}
	failed := make(chan error)
	for range 4 {
		go func() {
			r := rand.New(rand.NewPCG(rand.Uint64(), 1))
			for {
				_, key := someKey(r)
				body, meta := bodyAndMeta(r.IntN(300_000), r.Uint64())
				if err := d.Put(context.Background(), key, body, meta); err != nil {
					failed <- err
					return
				}
				os.Stdout.Write([]byte{'.'})
			}
		}()
	}
	return <-failed
}

// mixAWhile puts, gets and forgets, and fails on whatever is not whole.
func mixAWhile(folder string) error {
	d, err := OpenDir(folder, DirConfig{MaxBytes: 1 << 20})
	if err != nil {
		return err
	}
	done := make(chan error)
	const workers = 3
	for range workers {
		go func() {
			r := rand.New(rand.NewPCG(rand.Uint64(), 2))
			done <- func() error {
				for range 150 {
					photo, key := someKey(r)
					switch r.IntN(8) {
					default:
						body, meta := bodyAndMeta(r.IntN(150_000), r.Uint64())
						if err := d.Put(context.Background(), key, body, meta); err != nil {
							return err
						}
					case 4, 5, 6:
						if err := sound(d, key); err != nil {
							return err
						}
					case 7:
						if _, err := d.Forget(context.Background(), photo+"/_"); err != nil {
							return err
						}
					}
				}
				return nil
			}()
		}()
	}
	var errs []error
	for range workers {
		errs = append(errs, <-done)
	}
	return errors.Join(append(errs, d.Close())...)
}
