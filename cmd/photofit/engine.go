package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"runtime"
	"time"

	"photofit"
	"photofit/internal/render"
	"photofit/internal/rendition"
	"photofit/internal/store"
	"photofit/internal/vips"
)

// engineFlags are how photos become renditions, for all commands that make any.
type engineFlags struct {
	Libvips   string   `help:"The libvips to use: a file. Default: lib/ beside this program, else the system's." placeholder:"FILE" type:"path" group:"Rendering"`
	Memory    byteSize `help:"Memory for all renders under way. Default: 1GB, or 256MB per core where that is more." placeholder:"SIZE" group:"Rendering"`
	Renders   count    `help:"Renders under way at a time. Default: one per core, or two per core where photos come from a bucket." placeholder:"N" group:"Rendering"`
	Queue     count    `help:"Renders that may wait for their turn; beyond that the answer is 503." default:"512" placeholder:"N" group:"Rendering"`
	Wait      span     `help:"How long a render waits for its turn at most." default:"30s" placeholder:"TIME" group:"Rendering"`
	MaxPixels count    `help:"Largest photo taken, in millions of pixels." default:"160" placeholder:"N" group:"Rendering"`
	MaxBytes  byteSize `help:"Largest photo taken, in bytes." default:"512MB" placeholder:"SIZE" group:"Rendering"`
}

// renderer loads libvips and makes the renderer.
func (f *engineFlags) renderer() (*render.Renderer, *vips.Library, error) {
	executable, err := os.Executable()
	if err != nil {
		executable = ""
	}
	lib, err := vips.Open(vips.Find(f.Libvips, executable)...)
	if err != nil {
		return nil, nil, err
	}
	return render.New(lib, render.Limits{MaxPixels: int64(f.MaxPixels) * 1e6, MaxBytes: int64(f.MaxBytes)}), lib, nil
}

// service makes the service over photos, of which nothing is kept.
func (f *engineFlags) service(photos store.Photos, info render.InfoConfig) (*rendition.Service, error) {
	renderer, _, err := f.renderer()
	if err != nil {
		return nil, err
	}
	renderer.Info = info
	return rendition.New(f.config(renderer, photos, nil, nil)), nil
}

// config is what a service works with.
func (f *engineFlags) config(renderer *render.Renderer, photos store.Photos, kept store.Renditions, log *slog.Logger) rendition.Config {
	// Where they are left out:
	cores := runtime.GOMAXPROCS(0)
	if f.Renders == 0 {
		f.Renders = count(cores)
		if _, far := photos.(store.Recaller); far {
			f.Renders *= 2
		}
	}
	if f.Memory == 0 {
		f.Memory = byteSize(max(1<<30, int64(cores)*256<<20))
	}
	return rendition.Config{
		Photos:     photos,
		Renditions: kept,
		Render: func(ctx context.Context, photo io.ReaderAt, size int64, r photofit.Recipe, admit func(context.Context, int64) error) (rendition.Made, error) {
			out, err := renderer.Render(ctx, photo, size, r, admit)
			return rendition.Made(out), err
		},
		InfoType: renderer.Info.Type(),
		Memory:   int64(f.Memory),
		Renders:  int(f.Renders),
		Queue:    int(f.Queue),
		Wait:     time.Duration(f.Wait),
		Log:      log,
	}
}

// masterFlags are for all commands that keep what they make.
type masterFlags struct {
	Masters bool `help:"Keep a smaller, near-lossless picture of a photo that is dear to decode, and make its renditions from that; --no-masters always takes the photo." default:"true" negatable:"" group:"Rendering"`
}

// masters are the renderer's, if they are wanted.
func (f masterFlags) masters(renderer *render.Renderer) *rendition.Masters {
	if !f.Masters {
		return nil
	}
	return masters(renderer)
}

// elsewhere are masters for who must have nothing left to do after an answer: they
// are used, and made by a call of Service.Master only.
func (f masterFlags) elsewhere(renderer *render.Renderer) *rendition.Masters {
	m := f.masters(renderer)
	if m != nil {
		m.Elsewhere = true
	}
	return m
}

