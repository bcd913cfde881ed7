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
// cold compares a render through HTTP with its floor: the same calls of libvips
// in a loop, whose bytes must come out the same. hits compares answers from the
// cache with nginx and the same file; wrk takes its share of the same cores for
// both. memory is what the kernel says the server held at most. start is from
// the process's beginning to its first answer. lambda is of the program as a
// function, in a host of ours. sharp compares with the sharp
// package in Node, by the same libvips, settings and steps, so that the pictures
// are the same. In rows marked "by itself" sharp does as it does unless told
// otherwise: it shrinks further while it decodes, which is quicker and less
// sharp, and converts from profiles that are sRGB already, which is slower. They
// say what to expect of either, and have no target.
//
// Run it by `make bench`. With --check it exits with 1 if a target is missed.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

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
	{"s3", (*bench).s3},
	{"lambda", (*bench).lambda},
	{"sharp", (*bench).sharp},
}

// bench is one run.
type bench struct {
	photofit string // the program
	libvips  string // the library that program, floor and judge load
	lib      *vips.Library
	temp     string
	photo    source
	pairs    int  // A-B pairs of each ratio
	quick    bool // fewer turns: for trying the bench itself

	section string
	figures []figure
}

// run is the program: 0, 1 for what went wrong or was missed, 2 for a command
// line that is not understood.
func run(ctx context.Context, args []string) int {
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	b := &bench{}
	flags.StringVar(&b.photofit, "photofit", "bin/photofit", "the `program` to measure")
	flags.StringVar(&b.libvips, "libvips", os.Getenv("PHOTOFIT_LIBVIPS"), "the libvips `file`; default: lib/ beside the program, else the system's")
	photos := flags.String("photos", os.Getenv("PHOTOFIT_TEST_PHOTOS"), "a `folder` with a 24-megapixel p24.jpg; without it one is painted")
	only := flags.String("only", "", "what to measure, by commas: cold,hits,memory,start,s3,lambda,sharp")
	flags.IntVar(&b.pairs, "pairs", 0, "A-B pairs for each ratio (default 15; 5 with --quick)")
	flags.BoolVar(&b.quick, "quick", false, "fewer turns of everything: not for judging by")
	must := flags.Bool("check", false, "exit with 1 if a target is missed")
	report := flags.String("json", "", "write the figures to this `file`, too")
	if err := flags.Parse(args); err != nil || flags.NArg() > 0 {
		if flags.NArg() > 0 {
			fmt.Fprintf(os.Stderr, "bench: %q is not understood\n", flags.Arg(0))
		}
		return 2
	}
	if b.pairs <= 0 {
		b.pairs = pick(b.quick, 5, 15)
	}
	err := b.measure(ctx, *photos, *only)
	fmt.Print(table(b.figures))
	if *report != "" {
		err = errors.Join(err, writeJSON(*report, b.figures))
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

func writeJSON(file string, figures []figure) error {
	data, err := json.MarshalIndent(figures, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(file, append(data, '\n'), 0o644)
}

// measure runs the sections that are wanted. One that fails does not keep the
// others from running.
func (b *bench) measure(ctx context.Context, photos, only string) error {
	wanted := map[string]bool{}
	for name := range strings.SplitSeq(only, ",") {
		if name = strings.TrimSpace(name); name != "" {
			wanted[name] = true
		}
	}
	for name := range wanted {
		if !slices.ContainsFunc(sections, func(s section) bool { return s.name == name }) {
			return fmt.Errorf("--only %s: there is no such section", name)
		}
	}
	if err := b.prepare(photos); err != nil {
		return err
	}
	defer os.RemoveAll(b.temp)
	var failed []string
	for _, s := range sections {
		if len(wanted) > 0 && !wanted[s.name] || ctx.Err() != nil {
			continue
		}
		b.section = s.name
		if err := s.measure(b, ctx); err != nil {
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

func (b *bench) prepare(photos string) (err error) {
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
	if b.photo, err = b.findPhoto(photos); err != nil {
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
		b.sayf("%s: %s", f.Name, f.format(median(f.Values)))
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
