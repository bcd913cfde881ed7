//go:build !function

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"photofit/internal/site"
	"photofit/internal/site/browser"
)

// measure opens the pages that have photos in a browser, as they are to be, and gives
// what it has seen of their images, by page and number. Of a page that cannot be measured
// it tells, and goes on.
func (c *rewriteCmd) measure(ctx context.Context, console *console, rewriter *site.Rewriter, live bool) (map[string]map[int]site.Measured, error) {
	files, err := rewriter.Do(ctx, site.Run{Folder: c.Site, Check: true})
	if err != nil {
		return nil, err
	}
	files = slices.DeleteFunc(files, func(f site.File) bool {
		return !slices.ContainsFunc(f.Found, func(f site.Found) bool { return f.What == "image" && f.Left == "" })
	})
	stage := rewriter.Stage(c.Site)
	b, err := browser.Start(ctx, browser.Config{
		Number: site.NumberAttr,
		Serve: func(ctx context.Context, url string) (browser.Answer, bool) {
			kind, body, ok := stage.Serve(ctx, url)
			return browser.Answer{Type: kind, Body: body}, ok
		},
	})
	if err != nil {
		return nil, err
	}
	defer b.Close()
	all := map[string]map[int]site.Measured{}
	var bare []string // pages
	images := 0
	for i, file := range files {
		measured, without, err := c.measurePage(ctx, b, stage, rewriter.Address(file.Name), file.Name)
		switch {
		case ctx.Err() != nil:
			return nil, ctx.Err()
		case err != nil:
			if live {
				console.sayf("\r\x1b[K")
			}
			console.sayf("%s is not measured: %s\n", nameText(file.Name), visibleText(err.Error()))
		default:
			all[file.Name] = measured
			if without > 0 {
				bare = append(bare, nameText(file.Name))
				images += without
			}
		}
		if live {
			console.sayf("\r%d of %d pages measured", i+1, len(files))
		}
	}
	if len(bare) > 0 {
		if live {
			console.sayf("\r\x1b[K")
		}
		console.sayf("%s, on %s such as %s, would be out of shape with a width and a height, and %s none, so that the page moves when photos come: have the style sheet say height: auto, or width: auto where it says a height\n",
			plural(images, "image"), plural(len(bare), "page"), bare[0], map[bool]string{true: "gets", false: "get"}[images == 1])
	}
	return all, nil
}

// measurePage measures one, and again where images are out of shape by the width and
// height that they would get; without is how many are to have none.
func (c *rewriteCmd) measurePage(ctx context.Context, b *browser.Browser, stage *site.Stage, url, name string) (all map[int]site.Measured, without int, err error) {
	seen, err := b.Sizes(ctx, url)
	if err != nil {
		return nil, 0, err
	}
	all = map[int]site.Measured{}
	for n, m := range seen {
		if m.Distorted {
			all[n] = site.Measured{NoDimensions: true}
		}
	}
	if len(all) > 0 {
		stage.Know(name, all)
		if seen, err = b.Sizes(ctx, url); err != nil {
			return nil, 0, err
		}
	}
	for n, m := range seen {
		// What is distorted still is so by the page itself.
		off := all[n].NoDimensions && !m.Distorted
		if off {
			without++
		}
		all[n] = site.Measured{Sizes: m.Sizes, NoDimensions: off, NoPlaceholder: m.Apart && c.Placeholder != "none"}
	}
	return all, without, nil
}

// measuredRules writes what was measured into the file of rules, and gives all of its
// rules then.
func (c *rewriteCmd) measuredRules(console *console, rewriter *site.Rewriter, measured map[string]map[int]site.Measured) (site.Rules, error) {
	text, n, err := rewriter.MeasuredRules(c.Site, measured)
	if err != nil {
		return nil, err
	}
	name, mode := nameText(filepath.Base(c.Rules)), fs.FileMode(0o644)
	before, err := os.ReadFile(c.Rules)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	after, err := site.WithMeasured(string(before), text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	rules, err := site.ParseRules(after)
	if err != nil || c.Check || after == string(before) {
		return rules, err
	}
	if info, err := os.Stat(c.Rules); err == nil {
		mode = info.Mode().Perm()
	}
	err = site.Replace(c.Rules, mode, func(w io.Writer) error {
		_, err := io.WriteString(w, after)
		return err
	})
	if err == nil {
		console.sayf("%s has %s of what was measured\n", name, plural(n, "rule"))
	}
	return rules, err
}
