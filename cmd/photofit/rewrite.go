//go:build !function

package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"photofit"
	"photofit/internal/rendition"
	"photofit/internal/site"
	"photofit/internal/sizes"
	"photofit/internal/store"
	"photofit/internal/store/s3"
)

type rewriteCmd struct {
	Site string `arg:"" help:"The folder of the built site: _site, public, dist."`

	Photos  string `required:"" help:"Where the photos are: a folder, or s3://bucket/prefix." placeholder:"PLACE" env:"-" group:"Photos"`
	Base    string `required:"" help:"Where they are served: https://media.example.com." placeholder:"URL" group:"Photos"`
	SiteURL string `name:"site-url" help:"Where the site is, if its pages name their own images in full: https://www.example.com." placeholder:"URL" group:"Photos"`
	Strip   string `help:"The site's folder that is the top of PLACE: with --strip images the photo of /images/trip/b.jpg is trip/b.jpg." placeholder:"FOLDER" group:"Photos"`
	Upload  bool   `help:"Copy photos that only lie in the site to PLACE. None is ever overwritten." env:"-" group:"Photos"`

	Out             string `help:"The folder that the result goes to, with all else that the site has. Default: in place." placeholder:"FOLDER" env:"-" group:"Pages"`
	Check           bool   `help:"Write nothing, and fail if something would change." env:"-" group:"Pages"`
	Rules           string `help:"The file with rules by CSS selector. Default: photofit.rules of this folder, if there is one." placeholder:"FILE" type:"path" group:"Pages"`
	Sizes           string `help:"What sizes says of an image where nothing else is known." default:"100vw" placeholder:"SIZES" group:"Pages"`
	Measure         bool   `help:"Open each page in a headless Chromium at many widths, and write how wide its images are shown as their sizes; into FILE of --rules too, if that is named." env:"-" group:"Pages"`
	Placeholder     string `help:"What holds a photo's place until it has come, where no rule says otherwise: ${enum}." enum:"color,thumb,none" default:"color" group:"Pages"`
	Links           bool   `help:"Have links to photos lead to what a screen can show, too." group:"Pages"`
	LinkWidth       count  `help:"How wide that is, in pixels." default:"2560" placeholder:"W" group:"Pages"`
	Backgrounds     bool   `help:"Rewrite the backgrounds in style attributes, <style> and .css files, too." group:"Pages"`
	BackgroundWidth count  `help:"How wide backgrounds are, in pixels." default:"1920" placeholder:"W" group:"Pages"`
	List            bool   `help:"List each image that was left as it is, with its page." env:"-" group:"Pages"`
	JSON            bool   `help:"Print the report as JSON, with all images." name:"json" env:"-" group:"Pages"`

	cacheFlags
	s3Flags
	policyFlags
	engineFlags
	masterFlags
}

// rulesFile is read without being named.
const rulesFile = "photofit.rules"

