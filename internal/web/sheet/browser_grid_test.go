package sheet

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"photofit"
)

// Every picture in the window is loaded, from the smallest step that has the
// pixels for it, and nothing moves while they come.
func testPictures(t *testing.T, browser context.Context) {
	names := append(slices.Clone(oddNames), "trip/x.jpg")
	for _, width := range []int{360, 768, 1440} {
		for _, density := range []float64{1, 2} {
			tab := open(t, browser, Config{}, names...) // a host each: what is in the cache would do as well
			tab.show("/", width, 900, density)
			tab.wait(`[...document.querySelectorAll('.sheet img')].filter(i => i.getBoundingClientRect().top < innerHeight).every(i => i.complete && i.naturalWidth > 0)`)
			type picture struct {
				Src   string
				Width float64
			}
			pictures := value[[]picture](tab, `[...document.querySelectorAll('.sheet img')].filter(i => i.getBoundingClientRect().top < innerHeight)
				.map(i => ({Src: i.currentSrc, Width: i.getBoundingClientRect().width}))`)
			if len(pictures) < 6 {
				t.Errorf("%d px: %d pictures", width, len(pictures))
			}
			want := 0
			for _, s := range newOffers(photofit.Policy{}).tiles {
				if want = s.width; float64(s.width) >= pictures[0].Width*density-.01 {
					break
				}
			}
			for _, p := range pictures {
				if !strings.Contains(p.Src, "?w="+strconv.Itoa(want)+"&") && !strings.Contains(p.Src, "/_w"+strconv.Itoa(want)+"-") {
					t.Errorf("%d px at %v: %s for %v px, want %d", width, density, p.Src, p.Width, want)
				}
			}
			if moved := value[float64](tab, layoutShift); moved != 0 {
				t.Errorf("%d px at %v: the layout shifts by %v", width, density, moved)
			}
		}
	}
	// Those further down come when they are needed.
	tab := open(t, browser, Config{}, names...)
	tab.show("/", 360, 900, 1)
	// All are as high as the photo, the name and the room for the ring, laid out
	// or not, and in a browser that does not know content-visibility.
	for _, visibility := range []string{"auto", "visible"} {
		wrong := value[[]float64](tab, `[...document.querySelectorAll('.sheet li')].map(i => {
			i.style.contentVisibility = '`+visibility+`'
			return i.getBoundingClientRect().height - document.querySelector('.sheet img').getBoundingClientRect().width * 2 / 3 - 40
		}).filter(d => Math.abs(d) > .1)`)
		if len(wrong) > 0 {
			t.Errorf("content-visibility: %s: tiles are wrong by %v px", visibility, wrong)
		}
	}
	do(t, tab, chromedp.Evaluate[chromedp.Void](`void document.querySelector('.sheet li:last-child').scrollIntoView()`))
	tab.wait(`document.querySelector('.sheet li:last-child img').naturalWidth > 0`)
	do(t, tab, chromedp.Evaluate[chromedp.Void](`void [...document.querySelectorAll('.sheet img')].forEach(i => i.loading = 'eager')`))
	tab.wait(`[...document.querySelectorAll('.sheet img')].every(i => i.naturalWidth > 0)`)
}

// layoutShift is the sum of all shifts so far (Layout Instability API).
const layoutShift = `new Promise(resolve => {
	const o = new PerformanceObserver(() => {})
	o.observe({type: 'layout-shift', buffered: true})
	requestAnimationFrame(() => requestAnimationFrame(() => resolve(o.takeRecords().reduce((sum, e) => sum + e.value, 0))))
})`

// slotOf evaluates an img's sizes as a browser does. The script's own styles
// are set through the object model, which a Content-Security-Policy allows.
const slotOf = `(img => {
	const probe = document.body.appendChild(document.createElement('div'))
	probe.style.position = 'absolute'
	try {
		for (const part of img.sizes.match(/(?:[^,(]|\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\))+/g)) {
			const [, media, length] = part.trim().match(/^(\([^()]*\))? *(.*)$/)
			if (media && !matchMedia(media).matches) continue
			probe.style.width = length
			return probe.getBoundingClientRect().width
		}
	} finally { probe.remove() }
})`

