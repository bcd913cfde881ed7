package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"time"

	"photofit/internal/lambdahost"
)

// lambda measures the program as a Lambda function: how large its zip is, how
// long its first answer takes, and how much memory photos take. The function runs
// in a host of ours, by the zip that would be uploaded; how long Amazon takes to
// fetch that is not in it.
func (b *bench) lambda(ctx context.Context) error {
	for _, arch := range []string{"arm64", "amd64"} {
		size, err := b.zip(ctx, arch)
		if err != nil {
			return err
		}
		b.add(figure{Name: "zip, " + arch, Unit: "MB", AtMost: 20, Values: []float64{float64(size) / megabyte}})
	}
	if runtime.GOOS != "linux" {
		b.skip("process start to first answer", "the function is a program for Linux")
		return nil
	}
	task := filepath.Join(b.temp, "task")
	if err := lambdahost.Unpack(filepath.Join(b.temp, runtime.GOARCH+".zip"), task); err != nil {
		return err
	}
	photos, err := b.album(b.photo.path)
	if err != nil {
		return err
	}
	if _, err := photos.next(1); err != nil {
		return err
	}
	if err := b.firstAnswers(ctx, task, photos.folder); err != nil {
		return err
	}
	if err := b.sizes(ctx, task, photos, fmt.Sprintf("%d MP", b.photo.width*b.photo.height/1_000_000)); err != nil {
		return err
	}
	b.sayf("tiling the photo to 150 megapixels")
	width, height := 15000, 10000
	if b.photo.height > b.photo.width {
		width, height = height, width
	}
	large, err := b.tile(width, height)
	if err != nil {
		return err
	}
	if photos, err = b.album(large); err != nil {
		return err
	}
	if _, err := photos.next(1); err != nil {
		return err
	}
	return b.sizes(ctx, task, photos, "150 MP")
}

// zip makes the function's zip for a CPU, and gives its size in bytes.
func (b *bench) zip(ctx context.Context, arch string) (int64, error) {
	file := filepath.Join(b.temp, arch+".zip")
	made := exec.CommandContext(ctx, b.photofit, "package", "--arch", arch, "-o", file)
	made.Env = plainEnvironment()
	if said, err := made.CombinedOutput(); err != nil {
		return 0, fmt.Errorf("photofit package: %w: %s", err, said)
	}
	info, err := os.Stat(file)
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

// firstAnswers measures from a process's beginning to the end of its first answer.
func (b *bench) firstAnswers(ctx context.Context, task, photos string) error {
	kept, err := os.MkdirTemp(b.temp, "kept-")
	if err != nil {
		return err
	}
	var cold, hit []float64
	for range pick(b.quick, 5, 20) {
		if err := os.RemoveAll(kept); err != nil {
			return err
		}
		for _, took := range []*[]float64{&cold, &hit} { // the second time it is kept
			status, ms, _, err := b.once(ctx, lambdahost.Config{
				Task: task, Memory: 1769, Timeout: time.Minute,
				Env: map[string]string{"PHOTOFIT_PHOTOS": photos, "PHOTOFIT_CACHE": kept},
			}, "/r1/photo-00001.jpg/_w800.webp")
			if err == nil && status != http.StatusOK {
				err = fmt.Errorf("the function answers %d", status)
			}
			if err != nil {
				return err
			}
			*took = append(*took, ms)
		}
	}
	b.add(figure{Name: "process start to first answer, kept rendition", Unit: "ms", AtMost: 150, Values: hit})
	b.add(figure{Name: "process start to first answer, 24 MP → 800 px WebP", Unit: "ms", Values: cold})
	return nil
}

// sizes finds what renders of the one photo hold at most, and the smallest
// MemorySize, in steps of 128 MB, with which the function takes them on.
func (b *bench) sizes(ctx context.Context, task string, photos *album, name string) error {
	for _, width := range []int{800, 3840} {
		for _, format := range []string{"jpg", "webp", "avif"} {
			what := fmt.Sprintf("peak, %s → %d px %s", name, width, format)
			size, peak, err := b.smallest(ctx, task, photos.folder, fmt.Sprintf("/r1/photo-00001.jpg/_w%d.%s", width, format))
			if err != nil {
				return fmt.Errorf("%s: %w", what, err)
			}
			b.add(figure{Name: what, Unit: "MB", AtMost: float64(size<<20) / megabyte, Worst: true, Values: []float64{float64(peak) / megabyte},
				Note: fmt.Sprintf("MemorySize %d", size)})
		}
	}
	return nil
}

// largestMemory is the most that a function can have, in MB.
const largestMemory = 10240

// smallest finds the smallest MemorySize, in MB, with which the function renders
// a path, and what it holds then, in bytes.
func (b *bench) smallest(ctx context.Context, task, photos, path string) (size, peak int64, err error) {
	for size = 128; size <= largestMemory; size += 128 {
		status, _, report, err := b.once(ctx, lambdahost.Config{
			Task: task, Memory: size, Timeout: time.Minute,
			Env: map[string]string{"PHOTOFIT_PHOTOS": photos, "PHOTOFIT_CACHE": "none", "PHOTOFIT_LOG": "none"},
		}, path)
		switch {
		case err != nil:
			return 0, 0, err
		case status == http.StatusOK:
			return size, report.MaxMemory, nil
		case status != http.StatusRequestEntityTooLarge:
			return 0, 0, errors.Join(fmt.Errorf("with %d MB the function answers %d", size, status), report.Err)
		}
	}
	return 0, 0, errors.New("no function has memory enough")
}

// once starts a function, asks it one thing, and ends it. took is from before its
// start to the answer's last byte, in milliseconds.
func (b *bench) once(ctx context.Context, c lambdahost.Config, path string) (status int, took float64, report lambdahost.Report, err error) {
	c.Log, c.Report = os.Stderr, func(r lambdahost.Report) { report = r }
	if c.Env["PHOTOFIT_LOG"] == "" {
		c.Env["PHOTOFIT_LOG"] = "none"
	}
	host, err := lambdahost.New(c)
	if err != nil {
		return 0, 0, report, err
	}
	server := httptest.NewServer(host)
	defer server.Close()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, server.URL+path, nil)
	if err != nil {
		return 0, 0, report, errors.Join(err, host.Close())
	}
	began := time.Now()
	answer, err := server.Client().Do(request)
	if err == nil {
		status = answer.StatusCode
		_, err = io.Copy(io.Discard, answer.Body)
		_ = answer.Body.Close()
	}
	took = float64(time.Since(began)) / float64(time.Millisecond)
	return status, took, report, errors.Join(err, host.Close())
}
