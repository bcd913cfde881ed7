package sheet

import (
	"context"
	"encoding/json"
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"photofit/internal/store"
)

const (
	arrowLeft, arrowRight = kb.ArrowLeft, kb.ArrowRight
	arrowUp, arrowDown    = kb.ArrowUp, kb.ArrowDown
	escape, enter         = kb.Escape, kb.Enter
)

// focused is the name of the photo whose tile has the focus.
const focused = `document.activeElement.closest('.sheet a')?.textContent`

// The whole sheet goes by keys: to a tile, into the photo, on and back.
func testKeys(t *testing.T, browser context.Context) {
	tab := open(t, browser, Config{}, append(numbered(10), "trip/b.jpg")...)
	tab.show("/", 1440, 900, 1) // four columns
	tab.press(kb.Tab)           // the folder
	tab.wait(`document.activeElement.closest('.folders')`)
	tab.press(kb.Tab)
	for _, step := range []struct{ key, at string }{
		{"", "p100.jpg"}, {arrowRight, "p101.jpg"}, {arrowDown, "p105.jpg"}, {arrowLeft, "p104.jpg"}, {arrowUp, "p100.jpg"},
		{arrowUp, "p100.jpg"}, {arrowLeft, "p100.jpg"}, {kb.End, "p109.jpg"}, {arrowRight, "p109.jpg"}, {arrowDown, "p109.jpg"},
		{kb.Home, "p100.jpg"}, {arrowRight, "p101.jpg"},
	} {
		if step.key != "" {
			tab.press(step.key)
		}
		tab.wait(focused + ` === '` + step.at + `'`)
	}
	if ring := value[string](tab, `getComputedStyle(document.activeElement).outlineStyle`); ring != "solid" {
		t.Errorf("the focus shows as %q", ring)
	}
	if n := value[int](tab, `document.querySelectorAll('.sheet a[tabindex="0"]').length`); n != 1 {
		t.Errorf("%d tiles are in the tab order", n)
	}
	tab.press(enter)
	tab.waitPhoto("p101.jpg")
	tab.wait(`location.search === '?photo=p101.jpg' && document.title === 'p101.jpg · Photos'`)
	tab.press(arrowRight)
	tab.waitPhoto("p102.jpg")
	tab.press(arrowRight)
	tab.waitPhoto("p103.jpg")
	tab.press(arrowLeft)
	tab.waitPhoto("p102.jpg")
	tab.wait(`location.search === '?photo=p102.jpg'`)
	for range 20 { // round and round the dialog
		tab.press(kb.Tab)
		if out := value[bool](tab, `document.activeElement !== document.body && !document.activeElement.closest('dialog')`); out {
			t.Fatal("the focus leaves the dialog")
		}
	}
	tab.press(escape)
	tab.wait(`!document.querySelector('#view').open && location.search === '' && document.title === 'Photos'`)
	tab.wait(focused + ` === 'p102.jpg'`)
	// The first has nothing before it, the last nothing after it.
	tab.press(kb.Home)
	tab.press(enter)
	tab.waitPhoto("p100.jpg")
	tab.press(arrowLeft)
	tab.wait(`location.search === '?photo=p100.jpg' && document.querySelector('.before').hidden && !document.querySelector('.after').hidden`)
}

// An opened photo has an address: to go back from, to come back to, to share.
func testHistory(t *testing.T, browser context.Context) {
	tab := open(t, browser, Config{}, "trip/a b.jpg", "trip/c&d.jpg", "trip/é.jpg")
	tab.show("/trip/", 1440, 900, 1)
	length, place := value[int](tab, `history.length`), value[int](tab, `navigation.currentEntry.index`)
	tab.click(".sheet li:nth-child(1) a")
	tab.waitPhoto("a b.jpg")
	tab.press(arrowRight)
	tab.waitPhoto("c&d.jpg")
	if now := value[int](tab, `history.length`); now != length+1 {
		t.Errorf("%d more steps in the history, want 1", now-length)
	}
	do(t, tab, chromedp.Evaluate[chromedp.Void](`history.back()`))
	tab.wait(`!document.querySelector('#view').open && location.search === ''`)
	do(t, tab, chromedp.Evaluate[chromedp.Void](`history.forward()`))
	tab.waitPhoto("c&d.jpg")

	tab.press(escape)
	tab.wait(`!document.querySelector('#view').open && location.search === ''`)
	if now := value[int](tab, `navigation.currentEntry.index`); now != place {
		t.Errorf("closed %d steps further in the history", now-place)
	}

	tab.show("/trip/?photo=c%26d.jpg&ar=1:1", 1440, 900, 1)
	tab.waitPhoto("c&d.jpg")
	tab.wait(`document.querySelector('.stage img').currentSrc.includes('ar=1:1')`)
	if inert := value[bool](tab, `document.querySelector('#folder').inert`); inert {
		t.Error("the page behind stays dead")
	}
	tab.press(arrowRight)
	tab.waitPhoto("é.jpg")
	tab.wait(`new URLSearchParams(location.search).get('ar') === '1:1' && document.querySelector('.stage img').currentSrc.includes('ar=1:1')`)
	tab.click(".close")
	tab.wait(`!document.querySelector('#view').open && location.search === '' && location.pathname === '/trip/'`)
	tab.wait(focused + ` === 'é.jpg'`)
}

