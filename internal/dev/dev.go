// Package dev runs the deployed stack on this machine: what a template describes,
// with the function's real zip.
//
// The template is evaluated (package cfn), its distribution served by the edge's
// emulator, its two functions by the Lambda host with the template's environment,
// memory and timeouts. The bucket of photos is a folder, which is only read, and
// what is put beside it; renditions lie in a real S3 server where one is installed,
// else in package front. Photos that change go the way they go on AWS: an event, a
// message, the purge function, an invalidation by tag.
//
// What a template says of roles is not looked at: functions may do anything here.
// What they do, Config.Calls is told.
package dev

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"photofit/internal/awsfake"
	"photofit/internal/cfn"
	"photofit/internal/edge/emulator"
	"photofit/internal/lambdahost"
	"photofit/internal/store"
	"photofit/internal/store/s3/front"
	"photofit/internal/store/s3/gateway"
)

// Config is what is run. Template, Zip, Temp, and Photos or S3 are needed.
type Config struct {
	Template   []byte
	Parameters map[string]string // of the template, besides those that this package sets
	Zip        string            // the function, for this machine's CPU
	Photos     *store.Folder

	// S3 has both buckets, instead of Photos and of a server for renditions, and Names
	// says what they are called, and all else. Default: what is made here.
	S3    *emulator.Server
	Names *emulator.Names

	Temp string // an empty folder, for the unpacked zip and for renditions; who made it removes it

	// Front has renditions lie in package front, though another S3 server is
	// installed.
	Front bool

	// Secure tells which requests came by HTTPS; default: by r.TLS.
	Secure func(*http.Request) bool

	Clock  func() time.Time      // of the edge; default time.Now
	Report func(emulator.Report) // each request; it is called by several goroutines
	Log    io.Writer             // what the functions print; default: this is dropped

	// Said is told of what goes on besides requests: photos that changed, messages
	// that failed. Default: nobody is.
	Said func(format string, args ...any)

	// Calls is told of what the functions ask of AWS, before they are answered; of
	// what an absence needed, after. It is called by several goroutines. Default:
	// nobody is, and requests are not looked at.
	Calls func(Call)
}

// local are what a stack's resources are called where nobody else names them.
var local = emulator.Names{Stack: "photofit", Region: "us-east-1", Account: "123456789012"}

// The logical ids of the template, as far as they matter here.
const (
	photosName     = "Photos"
	renditionsName = "Renditions"
	renderName     = "Render"
	purgeName      = "Purge"
	queueName      = "Changes"

	renditionsOrigin = "renditions"
	renderOrigin     = "render"
)

// Stack is a stack at work.
type Stack struct {
	Config
	Edge   *emulator.Emulator
	Server string // what renditions lie in, for people

	stack         *cfn.Stack
	names         emulator.Names
	buckets       http.Handler // S3, as the functions reach it; nil: at s3
	s3            emulator.Server
	render, purge *lambdahost.Host
	invocations   atomic.Int64
	queue         *awsfake.SQS
	direct        map[string]string // URLs of the origins without the edge, by id
	photosBucket  string
	renditions    string // the bucket
	closers       []func()

	mu       sync.Mutex
	closed   bool
	timers   map[*time.Timer]func() // what is done later
	messages int
	under    sync.WaitGroup // messages under way
}

// Start starts it. Who started it closes it.
func Start(ctx context.Context, c Config) (s *Stack, err error) {
	if c.Log == nil {
		c.Log = io.Discard
	}
	if c.Said == nil {
		c.Said = func(string, ...any) {}
	}
	s = &Stack{Config: c, names: local, direct: map[string]string{}, timers: map[*time.Timer]func(){}}
	if c.Names != nil {
		s.names = *c.Names
	}
	defer func() {
		if err != nil {
			s.Close()
			s = nil
		}
	}()
	if s.stack, err = evaluate(c.Template, c.Parameters, s.names); err != nil {
		return s, err
	}
	s.renditions, _ = s.names.Attribute(renditionsName, "AWS::S3::Bucket", "")
	if s.photosBucket = c.Parameters["PhotosBucketName"]; s.photosBucket == "" {
		s.photosBucket, _ = s.names.Attribute(photosName, "AWS::S3::Bucket", "")
	}
	task := filepath.Join(c.Temp, "function")
	if err := lambdahost.Unpack(c.Zip, task); err != nil {
		return s, err
	}
	if err := s.startS3(ctx); err != nil {
		return s, err
	}
	if err := s.startFunctions(task); err != nil {
		return s, err
	}
	return s, s.startEdge()
}

