package guides

import (
	"context"
	"errors"
	"math"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"photofit"
)

// shown is what the browser says of an img: the address that came, how wide it is
// laid out, in CSS pixels, the ratio of the layout, and that of its attributes.
type shown struct {
	Current, Loading     string
	Width, Ratio, Expect float64
}

// measure brings each img into view, and waits until it is there.
const measure = `(async () => {
	const all = []
	for (const i of document.images) {
		i.scrollIntoView()
		while (!(i.complete && i.naturalWidth > 0)) await new Promise(r => requestAnimationFrame(r))
		const box = i.getBoundingClientRect()
		all.push({Current: i.currentSrc, Loading: i.loading, Width: box.width, Ratio: box.width / box.height,
			Expect: i.getAttribute('width') / i.getAttribute('height')})
	}
	return all
})()`

// layoutShift is the sum of all shifts so far (Layout Instability API).
const layoutShift = `new Promise(resolve => {
	const o = new PerformanceObserver(() => {})
	o.observe({type: 'layout-shift', buffered: true})
	requestAnimationFrame(() => requestAnimationFrame(() => resolve(o.takeRecords().reduce((sum, e) => sum + e.value, 0))))
})`

// look shows the built site in a window, and gives the imgs of its page. The page
// asks nobody but its own server and that of the photos, and nothing in it moves.
func look(t *testing.T, browser context.Context, site, base string, width, density int) []shown {
	t.Helper()
	server := httptest.NewServer(http.FileServer(http.Dir(site)))
	defer server.Close()
	ctx, cancel := chromedp.NewContext(browser)
	defer cancel()
	ctx, cancel = context.WithTimeout(ctx, time.Minute)
	defer cancel()
	var mu sync.Mutex
	err := chromedp.Listen(ctx, func(ev any) {
		sent, ok := ev.(*network.EventRequestWillBeSent)
		if ok && !strings.HasPrefix(sent.Request.URL, server.URL+"/") && !strings.HasPrefix(sent.Request.URL, base+"/") &&
			!strings.HasPrefix(sent.Request.URL, "data:") && sent.Request.URL != "about:blank" {
			mu.Lock()
			defer mu.Unlock()
			t.Errorf("asked elsewhere: %s", sent.Request.URL)
		}
	})
	if err := errors.Join(err, chromedp.Do(ctx, chromedp.EmulateViewport(int64(width), 900, chromedp.EmulateScale(float64(density)))),
		chromedp.Do(ctx, chromedp.Navigate(server.URL+"/"))); err != nil {
		t.Fatal(err)
	}
	all, err := chromedp.Run(ctx, chromedp.Evaluate[[]shown](measure, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatal(err)
	}
	moved, err := chromedp.Run(ctx, chromedp.Evaluate[float64](layoutShift, chromedp.EvalAwaitPromise))
	if err != nil || moved != 0 {
		t.Errorf("the layout moved by %v: %v", moved, err)
	}
	return all
}

// fits holds an img against the least step of the ladder that covers it.
func fits(t *testing.T, got shown, base string, density int) {
	t.Helper()
	u, err := url.Parse(got.Current)
	if err != nil {
		t.Fatal(err)
	}
	r, err := photofit.Resolve(u.EscapedPath(), u.RawQuery, "image/avif,image/webp", photofit.Policy{})
	if err != nil || !strings.HasPrefix(got.Current, base+"/") {
		t.Errorf("%s came: %v", got.Current, err)
		return
	}
	ladder, size := photofit.DefaultPolicy().WidthsFor(photos[r.Photo][0]), photos[r.Photo]
	ratio := float64(size[0]) / float64(size[1])
	if r.Height > 0 {
		ladder, ratio = photofit.DefaultPolicy().CropWidths, float64(r.Width)/float64(r.Height)
	}
	if math.Abs(got.Ratio-ratio) > .01 || math.Abs(got.Expect-ratio) > .01 {
		t.Errorf("%s is laid out as %v, by its attributes %v; it is %v", got.Current, got.Ratio, got.Expect, ratio)
	}
	need := got.Width * float64(density)
	n := 0
	for n < len(ladder)-1 && float64(ladder[n]) < need {
		n++
	}
	// On dense screens Chromium takes the step below where that is nearer, by the
	// geometric mean.
	if density > 1 && n > 0 && r.Width == ladder[n-1] && need <= math.Sqrt(float64(ladder[n-1])*float64(min(ladder[n], size[0])))+1 {
		return
	}
	if r.Width != ladder[n] {
		t.Errorf("%s came for %v px at %d, not %d", got.Current, got.Width, density, ladder[n])
	}
}
