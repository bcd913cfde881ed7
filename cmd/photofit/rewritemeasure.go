//go:build !function

package main

import (
	"context"
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
			sizes[file.Name] = measured
		}
		if live {
			console.sayf("\r%d of %d pages measured", i+1, len(files))
		}
	}
	return sizes, nil
}
