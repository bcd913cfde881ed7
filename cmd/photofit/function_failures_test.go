package main

import (
	"context"
	"errors"
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"photofit"
	"photofit/internal/lambdahost"
	"photofit/internal/rendition"
	"photofit/internal/store"
	"photofit/internal/web"
)

// TestFunctionDoesNotStart has each thing that is missing said in words, to
// Lambda and in the log.
func TestFunctionDoesNotStart(t *testing.T) {
	cases := map[string]struct {
		env  map[string]string
		want []string
	}{
		"libvips":      {map[string]string{"PHOTOFIT_LIBVIPS": "/var/task/lib/no.so"}, []string{"photofit package", "/var/task/lib/no.so"}},
		"photos":       {map[string]string{"PHOTOFIT_PHOTOS": ""}, []string{"PHOTOFIT_PHOTOS is missing"}},
		"cache":        {map[string]string{"PHOTOFIT_CACHE": ""}, []string{"PHOTOFIT_CACHE is missing"}},
		"folder":       {map[string]string{"PHOTOFIT_PHOTOS": "/var/task/none"}, []string{"/var/task/none"}},
		"mode":         {map[string]string{"PHOTOFIT_MODE": "paint"}, []string{`PHOTOFIT_MODE is "paint": it can be `}},
		"setting":      {map[string]string{"PHOTOFIT_QUEUE": "many"}, []string{"PHOTOFIT_NAME"}},
		"signed":       {map[string]string{"PHOTOFIT_POLICY": "signed", "PHOTOFIT_SIGN_KEY": "0123456789abcdef"}, []string{"photofit serve only"}},
		"both at once": {map[string]string{"PHOTOFIT_LIBVIPS": "/var/task/lib/no.so", "PHOTOFIT_PHOTOS": "/var/task/none"}, []string{"/var/task/lib/no.so", "/var/task/none"}},
	}
	task := unpacked(t)
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			cloud := newCloud(t, func(config *lambdahost.Config) {
				config.Task = task
				for name, value := range c.env {
					config.Env[name] = value
				}
			})
			if r := cloud.ask("GET", "/r1/a.jpg/_w320.webp"); r.StatusCode != http.StatusBadGateway {
				t.Errorf("it answers %s", r.Status)
			}
			reports := cloud.over()
			var said *lambdahost.FunctionError
			if len(reports) != 1 || !errors.As(reports[0].Err, &said) || said.Type != "Photofit.NotReady" {
				t.Fatalf("it tells Lambda %+v", reports)
			}
			for _, want := range c.want {
				if log := cloud.log.String(); !strings.Contains(said.Message, want) || !strings.Contains(log, want) {
					t.Errorf("it tells Lambda %q and the log %q, want %s", said.Message, log, want)
				}
			}
		})
	}
}

// TestFunctionRunsOutOfTime has a render take longer than it may: who asked hears
// of it, and a render that does not stop ends with its process instead of going on
// within the next request. An AVIF encoder does not; what comes before it does, so
// it may take several tries.
func TestFunctionRunsOutOfTime(t *testing.T) {
	c := newCloud(t, func(config *lambdahost.Config) {
		config.Sandboxes, config.Env["PHOTOFIT_TIMEOUT"] = 1, "100ms"
	})
	c.put("a.jpg", big())
	for range 20 {
		r := c.ask("GET", "/r1/a.jpg/_w3840.avif")
		if whole(t, r); r.StatusCode != 503 || r.Header.Get("Photofit-Error") != "timeout" || r.Header.Get("Cache-Control") != "no-store" {
			t.Fatalf("%s, %v", r.Status, r.Header)
		}
		if c.started() > 1 {
			return
		}
	}
	t.Error("the same process took all requests")
}

