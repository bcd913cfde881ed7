package purge_test

import (
	"context"
	"errors"
	"io"
	"net/http/httptest"
	"os"
	"runtime/debug"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudfront"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"photofit"
	"photofit/internal/awsfake"
	"photofit/internal/awssdk"
	"photofit/internal/purge"
	"photofit/internal/rendition"
	"photofit/internal/store"
	"photofit/internal/store/s3"
	"photofit/internal/store/s3/gateway"
	"photofit/internal/store/s3/s3test"
)

func TestMain(m *testing.M) {
	gateway.SetEnvironment(func(name, value string) { os.Setenv(name, value) })
	debug.SetGCPercent(400) // the model keeps all that it makes
	os.Exit(m.Run())
}

// The two places, each with a prefix.
const (
	photosBucket, photosPrefix = "photos", "family/"
	keptBucket, keptPrefix     = "cache", "made/"
)

// functionTimeout is that of whatever renders.
const functionTimeout = 55 * time.Second

// rig is all that a changed photo meets: buckets, a service that renders, the
// purge function, and the far ends of its wires.
type rig struct {
	*testing.T
	client     *s3.Client
	kept       *s3.Renditions
	service    *rendition.Service
	handler    *purge.Handler
	queue      awsfake.SQS
	cloudfront awsfake.CloudFront
	edge       edge
	warmed     []string

	gate     chan struct{} // if there is one, renders wait for it after reading
	reading  chan struct{} // gets one when they do
	afterPut func(key string)
	dies     bool // whoever renders, between its put and its look at the photo
	messages int
}

// edge is what CloudFront holds.
type edge struct {
	sync.Mutex
	held map[string]object // by key
}

// object is an answer of S3.
type object struct{ body, source, tag string }

func (e *edge) keep(key string, o object) {
	e.Lock()
	defer e.Unlock()
	e.held[key] = o
}

func (e *edge) invalidate(tag string) {
	e.Lock()
	defer e.Unlock()
	for key, o := range e.held {
		if strings.EqualFold(o.tag, tag) {
			delete(e.held, key)
		}
	}
}

// eachServer runs a test on a fake in this process, and on versitygw.
func eachServer(t *testing.T, test func(g *rig)) {
	t.Parallel()
	s3test.Each(t, func(t *testing.T, s s3test.Server) { test(newRig(t, s.URL)) }, photosBucket, keptBucket)
}

