package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/alecthomas/kong"
	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdaurl"

	"photofit/internal/render"
	"photofit/internal/rendition"
	"photofit/internal/web"
)

// functions are what the program can be in Lambda, by PHOTOFIT_MODE: the one
// place where another is plugged in. Each gets ready, and gives a handler as
// lambda.Start takes it.
var functions = map[string]func(context.Context, *console) (handler any, err error){
	"serve": serveFunction,
	"purge": purgeFunction,
}

// function is the program as Lambda starts it: it gets ready and answers one
// request after the other. What keeps it from getting ready is told to Lambda,
// which starts it anew and answers 502 meanwhile.
func function(api string) {
	mode := os.Getenv("PHOTOFIT_MODE")
	if mode == "" {
		mode = "serve"
	}
	start, known := functions[mode]
	if !known {
		failInit(api, fmt.Errorf("PHOTOFIT_MODE is %q: it can be %s", mode, strings.Join(slices.Sorted(maps.Keys(functions)), ", ")))
	}
	handler, err := start(context.Background(), &console{out: os.Stdout, err: os.Stderr})
	if err != nil {
		failInit(api, err)
	}
	lambda.Start(handler)
}

// failInit tells Lambda and the log why the function does not start, and ends.
// See "Initialization error" in Lambda's Runtime API.
func failInit(api string, err error) {
	fmt.Fprintln(os.Stderr, "photofit:", err)
	if body, failed := json.Marshal(map[string]string{"errorMessage": err.Error(), "errorType": "Photofit.NotReady"}); failed == nil {
		request, failed := http.NewRequest(http.MethodPost, "http://"+api+"/2018-06-01/runtime/init/error", bytes.NewReader(body))
		if failed == nil {
			request.Header.Set("Lambda-Runtime-Function-Error-Type", "Photofit.NotReady")
			if answer, failed := http.DefaultClient.Do(request); failed == nil {
				_ = answer.Body.Close()
			}
		}
	}
	os.Exit(1)
}

// functionDefaults are the settings that a function has where a server has
// others. An answer that was made while the photo was replaced, and never came to
// the bucket, nothing takes from the edge again: so it is held for a minute, and
// must not be served stale after that.
var functionDefaults = map[string]string{
	"PHOTOFIT_CACHE_CONTROL": "public, max-age=3600, s-maxage=60, stale-if-error=0",
	"PHOTOFIT_LOG":           "json",
}

// serveSettings reads the environment as photofit serve reads its flags, so that
// a setting is the same in both.
func serveSettings() (*serveCmd, error) {
	place := os.Getenv("PHOTOFIT_PHOTOS")
	if place == "" {
		return nil, errors.New("PHOTOFIT_PHOTOS is missing: the place of the photos")
	}
	if os.Getenv("PHOTOFIT_CACHE") == "" {
		return nil, errors.New("PHOTOFIT_CACHE is missing: the place where renditions are kept, or none")
	}
	if err := setDefaults(functionDefaults); err != nil {
		return nil, err
	}
	settings := &serveCmd{}
	parser, err := kong.New(settings, kong.DefaultEnvars("PHOTOFIT"))
	if err != nil {
		return nil, err
	}
	if _, err := parser.Parse([]string{"--", place}); err != nil {
		return nil, fmt.Errorf("a setting, --name as PHOTOFIT_NAME: %w", err)
	}
	if settings.Policy == "signed" {
		return nil, errors.New("PHOTOFIT_POLICY is signed: the edge in front of a function cannot check signatures yet, so it is for photofit serve only")
	}
	return settings, nil
}

// setDefaults puts settings into the environment where they are not there, and
// the memory for renders, by that of the function.
func setDefaults(defaults map[string]string) error {
	defaults = maps.Clone(defaults)
	if mb, err := strconv.ParseInt(os.Getenv("AWS_LAMBDA_FUNCTION_MEMORY_SIZE"), 10, 64); err == nil {
		defaults["PHOTOFIT_MEMORY"] = strconv.FormatInt(renderMemory(mb<<20), 10)
	}
	for name, value := range defaults {
		if os.Getenv(name) == "" {
			if err := os.Setenv(name, value); err != nil {
				return err
			}
		}
	}
	return nil
}