// Evaluate gives what a template would make, under the names that it has here.
func Evaluate(template []byte, parameters map[string]string) (*cfn.Stack, error) {
	return evaluate(template, parameters, local)
}

func evaluate(template []byte, parameters map[string]string, names emulator.Names) (*cfn.Stack, error) {
	document, err := cfn.Parse(template)
	if err != nil {
		return nil, fmt.Errorf("the template: %w", err)
	}
	made, err := cfn.Evaluate(document, cfn.Inputs{Parameters: withOwn(parameters), Pseudo: names.Pseudo(), Attribute: names.Attribute})
	if err != nil {
		return nil, fmt.Errorf("the template: %w", err)
	}
	return made, nil
}

// Close ends all of it, and waits until it has ended.
func (s *Stack) Close() {
	s.mu.Lock()
	s.closed = true
	for timer := range s.timers {
		timer.Stop()
	}
	s.mu.Unlock()
	for i := len(s.closers) - 1; i >= 0; i-- {
		s.closers[i]()
	}
	s.under.Wait()
}

// serve serves a handler on a port of this machine, and gives its URL.
func (s *Stack) serve(h http.Handler) (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	server := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second, ErrorLog: log.New(io.Discard, "", 0)}
	go func() { _ = server.Serve(listener) }()
	s.closers = append(s.closers, func() { _ = server.Close() })
	return "http://" + listener.Addr().String(), nil
}

// startS3 starts the server of both buckets. Photos are always served by package
// front, as no other server leaves the folder alone; renditions by a real server
// behind it, if there is one.
func (s *Stack) startS3(ctx context.Context) error {
	if s.S3 != nil {
		s.s3, s.Server = *s.S3, "S3 at "+s.S3.URL
		return nil
	}
	objects, buckets := filepath.Join(s.Temp, "objects"), filepath.Join(s.Temp, "buckets")
	if err := errors.Join(os.MkdirAll(objects, 0o755), os.MkdirAll(buckets, 0o755)); err != nil {
		return err
	}
	f := front.New(gateway.Access, objects)
	f.AddPhotos(s.photosBucket, s.Photos)
	var g *gateway.Gateway
	err := gateway.ErrMissing
	if !s.Front {
		g, err = gateway.Start(context.WithoutCancel(ctx), buckets)
	}
	switch {
	case errors.Is(err, gateway.ErrMissing):
		s.Server = "a folder behind Photofit's own S3 front"
		f.Add(s.renditions)
	case err != nil:
		return err
	default:
		s.Server = "versitygw"
		s.closers = append(s.closers, g.Stop)
		if err := g.Bucket(s.renditions); err != nil {
			return err
		}
		to, err := url.Parse(g.URL)
		if err != nil {
			return err
		}
		transport := http.DefaultTransport.(*http.Transport).Clone()
		transport.DisableCompression = true
		f.Forward(s.renditions, &httputil.ReverseProxy{Transport: transport, ErrorLog: log.New(io.Discard, "", 0), Rewrite: func(r *httputil.ProxyRequest) {
			r.Out.URL.Scheme, r.Out.URL.Host = to.Scheme, to.Host
			r.Out.Host = r.In.Host // it is signed
		}})
	}
	s.s3 = emulator.Server{Key: gateway.Access, Secret: gateway.Secret, Region: s.names.Region}
	s.buckets = f
	s.s3.URL, err = s.serve(f)
	return err
}

// startEdge starts the distribution, and what shows its origins without it.
func (s *Stack) startEdge() error {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.DisableCompression = true
	s.closers = append(s.closers, transport.CloseIdleConnections)
	render, err := s.serve(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.invocations.Add(1)
		s.render.ServeHTTP(w, r)
	}))
	if err != nil {
		return err
	}
	s.Edge, err = emulator.New(emulator.Config{
		Stack: s.stack, Names: s.names, Secure: s.Secure, Clock: s.Clock, Report: s.Report,
		Origins: map[string]emulator.Origin{
			renditionsOrigin: s.s3.Bucket(s.renditions, transport),
			renderOrigin:     emulator.FunctionURL(render, transport),
		},
	})
	if err != nil {
		return fmt.Errorf("the template: %w", err)
	}
	s.closers = append(s.closers, s.Edge.Wait)
	for _, id := range []string{renditionsOrigin, renderOrigin} {
		if s.direct[id], err = s.serve(s.Edge.Direct(id)); err != nil {
			return err
		}
	}
	return nil
}
