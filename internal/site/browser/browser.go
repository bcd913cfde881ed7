// Package browser measures a site's pages in a headless Chromium.
//
// Nothing that a page asks for leaves the process: each request is held by the browser
// and answered from here, by Config.Serve, as if the site were at its own address; so
// style sheets that a page names in full are there. What is not the site's fails. No
// photo is decoded: an image of the photo's size stands for it.
package browser

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"photofit/internal/site/layout"
)

// Answer is a file of the site.
type Answer struct {
	Type string // the media type
	Body []byte
}

// Config is what is measured.
type Config struct {
	// Serve answers a request for an absolute URL; not ok is for what is not there, and
	// for all other hosts. It may be called concurrently.
	Serve func(ctx context.Context, url string) (Answer, bool)

	// PageTime is how long all of a page may take; 0 is DefaultPageTime.
	PageTime time.Duration

	// Number is the attribute that images to be measured carry, with their numbers.
	Number string
}

// ErrNoBrowser is that there is none on this machine.
var ErrNoBrowser = errors.New("no Chromium is found: install chromium (or Google Chrome), or leave --measure out")

// Browser is a running one. Close ends it.
type Browser struct {
	config Config
	first  context.Context // the tab that lives as long as the browser
	ctx    context.Context // the one that shows pages
	cancel func()

	closeTab func()
}

// Find gives the program of a browser of Chromium's family: the first in PATH, else, on a Mac,
// where applications are. The error is ErrNoBrowser.
func Find() (path string, err error) {
	for _, name := range []string{
		"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "headless-shell",
		"/Applications/Google Chrome.app/Contents/MacOS/Google Chrome", "/Applications/Chromium.app/Contents/MacOS/Chromium",
	} {
		if found, err := exec.LookPath(name); err == nil {
			return found, nil
		}
	}
	return "", ErrNoBrowser
}

// Start starts a browser with an empty profile of its own.
func Start(ctx context.Context, c Config) (*Browser, error) {
	path, err := Find()
	if err != nil {
		return nil, err
	}
	profile, err := os.MkdirTemp("", "photofit-browser-*")
	if err != nil {
		return nil, err
	}
	options := []chromedp.ExecAllocatorOption{
		chromedp.ExecPath(path), chromedp.Headless, chromedp.NoFirstRun, chromedp.UserDataDir(profile),
		chromedp.Flag("no-sandbox", os.Geteuid() == 0), chromedp.Flag("disable-gpu", true), chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true), chromedp.Flag("disable-dev-shm-usage", true), chromedp.Flag("hide-scrollbars", true),
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND"), // should a request get past us
	}
	allocator, endAllocator := chromedp.NewExecAllocator(ctx, options...)
	first, endFirst := chromedp.NewContext(allocator)
	if c.PageTime == 0 {
		c.PageTime = DefaultPageTime
	}
	b := &Browser{config: c, first: first, closeTab: func() {}}
	b.cancel = func() {
		b.closeTab()
		endFirst()
		endAllocator()
		_ = os.RemoveAll(profile)
	}
	if err := b.open(); err != nil {
		b.cancel()
		return nil, fmt.Errorf("%s does not start: %w", path, err)
	}
	return b, nil
}

// open opens a tab in place of the one that there is.
func (b *Browser) open() error {
	b.closeTab()
	if err := chromedp.Do(b.first); err != nil { // it is the browser's own, and nothing is shown there
		return err
	}
	b.ctx, b.closeTab = chromedp.NewContext(b.first)
	return b.intercept()
}

// Close ends the browser.
func (b *Browser) Close() { b.cancel() }

// intercept has all requests answered here.
func (b *Browser) intercept() error {
	ctx := b.ctx // of this tab; a later one has its own
	err := chromedp.Listen(ctx, func(ev any) {
		if _, ok := ev.(*page.EventJavascriptDialogOpening); ok {
			go func() { // or the page would wait for somebody to click
				_, _ = chromedp.Call(ctx, page.HandleJavaScriptDialog, page.HandleJavaScriptDialogParams{Accept: false})
			}()
			return
		}
		paused, ok := ev.(*fetch.EventRequestPaused)
		if !ok {
			return
		}
		// A listener must not wait for the browser.
		go func() {
			answer, ok := b.config.Serve(ctx, paused.Request.URL)
			if !ok {
				_, _ = chromedp.Call(ctx, fetch.FailRequest, fetch.FailRequestParams{RequestID: paused.RequestID, ErrorReason: network.ErrorReasonBlockedByClient})
				return
			}
			_, _ = chromedp.Call(ctx, fetch.FulfillRequest, fetch.FulfillRequestParams{
				RequestID: paused.RequestID, ResponseCode: 200, Body: answer.Body,
				ResponseHeaders: []*fetch.HeaderEntry{{Name: "Content-Type", Value: answer.Type}, {Name: "Access-Control-Allow-Origin", Value: "*"}},
			})
		}()
	})
	if err == nil {
		_, err = chromedp.Call(ctx, fetch.Enable, fetch.EnableParams{})
	}
	return err
}

