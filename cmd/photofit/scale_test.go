package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"sync"
	"sync/atomic"
	"testing"

	awss3 "github.com/aws/aws-sdk-go-v2/service/s3"

	"photofit"
	"photofit/internal/imgtest"
	"photofit/internal/store/s3"
	"photofit/internal/store/s3/gateway"
	"photofit/internal/store/s3/s3test"
)

// TestScaleOut has three servers share a bucket under load, and kills one in the
// middle. Each answer is the one that a single server gives, and so is all that
// the bucket holds in the end.
func TestScaleOut(t *testing.T) {
	buckets, client := startS3(t, "photos", "cache")
	paths := uploadAlbum(t, client, "photos")

	want := map[string][]byte{}
	single := startServe(t, "s3://photos", "--cache", "none", "--s3-endpoint", buckets.URL)
	for _, path := range paths {
		body, err := fetch(t.Context(), single.url+path)
		if err != nil {
			t.Fatal(err)
		}
		want[path] = body
	}
	single.kill()

	servers := make([]*served, 3)
	for i := range servers {
		servers[i] = startServe(t, "s3://photos", "--cache", "s3://cache/made", "--s3-endpoint", buckets.URL)
	}
	var killed atomic.Bool
	var answers, broken atomic.Int64
	var askers sync.WaitGroup
	for asker := range 8 {
		random := rand.New(rand.NewPCG(uint64(asker), 1))
		order := random.Perm(2 * len(paths))
		askers.Go(func() {
			for i, k := range order {
				path := paths[k%len(paths)]
				which := (asker + i) % len(servers)
				got, err := fetch(t.Context(), servers[which].url+path)
				switch {
				case err != nil && which == 1 && killed.Load():
					broken.Add(1)
					continue // as a load balancer would notice, too
				case err != nil:
					t.Errorf("server %d, %s: %v", which, path, err)
				case !bytes.Equal(got, want[path]):
					t.Errorf("server %d, %s: another picture, of %d bytes", which, path, len(got))
				}
				if answers.Add(1) == int64(len(paths)) {
					killed.Store(true)
					servers[1].kill()
				}
			}
		})
	}
	askers.Wait()
	if broken.Load() == 0 {
		t.Error("nobody noticed that a server was killed")
	}
	for _, s := range []int{0, 2} {
		servers[s].stop(t)
	}
	kept := client.Renditions(s3.Place{Bucket: "cache", Prefix: "made/"}, s3.RenditionsConfig{})
	listed, err := client.SDK().ListObjectsV2(t.Context(), &awss3.ListObjectsV2Input{Bucket: pointer("cache")})
	if err != nil {
		t.Fatal(err)
	}
	if len(listed.Contents) != len(paths) {
		t.Errorf("%d objects of %d recipes", len(listed.Contents), len(paths))
	}
	for path, body := range want {
		r, err := kept.Get(t.Context(), keyOf(t, path))
		if err != nil {
			t.Error(err)
			continue
		}
		got, err := io.ReadAll(r.Body)
		if err != nil || !bytes.Equal(got, body) || r.Type != "image/jpeg" || r.ETag == "" || r.Source == "" {
			t.Errorf("%s: %d bytes are kept, %+v, %v", path, len(got), r.Meta, err)
		}
		r.Body.Close()
	}
}

// startS3 starts a real S3 server with empty buckets.
func startS3(t *testing.T, names ...string) (s3test.Server, *s3.Client) {
	t.Helper()
	server := s3test.Real(t, names...)
	gateway.SetEnvironment(t.Setenv)
	client, err := s3.Connect(t.Context(), s3.Config{Endpoint: server.URL})
	if err != nil {
		t.Fatal(err)
	}
	return server, client
}

// uploadAlbum makes some photos, and gives the canonical paths of renditions.
func uploadAlbum(t *testing.T, c *s3.Client, bucket string) (paths []string) {
	for n := range 4 {
		file := imgtest.JPEG(imgtest.OrientationChart(900+n, 600), 90)
		key := fmt.Sprintf("trip/%d.jpg", n)
		if _, err := c.SDK().PutObject(t.Context(), &awss3.PutObjectInput{Bucket: &bucket, Key: &key, Body: bytes.NewReader(file)}); err != nil {
			t.Fatal(err)
		}
		for _, width := range []int{128, 320, 480, 640} {
			paths = append(paths, fmt.Sprintf("/%s/_w%d.jpg", key, width))
		}
	}
	return paths
}

func keyOf(t *testing.T, path string) string {
	recipe, err := photofit.ParsePath(path)
	if err != nil {
		t.Fatal(err)
	}
	return recipe.Key()
}

func pointer(s string) *string { return &s }

// served is a photofit serve of its own.
type served struct {
	cmd  *exec.Cmd
	url  string
	said bytes.Buffer
	end  chan struct{}
}

// startServe starts photofit serve.
func startServe(t *testing.T, args ...string) *served {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	s := &served{end: make(chan struct{})}
	s.cmd = exec.Command(program, append([]string{"serve", "--addr", "127.0.0.1:0", "--log", "none", "--libvips", libvips(t)}, args...)...)
	s.cmd.Args[0] = "photofit-signals"
	stderr, err := s.cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.kill)
	lines := bufio.NewReader(stderr)
	for s.url == "" {
		line, err := lines.ReadString('\n')
		s.said.WriteString(line)
		if m := listening.FindStringSubmatch(line); m != nil {
			s.url = m[1]
		} else if err != nil {
			t.Fatalf("the server did not start:\n%s", &s.said)
		}
	}
	go func() {
		_, _ = io.Copy(&s.said, lines)
		_ = s.cmd.Wait()
		close(s.end)
	}()
	return s
}

// kill ends it without warning.
func (s *served) kill() {
	_ = s.cmd.Process.Kill()
	<-s.end
}

// stop asks it to end, and sees that it says nothing bad.
func (s *served) stop(t *testing.T) {
	t.Helper()
	_ = s.cmd.Process.Signal(os.Interrupt)
	<-s.end
	if code := s.cmd.ProcessState.ExitCode(); code != 0 {
		t.Errorf("exit status %d:\n%s", code, &s.said)
	}
}

// fetch gets a picture, whole.
func fetch(ctx context.Context, url string) ([]byte, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err == nil && answer.StatusCode != http.StatusOK {
		err = errors.New(answer.Status)
	}
	if err == nil {
		_, _, err = image.Decode(bytes.NewReader(body))
	}
	return body, err
}