// ownMemory is what a function takes besides its renders, in bytes: the program,
// libvips's code, and the renditions on their way.
const ownMemory = 128 << 20

// renderMemory is what renders may take of a function's memory.
func renderMemory(size int64) int64 { return max(size-ownMemory, size/4) }

// serveFunction answers for the edge: what the bucket of renditions does not
// hold is made and kept there.
func serveFunction(ctx context.Context, console *console) (any, error) {
	settings, err := serveSettings()
	if err != nil {
		return nil, err
	}
	log := settings.logger(console)
	policy, err := settings.policy()
	if err != nil {
		return nil, err
	}
	// Loading libvips is most of a cold start; the rest goes on beside it.
	type loaded struct {
		renderer *render.Renderer
		err      error
	}
	loading := make(chan loaded, 1)
	go func() {
		renderer, _, err := settings.renderer()
		if err != nil {
			err = fmt.Errorf("the function needs libvips, which photofit package puts into its zip: %w", err)
		}
		loading <- loaded{renderer, err}
	}()
	photos, kept, err := settings.functionPlaces(ctx, log)
	libvips := <-loading
	if err := errors.Join(err, libvips.err); err != nil {
		return nil, err // all that is missing, not one thing a deployment
	}
	libvips.renderer.Info = settings.info(policy)
	config := settings.config(libvips.renderer, photos, kept, log)
	config.Whole, config.Withdraw = true, withdraw(kept)
	config.Masters = settings.elsewhere(libvips.renderer) // the purge function makes them
	service := rendition.New(config)
	return functionHandler(service, web.Config{
		Service:      service,
		Policy:       policy,
		CacheControl: settings.CacheControl,
		Timeout:      time.Duration(settings.Timeout),
		Log:          log,
	}), nil
}

// largestAnswer is what Lambda streams within 55 s, in bytes: 6 MB at once, then
// 2 MB/s. What takes longer it would cut, as it would what is beyond 200 MB.
const largestAnswer = 100_000_000

// functionHandler is a handler for a function URL with InvokeMode
// RESPONSE_STREAM.
//
// Nothing after the function notices that a body broke off, as lambdaurl ends
// it like any other; and a cut picture would be held for long. So what fails
// after the header ends the process, which Lambda makes a broken stream of.
func functionHandler(service *rendition.Service, config web.Config) any {
	config.Edge, config.Largest = true, largestAnswer
	config.Broken = func(error) { os.Exit(1) } // the log has the cause
	handler := web.New(config)
	handle := lambdaurl.Wrap(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if end, ok := r.Context().Deadline(); ok {
			// Lambda ends the process then; the answer that says so comes before.
			ctx, cancel := context.WithDeadline(r.Context(), end.Add(-spare(time.Until(end))))
			defer cancel()
			r = r.WithContext(ctx)
		}
		handler.ServeHTTP(w, r)
	}))
	return func(ctx context.Context, request *events.LambdaFunctionURLRequest) (*events.LambdaFunctionURLStreamingResponse, error) {
		response, err := handle(ctx, request)
		if err == nil {
			response.Body = sent{response.Body, func() {
				if service.Busy() {
					// It was given up for lack of time, and cannot be stopped. It
					// would go on within the next request.
					fmt.Fprintln(os.Stderr, "photofit: a render did not end in time, so this process does")
					os.Exit(1)
				}
			}}
		}
		return response, err
	}
}

// spare is how long before its end a request is given up.
func spare(left time.Duration) time.Duration { return min(2*time.Second, left/10) }

// sent is a body; done is called when it was sent.
type sent struct {
	io.Reader
	done func()
}

// Close is io.Closer's.
func (s sent) Close() error {
	var err error
	if c, ok := s.Reader.(io.Closer); ok {
		err = c.Close()
	}
	s.done()
	return err
}