func testSizes(t *testing.T, browser context.Context) {
	tab := open(t, browser, Config{}, numbered(12)...)
	tab.show("/", 1000, 800, 1)
	narrowest, widest := math.Inf(1), 0.0
	for _, width := range []int{320, 360, 480, 599, 600, 768, 959, 960, 1024, 1280, 1440, 1679, 1680, 1920, 2239, 2240, 2559, 2560, 2561, 3840} {
		do(t, tab, chromedp.EmulateViewport(int64(width), 800))
		tab.wait(fmt.Sprintf("innerWidth === %d", width))
		got := value[[]float64](tab, `(() => { const i = document.querySelector('.sheet img'); return [`+slotOf+`(i), i.getBoundingClientRect().width, document.documentElement.scrollWidth] })()`)
		if math.Abs(got[0]-got[1]) > .05 {
			t.Errorf("%d px: sizes says %v, the tile is %v", width, got[0], got[1])
		}
		if got[2] > float64(width) {
			t.Errorf("%d px: the page is %v wide", width, got[2])
		}
		narrowest, widest = min(narrowest, got[1]), max(widest, got[1])
	}
	if narrowest != narrowestTile || widest > widestTile || widest < widestTile-5 {
		t.Errorf("tiles are from %v to %v px, not %d to %d", narrowest, widest, narrowestTile, widestTile)
	}
}

func testStageSizes(t *testing.T, browser context.Context) {
	known := Config{Facts: func(_ context.Context, photo string) (Facts, error) {
		w, h := pixelsOf(photo)
		return Facts{Width: w, Height: h}, nil
	}}
	for _, c := range []Config{{}, known} {
		tab := open(t, browser, c, "portrait.jpg", "wide.jpg")
		for _, window := range [][2]int{{1440, 900}, {1000, 1400}, {960, 500}, {390, 844}, {800, 500}} {
			for _, name := range []string{"portrait.jpg", "wide.jpg"} {
				tab.show("/?photo="+name, window[0], window[1], 1)
				tab.waitPhoto(name)
				got := value[[]float64](tab, `(() => { const i = document.querySelector('.stage img'), b = i.getBoundingClientRect(); return [`+slotOf+`(i), b.width, b.height] })()`)
				want := got[1]
				if c.Facts != nil {
					w, h := pixelsOf(name)
					want = min(want, got[2]*float64(w)/float64(h))
				}
				if math.Abs(got[0]-want) > .5 {
					t.Errorf("%v %s: sizes says %v, the photo has %v", window, name, got[0], want)
				}
			}
		}
	}
}

// Text is read in both schemes: 4.5 to 1 (WCAG 2.2, 1.4.3).
func testColours(t *testing.T, browser context.Context) {
	tab := open(t, browser, Config{}, "a.jpg", "b.heic", "trip/b.jpg")
	papers := map[string]string{}
	for _, scheme := range []string{"light", "dark"} {
		_, err := chromedp.Call(tab, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}})
		if err != nil {
			t.Fatal(err)
		}
		tab.show("/", 1440, 900, 1)
		papers[scheme] = value[string](tab, `getComputedStyle(document.body).backgroundColor`)
		tab.click(".sheet a")
		tab.waitPhoto("a.jpg")
		tab.wait(`document.querySelector('.size').textContent`)
		poor := value[[]string](tab, `(() => {
			const light = c => { const [r, g, b] = c.match(/[\d.]+/g).map(v => (v /= 255) <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4); return .2126 * r + .7152 * g + .0722 * b }
			const behind = e => { for (; e; e = e.parentElement) { const c = getComputedStyle(e).backgroundColor; if (!/, 0\)$/.test(c)) return c } return 'rgb(255, 255, 255)' }
			const poor = []
			for (const e of document.querySelectorAll('h1, h2, h3, p, legend, button, pre, .address, .folders span, .sheet span, label span')) {
				if (e.closest(':disabled') || !e.textContent.trim()) continue
				const pair = [light(getComputedStyle(e).color), light(behind(e))].sort((a, b) => b - a)
				const contrast = (pair[0] + .05) / (pair[1] + .05)
				if (contrast < 4.5) poor.push(e.localName + '.' + e.className + ' ' + contrast.toFixed(2))
			}
			return poor
		})()`)
		if len(poor) > 0 {
			t.Errorf("%s: hard to read: %q", scheme, poor)
		}
	}
	if papers["light"] != "rgb(247, 247, 246)" || papers["dark"] != "rgb(20, 20, 20)" {
		t.Errorf("papers: %v", papers)
	}
}