// A photo that has gone meanwhile is told of on a page that leads back.
func testGone(t *testing.T, browser context.Context) {
	m := photosOf("trip/a.jpg", "trip/b.jpg", "trip/c.jpg")
	tab := open(t, browser, Config{Photos: m})
	tab.show("/trip/?photo=a.jpg", 1440, 900, 1)
	tab.waitPhoto("a.jpg")
	m.Remove("trip/c.jpg")
	tab.press(arrowRight)
	tab.waitPhoto("b.jpg")
	tab.press(arrowRight)
	tab.wait(`document.querySelector('h1').textContent === 'No such photo' && document.querySelector('.notice').textContent.startsWith('“c.jpg” is not in this folder.')`)
	tab.wait(`document.readyState === 'complete' && !document.querySelector('#view').open && location.search === '?photo=c.jpg'`)
	for _, at := range []string{"Photos", "trip", "Back to trip"} {
		tab.press(kb.Tab)
		tab.wait(`document.activeElement.textContent === ` + jsonOf(at))
	}
	tab.press(enter)
	tab.wait(`location.pathname + location.search === '/trip/' && document.querySelectorAll('.sheet a').length === 2`)
}

// An answer that comes late does not take the place of a later photo.
func testLate(t *testing.T, browser context.Context) {
	tab := open(t, browser, Config{}, "a.jpg", "slow.jpg", "z.jpg")
	tab.show("/", 1440, 900, 1)
	tab.click(".sheet a")
	tab.waitPhoto("a.jpg")
	tab.press(arrowRight)
	tab.wait(`location.search === '?photo=slow.jpg'`)
	tab.press(arrowRight)
	tab.waitPhoto("z.jpg")
	close(tab.photos.slow)
	tab.wait(`performance.getEntriesByType('resource').some(e => e.name.includes('photo=slow.jpg') && e.responseEnd > 0)`)
	shown := value[string](tab, `new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(() => resolve(document.querySelector('#view h2').textContent))))`)
	if shown != "z.jpg" {
		t.Errorf("%s is shown", shown)
	}
}

func testPageEdge(t *testing.T, browser context.Context) {
	tab := open(t, browser, Config{PerPage: 2}, numbered(5)...)
	tab.show("/", 1440, 900, 1)
	tab.click(".sheet li:nth-child(2) a")
	tab.waitPhoto("p101.jpg")
	tab.click("#view label:has([value=webp])")
	tab.wait(`location.search.includes('fm=webp')`)
	tab.click(".after")
	tab.wait(`document.readyState === 'complete' && document.querySelector('.pages span')?.textContent === 'Page 2 of 3'`)
	tab.waitPhoto("p102.jpg")
	tab.wait(`location.search.includes('fm=webp')`)
	tab.press(escape)
	tab.wait(`location.search === '?page=2' && ` + focused + ` === 'p102.jpg'`)
}

// code is the snippet as it stands on the page.
const code = `document.querySelector('#view code').textContent`

