package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"image/png"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	awss3 "github.com/aws/aws-sdk-go-v2/service/s3"

	"photofit"
	"photofit/internal/imgtest"
	"photofit/internal/lambdahost"
	"photofit/internal/store"
	"photofit/internal/store/s3"
)

// dear is a photo that has a master: a PNG is dear to decode.
func dear(width, height int) []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, imgtest.OrientationChart(width, height)); err != nil {
		panic(err) // into memory
	}
	return b.Bytes()
}

// asked is a server in front of an S3 server that notes what it is asked.
type asked struct {
	*httptest.Server
	mu  sync.Mutex
	all []string
}

func inFront(t *testing.T, of string) *asked {
	to, err := url.Parse(of)
	if err != nil {
		t.Fatal(err)
	}
	a := &asked{}
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.Out.URL.Scheme, r.Out.URL.Host = to.Scheme, to.Host // Host stays: it is signed
		r.Out.Host = r.In.Host
	}}
	a.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a.mu.Lock()
		a.all = append(a.all, r.Method+" "+r.URL.Path)
		a.mu.Unlock()
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(a.Close)
	return a
}

// take takes what was asked, in an order of its own.
func (a *asked) take() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	all := a.all
	a.all = nil
	slices.Sort(all)
	return all
}

// mastersCloud is both functions over the same buckets.
type mastersCloud struct {
	purgeCloud
	render *cloud
	asked  *asked // by the function that renders
	kept   *s3.Renditions
}

func newMastersCloud(t *testing.T, env map[string]string) mastersCloud {
	p := newPurgeCloud(t, env, time.Minute)
	a := inFront(t, p.endpoint)
	return mastersCloud{p, newCloud(t, func(config *lambdahost.Config) {
		config.Sandboxes = 1
		config.Env = environment(a.URL)
		config.Env["PHOTOFIT_PHOTOS"], config.Env["PHOTOFIT_CACHE"] = "s3://photos/album", "s3://cache/made"
		for name, value := range env {
			config.Env[name] = value
		}
	}), a, p.client.Renditions(s3.Place{Bucket: "cache", Prefix: "made/"}, s3.RenditionsConfig{})}
}

// master gives a photo's, fs.ErrNotExist if there is none.
func (c mastersCloud) master(photo string) (store.Meta, error) {
	r, err := c.kept.Get(c.t.Context(), photofit.MasterKey(photo))
	if err != nil {
		return store.Meta{}, err
	}
	return r.Meta, r.Body.Close()
}

// wantMaster tests of which version a photo's master is; "": that there is none.
func (c mastersCloud) wantMaster(photo, etag string) {
	c.t.Helper()
	switch m, err := c.master(photo); {
	case etag == "" && !errors.Is(err, fs.ErrNotExist):
		c.t.Errorf("%s has the master %+v, %v", photo, m, err)
	case etag != "" && (err != nil || m.Source != etag):
		c.t.Errorf("%s has the master %+v, %v; want one of %s", photo, m, err, etag)
	}
}

