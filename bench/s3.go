package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"

	awss3 "github.com/aws/aws-sdk-go-v2/service/s3"

	"photofit/internal/store/s3"
	"photofit/internal/store/s3/gateway"
)

// s3 compares photos and renditions in buckets with those in folders. The server
// is versitygw, on the same cores as all else.
func (b *bench) s3(ctx context.Context) error {
	if err := gateway.Installed(); err != nil {
		b.skip("buckets", err.Error())
		return nil
	}
	folder := filepath.Join(b.temp, "buckets")
	if err := os.Mkdir(folder, 0o755); err != nil {
		return err
	}
	server, err := gateway.Start(ctx, folder)
	if err != nil {
		return err
	}
	defer server.Stop()
	for _, name := range []string{"photos", "cache"} {
		if err := server.Bucket(name); err != nil {
			return err
		}
	}
	gateway.SetEnvironment(func(name, value string) { _ = os.Setenv(name, value) })
	client, err := s3.Connect(ctx, s3.Config{Endpoint: server.URL})
	if err != nil {
		return err
	}
	all := &bucketAlbum{client: client, file: b.photo.path}
	if err := b.s3Requests(ctx, server.URL, all); err != nil {
		return err
	}
	if err := b.s3Cold(ctx, server.URL, all); err != nil {
		return err
	}
	if err := b.s3Wide(ctx, server.URL, all); err != nil {
		return err
	}
	if _, err := findTool("wrk"); err != nil {
		b.skip("hits from a bucket", err.Error())
		return nil
	}
	return b.s3Hits(ctx, server.URL, all)
}

// bucketAlbum is a bucket of photos, all with the same bytes.
type bucketAlbum struct {
	client *s3.Client
	file   string
	made   int
}

// next uploads a photo that nobody has asked for yet, and gives its name.
func (a *bucketAlbum) next(ctx context.Context) (string, error) {
	file, err := os.Open(a.file)
	if err != nil {
		return "", err
	}
	defer file.Close()
	a.made++
	bucket, name := "photos", fmt.Sprintf("photo-%05d%s", a.made, filepath.Ext(a.file))
	_, err = a.client.SDK().PutObject(ctx, &awss3.PutObjectInput{Bucket: &bucket, Key: &name, Body: file})
	return name, err
}

// serveBuckets starts a server on the buckets.
func (b *bench) serveBuckets(ctx context.Context, endpoint string, flags ...string) (*server, error) {
	return b.serve(ctx, "s3://photos", append([]string{"--cache", "s3://cache", "--s3-endpoint", endpoint, "--policy", "open"}, flags...)...)
}

// forwarder hands requests on to another server, and tells of each.
func forwarder(target *url.URL, asked func(*http.Request)) http.Handler {
	return &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		asked(r.In)
		r.Out.URL.Scheme, r.Out.URL.Host = target.Scheme, target.Host
		r.Out.Host = r.In.Host // which is signed
	}}
}

// s3Requests counts what one cold render asks of S3.
func (b *bench) s3Requests(ctx context.Context, endpoint string, photos *bucketAlbum) error {
	target, err := url.Parse(endpoint)
	if err != nil {
		return err
	}
	var mu sync.Mutex
	var asked []string
	proxy := httptest.NewServer(forwarder(target, func(r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		asked = append(asked, r.Method+" "+r.URL.Path)
	}))
	defer proxy.Close()
	s, err := b.serveBuckets(ctx, proxy.URL)
	if err != nil {
		return err
	}
	name, err := photos.next(ctx)
	if err == nil {
		mu.Lock()
		asked = nil // of what is asked at the start
		mu.Unlock()
		_, err = s.get(ctx, "/"+name+"?w=800&fm=jpg")
	}
	s.stop() // when the rendition is kept
	if err != nil {
		return err
	}
	counts := map[string]float64{}
	for _, request := range asked {
		method, path, _ := strings.Cut(request, " ")
		bucket, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
		counts[method+" "+bucket]++
	}
	count := func(name string, n, most float64) {
		b.add(figure{Name: name, Unit: "", AtMost: most, Worst: true, Values: []float64{n}})
	}
	count("requests for a cold render: GET of the photo", counts["GET photos"], 1)
	count("requests for a cold render: PUT of the rendition", counts["PUT cache"], 1)
	count("requests for a cold render: all", float64(len(asked)), 3)
	b.sayf("%s", strings.Join(asked, ", "))
	return nil
}

