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
// the sizes of their images, by page and number. Of a page that cannot be measured it
// tells, and goes on.
func (c *rewriteCmd) measure(ctx context.Context, console *console, rewriter *site.Rewriter, live bool) (map[string]map[int]string, error) {
	files, err := rewriter.Do(ctx, site.Run{Folder: c.Site, Check: true})
	if err != nil {
		return nil, err
	}
	files = slices.DeleteFunc(files, func(f site.File) bool {
		return !slices.ContainsFunc(f.Found, func(f site.Found) bool { return f.What == "image" && f.Left == "" })
	})
	b, err := browser.Start(ctx, browser.Config{
		Number: site.NumberAttr,
		Serve: func(ctx context.Context, url string) (browser.Answer, bool) {
			kind, body, ok := rewriter.Serve(ctx, c.Site, url)
			return browser.Answer{Type: kind, Body: body}, ok
		},
	})
	if err != nil {
		return nil, err
	}
	defer b.Close()
	sizes := map[string]map[int]string{}
	var distorted []string // pages
	images := 0
	for i, file := range files {
		measured, err := b.Sizes(ctx, rewriter.Address(file.Name))
		switch {
		case ctx.Err() != nil:
			return nil, ctx.Err()
		case err != nil:
			if live {
				console.sayf("\r\x1b[K")
			}
			console.sayf("%s is not measured: %s\n", nameText(file.Name), visibleText(err.Error()))
		default:
			sizes[file.Name] = measured.Sizes
			if n := len(measured.Distorted); n > 0 {
				distorted = append(distorted, nameText(file.Name))
				images += n
			}
		}
		if live {
			console.sayf("\r%d of %d pages measured", i+1, len(files))
		}
	}
	if len(distorted) > 0 {
		if live {
			console.sayf("\r\x1b[K")
		}
		console.sayf("%s, on %s such as %s, would be shown out of shape with the width and height that they get: have the style sheet say img { height: auto }, or width: auto where it says a height; or leave them out by a rule: dimensions: no\n",
			plural(images, "image"), plural(len(distorted), "page"), distorted[0])
	}
	return sizes, nil
}

// measuredRules writes what was measured into the file of rules, and gives all of its
// rules then.
func (c *rewriteCmd) measuredRules(console *console, rewriter *site.Rewriter, sizes map[string]map[int]string) (site.Rules, error) {
	text, n, err := rewriter.MeasuredRules(c.Site, sizes)
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