// size asks the function that renders, and gives the picture's size and whether it
// was made from a master.
func (c mastersCloud) size(path string) (width, height int, fromMaster bool) {
	c.t.Helper()
	r := c.render.ask("GET", path)
	body := whole(c.t, r)
	if r.StatusCode != 200 {
		c.t.Fatalf("%s: %s %s", path, r.Status, body)
	}
	im, err := png.DecodeConfig(bytes.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	return im.Width, im.Height, strings.Contains(r.Header.Get("Server-Timing"), ";desc=master")
}

// TestMastersOnAWS is the way of a master through the real zip: made of an upload,
// used by the function that renders, gone and made anew when the photo is replaced.
func TestMastersOnAWS(t *testing.T) {
	c := newMastersCloud(t, map[string]string{"PHOTOFIT_WARM": "64"})
	const photo, path = "trip/b c.png", "/r1/trip/b%20c.png/"
	event, etag := c.upload(photo, dear(1600, 1000))

	if w, h, from := c.size(path + "_w640.png"); w != 640 || h != 400 || from {
		t.Errorf("before the event: %d × %d, from a master: %v", w, h, from)
	}
	if got := c.invoke(event); got != allDone {
		t.Fatalf("the upload: %s", got)
	}
	c.wantMaster(photo, etag)
	head, err := c.client.SDK().HeadObject(t.Context(), &awss3.HeadObjectInput{Bucket: pointer("cache"), Key: pointer("made/" + photofit.MasterKey(photo))})
	if err != nil {
		t.Fatal(err)
	}
	if tag := head.Metadata["cache-tag"]; !strings.HasPrefix(*head.ContentType, "image/jpeg; photo=1600x1000; crc32c=") || tag != "" {
		t.Errorf("the master is %s, with the tag %q", *head.ContentType, tag)
	}
	if log := c.log.String(); !strings.Contains(log, `"forgotten":1`) {
		t.Errorf("the pass has not forgotten one rendition:\n%s", log)
	}
	c.cloudfront.Take()
	warmed, err := c.kept.Get(t.Context(), "r1/trip/b~20c.png/_w64.auto-avif")
	if err != nil {
		t.Fatal("made ahead:", err)
	}
	_ = warmed.Body.Close()
	if info := c.info(photo); info.Width != 1600 || info.Height != 1000 {
		t.Errorf("what is known of the photo, made ahead: %+v", info)
	}

	if w, h, from := c.size(path + "_w640.png"); w != 640 || h != 400 || !from {
		t.Errorf("with a master: %d × %d, from it: %v", w, h, from)
	}
	if log := c.render.log.String(); !strings.Contains(log, `"source":"master"`) {
		t.Errorf("the log does not name it:\n%s", log)
	}
	if w, _, from := c.size(path + "_w1600.png"); w != 1600 || from {
		t.Errorf("what the master is too small for has %d px, from it: %v", w, from)
	}
	for _, name := range []string{"_~master", "_%7Emaster", "%5F~master"} {
		r := c.render.ask("GET", path+name)
		if _ = whole(t, r); r.StatusCode != 400 && r.StatusCode != 404 {
			t.Errorf("%s can be asked for: %s", name, r.Status)
		}
	}

	// The second pass leaves all that, and tells nobody again but what the first forgot.
	second := c.queue.Take()
	if len(second) != 1 {
		t.Fatalf("sent: %+v", second)
	}
	if got := c.invoke(second[0].Body); got != allDone {
		t.Errorf("the second pass: %s", got)
	}
	c.wantMaster(photo, etag)
	c.cloudfront.Take()

	// Replaced: the old master goes, and is used by nobody before that.
	event, etag = c.upload(photo, dear(1440, 1080))
	if w, h, from := c.size(path + "_w320.png"); w != 320 || h != 240 || from {
		t.Errorf("with the master of an older photo: %d × %d, from a master: %v", w, h, from)
	}
	if got := c.invoke(event); got != allDone {
		t.Errorf("another upload: %s", got)
	}
	c.wantMaster(photo, etag)
	if got, want := c.cloudfront.Take(), []string{photofit.CacheTag(photo)}; !slices.Equal(got, want) {
		t.Errorf("invalidated: %q, want %q", got, want)
	}
	if info := c.info(photo); info.Width != 1440 || info.Height != 1080 {
		t.Errorf("what is known of the photo that replaced it: %+v", info)
	}
	if w, h, from := c.size(path + "_w640.png"); w != 640 || h != 480 || !from {
		t.Errorf("with the new master: %d × %d, from it: %v", w, h, from)
	}

	if log := c.render.log.String(); strings.Contains(log, "did not end in time") {
		t.Errorf("the function that renders was still making something after its answer:\n%s", log)
	}
	removed, err := c.remove(photo)
	if err != nil {
		t.Fatal(err)
	}
	if got := c.invoke(removed); got != allDone {
		t.Errorf("a removal: %s", got)
	}
	c.wantMaster(photo, "")
	if info := c.info(photo); info.Width != 0 {
		t.Errorf("what was known of the photo outlives it: %+v", info)
	}
}

// info is what is kept of what is known of a photo; zero: nothing is.
func (c *mastersCloud) info(photo string) (info photofit.Info) {
	c.t.Helper()
	kept, err := c.kept.Get(c.t.Context(), photofit.Recipe{Photo: photo, Format: photofit.InfoJSON}.Key())
	if errors.Is(err, fs.ErrNotExist) {
		return info
	}
	if err != nil {
		c.t.Fatal(err)
	}
	defer kept.Body.Close()
	if err := json.NewDecoder(kept.Body).Decode(&info); err != nil {
		c.t.Fatal(err)
	}
	return info
}

// TestRequestsOfARender has a render that finds nothing kept ask as much with a
// master as without one, five requests in all: the last is the look at the photo
// after the rendition was put.
func TestRequestsOfARender(t *testing.T) {
	c := newMastersCloud(t, nil)
	for name, photo := range map[string]struct {
		file   []byte
		master bool
	}{"light.jpg": {imgtest.JPEG(imgtest.OrientationChart(4800, 3000), 95), false}, "dear.png": {dear(1600, 1000), true}} {
		event, _ := c.upload(name, photo.file)
		if got := c.invoke(event); got != allDone {
			t.Fatal(got)
		}
		c.asked.take()
		if _, _, from := c.size("/r1/" + name + "/_w640.png"); from != photo.master {
			t.Errorf("%s: from a master: %v", name, from)
		}
		made := "/cache/made/r1/" + name
		want := []string{"GET " + made + "/_w640.png", "GET " + made + "/_~master", "GET /photos/album/" + name, "HEAD /photos/album/" + name, "PUT " + made + "/_w640.png"}
		if got := c.asked.take(); !slices.Equal(got, want) {
			t.Errorf("%s: it asks\n%s\nwant\n%s", name, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
}

// TestMastersAreMadeOnce has a message that comes again make nothing, and a photo
// that is replaced before anybody has seen it cost no invalidation.
func TestMastersAreMadeOnce(t *testing.T) {
	c := newMastersCloud(t, nil)
	event, etag := c.upload("a.png", dear(1600, 1000))
	if got, err := c.deliver(2, event); err != nil || got != allDone {
		t.Errorf("delivered again: %s, %v", got, err)
	}
	c.wantMaster("a.png", "")
	c.cloudfront.Take() // as it may have forgotten something the first time
	if got := c.invoke(event); got != allDone {
		t.Errorf("another event: %s", got)
	}
	c.wantMaster("a.png", etag)

	replaced, etag := c.upload("a.png", dear(1440, 1080))
	if got := c.invoke(event); got != allDone { // late, and of a photo that has changed
		t.Errorf("an event that is late: %s", got)
	}
	c.wantMaster("a.png", "")
	if got := c.invoke(replaced); got != allDone {
		t.Errorf("a replacement: %s", got)
	}
	c.wantMaster("a.png", etag)
	if got := c.cloudfront.Take(); len(got) != 0 {
		t.Errorf("invalidated: %q, of what no edge can have", got)
	}
}

// TestNoMastersOnAWS has none made or used where they are off.
func TestNoMastersOnAWS(t *testing.T) {
	c := newMastersCloud(t, map[string]string{"PHOTOFIT_MASTERS": "false", "PHOTOFIT_WARM": "64"})
	event, _ := c.upload("a.png", dear(1600, 1000))
	if got := c.invoke(event); got != allDone {
		t.Fatal(got)
	}
	c.wantMaster("a.png", "")
	if r, err := c.kept.Get(t.Context(), "r1/a.png/_w64.auto-avif"); err != nil {
		t.Error("nothing was made ahead:", err)
	} else {
		_ = r.Body.Close()
	}
	c.asked.take()
	if _, _, from := c.size("/r1/a.png/_w320.png"); from {
		t.Error("a master was used")
	}
	if got := c.asked.take(); slices.Contains(got, "GET /cache/made/"+photofit.MasterKey("a.png")) {
		t.Errorf("it asks for a master: %q", got)
	}
}

// remove removes a photo, and gives the event that tells of it.
func (c purgeCloud) remove(name string) (event string, err error) {
	_, err = c.client.SDK().DeleteObject(context.WithoutCancel(c.t.Context()), &awss3.DeleteObjectInput{Bucket: pointer("photos"), Key: pointer("album/" + name)})
	return purgeEvent("Object Deleted", "album/"+name, ""), err
}