func testFailing(t *testing.T, browser context.Context) {
	tab := open(t, browser, Config{}, "broken1.jpg", "broken2.jpg")
	tab.show("/", 1440, 900, 1)
	tab.wait(`document.querySelectorAll('.sheet a[data-failed]').length === 2`)
	tab.click(".sheet a")
	tab.wait(`document.querySelector('.stage p')?.textContent === '` + whyBroken + `'`)
	tab.press(arrowRight)
	tab.wait(`document.querySelector('#view h2').textContent === 'broken2.jpg' && document.querySelector('.stage p')`)
	tab.press(escape)
	tab.wait(`!document.querySelector('#view').open && location.search === ''`)
	tab.show("/?photo=broken1.jpg", 1440, 900, 1) // it may fail before a script runs
	tab.wait(`document.querySelector('.stage p')?.textContent === '` + whyBroken + `' && !['.focal', '.comparing', '.copy', '.crops'].some(s => document.querySelector(s).checkVisibility())`)
}

// Nothing overlaps or is cut: the parts of the panel with the HTML as a whole, and
// folders with names of two lines, as high as their neighbours.
func testPanel(t *testing.T, browser context.Context) {
	folder := "2024-05-01 Over the mountains"
	tab := open(t, browser, Config{}, "a.jpg", folder+"/b.jpg", "c/d.jpg")
	for _, window := range [][2]int{{1440, 900}, {1440, 500}, {960, 600}, {390, 844}, {320, 568}} {
		tab.show("/", window[0], window[1], 1)
		heights := value[[]float64](tab, `[...document.querySelectorAll('.folders a')].map(a => a.getBoundingClientRect().height)`)
		cut := value[bool](tab, `[...document.querySelectorAll('.folders span')].some(s => s.scrollHeight > s.clientHeight || s.scrollWidth > s.clientWidth)`)
		if heights[0] != heights[1] || cut && window[0] >= 390 {
			t.Errorf("%v: folders are %v px high, cut: %v", window, heights, cut)
		}
		tab.show("/?photo=a.jpg", window[0], window[1], 1)
		tab.waitPhoto("a.jpg")
		tab.wait(`document.querySelector('.size').textContent`)
		for range 2 {
			wrong := value[[]string](tab, `(() => {
				const wrong = [], parts = [...document.querySelectorAll('.panel > *, .copy > *')].filter(e => e.checkVisibility())
				for (const [i, e] of parts.entries()) {
					const next = parts[i + 1]?.getBoundingClientRect(), b = e.getBoundingClientRect()
					if (next && !e.contains(parts[i + 1]) && next.top < b.bottom) wrong.push(e.className + ' over what follows')
					if (b.right > innerWidth) wrong.push(e.className + ' out of the window')
				}
				const pre = document.querySelector('pre'), view = document.querySelector('#view')
				if (pre.scrollHeight > pre.clientHeight) wrong.push('the HTML is cut')
				if (view.scrollWidth > view.clientWidth) wrong.push('the view is wider than the window')
				return wrong
			})()`)
			if len(wrong) > 0 {
				t.Errorf("%v: %q", window, wrong)
			}
			do(t, tab, chromedp.Evaluate[chromedp.Void](`void document.querySelectorAll('details').forEach(d => { d.open = true })`))
			tab.wait(`document.querySelector('[data-part=formats]').dataset.measured === 'done' && document.querySelector('[data-part=about]').dataset.told === 'done'`)
		}
	}
}
