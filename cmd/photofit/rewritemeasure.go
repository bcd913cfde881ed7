//go:build !function

package main

import (
	"context"

	"photofit/internal/site"
	"photofit/internal/site/browser"
)

// measure opens the pages in a browser, as they are to be, and gives the sizes of
// their images, by page and number.
func (c *rewriteCmd) measure(ctx context.Context, console *console, rewriter *site.Rewriter, live bool) (map[string]map[int]string, error) {
	pages, err := site.Pages(c.Site)
	if err != nil {
		return nil, err
	}
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
	for i, page := range pages {
		if sizes[page], err = b.Sizes(ctx, rewriter.Address(page)); err != nil {
			return nil, err
		}
		if live {
			console.sayf("\r%d of %d pages measured", i+1, len(pages))
		}
	}
	return sizes, nil
}
