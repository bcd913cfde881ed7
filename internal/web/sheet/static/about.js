// What the server knows of a photo, from its _info.json.
import { types, weight } from './picture.js'
import { decode } from './thumbhash.js'

function swatch(color) {
  const box = document.createElement('span')
  box.className = 'swatch'
  box.style.backgroundColor = color
  return [box, color]
}

function placeholder(hash, shape) {
  const canvas = document.createElement('canvas')
  const bytes = Uint8Array.from(atob(hash), c => c.charCodeAt(0))
  const { width, height, pixels } = decode(bytes)
  canvas.width = width
  canvas.height = height
  canvas.getContext('2d').putImageData(new ImageData(pixels, width, height), 0, 0)
  canvas.style.aspectRatio = shape
  canvas.setAttribute('role', 'img')
  canvas.setAttribute('aria-label', 'Blurred placeholder')
  return [canvas, `${bytes.length} bytes`]
}

// A date without an offset is the camera's own clock, and stays as it was read.
const date = taken => taken.replace('T', ' ')

function facts(info) {
  const more = [info.hdr && 'HDR', info.animated && 'Animated'].filter(Boolean).join(', ')
  return [
    ['Pixels', `${info.width.toLocaleString('en')} × ${info.height.toLocaleString('en')}`],
    ['File', `${weight(info.bytes)}, ${types[info.type] ?? info.type}`],
    ['Kind', more],
    ['Taken', info.taken && date(info.taken)],
    ['Caption', info.caption],
    ['Creator', info.creator],
    ['Copyright', info.copyright],
    ['Colour', info.color && swatch(info.color)],
    ['Placeholder', info.thumbhash && placeholder(info.thumbhash, info.width / info.height)],
    ['Widths', info.widths?.join(', ')],
  ].filter(([, value]) => value)
}

async function tell(part) {
  if (part.dataset.told) return
  part.dataset.told = 'begun'
  const status = part.querySelector('[role=status]')
  try {
    const response = await fetch(part.dataset.info)
    if (!response.ok) throw new Error(String(response.status))
    const all = facts(await response.json()).flatMap(([name, value]) => {
      const term = document.createElement('dt')
      const text = document.createElement('dd')
      term.textContent = name
      text.dir = 'auto'
      text.append(...[value].flat())
      return [term, text]
    })
    part.querySelector('dl').replaceChildren(...all)
    part.dataset.told = 'done'
  } catch {
    status.textContent = 'The server does not tell.'
    part.dataset.told = 'failed'
  }
}

export function equipAbout(dialog) {
  const details = dialog.querySelector('details.about')
  details.ontoggle = () => {
    if (details.open) tell(dialog.querySelector('[data-part=about]'))
  }
  details.ontoggle()
}