// s3Cold compares how long one cold render takes with how long it takes on
// folders.
func (b *bench) s3Cold(ctx context.Context, endpoint string, photos *bucketAlbum) error {
	local, err := b.album(b.photo.path)
	if err != nil {
		return err
	}
	files, err := b.serve(ctx, local.folder, "--policy", "open")
	if err != nil {
		return err
	}
	defer files.stop()
	objects, err := b.serveBuckets(ctx, endpoint)
	if err != nil {
		return err
	}
	defer objects.stop()
	took := func(s *server, name string) (float64, error) {
		start := time.Now()
		_, err := s.get(ctx, "/"+name+"?w=800&fm=jpg")
		return float64(time.Since(start)) / float64(time.Millisecond), err
	}
	var more, base []float64
	for pair := -1; pair < b.pairs; pair++ {
		object, err := photos.next(ctx)
		if err != nil {
			return err
		}
		file, err := local.next(1)
		if err != nil {
			return err
		}
		var ms [2]float64
		var errs [2]error
		for i := range ms {
			if (i+pair)%2 == 0 {
				ms[0], errs[0] = took(files, file[0])
			} else {
				ms[1], errs[1] = took(objects, object)
			}
		}
		if err := errors.Join(errs[:]...); err != nil {
			return err
		}
		if pair >= 0 {
			more, base = append(more, ms[1]-ms[0]), append(base, ms[0])
		}
	}
	info, err := os.Stat(b.photo.path)
	if err != nil {
		return err
	}
	b.add(figure{Name: "a cold render takes longer by", Unit: "ms", AtMost: 5, Values: more,
		Note: fmt.Sprintf("%.0f ms on folders; the photo has %.1f MB", median(base), float64(info.Size())/megabyte)})
	return nil
}

// s3Hits compares hits from a bucket with the same object from the S3 server.
func (b *bench) s3Hits(ctx context.Context, endpoint string, photos *bucketAlbum) error {
	s, err := b.serveBuckets(ctx, endpoint)
	if err != nil {
		return err
	}
	defer s.stop()
	bare, err := b.serveBuckets(ctx, endpoint, "--cache-memory", "0")
	if err != nil {
		return err
	}
	defer bare.stop()
	name, err := photos.next(ctx)
	if err != nil {
		return err
	}
	path, body, err := rendition(ctx, s, name, hitBytes)
	if err != nil {
		return err
	}
	bucket, key := "photos", "one.jpg"
	if _, err := photos.client.SDK().PutObject(ctx, &awss3.PutObjectInput{Bucket: &bucket, Key: &key, Body: strings.NewReader(string(body))}); err != nil {
		return err
	}
	plain, err := awss3.NewPresignClient(photos.client.SDK()).PresignGetObject(ctx, &awss3.GetObjectInput{Bucket: &bucket, Key: &key})
	if err != nil {
		return err
	}
	rounds, seconds := pick(b.quick, 3, 7), pick(b.quick, 1, 3)
	b.sayf("hits against plain GETs, %d bytes, %d rounds of %d s each", len(body), rounds, seconds)
	var rates [3][]float64
	urls := [3]string{s.base + path, bare.base + path, plain.URL}
	for round := range rounds {
		for i := range urls {
			side := (i + round) % len(urls)
			got, err := runWrk(ctx, urls[side], seconds)
			if err != nil {
				return err
			}
			rates[side] = append(rates[side], got.rate)
		}
	}
	name = fmt.Sprintf("hits a second, %d KB, of plain S3 GETs", (len(body)+500)/1000)
	b.add(figure{Name: name, Unit: "×", AtLeast: 0.5, Values: quotients(rates[0], rates[2]),
		Note: fmt.Sprintf("%.0f/s, versitygw %.0f/s; all share the %d cores", median(rates[0]), median(rates[2]), runtime.NumCPU())})
	b.add(figure{Name: "  none of them from memory", Unit: "×", Values: quotients(rates[1], rates[2]),
		Note: fmt.Sprintf("%.0f/s, each by a GET", median(rates[1]))})
	return nil
}

func quotients(a, b []float64) []float64 {
	q := make([]float64, len(a))
	for i := range a {
		q[i] = a[i] / b[i]
	}
	return q
}
