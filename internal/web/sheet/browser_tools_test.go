package sheet

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"math"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"photofit"
	"photofit/internal/store"
	"photofit/internal/thumbhash"
)

// unfold opens a part below the choices.
func (tab *tab) unfold(name string) {
	tab.t.Helper()
	tab.wait(`document.querySelector('details.` + name + ` summary').click() ?? true`)
	tab.wait(`document.querySelector('details.` + name + `').open`)
}

// measured are the bytes that a table shows, by address.
func (tab *tab) measured(part string) map[string]int {
	tab.t.Helper()
	tab.wait(`document.querySelector('[data-part=` + part + `]').dataset.measured === 'done'`)
	return value[map[string]int](tab, `Object.fromEntries([...document.querySelectorAll('[data-part=`+part+`] tbody tr')].map(r =>
		[r.querySelector('a').getAttribute('href'), Number(r.querySelector('[data-bytes]')?.dataset.bytes ?? -1)]))`)
}

// sent are the bytes that went out for an address; 0 is none.
func (tab *tab) sent(address string) int {
	tab.photos.mu.Lock()
	defer tab.photos.mu.Unlock()
	return tab.photos.sizes[address]
}

func (tab *tab) isSent(what string, bytes map[string]int, rows int) {
	tab.t.Helper()
	if len(bytes) != rows {
		tab.t.Errorf("%s: %d rows, want %d", what, len(bytes), rows)
	}
	for address, n := range bytes {
		if sent := tab.sent(address); n != sent || n == 0 {
			tab.t.Errorf("%s: %s has %d bytes, sent were %d", what, address, n, sent)
		}
	}
}

// Sizes are measured when somebody asks, and not before.
func testMeasure(t *testing.T, browser context.Context) {
	m := &store.MemPhotos{}
	m.Set("a.jpg", make([]byte, 7_400_000))
	tab := open(t, browser, Config{Photos: m}, "a.jpg")
	tab.show("/?photo=a.jpg", 1440, 900, 1)
	tab.waitPhoto("a.jpg")
	tab.unfold("sizes")
	if tab.sent("/a.jpg?w=32") != 0 {
		t.Error("the smallest size is made before anybody asks")
	}
	tab.click("[data-measure]")
	tab.isSent("sizes", tab.measured("sizes"), len(photofit.DefaultPolicy().Widths))
	if again := value[bool](tab, `document.querySelector('[data-measure]').matches(':enabled')`); again {
		t.Error("what is measured can be measured again, which does nothing")
	}
	row := value[[]string](tab, `[...document.querySelector('[data-part=sizes] tbody').rows[0].cells].map(c => c.textContent)`)
	n := tab.sent("/a.jpg?w=32")
	times := value[string](tab, `import('`+assetAddresses["measure.js"]+`').then(m => m.fewer(7400000, `+jsonOf(n)+`))`)
	if want := []string{"32 wide", "JPEG", weight(int64(n)), times}; strings.Join(row, "|") != strings.Join(want, "|") {
		t.Errorf("row %q, want %q", row, want)
	}
	for _, test := range []struct{ bytes, want string }{{"7400000", "1.0 ×"}, {"740000", "10 ×"}, {"14800000", "0.5 ×"}, {"1000", "7,400 ×"}} {
		if got := value[string](tab, `import('`+assetAddresses["measure.js"]+`').then(m => m.fewer(7400000, `+test.bytes+`))`); got != test.want {
			t.Errorf("%s: %q, want %q", test.bytes, got, test.want)
		}
	}
}

