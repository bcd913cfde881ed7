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

	// Number is the attribute that images to be measured carry, with their numbers.
	Number string
}

// ErrNoBrowser is that there is none on this machine.
var ErrNoBrowser = errors.New("no Chromium is found: install chromium (or Google Chrome), or leave --measure out")

// Browser is a running one. Close ends it.
type Browser struct {
	config Config
	ctx    context.Context
	cancel func()
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
	tab, endTab := chromedp.NewContext(allocator)
	b := &Browser{config: c, ctx: tab, cancel: func() {
		endTab()
		endAllocator()
		_ = os.RemoveAll(profile)
	}}
	if err := b.intercept(); err != nil {
		b.cancel()
		return nil, fmt.Errorf("%s does not start: %w", path, err)
	}
	return b, nil
}

// Close ends the browser.
func (b *Browser) Close() { b.cancel() }

// intercept has all requests answered here.
func (b *Browser) intercept() error {
	err := chromedp.Listen(b.ctx, func(ev any) {
		paused, ok := ev.(*fetch.EventRequestPaused)
		if !ok {
			return
		}
		// A listener must not wait for the browser.
		go func() {
			answer, ok := b.config.Serve(b.ctx, paused.Request.URL)
			if !ok {
				_, _ = chromedp.Call(b.ctx, fetch.FailRequest, fetch.FailRequestParams{RequestID: paused.RequestID, ErrorReason: network.ErrorReasonBlockedByClient})
				return
			}
			_, _ = chromedp.Call(b.ctx, fetch.FulfillRequest, fetch.FulfillRequestParams{
				RequestID: paused.RequestID, ResponseCode: 200, Body: answer.Body,
				ResponseHeaders: []*fetch.HeaderEntry{{Name: "Content-Type", Value: answer.Type}, {Name: "Access-Control-Allow-Origin", Value: "*"}},
			})
		}()
	})
	if err == nil {
		_, err = chromedp.Call(b.ctx, fetch.Enable, fetch.EnableParams{})
	}
	return err
}

// pageTime is how long all of a page may take.
const pageTime = 2 * time.Minute

// Sizes opens a page, and gives what sizes says of its images, by their numbers.
func (b *Browser) Sizes(ctx context.Context, url string) (map[int]string, error) {
	limited, cancel := context.WithTimeout(b.ctx, pageTime)
	defer cancel()
	stop := context.AfterFunc(ctx, cancel)
	defer stop()
	if err := b.resize(limited, layout.Most); err != nil {
		return nil, err
	}
	if err := chromedp.Do(limited, chromedp.Navigate(url)); err != nil {
		return nil, fmt.Errorf("%s does not open: %w", url, err)
	}
	return layout.Sizes(func(viewport int) (map[int]float64, error) {
		if err := b.resize(limited, viewport); err != nil {
			return nil, err
		}
		widths, err := chromedp.Run(limited, chromedp.Evaluate[map[string]float64]("("+measure+")("+strconv.Quote(b.config.Number)+")", chromedp.EvalAwaitPromise))
		if err != nil {
			return nil, fmt.Errorf("%s at %d px: %w", url, viewport, err)
		}
		byNumber := map[int]float64{}
		for number, width := range widths {
			if n, err := strconv.Atoi(number); err == nil {
				byNumber[n] = width
			}
		}
		return byNumber, nil
	})
}

func (b *Browser) resize(ctx context.Context, width int) error {
	_, err := chromedp.Call(ctx, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: int64(width), Height: 900, DeviceScaleFactor: 1})
	return err
}

// measure gives how wide each image's photo is shown: the width of its content box, or
// where object-fit has it overhang or stand off, that of the photo itself. Scripts that
// lay out when the window changes have had their turn by the second frame.
const measure = `async name => {
	for (let frame = 0; frame < 2; frame++) await new Promise(done => requestAnimationFrame(done))
	const widths = {}
	for (const img of document.querySelectorAll('img[' + name + ']')) {
		let width = 0
		if (img.getClientRects().length > 0) {
			const style = getComputedStyle(img), px = name => parseFloat(style[name]) || 0
			width = px('width')
			let height = px('height')
			if (style.boxSizing === 'border-box') {
				width -= px('paddingLeft') + px('paddingRight') + px('borderLeftWidth') + px('borderRightWidth')
				height -= px('paddingTop') + px('paddingBottom') + px('borderTopWidth') + px('borderBottomWidth')
			}
			const ratio = img.getAttribute('width') / img.getAttribute('height')
			if (ratio > 0 && isFinite(ratio)) {
				if (style.objectFit === 'cover') width = Math.max(width, height * ratio)
				if (style.objectFit === 'contain' || style.objectFit === 'scale-down') width = Math.min(width, height * ratio)
			}
		}
		widths[img.getAttribute(name)] = Math.max(width, 0)
	}
	return widths
}`