// Run rewrites the site.
func (c *rewriteCmd) Run(ctx context.Context, console *console) error {
	if !isFolder(c.Site) {
		return fmt.Errorf("%s is no folder: name the one that the site was built into, such as _site, public or dist", nameText(c.Site))
	}
	if c.Check && c.Upload {
		return errors.New("--check writes nothing and --upload does: leave out one of them")
	}
	policy, err := c.ownPolicy()
	if err != nil {
		return err
	}
	if c.Policy == "signed" {
		return errors.New("pages cannot be rewritten for --policy signed: each address would need a signature of its own")
	}
	placeholder, err := site.ParsePlaceholder(c.Placeholder)
	if err != nil {
		return err
	}
	if err := sizes.Check(c.Sizes); err != nil {
		return fmt.Errorf("--sizes: %w", err)
	}
	rules, err := c.rules()
	if err != nil {
		return err
	}
	place, err := c.openPhotos(ctx, c.Photos, s3.DefaultRecheck)
	if err != nil {
		return err
	}
	kept, closer, err := c.open(ctx, &c.s3Flags, c.Photos, "", slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	defer closer.Close()
	renderer, _, err := c.renderer()
	if err != nil {
		return err
	}
	renderer.Info = c.info(policy)
	engine := c.config(renderer, place.Photos, kept, nil)
	engine.Masters = c.masters(renderer)
	service := rendition.New(engine)
	defer service.Wait() // before the cache is closed

	asker := infoAsker{service: service, site: c.Site, photos: place.Photos, upload: c.Upload}
	if c.Upload {
		own, err := store.OpenFolder(c.Site)
		if err != nil {
			return err
		}
		asker.own = rendition.New(c.config(renderer, own, store.NewMem(0), nil))
		defer asker.own.Wait()
	}
	rewriter, err := site.New(site.Config{
		Base:            c.Base,
		SiteURL:         c.SiteURL,
		Strip:           c.Strip,
		Policy:          policy,
		Rules:           rules,
		Sizes:           c.Sizes,
		Placeholder:     placeholder,
		Links:           c.Links,
		Backgrounds:     c.Backgrounds,
		LinkWidth:       int(c.LinkWidth),
		BackgroundWidth: int(c.BackgroundWidth),
		Info:            asker.info,
		InSite:          asker.inSite,
		Read:            asker.read,
		Hint:            !c.Upload,
	})
	if err != nil {
		return err
	}
	asker.path = rewriter.SitePath
	live := console.terminal() && !c.JSON
	var measured map[string]map[int]site.Measured
	if c.Measure {
		if measured, err = c.measure(ctx, console, rewriter, live); err != nil {
			return err
		}
		if c.Rules != "" {
			// By the rules only, as a run without a browser.
			if rules, err = c.measuredRules(console, rewriter, measured); err != nil {
				return err
			}
			rewriter.SetRules(rules)
			measured = nil
		}
	}
	var keep []string
	if folder, ok := place.Photos.(interface{ Path() string }); ok {
		keep = []string{folder.Path()}
	}
	work := site.Run{Apart: keep, Folder: c.Site, Out: c.Out, Check: c.Check, Measured: measured, Progress: func(done, all int) {
		if live {
			console.sayf("\r%d of %d files", done, all)
		}
	}}
	files, err := rewriter.Do(ctx, work)
	if live {
		console.sayf("\r\x1b[K")
	}
	if err != nil {
		return err
	}
	report := newRewritten(files, asker.uploaded())
	report.hint = rewriter.StripHint()
	report.IdleRules = idle(rules)
	if c.Out != "" && !c.Check {
		if report.Others, err = work.Others(); err != nil {
			return err
		}
	}
	if err := report.print(console, c); err != nil {
		return err
	}
	if c.Strip != "" && report.Images > 0 && report.Sized == 0 && !rewriter.Stripped() {
		return fmt.Errorf("no image of the site lies in %s, the folder that --strip names: leave it out, or name the one that the pages say", nameText(c.Strip))
	}
	if c.Check && report.Changed > 0 {
		return fmt.Errorf("%s of %s would change: run it without --check", plural(report.Changed, "file"), thousands(report.Files))
	}
	return nil
}

// rules reads the file of rules.
func (c *rewriteCmd) rules() (site.Rules, error) {
	file := cmp.Or(c.Rules, rulesFile)
	text, err := os.ReadFile(file)
	if (c.Rules == "" || c.Measure) && errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	rules, err := site.ParseRules(string(text))
	if err == nil && c.Measure { // what was measured once is no rule for what is measured now
		var mine string
		if mine, err = site.WithMeasured(string(text), ""); err == nil {
			rules, err = site.ParseRules(mine)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", nameText(filepath.Base(file)), err)
	}
	return rules, nil
}

// ask gets what there is to know of a photo from the service, which keeps it.
func ask(ctx context.Context, service *rendition.Service, photo string) (photofit.Info, error) {
	var info photofit.Info
	answer, err := service.Get(ctx, photofit.Recipe{Photo: photo, Format: photofit.InfoJSON})
	if err != nil {
		return info, err
	}
	defer answer.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		return info, err
	}
	return info, json.Unmarshal(body, &info)
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return thousands(n) + " " + strings.TrimSuffix(what, "s") + "s"
}