// masters are the renderer's.
func masters(renderer *render.Renderer) *rendition.Masters {
	type admit = func(context.Context, int64) error
	return &rendition.Masters{
		From: func(ctx context.Context, master io.ReaderAt, size int64, kind string, r photofit.Recipe, admit admit) (rendition.Made, bool, error) {
			out, err := renderer.FromMaster(ctx, master, size, kind, r, admit)
			if errors.Is(err, render.ErrUnserved) {
				return rendition.Made{}, false, nil
			}
			return rendition.Made(out), err == nil, err
		},
		Info: func(ctx context.Context, photo io.ReaderAt, photoSize int64, master io.ReaderAt, size int64, kind string, admit admit) (rendition.Made, bool, error) {
			out, err := renderer.InfoFromMaster(ctx, photo, photoSize, master, size, kind, admit)
			if errors.Is(err, render.ErrUnserved) {
				return rendition.Made{}, false, nil
			}
			return rendition.Made(out), err == nil, err
		},
		Make: func(ctx context.Context, photo io.ReaderAt, size int64, admit admit) (rendition.Made, error) {
			if weight, err := renderer.Weigh(photo, size); err != nil || !weight.Pays() {
				return rendition.Made{}, err
			}
			out, err := renderer.Master(ctx, photo, size, admit)
			return rendition.Made(out), err
		},
		Both: func(ctx context.Context, photo io.ReaderAt, size int64, r photofit.Recipe, admit func(context.Context, int64, bool) error) (rendition.Made, func(context.Context) (rendition.Made, error), error) {
			out, err := renderer.Both(ctx, photo, size, r, admit)
			if err != nil || out.Master == nil {
				return rendition.Made(out.Output), nil, err
			}
			return rendition.Made(out.Output), func(ctx context.Context) (rendition.Made, error) {
				master, err := out.Master(ctx)
				return rendition.Made(master), err
			}, nil
		},
	}
}

// policyFlags are who may ask for what.
type policyFlags struct {
	Policy    string `help:"Who may ask for what: ${enum}. ladder: anybody, for a bounded set of sizes; open: anybody, for any size (private networks only); signed: who has a signature, for any size." enum:"ladder,open,signed" default:"ladder" group:"Policy"`
	Widths    []int  `help:"The ladder's widths, in pixels, from low to high. Default: 24 of them, from 32 to 3840." placeholder:"W" group:"Policy"`
	SignKey   string `help:"The secret of --policy signed, at least 16 characters." placeholder:"SECRET" group:"Policy"`
	Info      string `help:"What _info.json tells of a photo: ${enum}. basic leaves out the date, the caption, the creator and the copyright." enum:"full,basic" default:"full" group:"Policy"`
	Originals string `help:"Whether originals can be had with fm=original: ${enum}." enum:"private,public" default:"private" group:"Policy"`
}

// info is what an _info.json tells under a policy.
func (f *policyFlags) info(p photofit.Policy) render.InfoConfig {
	return render.InfoConfig{Policy: p, Basic: f.Info == "basic"}
}

// minSignKey is how long a secret must be, in characters.
const minSignKey = 16

// policy makes the policy.
func (f *policyFlags) policy() (photofit.Policy, error) {
	p := photofit.DefaultPolicy()
	switch f.Policy {
	case "open":
		p = photofit.OpenPolicy()
	case "signed":
		if len(f.SignKey) < minSignKey {
			return p, fmt.Errorf("--policy signed needs --sign-key (or PHOTOFIT_SIGN_KEY) with a secret of at least 16 characters, such as `openssl rand -hex 32` prints")
		}
		p = photofit.SignedPolicy([]byte(f.SignKey))
	}
	if f.SignKey != "" && f.Policy != "signed" {
		return p, fmt.Errorf("--sign-key has no effect with --policy %s: say --policy signed", f.Policy)
	}
	if len(f.Widths) > 0 {
		if f.Policy != "ladder" {
			return p, fmt.Errorf("--widths has no effect with --policy %s", f.Policy)
		}
		p.Widths = f.Widths
	}
	p.OriginalsPublic = f.Originals == "public"
	return p, p.Check()
}

// ownPolicy is the policy for who runs the program on photos of their own: no
// signature is asked for.
func (f *policyFlags) ownPolicy() (photofit.Policy, error) {
	p, err := f.policy()
	p.Signed, p.Key = false, nil
	return p, err
}