// Formats are measured as soon as they are seen, and again where the choice changes.
func testFormats(t *testing.T, browser context.Context) {
	tab := open(t, browser, Config{}, "a.jpg")
	tab.show("/?photo=a.jpg", 1440, 900, 1)
	tab.waitPhoto("a.jpg")
	tab.unfold("formats")
	first := tab.measured("formats")
	tab.isSent("formats", first, 4)
	if _, ok := first["/a.jpg?w=1280&fm=png"]; !ok {
		t.Errorf("formats at %v", first)
	}
	row := value[[]string](tab, `[...document.querySelector('[data-part=formats] tbody').rows[3].cells].map(c => c.textContent)`)
	n := first["/a.jpg?w=1280&fm=png"]
	times := value[string](tab, `import('`+assetAddresses["measure.js"]+`').then(m => m.fewer(1234, `+jsonOf(n)+`))`)
	if want := []string{"PNG", weight(int64(n)), times, ""}; strings.Join(row, "|") != strings.Join(want, "|") {
		t.Errorf("row %q, want %q", row, want)
	}
	widths := value[[]float64](tab, `[...document.querySelectorAll('.bar span')].map(b => parseFloat(b.style.width))`)
	if want := 100 * float64(first["/a.jpg?w=1280&fm=jpg"]) / float64(first["/a.jpg?w=1280&fm=png"]); math.Abs(widths[0]-want) > .1 || widths[3] != 100 {
		t.Errorf("bars %v, want %v to 100", widths, want)
	}
	tab.click("label:has([name=w][value='640'])")
	tab.wait(`location.search.includes('w=640') && document.querySelector('[data-part=formats] a').getAttribute('href') === '/a.jpg?w=640&fm=jpg'`)
	tab.isSent("formats", tab.measured("formats"), 4)
	tab.click("label:has([name=q][value='60'])")
	tab.wait(`document.querySelector('[data-part=formats] a').getAttribute('href') === '/a.jpg?w=640&q=60&fm=jpg'`)
	after := tab.measured("formats")
	if _, ok := after["/a.jpg?w=640&fm=png"]; !ok || len(after) != 4 {
		t.Errorf("formats at quality 60: %v", after)
	}
}

// A click on the map is snapped as the policy does it, and is in every address.
func testFocal(t *testing.T, browser context.Context) {
	tab := open(t, browser, Config{}, "a.jpg", "b.jpg")
	tab.show("/?photo=a.jpg&ar=1:1", 1440, 900, 1)
	tab.waitPhoto("a.jpg")
	tab.click(".spots label:nth-child(1)")
	tab.wait(`location.search.includes('crop=fp0-0') && document.querySelector('.stage img').currentSrc.endsWith('&fit=crop&crop=focalpoint&fp-x=0&fp-y=0')`)
	tab.wait(code + `.includes('&amp;crop=focalpoint&amp;fp-x=0&amp;fp-y=0')`)
	tab.press(arrowRight) // among the parts, not to the next photo
	tab.wait(`location.search.includes('crop=fp50-0') && document.querySelector('.stage img').currentSrc.endsWith('fp-x=0.5&fp-y=0')`)
	tab.wait(`document.querySelector('[data-part=point]').textContent.includes('50% from the left and 0% from the top')`)
	tab.click(".after")
	tab.waitPhoto("b.jpg")
	tab.wait(`location.search.includes('crop=fp50-0') && document.querySelector('[name=crop]:checked').value === 'fp50-0'`)
	tab.click(".spots label:nth-child(5)")
	tab.wait(`!location.search.includes('crop=') && !document.querySelector('.stage img').currentSrc.includes('focalpoint')`)
}

func testFreeFocal(t *testing.T, browser context.Context) {
	tab := open(t, browser, Config{Policy: photofit.OpenPolicy()}, "a.jpg")
	tab.show("/?photo=a.jpg&ar=1:1", 1440, 900, 1)
	tab.waitPhoto("a.jpg")
	tab.wait(`document.querySelector('.map img').naturalWidth > 0`)
	tests := []struct{ part, want string }{{"1", "/^fp1[67]-1[67]$/"}, {"6", "/^fp8[34]-50$/"}} // the middle of each, to a pixel
	for _, test := range tests {
		tab.click(".spots label:nth-child(" + test.part + ")")
		tab.wait(test.want + `.test(new URLSearchParams(location.search).get('crop'))`)
	}
	tab.wait(`document.querySelector('.stage img').currentSrc.endsWith('&fp-y=0.5')`)
	do(t, tab, chromedp.Evaluate[chromedp.Void](`(() => { const b = document.querySelector('.spots').getBoundingClientRect()
		document.querySelector('.spots label:nth-child(6) input').dispatchEvent(new MouseEvent('click', {bubbles: true, detail: 1, clientX: b.left + .9 * b.width, clientY: b.top + .6 * b.height})) })()`))
	tab.wait(`new URLSearchParams(location.search).get('crop') === 'fp90-60'`)
}

