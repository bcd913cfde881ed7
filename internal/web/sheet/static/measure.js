// Renditions by bytes. Nothing is asked for until somebody wants it: each that
// is not kept yet is work for the server, so they are fetched one by one.
import { types, weight } from './picture.js'

const accept = 'image/avif,image/webp,image/*' // as a picture is asked for

// fetchPicture gives a rendition's bytes and its format's name.
async function fetchPicture(address) {
  const response = await fetch(address, { headers: { Accept: accept } })
  if (!response.ok) throw new Error(String(response.status))
  const picture = await response.blob()
  return { bytes: picture.size, format: types[picture.type] ?? picture.type }
}

// fewer is how many times fewer bytes than the original a rendition has.
export function fewer(original, bytes) {
  const times = original / bytes
  return (times < 9.95 ? times.toFixed(1) : Math.round(times).toLocaleString('en')) + ' ×'
}

// measure fills the rows of a table; fill gets each row and what came. What did not
// come is said in that column.
async function measure(part, column, fill) {
  if (part.dataset.measured) return
  part.dataset.measured = 'begun'
  const status = part.querySelector('[role=status]')
  const rows = [...part.querySelectorAll('tbody tr')]
  let failed = 0
  for (const [i, row] of rows.entries()) {
    if (!part.isConnected) return // another photo is shown
    status.textContent = `Measuring ${i + 1} of ${rows.length} …`
    try {
      fill(row, await fetchPicture(row.querySelector('a').href))
    } catch {
      failed++
      row.cells[column].textContent = 'failed'
    }
  }
  status.textContent = failed ? `${failed} of ${rows.length} could not be made.` : 'All are measured.'
  part.dataset.measured = 'done'
}

function fillSize(row, { bytes, format }) {
  row.cells[1].textContent = format
  fillBytes(row, bytes, 2)
}

// The bytes and how many times fewer they are, from that column on.
function fillBytes(row, bytes, column) {
  row.cells[column].textContent = weight(bytes)
  row.cells[column].dataset.bytes = bytes
  row.cells[column + 1].textContent = fewer(Number(row.closest('[data-original]').dataset.original), bytes)
}

// Bars are held against the heaviest that is there yet.
function fillFormat(row, { bytes }) {
  fillBytes(row, bytes, 1)
  const done = [...row.parentNode.rows].filter(r => r.cells[1].dataset.bytes)
  const most = Math.max(...done.map(r => Number(r.cells[1].dataset.bytes)))
  for (const r of done) r.querySelector('.bar span').style.width = 100 * r.cells[1].dataset.bytes / most + '%'
}

// Formats are measured as soon as they are shown: they are four.
export function equipMeasures(dialog) {
  const sizes = dialog.querySelector('[data-part=sizes]')
  const button = sizes.querySelector('[data-measure]')
  button.hidden = false
  button.onclick = () => {
    button.disabled = true
    measure(sizes, 2, fillSize)
  }
  const details = dialog.querySelector('details.formats')
  details.ontoggle = () => {
    if (details.open) measure(dialog.querySelector('[data-part=formats]'), 1, fillFormat)
  }
  details.ontoggle()
}
