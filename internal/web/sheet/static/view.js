// The opened photo without a new page: the server writes the view, this script
// fetches it, puts its parts in place and keeps the window's address in step.
import { equipAbout } from './about.js'
import { equipCompare } from './compare.js'
import { aim } from './focal.js'
import { equipMeasures } from './measure.js'
import { settle } from './picture.js'

const folder = document.getElementById('folder')
const dialog = document.getElementById('view')
const grid = document.querySelector('.sheet')
const title = grid?.dataset.title // of the window while no photo is open
const tiles = grid ? [...grid.querySelectorAll('a')] : []
const find = selector => dialog.querySelector(selector)
const photoOf = address => new URL(address, location.href).searchParams.get('photo')

let at = -1 // the opened photo's index among the tiles
let turn = 0 // of the last view asked for; an answer to an older one is dropped

// Views fetched ahead, by address. A few are enough.
const ahead = new Map()

function fetchView(address) {
  if (!ahead.has(address)) {
    if (ahead.size > 8) ahead.delete(ahead.keys().next().value)
    const answer = fetch(address + '&part=view').then(async response => {
      if (!response.ok) throw new Error(String(response.status))
      return new DOMParser().parseFromString(await response.text(), 'text/html').getElementById('view')
    })
    answer.catch(() => ahead.delete(address))
    ahead.set(address, answer)
  }
  return ahead.get(address)
}

// The address of a photo's view with what is chosen in the form.
function withChoices(address) {
  const form = find('form')
  const url = new URL(address, location.href)
  for (const [name, value] of form ? new FormData(form) : []) {
    if (name === 'photo') continue
    if (value) url.searchParams.set(name, value)
    else url.searchParams.delete(name)
  }
  return url.pathname + url.search
}

async function show(address) {
  const mine = ++turn
  at = tiles.findIndex(t => photoOf(t.href) === photoOf(address))
  if (dialog.open) point() // at once, so that keys pressed fast walk on
  let fresh
  try {
    fresh = await fetchView(address)
  } catch {
    if (mine === turn) location.reload() // and the server says what is wrong
    return
  }
  if (mine !== turn) return
  adopt(fresh.cloneNode(true))
  present()
  ready(address)
}

// The dialog itself gets the focus first: no control is marked before it is
// reached for, and the arrow keys walk.
function present() {
  if (dialog.open) return
  dialog.showModal()
  dialog.focus()
}

// The policy makes the options, so each view has the same ones in the same order.
const radios = view => [...view.querySelectorAll('input[type=radio]')]

// Controls stay, so that they keep the focus; what depends on the photo goes.
function adopt(fresh) {
  if (!find('form')) {
    dialog.setAttribute('aria-labelledby', 'name')
    dialog.tabIndex = -1
    dialog.replaceChildren(...fresh.childNodes)
    return
  }
  for (const part of dialog.querySelectorAll('[data-part]')) {
    part.replaceWith(fresh.querySelector(`[data-part=${part.dataset.part}]`))
  }
  find('[name=photo]').value = fresh.querySelector('[name=photo]').value
  const given = radios(fresh)
  radios(dialog).forEach((own, i) => {
    own.value = given[i].value
    own.checked = given[i].hasAttribute('checked')
  })
}

function neighbours() {
  return {
    before: at > 0 ? tiles[at - 1].href : grid.dataset.before,
    after: at < tiles.length - 1 ? tiles[at + 1].href : grid.dataset.after,
  }
}

// Links lead on from the photo that was last asked for.
function point() {
  for (const [name, to] of Object.entries(neighbours())) {
    const link = find(`[data-walk=${name}]`)
    if (!to && link === document.activeElement) dialog.focus()
    link.hidden = !to
    if (to) link.href = withChoices(to)
    else link.removeAttribute('href')
  }
  find('[data-walk=close]').href = grid.dataset.self
}

function ready(address) {
  point()
  find('[data-copy]').hidden = false
  equipMeasures(dialog)
  equipAbout(dialog)
  equipCompare(dialog)
  document.title = photoOf(address) + ' · ' + title
  settle(dialog, () => warm(neighbours().after))
}

// The next photo is asked for once this one is there.
async function warm(next) {
  if (!next || at === tiles.length - 1) return
  const view = await fetchView(withChoices(next)).catch(() => null)
  const img = view?.querySelector('img')
  if (!img) return
  const early = new Image()
  early.sizes = img.sizes
  early.srcset = img.srcset
}

// Opening adds a step to the history, walking does not: Back closes the view.
function open(address) {
  const state = { added: dialog.open ? Boolean(history.state?.added) : true }
  if (dialog.open) history.replaceState(state, '', address)
  else history.pushState(state, '', address)
  show(address)
}

function walk(name) {
  const link = find(`[data-walk=${name}]`)
  if (!link?.href) return
  if (tiles.some(t => photoOf(t.href) === photoOf(link.href))) open(withChoices(link.href))
  else location.replace(withChoices(link.href)) // on another page of the folder
}

grid?.addEventListener('click', event => {
  const tile = event.target.closest('a')
  if (!tile || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return
  event.preventDefault()
  open(withChoices(tile.href))
})

dialog.addEventListener('click', event => {
  if (event.target.closest('.spots')) aim(event)
  const chosen = event.target.closest('[data-choose]')
  if (chosen && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey) {
    event.preventDefault()
    open(chosen.href)
    return
  }
  const name = event.target.closest('[data-walk]')?.dataset.walk
  if (!name || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return
  event.preventDefault()
  if (name === 'close') dialog.close()
  else walk(name)
})

dialog.addEventListener('keydown', event => {
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || event.target.closest('input, pre')) return
  const name = { ArrowLeft: 'before', ArrowRight: 'after' }[event.key]
  if (!name) return
  event.preventDefault()
  walk(name)
})

dialog.addEventListener('change', event => {
  if (event.target.form) open(withChoices(location.href))
})
dialog.addEventListener('submit', event => event.preventDefault())

dialog.addEventListener('close', () => {
  turn++
  document.title = title
  if (photoOf(location.href)) {
    if (history.state?.added) history.back()
    else history.replaceState(null, '', grid.dataset.self)
  }
  tiles[at]?.focus()
  tiles[at]?.scrollIntoView({ block: 'nearest' })
})

addEventListener('popstate', () => {
  if (photoOf(location.href)) show(location.pathname + location.search)
  else if (dialog.open) dialog.close()
})

// A page that came with its photo opened: make the dialog a modal one.
if (dialog.open) {
  folder.inert = false
  dialog.removeAttribute('open')
  present()
  at = tiles.findIndex(t => photoOf(t.href) === photoOf(location.href))
  ready(location.href)
}