func testCrops(t *testing.T, browser context.Context) {
	tab := open(t, browser, Config{}, "a.jpg")
	tab.show("/?photo=a.jpg&crop=fp100-0", 1440, 900, 1)
	tab.waitPhoto("a.jpg")
	if tab.sent("/a.jpg?w=160&ar=16:9&fit=crop&crop=focalpoint&fp-x=1&fp-y=0") != 0 {
		t.Error("crops are made before they are seen")
	}
	tab.unfold("crops")
	tab.wait(`document.querySelectorAll('.crops img').length === ` + jsonOf(len(photofit.DefaultPolicy().Ratios)))
	do(t, tab, chromedp.Evaluate[chromedp.Void](`document.querySelector('.crops a').scrollIntoView()`))
	tab.wait(`document.querySelector('.crops img[src*="16:9"]').naturalWidth > 0`)
	wrong := value[[]string](tab, `[...document.querySelectorAll('.crops a')].filter(a => {
		const [w, h] = a.textContent.trim().split(':'), b = a.querySelector('img').getBoundingClientRect()
		return Math.abs(b.width - b.height * w / h) > 1.5 || b.width > 148 || b.height > 84
	}).map(a => a.textContent.trim())`)
	if len(wrong) > 0 {
		t.Errorf("crops of another shape than they say: %q", wrong)
	}
	tab.click(`.crops a[href*="16%3A9"]`)
	tab.wait(`location.search.includes('16%3A9') && document.querySelector('[name=ar]:checked').value === '16:9' && document.querySelector('.crops [aria-current]').textContent.trim() === '16:9'`)
	tab.wait(`document.querySelector('.stage img').currentSrc.endsWith('ar=16:9&fit=crop&crop=focalpoint&fp-x=1&fp-y=0')`)
}