// TestFunctionKnowsItsMemory has a photo that takes more refused in words, and
// nothing lost where somebody promised renders more than there is.
func TestFunctionKnowsItsMemory(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("SKIPPED: memory is not known on this system")
	}
	const path = "/r1/a.jpg/_w3840.avif"
	t.Run("as it is", func(t *testing.T) {
		c := newCloud(t, func(config *lambdahost.Config) { config.Memory = 192 })
		c.put("a.jpg", big())
		if r := c.ask("GET", path); r.StatusCode != 413 || !strings.Contains(string(whole(t, r)), "MB") {
			t.Errorf("%s, %s", r.Status, r.Header.Get("Photofit-Error"))
		}
	})
	t.Run("as it is not", func(t *testing.T) {
		c := newCloud(t, func(config *lambdahost.Config) {
			config.Memory, config.Sandboxes, config.Env["PHOTOFIT_MEMORY"] = 128, 1, "4GB"
		})
		c.put("a.jpg", big())
		c.photo("b.jpg", 60, 40)
		if r := c.ask("GET", path); r.StatusCode != 502 {
			t.Errorf("%s", r.Status)
		}
		if r := c.ask("GET", "/r1/b.jpg/_w32.jpg"); r.StatusCode != 200 || len(whole(t, r)) == 0 {
			t.Errorf("after it: %s", r.Status)
		}
		if reports := c.over(); len(reports) != 2 || !errors.Is(reports[0].Err, lambdahost.ErrMemory) || reports[1].Err != nil {
			t.Errorf("reports: %+v", reports)
		}
	})
}

// invoke asks a function without a host.
func invoke(ctx context.Context, t *testing.T, photos store.Photos) (*events.LambdaFunctionURLStreamingResponse, string) {
	t.Helper()
	service := rendition.New(rendition.Config{Photos: photos})
	handle := functionHandler(service, web.Config{Service: service, Policy: photofit.DefaultPolicy()}).(func(context.Context, *events.LambdaFunctionURLRequest) (*events.LambdaFunctionURLStreamingResponse, error))
	request := &events.LambdaFunctionURLRequest{RawPath: "/r1/a.jpg/_w320.webp"}
	request.RequestContext.HTTP.Method = "GET"
	r, err := handle(ctx, request)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Error(err)
	}
	return r, string(body)
}

// panicky is a place of photos with a fault in it.
type panicky struct{ store.Photos }

// Stat is store.Photos.Stat.
func (panicky) Stat(context.Context, string) (store.Photo, error) { panic("a fault of ours") }

// TestFunctionOutlivesAPanic has one answered: it would end the process.
func TestFunctionOutlivesAPanic(t *testing.T) {
	if r, body := invoke(t.Context(), t, panicky{}); r.StatusCode != 500 || r.Headers["Photofit-Error"] != "internal" {
		t.Errorf("%d %v, %q", r.StatusCode, r.Headers, body)
	}
}

// unreachable is a place of photos that never answers.
type unreachable struct{ store.Photos }

// Stat is store.Photos.Stat.
func (unreachable) Stat(ctx context.Context, _ string) (store.Photo, error) {
	<-ctx.Done()
	return store.Photo{}, ctx.Err()
}

// TestFunctionAnswersBeforeItIsEnded has the answer come two seconds before Lambda
// would end the process, or a tenth of a short time.
func TestFunctionAnswersBeforeItIsEnded(t *testing.T) {
	for timeout, want := range map[time.Duration]time.Duration{55 * time.Second: 53 * time.Second, 10 * time.Second: 9 * time.Second} {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), timeout)
			defer cancel()
			began := time.Now()
			r, body := invoke(ctx, t, unreachable{})
			if took := time.Since(began); took != want || r.StatusCode != 503 || r.Headers["Photofit-Error"] != "timeout" {
				t.Errorf("%d %v, %q after %s, want %s", r.StatusCode, r.Headers, body, took, want)
			}
		})
	}
}

// withdrawing is a store that can withdraw one rendition.
type withdrawing struct {
	store.Renditions
	key *string
}

// Withdraw notes what it is to withdraw.
func (w withdrawing) Withdraw(_ context.Context, key string) error { *w.key = key; return nil }

func TestWithdraw(t *testing.T) {
	const key = "r1/a.jpg/_w320.webp"
	if withdraw(nil) != nil {
		t.Error("from nowhere")
	}
	var got string
	if err := withdraw(withdrawing{nil, &got})(t.Context(), key); err != nil || got != key {
		t.Errorf("withdrawn: %q, %v", got, err)
	}
	kept := store.NewMem(0)
	for _, key := range []string{key, "r1/a.jpg/_w640.webp", "r1/b.jpg/_w320.webp"} {
		if err := kept.Put(t.Context(), key, []byte("x"), store.Meta{Size: 1}); err != nil {
			t.Fatal(err)
		}
	}
	if err := withdraw(kept)(t.Context(), key); err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]bool{key: false, "r1/b.jpg/_w320.webp": true} {
		if r, err := kept.Get(t.Context(), key); (err == nil) != want {
			t.Errorf("%s: kept %t, want %t", key, err == nil, want)
		} else if err == nil {
			_ = r.Body.Close()
		}
	}
}
