package sheet

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"photofit/internal/site/browser/browsertest"
)

// TestBrowser shows the sheet in a real browser. All of it runs in one, a tab
// for each part.
func TestBrowser(t *testing.T) {
	browser := browsertest.Start(t)
	for name, part := range map[string]func(*testing.T, context.Context){
		"pictures fit their tiles": testPictures,
		"sizes is the layout":      testSizes,
		"sizes is the stage":       testStageSizes,
		"keys":                     testKeys,
		"history":                  testHistory,
		"late answers":             testLate,
		"photos that have gone":    testGone,
		"from page to page":        testPageEdge,
		"snippet":                  testSnippet,
		"copy the old way":         testOldCopy,
		"bytes":                    testBytes,
		"failing pictures":         testFailing,
		"the panel":                testPanel,
		"colours":                  testColours,
		"weights":                  testWeights,
		"sizes by bytes":           testMeasure,
		"formats by bytes":         testFormats,
		"focal point":              testFocal,
		"any focal point":          testFreeFocal,
		"crops":                    testCrops,
		"compare":                  testCompare,
		"about":                    testAbout,
		"odd names":                testOddNames,
	} {
		t.Run(name, func(t *testing.T) { part(t, browser) })
	}
}

// tab is a page in the browser, on a server of its own.
type tab struct {
	context.Context
	t      *testing.T
	server *httptest.Server
	photos *fakePhotos
}

// open gives a tab that shows nothing yet. At the end of the test, the page has
// written nothing to the console and asked no other host.
func open(t *testing.T, browser context.Context, c Config, keys ...string) *tab {
	photos := &fakePhotos{sizes: map[string]int{}, slow: make(chan struct{})}
	if c.Photos == nil {
		c.Photos = photosOf(keys...)
	}
	sheet := New(c)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/") || strings.HasPrefix(r.URL.Path, Prefix) {
			if q := r.URL.Query(); q.Get("photo") == "slow.jpg" && q.Has("part") {
				select {
				case <-photos.slow:
				case <-r.Context().Done():
				}
			}
			sheet.ServeHTTP(w, r)
		} else {
			photos.ServeHTTP(w, r)
		}
	}))
	t.Cleanup(server.Close)
	ctx, cancel := chromedp.NewContext(browser)
	t.Cleanup(cancel)
	ctx, cancel = context.WithTimeout(ctx, 5*time.Minute)
	t.Cleanup(cancel)

	var mu sync.Mutex
	var elsewhere []string
	err := chromedp.Listen(ctx, func(ev any) {
		sent, ok := ev.(*network.EventRequestWillBeSent)
		if ok && !strings.HasPrefix(sent.Request.URL, server.URL+"/") && sent.Request.URL != "about:blank" {
			mu.Lock()
			elsewhere = append(elsewhere, sent.Request.URL)
			mu.Unlock()
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	consoleCtx, endConsole := context.WithCancel(ctx)
	messages, done := chromedp.Console(consoleCtx), make(chan struct{})
	go func() {
		defer close(done)
		for m, err := range messages {
			if err != nil {
				return
			}
			if m.Text == "the end" {
				return
			}
			if m.Source != "network" || !strings.Contains(m.URL, "/broken") && !strings.Contains(m.URL, "photo=c.jpg") { // that is told there
				t.Errorf("console: %s", m)
			}
		}
	}()
	tab := &tab{ctx, t, server, photos}
	t.Cleanup(func() {
		defer endConsole()
		do(t, ctx, chromedp.Evaluate[chromedp.Void](`void console.log('the end')`))
		<-done
		mu.Lock()
		defer mu.Unlock()
		if len(elsewhere) > 0 {
			t.Errorf("asked elsewhere: %q", elsewhere)
		}
	})
	return tab
}

// show opens a page at that size of window, and waits until its scripts run.
func (tab *tab) show(path string, width, height int, density float64) {
	tab.t.Helper()
	do(tab.t, tab, chromedp.EmulateViewport(int64(width), int64(height), chromedp.EmulateScale(density)))
	do(tab.t, tab, chromedp.Navigate(tab.server.URL+path))
	tab.wait(`document.readyState === 'complete' && document.querySelector('.sheet a').tabIndex === 0`)
}

// wait is until an expression holds, on this page or on the one it leads to: a
// poll ends with an error where a page ends.
func (tab *tab) wait(expression string) {
	tab.t.Helper()
	var err error
	for range 5 {
		if _, err = chromedp.Run(tab, chromedp.Poll[chromedp.Void](expression, chromedp.WithPollingTimeout(time.Minute))); err == nil || errors.Is(err, chromedp.ErrPollingTimeout) {
			break
		}
	}
	if err != nil {
		state, _ := chromedp.Run(tab, chromedp.Evaluate[string](`location.pathname + location.search + ' ' + document.activeElement.outerHTML.slice(0, 200)`))
		tab.t.Fatalf("never came: %s: %v (at %s)", expression, err, state)
	}
}

// waitPhoto is until the opened photo of that name is shown.
func (tab *tab) waitPhoto(name string) {
	tab.t.Helper()
	tab.wait(`document.querySelector('#view:modal h2')?.textContent === ` + strconv.Quote(name) +
		` && document.querySelector('.stage img')?.naturalWidth > 0 && !document.querySelector('.stage .coming')`)
}

func (tab *tab) press(keys string) {
	tab.t.Helper()
	do(tab.t, tab, chromedp.KeyEvent(keys))
}

// click clicks what is there, in view and at rest: a mouse hits a place, and on a busy
// machine what was there may have moved on meanwhile.
func (tab *tab) click(selector string) {
	tab.t.Helper()
	tab.wait(`(() => {
		const it = document.querySelector(` + jsonOf(selector) + `)
		if (!it) return false
		it.scrollIntoView({block: 'nearest', behavior: 'instant'})
		const {x, y, width, height} = it.getBoundingClientRect(), at = [x, y, width, height].join()
		it.still = it.at === at && width > 0 ? (it.still ?? 0) + 1 : 0
		it.at = at
		return it.still > 5
	})()`)
	do(tab.t, tab, chromedp.Click(selector))
}

// onNewPage runs a script before those of every page to come.
func (tab *tab) onNewPage(script string) {
	tab.t.Helper()
	if _, err := chromedp.Call(tab, cdppage.AddScriptToEvaluateOnNewDocument, cdppage.AddScriptToEvaluateOnNewDocumentParams{Source: script}); err != nil {
		tab.t.Fatal(err)
	}
}

// value is that of an expression, awaited.
func value[T any](tab *tab, expression string) T {
	tab.t.Helper()
	v, err := chromedp.Run(tab, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		tab.t.Fatalf("%s: %v", expression, err)
	}
	return v
}

func do(t *testing.T, ctx context.Context, actions ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if err := chromedp.Do(ctx, actions...); err != nil {
		t.Fatal(err)
	}
}

func numbered(n int) []string {
	var keys []string
	for i := range n {
		keys = append(keys, "p"+strconv.Itoa(100+i)+".jpg")
	}
	return slices.Clip(keys)
}