// The best is on the left, and a rendition on the right; what they are is said below.
func testCompare(t *testing.T, browser context.Context) {
	m := &store.MemPhotos{}
	m.Set("a.jpg", make([]byte, 7_400_000))
	m.Set("b.jpg", make([]byte, 900))
	m.Set("small.jpg", make([]byte, 900))
	for _, test := range []struct {
		policy           photofit.Policy
		best, left, note string
	}{
		{photofit.Policy{}, "/a.jpg?w=3840&fm=png", "3,840 wide, lossless", "The original itself with --originals public"},
		{photofit.Policy{OriginalsPublic: true}, "/a.jpg/_original", "The original", "7.4 MB"},
	} {
		tab := open(t, browser, Config{Policy: test.policy, Photos: m})
		tab.show("/?photo=a.jpg", 1440, 900, 1)
		tab.waitPhoto("a.jpg")
		if best := value[string](tab, `document.querySelector('.best').getAttribute('src')`); best != test.best || tab.sent(best) != 0 {
			t.Errorf("the best is %s, of which %d bytes are sent; want %s", best, tab.sent(best), test.best)
		}
		const box = `(s => { const {x, y, width, height} = document.querySelector(s).getBoundingClientRect(); return {x, y, width, height} })`
		type rect struct{ X, Y, Width, Height float64 }
		before := value[rect](tab, box+`('.stage img')`)
		tab.click("[data-compare]")
		tab.wait(`!document.querySelector('.compare').hidden && document.querySelector('.best').naturalWidth > 0 && document.querySelector('.cut').naturalWidth > 0`)
		tab.wait(`document.querySelector('.bytes').textContent`)
		want := []string{test.left, test.note, "1,280 wide", weight(int64(tab.sent("/a.jpg?w=1280"))) + " instead of 7.4 MB"}
		said := value[[]string](tab, `[...document.querySelectorAll('figcaption p > *')].map(e => e.textContent)`)
		if strings.Join(said, "|") != strings.Join(want, "|") {
			t.Errorf("said is %q, want %q", said, want)
		}
		// As long as the best is not there, the stage's photo shows through.
		seen := value[[]string](tab, `(() => {
			const part = document.querySelector('.compare'), best = document.querySelector('.best'), both = () => [document.querySelector('.stage img'), best].map(i => getComputedStyle(i).visibility).join()
			const there = both()
			part.dataset.best = 'coming'
			delete best.dataset.here
			const coming = both()
			part.dataset.best = 'failed'
			const failed = both()
			delete part.dataset.best
			best.dataset.here = ''
			return [there, coming, failed]
		})()`)
		if strings.Join(seen, " ") != "hidden,visible visible,hidden hidden,hidden" {
			t.Errorf("stage and best are %q while the best is there, coming, failed", seen)
		}
		// The photo stays where it is, and the words below it are in the window.
		const width, height = 1.5, 1.0
		pair := value[rect](tab, box+`('.pair')`)
		tall := before.Width * height / width
		if math.Abs(pair.Width-before.Width) > .5 || math.Abs(pair.Height-tall) > 1 || math.Abs(pair.Y-before.Y-(before.Height-tall)/2) > 1 {
			t.Errorf("the stage's photo is in %+v, the pair at %+v", before, pair)
		}
		if caption := value[rect](tab, box+`('figcaption')`); caption.Y < pair.Y+pair.Height || caption.Y+caption.Height > 900 {
			t.Errorf("the caption is at %+v, the pair at %+v", caption, pair)
		}
		clip := `getComputedStyle(document.querySelector('.cut')).clipPath`
		tab.click(".compare input")
		for _, step := range []struct{ key, want string }{
			{kb.Home, "inset(0px 0px 0px 0%)"}, {arrowRight, "inset(0px 0px 0px 1%)"}, {kb.End, "inset(0px 0px 0px 100%)"}, {arrowLeft, "inset(0px 0px 0px 99%)"},
		} {
			tab.press(step.key)
			tab.wait(clip + ` === '` + step.want + `'`)
		}
		if at := value[string](tab, `location.search`); at != "?photo=a.jpg" {
			t.Errorf("the slider leads to %s", at)
		}
		if coming := value[bool](tab, `'best' in document.querySelector('.compare').dataset`); coming {
			t.Error("the best is there, and is said to be coming")
		}
		tab.click(".after")
		tab.waitPhoto("b.jpg")
		tab.wait(`!document.querySelector('.compare').hidden && document.querySelector('.cut').src.includes('b.jpg') && document.querySelector('.bytes').textContent.endsWith(' instead of 900 bytes')`)
		tab.click("[data-compare]")
		tab.wait(`document.querySelector('.compare').hidden`)

		tab.show("/?photo=small.jpg", 1440, 900, 1)
		tab.waitPhoto("small.jpg")
		tab.click("[data-compare]")
		tab.wait(`document.querySelector('.best').naturalWidth > 0 && !document.querySelector('.compare').dataset.best`)
		if pair := value[rect](tab, box+`('.pair')`); pair.Width != 500 || pair.Height != 400 {
			t.Errorf("500 × 400 pixels are shown as %+v", pair)
		}

		// On a phone, too, one can go on and close it; the words overlap nothing.
		tab.show("/?photo=a.jpg", 390, 844, 2)
		tab.waitPhoto("a.jpg")
		tab.click("[data-compare]")
		do(t, tab, chromedp.Evaluate[chromedp.Void](`void document.querySelector('#view').scrollTo(0, 0)`))
		tab.wait(`document.querySelector('.bytes').textContent`)
		do(t, tab, chromedp.Evaluate[chromedp.Void](`void (document.querySelector('.compare').style.pointerEvents = 'auto')`)) // so that it is hit where it is seen
		covered := value[[]string](tab, `['.after', '.close'].filter(s => {
			const link = document.querySelector(s), b = link.getBoundingClientRect(), words = document.querySelector('figcaption').getBoundingClientRect()
			return !link.contains(document.elementFromPoint(b.x + b.width / 2, b.y + b.height / 2)) || b.bottom > words.top
		})`)
		if caption, stage := value[rect](tab, box+`('figcaption')`), value[rect](tab, box+`('.stage')`); len(covered) > 0 || caption.Y+caption.Height > stage.Y+stage.Height {
			t.Errorf("on a phone %q are covered, the caption is at %+v, the stage at %+v", covered, caption, stage)
		}
	}
}