// DefaultPageTime is enough for 40 looks of a tenth of a second, and as much again for a
// machine that is busy.
const DefaultPageTime = 30 * time.Second

// Measured is what was seen of an image.
type Measured struct {
	Sizes     string // what sizes says; empty if it is never shown
	Distorted bool   // it is shown in another shape than its photo's
	Apart     bool   // its photo leaves some of its box free
}

// Sizes opens a page, and measures its images, by their numbers. A page that cannot be measured, or takes
// longer than Config.PageTime, is an error, and the next can be.
func (b *Browser) Sizes(ctx context.Context, url string) (map[int]Measured, error) {
	measured, err := b.sizes(ctx, url)
	if err != nil && ctx.Err() == nil {
		if errors.Is(err, context.DeadlineExceeded) {
			err = fmt.Errorf("its scripts do not come to rest within %v", b.config.PageTime)
		}
		err = errors.Join(err, b.open()) // the tab may be busy for ever
	}
	return measured, err
}

func (b *Browser) sizes(ctx context.Context, url string) (map[int]Measured, error) {
	limited, cancel := context.WithTimeout(b.ctx, b.config.PageTime)
	defer cancel()
	stop := context.AfterFunc(ctx, cancel)
	defer stop()
	if err := b.resize(limited, layout.Most); err != nil {
		return nil, err
	}
	if err := chromedp.Do(limited, chromedp.Navigate(url)); err != nil {
		return nil, fmt.Errorf("%s does not open: %w", url, err)
	}
	all := map[int]Measured{}
	sizes, err := layout.Sizes(func(viewport int) (map[int]float64, error) {
		if err := b.resize(limited, viewport); err != nil {
			return nil, err
		}
		images, err := chromedp.Run(limited, chromedp.Evaluate[map[string]shown]("("+measure+")("+strconv.Quote(b.config.Number)+")", chromedp.EvalAwaitPromise))
		if err != nil {
			return nil, fmt.Errorf("%s at %d px: %w", url, viewport, err)
		}
		widths := map[int]float64{}
		for number, image := range images {
			if n, err := strconv.Atoi(number); err == nil {
				widths[n] = image.Width
				before := all[n]
				all[n] = Measured{Distorted: before.Distorted || image.Distorted, Apart: before.Apart || image.Apart}
			}
		}
		return widths, nil
	})
	for n, m := range all {
		m.Sizes = sizes[n]
		all[n] = m
	}
	return all, err
}

// shown is an image at one viewport.
type shown struct {
	Width     float64 // in CSS pixels
	Distorted bool
	Apart     bool
}

func (b *Browser) resize(ctx context.Context, width int) error {
	_, err := chromedp.Call(ctx, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: int64(width), Height: 900, DeviceScaleFactor: 1})
	return err
}

// measure gives how wide each image's photo is shown: the width of its content box, or
// where object-fit has it overhang or stand off, that of the photo itself. Scripts that
// lay out when the window changes have had their turn by the second frame. One is
// distorted whose shape is a tenth off its photo's, and no object-fit puts that right.
const measure = `async name => {
	for (let frame = 0; frame < 2; frame++) await new Promise(done => requestAnimationFrame(done))
	const images = {}
	const look = root => {
		for (const img of root.querySelectorAll('img[' + name + ']')) images[img.getAttribute(name)] = seen(img)
		for (const host of root.querySelectorAll('*')) if (host.shadowRoot) look(host.shadowRoot)
	}
	const seen = img => {
		if (img.getClientRects().length === 0) return {Width: 0}
		const style = getComputedStyle(img), px = name => parseFloat(style[name]) || 0
		let width = px('width'), height = px('height')
		if (style.boxSizing === 'border-box') {
			width -= px('paddingLeft') + px('paddingRight') + px('borderLeftWidth') + px('borderRightWidth')
			height -= px('paddingTop') + px('paddingBottom') + px('borderTopWidth') + px('borderBottomWidth')
		}
		let ratio = img.getAttribute('width') / img.getAttribute('height')
		if (!(ratio > 0 && isFinite(ratio))) ratio = img.naturalWidth / img.naturalHeight
		if (!(ratio > 0 && isFinite(ratio))) return {Width: Math.max(width, 0)}
		const off = Math.min(width, height) > 16 ? Math.abs(width / height / ratio - 1) : 0
		const fit = style.objectFit
		if (fit === 'cover') width = Math.max(width, height * ratio)
		if (fit === 'contain' || fit === 'scale-down') width = Math.min(width, height * ratio)
		return {Width: Math.max(width, 0), Distorted: fit === 'fill' && off > .1, Apart: fit !== 'fill' && fit !== 'cover' && off > .02}
	}
	look(document)
	return images
}`
