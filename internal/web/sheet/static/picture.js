// What is known of a picture only once it is loaded: its bytes, its pixels. And
// what is known only here: the host, which goes in front of addresses to copy.

// Bytes over the network by address. An observer sees every picture; the
// browser's own list is full after 250 entries.
const bytes = new Map()
const asking = new Map() // who waits for them, by address
new PerformanceObserver(list => {
  for (const entry of list.getEntries()) {
    if (entry.initiatorType === 'img' && entry.encodedBodySize) know(entry.name, entry.encodedBodySize)
  }
}).observe({ type: 'resource', buffered: true })

function know(address, n) {
  if (!bytes.has(address)) bytes.set(address, n)
  const waiting = asking.get(address) ?? []
  asking.delete(address)
  for (const tell of waiting) tell(bytes.get(address))
}

// bytesOf tells the bytes of a picture that is loaded, if that can be known. One from
// the cache may leave no entry: it is asked for as a picture is.
export function bytesOf(address, tell) {
  if (bytes.has(address)) return tell(bytes.get(address))
  asking.set(address, [...asking.get(address) ?? [], tell])
  fetch(address, { method: 'HEAD', headers: { Accept: 'image/avif,image/webp,image/*' } })
    .then(response => {
      const n = Number(response.headers.get('Content-Length'))
      if (response.ok && n) know(address, n)
    }, () => {})
}

// Media types as people call them.
export const types = { 'image/jpeg': 'JPEG', 'image/png': 'PNG', 'image/webp': 'WebP', 'image/avif': 'AVIF', 'image/gif': 'GIF', 'image/tiff': 'TIFF', 'image/heic': 'HEIC' }

// As weight in words.go.
export function weight(n) {
  if (n < 1000) return n + ' bytes'
  const units = ['KB', 'MB', 'GB', 'TB']
  for (n /= 1000; n >= 999.5 && units.length > 1; n /= 1000) units.shift()
  return n.toFixed(n < 9.95 ? 1 : 0) + ' ' + units[0]
}

// settle makes a view's address absolute and fills in the rest when its picture
// is there; then it calls done.
export function settle(dialog, done) {
  const img = dialog.querySelector('.stage img')
  for (const span of dialog.querySelectorAll('.address:not([data-whole])')) {
    span.textContent = location.origin + span.textContent
    span.dataset.whole = ''
  }
  const loaded = () => {
    img.classList.remove('coming')
    weigh(dialog, img)
    measure(dialog, img)
    done()
  }
  const failed = () => {
    const text = document.createElement('p')
    text.textContent = 'This photo could not be made.'
    img.replaceWith(text)
    fetch(img.currentSrc) // which says why, in a line that an <img> does not show
      .then(response => response.ok || !response.headers.has('Photofit-Error') ? '' : response.text())
      .then(why => { if (why) text.textContent = why.trim() }, () => {})
  }
  img.addEventListener('error', failed)
  img.addEventListener('load', loaded) // again where a larger window takes a larger one
  if (img.complete && img.naturalWidth) loaded()
  else if (img.complete && img.currentSrc) failed()
  else img.classList.add('coming')
}

function weigh(dialog, img) {
  const place = dialog.querySelector('.of')
  const original = place.dataset.original ??= place.textContent.replace(/^.*: /, '')
  const address = img.currentSrc
  bytesOf(address, n => {
    if (img.currentSrc !== address || !img.isConnected) return
    const strong = document.createElement('b')
    strong.textContent = weight(n)
    place.replaceChildren(strong, ' instead of ' + original)
  })
}

// The size attributes, where the server left them open, and with them "auto" in
// sizes, which is for photos with these attributes only. The browser gives a
// picture from a srcset in CSS pixels, so the one it took is loaded alone; that
// comes from its cache.
function measure(dialog, img) {
  const place = dialog.querySelector('.size')
  if (!place || place.textContent) return
  const real = new Image()
  real.addEventListener('load', () => {
    if (place.textContent) return
    const step = img.srcset.split(', ').map(s => s.split(' '))
      .find(([address]) => new URL(address, location.href).href === img.currentSrc)
    const whole = step && real.naturalWidth >= parseInt(step[1], 10)
    const width = whole ? Number(img.dataset.top) : real.naturalWidth
    const height = Math.max(Math.round(width * real.naturalHeight / real.naturalWidth), 1)
    place.textContent = `\n  width="${width}" height="${height}"`
    dialog.querySelector('.auto').textContent = 'auto, '
  })
  real.src = img.currentSrc
}
