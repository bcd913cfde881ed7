// The Copy button. The clipboard is there on https and on this machine only;
// elsewhere the text is selected and copied the old way.
async function copy(code) {
  if (navigator.clipboard) {
    try {
      await navigator.clipboard.writeText(code.textContent)
      return true
    } catch { /* not allowed: the old way */ }
  }
  getSelection().selectAllChildren(code)
  return document.execCommand('copy')
}

let later
document.addEventListener('click', async event => {
  const button = event.target.closest('[data-copy]')
  if (!button) return
  const done = await copy(button.closest('.copy').querySelector('code'))
  button.textContent = done ? 'Copied' : 'Selected: now Ctrl+C or ⌘C'
  clearTimeout(later)
  later = setTimeout(() => { button.textContent = 'Copy' }, 2000)
})
