// Command bench measures Photofit against what bounds it, and against others
// that do the same work.
//
// A shared machine is never quiet, so no figure is a time on its own. Each is a
// ratio of two things that took turns within one run, or a bound that noise does
// not move. The table shows the median over all turns, with the least and the
// most beside it: where these lie far apart, the machine was busy, and the
// median is still worth something. CPU time is user plus system time of the one
// process that does the work, to the nanosecond.
//
// cold compares a render through HTTP with its floor: the same decoding, scaling
// and encoding in a loop, whose bytes must come out the same. hits compares
// answers from the cache with nginx and the same file; wrk takes its share of the
// same cores for both. memory is what the kernel says the server held at most.
// start is from the process's beginning to its first answer. growth is how a cold
// render's cost grows with the photo's pixels, and that of hits, of the start and
// of sweeps with the renditions in the cache folder. lambda is of the program as a
// function, in a host of ours. sharp compares with the sharp package in Node, by
// the same libvips, encoders and settings; but sharp averages codes where photofit
// averages light, which is more work and looks better. In rows marked "by itself"
// sharp does as it does unless told otherwise: it shrinks further while it
// decodes, which is quicker and less sharp, and converts from profiles that are
// sRGB already, which is slower.
//
// later, askers and mix put photofit serve beside other servers, by HTTP: sharp
// behind node:http, ipx, and any that runs already (--peer name=URL-template, on
// the folder that --gallery names). All get the same requests for the same photos, in
// turns, and no time counts before their answers are seen to be of one size and
// alike. later is what a photo's first size costs and what the ladder's others
// cost after it; askers is 64 requests at once for one rendition; mix is many pages'
// requests, on an empty cache and again (list.go says which). CPU time is that
// of the server and its children until they are at rest. --svg draws it.
//
// encoders has no server: it gives the same pixels to the encoders of libvips, as
// photofit tells them, as sharp and imgproxy do, and in other ways, and compares
// bytes at equal SSIMULACRA2, and CPU time.
//
// masters holds what is predicted of masters against what they cost; settings
// tries other numbers of renders under way, and of threads for each.
//
// looks is about the pictures: SSIMULACRA2 of ways of scaling against the ideal
// (imgtest.Ideal), as a JPEG of quality 80, and beside it what each takes of CPU
// time to decode and scale.
// bytes is what photofit takes to look, from photo to file, as sharp's own answers do.
//
// Run it by `make bench`. With --check it exits with 1 if a target is missed.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"photofit/internal/vips"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := 0
	if len(os.Args) == 3 && os.Args[1] == floorMode {
		code = floorMain(os.Args[2], os.Stdin, os.Stdout, os.Stderr)
	} else {
		code = run(ctx, os.Args[1:])
	}
	stop()
	os.Exit(code)
}

// section is one group of figures.
type section struct {
	name    string
	measure func(*bench, context.Context) error
}

// sections are what can be measured, in the order in which they run.
var sections = []section{
	{"cold", (*bench).cold},
	{"hits", (*bench).hits},
	{"memory", (*bench).memory},
	{"start", (*bench).start},
	{"growth", (*bench).growth},
	{"s3", (*bench).s3},
	{"lambda", (*bench).lambda},
	{"sharp", (*bench).sharp},
	{"masters", (*bench).masters},
	{"kinds", (*bench).kinds},
	{"settings", (*bench).settings},
	{"later", (*bench).later},
	{"askers", (*bench).sameRendition},
	{"mix", (*bench).mix},
	{"encoders", (*bench).encoders},
	{"looks", (*bench).looks},
	{"bytes", (*bench).bytesAtLooks},
}

// bench is one run.
type bench struct {
	photofit string // the program
	libvips  string // the library that program, floor and judge load
	lib      *vips.Library
	temp     string
	folder   string // of photos, if one was given
	photo    source
	pairs    int  // A-B pairs of each ratio
	quick    bool // fewer turns: for trying the bench itself

	others        others
	galleryFolder string // "": in temp
	photosCount   int    // photos of the page mix
	requests      int    // requests of one round of it
	pictures      *gallery
	told          map[string]bool // peers that have said what they are

	section string
	figures []figure
	took    []duration
}

