// Arrow keys among the tiles. One tile is in the tab order, the one last used.
const tiles = [...document.querySelectorAll('.sheet a')]

function choose(tile) {
  for (const t of tiles) t.tabIndex = t === tile ? 0 : -1
}

// The number of columns is what the layout made of it.
function columns() {
  const top = tiles[0].parentNode.offsetTop
  const n = tiles.findIndex(t => t.parentNode.offsetTop > top)
  return n < 0 ? tiles.length : n
}

function target(key, from) {
  switch (key) {
    case 'ArrowLeft': return from - 1
    case 'ArrowRight': return from + 1
    case 'ArrowUp': return from - columns()
    case 'ArrowDown': return from + columns()
    case 'Home': return 0
    case 'End': return tiles.length - 1
  }
  return -1
}

// A tile without a picture says so. Some may have failed before this ran.
const failed = img => { img.closest('a').dataset.failed = '' }

const grid = document.querySelector('.sheet')
if (grid) {
  for (const img of grid.querySelectorAll('img')) {
    if (img.complete && img.currentSrc && !img.naturalWidth) failed(img)
  }
  grid.addEventListener('error', event => failed(event.target), true) // errors don't bubble
  choose(tiles[0])
  grid.addEventListener('focusin', event => choose(event.target.closest('a')))
  grid.addEventListener('keydown', event => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return
    const tile = tiles[target(event.key, tiles.indexOf(event.target.closest('a')))]
    if (!tile) return
    event.preventDefault()
    tile.focus()
    tile.scrollIntoView({ block: 'nearest' })
  })
}
