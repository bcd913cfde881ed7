package main

import (
	"context"
	"errors"
	"fmt"
	stdlog "log"
	"log/slog"
	"net"
	"net/http"
	"os"
	"runtime/debug"
	"time"

	"photofit/internal/probe"
	"photofit/internal/render"
	"photofit/internal/rendition"
	"photofit/internal/store"
	"photofit/internal/web"
	"photofit/internal/web/sheet"
)

type serveCmd struct {
	Place string `arg:"" help:"Where the photos are: a folder, or s3://bucket/prefix. It is only read."`

	Addr         string     `help:"Where to listen." default:"127.0.0.1:8080" placeholder:"HOST:PORT" group:"Server"`
	MetricsAddr  string     `help:"Where /-/metrics is served, in place of --addr. Default: on --addr, to anybody." placeholder:"HOST:PORT" group:"Server"`
	Index        bool       `help:"A contact sheet at / and at each folder; --no-index turns it off. There is none with --policy signed." default:"true" negatable:"" group:"Server"`
	CacheControl string     `help:"Cache-Control of renditions." default:"public, max-age=3600, stale-while-revalidate=86400" placeholder:"VALUE" group:"Server"`
	Timeout      span       `help:"How long an asker waits for a rendition at most." default:"60s" placeholder:"TIME" group:"Server"`
	Drain        spanOrNone `help:"How long requests under way may take to finish after a signal to stop; 0s: none." default:"30s" placeholder:"TIME" group:"Server"`
	Log          string     `help:"One line per request: ${enum}." enum:"text,json,none" default:"text" group:"Server"`

	Recheck spanOrNone `help:"For how long a photo in a bucket is taken to be unchanged before it is looked at again; 0: at each request." default:"60s" placeholder:"TIME" group:"S3"`

	cacheFlags
	s3Flags
	policyFlags
	engineFlags
	masterFlags
}

// Run serves until ctx ends.
func (c *serveCmd) Run(ctx context.Context, console *console) error {
	if os.Getenv("GOGC") == "" {
		// Pictures are kept outside Go's heap, so that is a few megabytes, and by
		// default collected every 300 cache hits, for a quarter of their CPU time.
		debug.SetGCPercent(400)
	}
	log := c.logger(console)
	policy, err := c.policy()
	if err != nil {
		return err
	}
	if c.Addr == "" { // net.Listen would take any port, on all addresses
		return errors.New("--addr is empty: write it as 127.0.0.1:8080, or as :8080 for all addresses of this machine")
	}
	photos, err := c.openPhotos(ctx, c.Place, time.Duration(c.Recheck))
	if err != nil {
		return err
	}
	kept, closer, err := c.openHeld(ctx, &c.s3Flags, c.Place, c.CacheControl, log)
	if err != nil {
		return err
	}
	defer closer.Close()
	listener, err := listen("--addr", c.Addr)
	if err != nil {
		return err
	}
	defer listener.Close()
	var private net.Listener
	if c.MetricsAddr != "" {
		if private, err = listen("--metrics-addr", c.MetricsAddr); err != nil {
			return err
		}
		defer private.Close()
	}
	renderer, lib, err := c.renderer()
	if err != nil {
		return err
	}
	renderer.Info = c.info(policy)
	engine := c.config(renderer, photos.Photos, kept, log)
	engine.Masters = c.masters(renderer)
	service := rendition.New(engine)

	config := web.Config{
		Service:          service,
		Policy:           policy,
		CacheControl:     c.CacheControl,
		Timeout:          time.Duration(c.Timeout),
		Ready:            func() error { return ready(ctx, photos) },
		Log:              log,
		MetricsElsewhere: private != nil,
	}
	handler := web.New(config)
	// The sheet's pages carry signatures: who may see them may see all photos.
	if c.Index && c.Policy != "signed" {
		handler.Pages = sheet.New(sheet.Config{Photos: photos.Photos, Policy: policy, Title: photos.title, Facts: facts(photos.Photos, c.info(policy)), Fail: handler.FailPage})
	}
	errorLog := slog.NewLogLogger(log.Handler(), slog.LevelWarn)
	server := newServer(handler, errorLog)
	failed := make(chan error, 2)
	if private != nil {
		console.sayf("Metrics are on http://%s/-/metrics\n", private.Addr())
		metrics := newServer(handler.Metrics(), errorLog)
		go func() { failed <- metrics.Serve(private) }()
		defer metrics.Close() // when the pictures are done
	}
	if photos.empty {
		console.sayf("Nothing is in %s yet: is its name right?\n", nameText(c.Place))
	}
	console.sayf("Photofit %s serves %s on http://%s (libvips %s)\n", version, nameText(c.Place), listener.Addr(), lib.Version())
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	console.sayf("Photofit stops: requests under way finish, for %s at most; a second signal ends them\n", c.Drain)
	drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Duration(c.Drain))
	defer cancel()
	defer service.Wait() // before the cache is closed
	if err := server.Shutdown(drain); err != nil {
		_ = server.Close()
		if errors.Is(err, context.DeadlineExceeded) {
			return fmt.Errorf("some requests did not finish within %s (--drain gives them longer)", c.Drain)
		}
		return err
	}
	return nil
}

// listen opens the address that a flag names.
func listen(flag, addr string) (net.Listener, error) {
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("cannot listen on %s: %w (%s names another)", addr, err, flag)
	}
	return listener, nil
}

func newServer(handler http.Handler, errorLog *stdlog.Logger) *http.Server {
	return &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    32 << 10,
		ErrorLog:          errorLog,
	}
}

// ready tells whether requests should still be sent here.
func ready(ctx context.Context, photos photos) error {
	if ctx.Err() != nil {
		return errors.New("stopping: send requests elsewhere")
	}
	return photos.check(ctx)
}

func (c *serveCmd) logger(console *console) *slog.Logger {
	switch c.Log {
	case "json":
		return slog.New(slog.NewJSONHandler(console.err, nil))
	case "none":
		return slog.New(slog.DiscardHandler)
	}
	return slog.New(slog.NewTextHandler(console.err, nil))
}

// facts tells what a photo says of itself, by its header.
func facts(photos store.Photos, info render.InfoConfig) func(context.Context, string) (sheet.Facts, error) {
	return func(ctx context.Context, key string) (sheet.Facts, error) {
		photo, err := photos.Open(ctx, key)
		if err != nil {
			return sheet.Facts{}, err
		}
		defer photo.Close()
		header, err := probe.Read(photo, photo.Photo().Size)
		if err != nil {
			return sheet.Facts{}, err
		}
		width, height := header.Size()
		return sheet.Facts{Width: width, Height: height, Caption: info.Caption(header), Film: render.Film(header)}, nil
	}
}