func newRig(t *testing.T, url string) *rig {
	client, err := s3.Connect(t.Context(), s3.Config{Endpoint: url})
	if err != nil {
		t.Fatal(err)
	}
	g := &rig{T: t, client: client, reading: make(chan struct{}, 1)}
	g.edge.held = map[string]object{}
	g.kept = client.Renditions(g.place(), s3.RenditionsConfig{Once: true, Unseen: photofit.IsMasterKey, Tag: func(key string) string {
		if photofit.IsMasterKey(key) {
			return ""
		}
		recipe, err := photofit.ParseKey(key)
		if err != nil {
			t.Error(err)
		}
		return photofit.CacheTag(recipe.Photo)
	}})
	photos := client.Photos(g.photosPlace(), atOnce)
	g.service = rendition.New(rendition.Config{Photos: mortal{photos, g}, Renditions: watched{g.kept, g}, Withdraw: g.kept.Withdraw, Render: g.render,
		Masters: &rendition.Masters{Elsewhere: true, Make: g.make, From: g.from}})

	g.queue.QueueURL = "https://sqs.us-east-1.amazonaws.com/123456789012/photofit-purge"
	g.cloudfront.Distribution = "EDFDVBD6EXAMPLE"
	g.cloudfront.Invalidated = g.edge.invalidate
	queueServer, cloudfrontServer := httptest.NewServer(&g.queue), httptest.NewServer(&g.cloudfront)
	t.Cleanup(queueServer.Close)
	t.Cleanup(cloudfrontServer.Close)
	loaded, err := awssdk.Load(t.Context(), awssdk.Config{Retryer: func() aws.Retryer { return aws.NopRetryer{} }})
	if err != nil {
		t.Fatal(err)
	}
	g.handler, err = purge.New(purge.Config{
		Photos:     photos,
		Renditions: g.kept,
		Invalidator: purge.CloudFront{Distribution: g.cloudfront.Distribution,
			Client: cloudfront.NewFromConfig(loaded, func(o *cloudfront.Options) { o.BaseEndpoint = &cloudfrontServer.URL })},
		Queue: purge.SQS{URL: g.queue.QueueURL,
			Client: sqs.NewFromConfig(loaded, func(o *sqs.Options) { o.BaseEndpoint = &queueServer.URL })},
		Bucket: photosBucket, Prefix: photosPrefix,
		FunctionTimeout: functionTimeout,
		Warm:            func(_ context.Context, photo string) error { g.warmed = append(g.warmed, photo); return nil },
		Concurrency:     1, // so that what is sent comes in an order
	})
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// untagged is for keys of any shelf.
var untagged = s3.RenditionsConfig{Once: true}

// place is that of the renditions.
func (g *rig) place() s3.Place { return s3.Place{Bucket: keptBucket, Prefix: keptPrefix} }

// atOnce is for photos that are looked at each time.
var atOnce = s3.PhotosConfig{}

// photosPlace is that of the photos.
func (g *rig) photosPlace() s3.Place { return s3.Place{Bucket: photosBucket, Prefix: photosPrefix} }

// mortal is the photos of a service that may die.
type mortal struct {
	store.Photos
	g *rig
}

// Stat is store.Photos.Stat.
func (m mortal) Stat(ctx context.Context, key string) (store.Photo, error) {
	if m.g.dies {
		return store.Photo{}, errors.New("the function is out of time")
	}
	return m.Photos.Stat(ctx, key)
}

// Recall has the service put off its look at the photo, as it does on buckets.
func (m mortal) Recall(key string) (store.Photo, bool) {
	return m.Photos.(store.Recaller).Recall(key)
}

// watched is renditions whose puts are noticed.
type watched struct {
	store.Renditions
	g *rig
}

// Put is store.Renditions.Put.
func (w watched) Put(ctx context.Context, key string, body []byte, meta store.Meta) error {
	err := w.Renditions.Put(ctx, key, body, meta)
	if w.g.afterPut != nil {
		w.g.afterPut(key)
	}
	return err
}

// render makes "of " and the photo.
func (g *rig) render(_ context.Context, photo io.ReaderAt, size int64, _ photofit.Recipe, _ func(context.Context, int64) error) (rendition.Made, error) {
	content := make([]byte, size)
	if _, err := photo.ReadAt(content, 0); err != nil && err != io.EOF {
		return rendition.Made{}, err
	}
	if gate := g.gate; gate != nil {
		g.reading <- struct{}{}
		<-gate
	}
	return rendition.Made{Body: []byte("of " + string(content)), Type: "image/webp", Width: 1, Height: 1}, nil
}

// make makes a master, which is what render makes of the photo.
func (g *rig) make(ctx context.Context, photo io.ReaderAt, size int64, admit func(context.Context, int64) error) (rendition.Made, error) {
	return g.render(ctx, photo, size, photofit.Recipe{}, admit)
}

// from makes "from a master " and the master.
func (g *rig) from(_ context.Context, master io.ReaderAt, size int64, _ string, _ photofit.Recipe, _ func(context.Context, int64) error) (rendition.Made, bool, error) {
	content := make([]byte, size)
	if _, err := master.ReadAt(content, 0); err != nil && err != io.EOF {
		return rendition.Made{}, false, err
	}
	return rendition.Made{Body: []byte("from a master " + string(content)), Type: "image/webp", Width: 1, Height: 1}, true, nil
}

func recipe(photo string) photofit.Recipe {
	return photofit.Recipe{Photo: photo, Width: 320, Format: photofit.WebP}
}

// ask has the service answer, and waits until nothing is left of it to do.
func (g *rig) ask(photo, want string) {
	g.Helper()
	answer, err := g.service.Get(g.Context(), recipe(photo))
	if err != nil {
		g.Fatal(err)
	}
	body, err := io.ReadAll(answer.Body)
	if err != nil || string(body) != want {
		g.Errorf("%q for %s, want %q; %v", body, photo, want, err)
	}
	if err := answer.Close(); err != nil {
		g.Error(err)
	}
}
