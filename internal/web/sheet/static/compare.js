// The best there is on the left, a rendition on the right, with a seam between them
// that a range input moves. The pair has the picture's shape, so that the seam runs
// over the picture only.
import { bytesOf, weight } from './picture.js'

function move(part) {
  const range = part.querySelector('input')
  part.querySelector('.cut').style.clipPath = `inset(0 0 0 ${range.value}%)`
  part.querySelector('.seam').style.left = range.value + '%'
}

// The best is the greatest and may take a while; its caption says so meanwhile. The
// bytes of the rendition are told beside those of the original, whatever the best is.
function watch(part) {
  const best = part.querySelector('.best')
  const here = event => {
    const img = event.target
    img.dataset.here = ''
    part.style.setProperty('--shape', img.naturalWidth / img.naturalHeight)
    if (img === best) {
      part.style.setProperty('--most', img.naturalWidth + 'px') // nothing is enlarged
      delete part.dataset.best
    } else bytesOf(img.currentSrc, n => { part.querySelector('.bytes').textContent = `${weight(n)} instead of ${weight(Number(part.dataset.original))}` })
  }
  part.dataset.best = 'coming'
  best.onerror = () => { part.dataset.best = 'failed' }
  for (const img of part.querySelectorAll('img')) {
    img.onload = here
    if (img.naturalWidth) here({ target: img })
  }
}

export function equipCompare(dialog) {
  const part = dialog.querySelector('.compare')
  const button = dialog.querySelector('[data-compare]')
  const set = on => {
    button.setAttribute('aria-pressed', on)
    part.hidden = !on
  }
  button.hidden = false
  button.onclick = () => set(part.hidden)
  part.oninput = () => move(part)
  watch(part)
  move(part)
  set(button.getAttribute('aria-pressed') === 'true')
}
