// Command photofit serves photos, each at the size, format and quality that
// fits the page and the device that ask for it.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"
)

// version is set by the linker.
var version = "devel"

// cli is the command line. Every flag can be set by the environment, too: its
// name in capitals, with PHOTOFIT_ in front.
type cli struct {
	Serve   serveCmd   `cmd:"" help:"Serve a folder of photos over HTTP."`
	Render  renderCmd  `cmd:"" help:"Make one rendition of one photo, by the code that serves them."`
	Explain explainCmd `cmd:"" help:"Tell what a URL means: its canonical path, and what each parameter became."`
	Info    infoCmd    `cmd:"" help:"Tell what there is to know of photos: size, date, caption, colours, widths for pages."`
	Measure measureCmd `cmd:"" help:"Tell how many bytes a phone and a desktop get in place of each photo."`
	Sign    signCmd    `cmd:"" help:"Sign a URL for a server that runs with --policy signed."`
	Package packageCmd `cmd:"" help:"Make the zip that AWS Lambda runs as a function."`

	setup

	Version kong.VersionFlag `help:"Print the version and exit." env:"-"`
}

func main() {
	if api := os.Getenv("AWS_LAMBDA_RUNTIME_API"); api != "" && len(os.Args) == 1 {
		function(api) // does not return
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // the second signal ends the program at once
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// run is the program: its exit code is 0, 1 for what went wrong, and 80 for a
// command line that is not understood.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) (code int) {
	var c cli
	exit := -1
	out := &console{out: stdout, err: stderr}
	parser, err := kong.New(&c,
		kong.Name("photofit"),
		kong.Description("Serve photos at the right size. Put the full-size ones in a folder; every page gets each at the size, format and quality that fits it."),
		kong.Vars{"version": version},
		kong.DefaultEnvars("PHOTOFIT"),
		kong.ShortUsageOnError(),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, NoExpandSubcommands: true}),
		kong.ValueFormatter(helpOf),
		kong.Writers(stdout, visibleWriter{stderr}),
		kong.Exit(func(code int) { exit = code; panic(exiting{}) }),
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Bind(out),
	)
	if err != nil {
		fmt.Fprintln(stderr, "photofit:", err)
		return 1
	}
	defer func() {
		switch cause := recover(); cause {
		case nil:
		case exiting{}:
			code = exit
		default:
			panic(cause)
		}
	}()
	if len(args) == 0 {
		args = []string{"--help"}
	}
	parsed, err := parser.Parse(args)
	if err != nil {
		parser.Stdout = parser.Stderr // how it is used belongs to the error, and not into a file
		parser.FatalIfErrorf(err)
	}
	if err := notEmpty(parsed); err != nil {
		fmt.Fprintln(visibleWriter{stderr}, "photofit:", err)
		return 1
	}
	err = parsed.Run()
	if err == nil && out.failed != nil {
		err = fmt.Errorf("standard output cannot be written: %w", out.failed)
	}
	if err != nil {
		if errors.As(err, &quiet{}) {
			return 1
		}
		fmt.Fprintln(visibleWriter{stderr}, "photofit:", err)
		return 1
	}
	return 0
}

// helpOf is what --help says of a flag or an argument: what it is for, what it is
// if left out, and where else it can be set.
func helpOf(v *kong.Value) string {
	help := v.Help
	if v.HasDefault && v.Default != "" && !v.IsBool() {
		help += " Default: " + v.Default + "."
	}
	if v.Flag != nil && len(v.Tag.Envs) > 0 {
		help += " $" + strings.Join(v.Tag.Envs, ", $")
	}
	return help
}

// notEmpty refuses an empty value of a flag of the AWS commands: an unset variable of a script would name the
// default stack, to be destroyed.
func notEmpty(parsed *kong.Context) error {
	for _, step := range parsed.Path {
		f := step.Flag
		if f == nil || f.Group == nil || f.Group.Key != "AWS" && f.Group.Key != "Site" {
			continue
		}
		if text := fmt.Sprint(parsed.FlagValue(f)); text == "" || text == "[]" {
			return fmt.Errorf("--%s is empty: leave it out for its default", f.Name)
		} else if text == "0" {
			return fmt.Errorf("--%s 0 is refused: leave it out for its default", f.Name)
		}
	}
	return nil
}

// quiet is an error that the command has told of already.
type quiet struct{ error }

// exiting unwinds the stack from where kong wants to exit.
type exiting struct{}