func testSnippet(t *testing.T, browserCtx context.Context) {
	tab := open(t, browserCtx, Config{}, "a \"b\".jpg", "portrait.jpg", "small.jpg")
	_, err := chromedp.CallBrowser(tab, browser.SetPermission, browser.SetPermissionParams{
		Permission: &browser.PermissionDescriptor{Name: "clipboard-read"}, Setting: browser.PermissionSettingGranted, Origin: tab.server.URL})
	if err != nil {
		t.Fatal(err)
	}
	tab.show("/", 1440, 900, 1)
	tab.click(".sheet a")
	tab.waitPhoto(`a "b".jpg`)
	tab.wait(`document.querySelector('.size').textContent`)
	for _, step := range []struct {
		click string
		wants []string
	}{
		{"", []string{`/a%20%22b%22.jpg?w=1280"`, "/a%20%22b%22.jpg?w=3840 3840w\"", `sizes="auto, 100vw"`, `alt=""`, `loading="lazy" decoding="async">`}},
		{"[name=ar][value='16:9']", []string{"?w=2560&amp;ar=16:9&amp;fit=crop 2560w", `width="2560" height="1440"`}},
		{"[name=crop][value=smart]", []string{"?w=2560&amp;ar=16:9&amp;fit=crop&amp;crop=smart 2560w"}},
		{"[name=fm][value=jpg]", []string{"&amp;crop=smart&amp;fm=jpg 2560w"}},
		{"[name=on][value=half]", []string{`sizes="auto, (min-width: 720px) 50vw, 100vw"`}},
	} {
		if step.click != "" {
			tab.click("label:has(" + step.click + ")")
		}
		for _, want := range step.wants {
			quoted, _ := json.Marshal(want)
			tab.wait(code + `.includes(` + string(quoted) + `)`)
		}
		// What stands there is HTML that shows the photo, from anywhere.
		got := value[[]string](tab, `(() => {
			const i = new DOMParser().parseFromString(`+code+`, 'text/html').querySelector('img')
			return [i.getAttribute('src'), ...i.getAttribute('srcset').split(',').map(s => s.trim().split(' ')[0])]
		})()`)
		for _, address := range got {
			if u, err := url.Parse(address); err != nil || u.Scheme+"://"+u.Host != tab.server.URL || u.Path != `/a "b".jpg` {
				t.Errorf("%s is not the photo", address)
			}
		}
	}
	// Where it is laid out narrow, it is fetched small, whatever its sizes say at last;
	// of another name, as one that is in the cache would do as well.
	if src := value[string](tab, `new Promise(resolve => {
		const place = document.querySelector('#view').appendChild(document.createElement('div'))
		Object.assign(place.style, {position: 'fixed', top: 0, left: 0, width: '300px'})
		place.innerHTML = `+code+`.replaceAll('/a%20%22b%22.jpg', '/fresh.jpg')
		const img = place.firstChild
		Object.assign(img.style, {width: '100%', height: 'auto'})
		img.onload = () => { place.remove(); resolve(img.currentSrc) }
	})`); !strings.Contains(src, "/fresh.jpg?w=320&ar=16:9&fit=crop&crop=smart&fm=jpg") {
		t.Errorf("300 px wide it is %s", src)
	}
	if hint := value[string](tab, `document.querySelector('[data-part=alt]').checkVisibility() && document.querySelector('[data-part=alt]').textContent`); !strings.HasPrefix(hint, "Say in alt ") {
		t.Errorf("of alt is said %q", hint)
	}
	tab.click("[data-copy]")
	tab.wait(`document.querySelector('[data-copy]').textContent === 'Copied'`)
	if got, want := value[string](tab, `navigator.clipboard.readText()`), value[string](tab, code); got != want {
		t.Errorf("copied:\n%s\nwant\n%s", got, want)
	}
	// A photo's own size, within the ladder's top; what is small is itself.
	for name, want := range map[string]string{"portrait.jpg": `width="3840" height="5760"`, "small.jpg": `width="500" height="400"`} {
		tab.show("/?photo="+name, 1440, 900, 1)
		tab.waitPhoto(name)
		tab.wait(code + `.includes('` + want + `')`)
	}
}

// Without a clipboard, which http has on other hosts, the text is selected.
func testOldCopy(t *testing.T, browser context.Context) {
	tab := open(t, browser, Config{}, "a.jpg")
	tab.show("/?photo=a.jpg", 1440, 900, 1)
	tab.waitPhoto("a.jpg")
	tab.wait(`document.querySelector('.size').textContent`)
	do(t, tab, chromedp.Evaluate[chromedp.Void](`Object.defineProperty(navigator, 'clipboard', {value: undefined});
		document.addEventListener('copy', () => { window.copied = getSelection().toString() })`))
	tab.click("[data-copy]")
	tab.wait(`window.copied`)
	if got, want := value[string](tab, `window.copied`), value[string](tab, code); got != want {
		t.Errorf("copied:\n%s\nwant\n%s", got, want)
	}
}

// The bytes are those that came over the network, however they came to be
// known.
func testBytes(t *testing.T, browser context.Context) {
	m := &store.MemPhotos{}
	m.Set("a.jpg", make([]byte, 7_400_000))
	m.Set("b.jpg", make([]byte, 900))
	tab := open(t, browser, Config{Photos: m})
	for _, forget := range []string{``, `window.PerformanceObserver = class { observe() {} }`} {
		if forget != "" {
			tab.onNewPage(forget)
		}
		tab.show("/", 1440, 900, 1)
		tab.click(".sheet a")
		tab.waitPhoto("a.jpg")
		tab.wait(`document.querySelector('.weight b')`)
		address := value[string](tab, `document.querySelector('.stage img').currentSrc`)
		tab.photos.mu.Lock()
		size := tab.photos.sizes[strings.TrimPrefix(address, tab.server.URL)]
		tab.photos.mu.Unlock()
		if got, want := value[string](tab, `document.querySelector('.weight').textContent.trim()`), weight(int64(size))+" instead of 7.4 MB"; got != want || size == 0 {
			t.Errorf("%q, want %q", got, want)
		}
		tab.press(arrowRight)
		tab.waitPhoto("b.jpg")
		tab.wait(`document.querySelector('.weight b') && document.querySelector('.weight').textContent.includes('instead of 900 bytes')`)
	}
}

// The script says bytes as Go does.
func testWeights(t *testing.T, browser context.Context) {
	tab := open(t, browser, Config{}, "a.jpg")
	tab.show("/", 800, 600, 1)
	for _, test := range weights {
		n, _ := json.Marshal(test.bytes)
		if got := value[string](tab, `import('`+assetAddresses["picture.js"]+`').then(m => m.weight(`+string(n)+`))`); got != test.want {
			t.Errorf("%d: %q, want %q", test.bytes, got, test.want)
		}
	}
}