// run is the program: 0, 1 for what went wrong or was missed, 2 for a command
// line that is not understood.
func run(ctx context.Context, args []string) int {
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	b := &bench{told: map[string]bool{}}
	flags.StringVar(&b.photofit, "photofit", "bin/photofit", "the `program` to measure")
	flags.StringVar(&b.libvips, "libvips", os.Getenv("PHOTOFIT_LIBVIPS"), "the libvips `file`; default: lib/ beside the program, else the system's")
	flags.StringVar(&b.folder, "photos", os.Getenv("PHOTOFIT_TEST_PHOTOS"), "a `folder` with a 24-megapixel p24.jpg, and others for the page mix; without it they are painted")
	only := flags.String("only", "", "what to measure, by commas: "+strings.Join(sectionNames(), ","))
	flags.IntVar(&b.pairs, "pairs", 0, "A-B pairs for each ratio (default 15; 5 with --quick)")
	flags.BoolVar(&b.quick, "quick", false, "fewer turns of everything: not for judging by")
	flags.IntVar(&b.photosCount, "photos-count", 0, "photos of the page mix (default 12)")
	flags.IntVar(&b.requests, "requests", 0, "requests of a round of the page mix (default 120; 60 with --quick)")
	flags.StringVar(&b.galleryFolder, "gallery", "", "the `folder` that the peers serve in mix, later and askers, for a --peer to be started on; its photos stay (default: a temporary one)")
	flags.Func("peer", "one more server, which runs on --gallery, as `name=URL-template`: with {photo}, {width}, {format} (jpg, webp, avif) or {type} (jpeg, webp, avif), and {quality}; may be repeated", b.others.add)
	flags.Func("peer-pid", "the process of a --peer, `name=PID`, by which its CPU time and memory are known; may be repeated", b.others.addPID)
	must := flags.Bool("check", false, "exit with 1 if a target is missed")
	report := flags.String("json", "", "write the figures to this `file`, too")
	svg := flags.String("svg", "", "draw the ratios into this `file`")
	flags.SetOutput(io.Discard) // the reason is told below, and not in front of a screen of help
	err := flags.Parse(args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Println("bench measures Photofit beside others. Its flags:")
		flags.SetOutput(os.Stdout)
		flags.PrintDefaults()
		return 0
	}
	if err == nil && flags.NArg() > 0 {
		err = fmt.Errorf("%q is not understood", flags.Arg(0))
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "bench: %v\n--help tells all flags.\n", err)
		return 2
	}
	if err := b.settle(); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		return 2
	}
	err = b.measure(ctx, *only)
	fmt.Print(table(b.figures), durations(b.took))
	if *report != "" {
		err = errors.Join(err, writeJSON(*report, b.figures))
	}
	if *svg != "" {
		err = errors.Join(err, os.WriteFile(*svg, drawing(b.figures), 0o644))
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		return 1
	}
	if missed := slices.ContainsFunc(b.figures, func(f figure) bool { return f.Missed() }); missed && *must {
		return 1
	}
	return 0
}

// settle fills in what the command line has left out.
func (b *bench) settle() (err error) {
	for _, s := range []struct {
		n           *int
		full, quick int
	}{{&b.pairs, 15, 5}, {&b.photosCount, 12, 12}, {&b.requests, 120, 60}} {
		if *s.n <= 0 {
			*s.n = pick(b.quick, s.quick, s.full)
		}
	}
	if b.galleryFolder != "" {
		if b.galleryFolder, err = filepath.Abs(b.galleryFolder); err != nil {
			return err
		}
	}
	return b.others.check()
}

func sectionNames() (names []string) {
	for _, s := range sections {
		names = append(names, s.name)
	}
	return names
}

func writeJSON(file string, figures []figure) error {
	data, err := json.MarshalIndent(figures, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(file, append(data, '\n'), 0o644)
}

// measure runs the sections that are wanted. One that fails does not keep the
// others from running.
func (b *bench) measure(ctx context.Context, only string) error {
	wanted := map[string]bool{}
	for name := range strings.SplitSeq(only, ",") {
		if name = strings.TrimSpace(name); name != "" {
			wanted[name] = true
		}
	}
	for name := range wanted {
		if !slices.Contains(sectionNames(), name) {
			return fmt.Errorf("--only %s: there is no such section", name)
		}
	}
	if err := b.prepare(); err != nil {
		return err
	}
	defer os.RemoveAll(b.temp)
	var failed []string
	for _, s := range sections {
		if len(wanted) > 0 && !wanted[s.name] || ctx.Err() != nil {
			continue
		}
		b.section = s.name
		began := time.Now()
		err := s.measure(b, ctx)
		b.took = append(b.took, duration{s.name, time.Since(began)})
		if err != nil {
			b.sayf("failed: %v", err)
			b.add(figure{Name: "not measured", Note: err.Error(), Failed: true})
			failed = append(failed, s.name)
		}
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if failed != nil {
		return fmt.Errorf("could not measure: %s", strings.Join(failed, ", "))
	}
	return nil
}

func (b *bench) prepare() (err error) {
	if err := canMeasure(); err != nil {
		return err
	}
	if b.photofit, err = filepath.Abs(b.photofit); err != nil {
		return err
	}
	if _, err := os.Stat(b.photofit); err != nil {
		return fmt.Errorf("%w: make build makes it", err)
	}
	if b.lib, err = vips.Open(vips.Find(b.libvips, b.photofit)...); err != nil {
		return err
	}
	b.libvips = b.lib.Path()
	if b.temp, err = os.MkdirTemp("", "photofit-bench-"); err != nil {
		return err
	}
	if b.photo, err = b.findPhoto(b.folder); err != nil {
		os.RemoveAll(b.temp)
	}
	return err
}

// sayf tells on standard error how far it is.
func (b *bench) sayf(format string, args ...any) {
	fmt.Fprintf(os.Stderr, "%-7s %s\n", b.section, fmt.Sprintf(format, args...))
}

// add keeps a figure, and tells it.
func (b *bench) add(f figure) {
	f.Section = b.section
	b.figures = append(b.figures, f)
	if len(f.Values) > 0 {
		b.sayf("%s: %s", f.label(), f.format(median(f.Values)))
	}
}

// skip says in the table, too, what could not be measured for want of a tool.
func (b *bench) skip(what, why string) {
	b.sayf("SKIPPED: %s: %s", what, why)
	b.add(figure{Name: what, Note: "skipped: " + why})
}

func pick[T any](condition bool, yes, no T) T {
	if condition {
		return yes
	}
	return no
}