func testAbout(t *testing.T, browser context.Context) {
	tab := open(t, browser, Config{}, "a.jpg")
	tab.show("/?photo=a.jpg", 1440, 900, 1)
	tab.waitPhoto("a.jpg")
	tab.unfold("about")
	tab.wait(`document.querySelector('[data-part=about]').dataset.told === 'done'`)
	got := value[[]string](tab, `[...document.querySelectorAll('.about dt')].map(d => d.textContent + ': ' + d.nextSibling.textContent)`)
	want := []string{"Pixels: 3,000 × 2,000", "File: 7.4 MB, JPEG", "Kind: HDR", "Taken: 2024-05-01 14:03:07", "Caption: <img src=x onerror=console.log(1)> & so",
		"Colour: #8a6f4d", "Placeholder: 21 bytes", "Widths: 32, 48"}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("%q, want %q", got, want)
	}
	if color := value[string](tab, `getComputedStyle(document.querySelector('.swatch')).backgroundColor`); color != "rgb(138, 111, 77)" {
		t.Errorf("the swatch is %s", color)
	}
	// The placeholder is what the server's own decoder makes of it.
	hash, err := base64.StdEncoding.DecodeString(fakeHash)
	if err != nil {
		t.Fatal(err)
	}
	picture, err := thumbhash.Decode(hash)
	if err != nil {
		t.Fatal(err)
	}
	pixels := value[[]int](tab, `(() => { const c = document.querySelector('.about canvas'); return [...c.getContext('2d').getImageData(0, 0, c.width, c.height).data] })()`)
	if len(pixels) != len(picture.Pix) {
		t.Fatalf("%d values, want %d", len(pixels), len(picture.Pix))
	}
	for i, p := range picture.Pix {
		if d := pixels[i] - int(p); d < -1 || d > 1 {
			t.Fatalf("value %d is %d, want %d", i, pixels[i], p)
		}
	}
	damaged := value[bool](tab, `import('`+assetAddresses["thumbhash.js"]+`').then(m => { try { m.decode(new Uint8Array(9)); return false } catch { return true } })`)
	if !damaged {
		t.Error("a damaged hash is decoded")
	}
}

// What every part asks for is right whatever the photo is called.
func testOddNames(t *testing.T, browser context.Context) {
	names := []string{`"quoted" 'name'.jpg`, "<script>alert(1)<script>.jpg", "a&b=c&amp;.jpg", "_w800.webp", "100%.jpg", "世界.png"}
	tab := open(t, browser, Config{}, names...)
	for _, name := range names {
		tab.show(viewAddress("", name)+"&ar=1:1&crop=fp100-100", 1440, 900, 1)
		tab.waitPhoto(name)
		for _, part := range []string{"about", "formats", "crops"} {
			tab.unfold(part)
		}
		tab.isSent(name, tab.measured("formats"), 4)
		tab.wait(`document.querySelector('[data-part=about]').dataset.told === 'done'`)
		tab.click("[data-compare]")
		tab.wait(`document.querySelector('.best').naturalWidth > 0 && document.querySelector('.cut').naturalWidth > 0 && document.querySelector('.map img').naturalWidth > 0`)
	}
}

func jsonOf(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(b)
}
