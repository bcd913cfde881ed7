// Under a policy that takes any focal point, a click in a part of the map means
// the very point; keys mean the part. Otherwise the part is all there is.
export function aim(event) {
  const spots = event.target.closest('.spots')
  const input = event.target.closest('label')?.querySelector('input')
  if (!input || spots.dataset.free === undefined || !event.detail || event.target !== input) return
  const box = spots.getBoundingClientRect()
  const percent = (at, from, length) => Math.min(Math.max(Math.round(100 * (at - from) / length), 0), 100)
  input.value = `fp${percent(event.clientX, box.left, box.width)}-${percent(event.clientY, box.top, box.height)}`
  if (input.defaultChecked || input.checked) input.dispatchEvent(new Event('change', { bubbles: true }))
}
