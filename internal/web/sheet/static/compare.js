// A rendition over the best there is, with a seam that a range input moves. The
// pair has the picture's shape, so that the seam runs over the picture only.
function move(figure) {
  const range = figure.querySelector('input')
  figure.querySelector('.cut').style.clipPath = `inset(0 ${100 - range.value}% 0 0)`
  figure.querySelector('.seam').style.left = range.value + '%'
}

// The best is the greatest and may take a while; its caption says so meanwhile.
function watch(figure) {
  const best = figure.querySelector('.best')
  const here = event => {
    const img = event.target
    figure.style.setProperty('--shape', img.naturalWidth / img.naturalHeight)
    if (img === best) delete figure.dataset.best
  }
  figure.dataset.best = 'coming'
  best.onerror = () => { figure.dataset.best = 'failed' }
  for (const img of figure.querySelectorAll('img')) {
    img.onload = here
    if (img.naturalWidth) here({ target: img })
  }
}

export function equipCompare(dialog) {
  const figure = dialog.querySelector('.compare')
  const button = dialog.querySelector('[data-compare]')
  const set = on => {
    button.setAttribute('aria-pressed', on)
    figure.hidden = !on
    dialog.querySelector('.stage').classList.toggle('covered', on)
  }
  button.hidden = false
  button.onclick = () => set(figure.hidden)
  figure.oninput = () => move(figure)
  watch(figure)
  move(figure)
  set(button.getAttribute('aria-pressed') === 'true')
}
