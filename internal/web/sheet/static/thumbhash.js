// A ThumbHash as a picture whose long side has 32 pixels. The format is told in
// internal/thumbhash, whose Decode this is in JavaScript; a damaged one throws.
const long = 32

function terms(nx, ny) {
  const list = []
  for (let cy = 0; cy < ny; cy++) {
    for (let cx = cy ? 0 : 1; cx * ny < nx * (ny - cy); cx++) list.push([cx, cy])
  }
  return list
}

// read takes a hash apart: L, P, Q and, if it has one, A; and its shape.
function read(hash) {
  if (hash.length < 5) throw new Error('not a ThumbHash')
  const head = hash[0] | hash[1] << 8 | hash[2] << 16
  const tail = hash[3] | hash[4] << 8
  const alpha = head >> 23 === 1
  let lx = tail & 7, ly = alpha ? 5 : 7
  if (lx < 1 || lx > ly) throw new Error('not a ThumbHash')
  if (tail >> 15) [lx, ly] = [ly, lx]
  // Colours are raised a quarter, for what quantisation takes of them.
  const channels = [
    { waves: terms(Math.max(3, lx), Math.max(3, ly)), mean: (head & 63) / 63, scale: (head >> 18 & 31) / 31 },
    { waves: terms(3, 3), mean: (head >> 6 & 63) / 31.5 - 1, scale: (tail >> 3 & 63) / 63 * 1.25 },
    { waves: terms(3, 3), mean: (head >> 12 & 63) / 31.5 - 1, scale: (tail >> 9 & 63) / 63 * 1.25 },
  ]
  if (alpha) channels.push({ waves: terms(5, 5), mean: (hash[5] & 15) / 15, scale: (hash[5] >> 4) / 15 })
  let n = alpha ? 12 : 10 // in half bytes
  for (const channel of channels) {
    channel.factors = channel.waves.map(() => {
      if (n >> 1 >= hash.length) throw new Error('not a ThumbHash')
      return (hash[n >> 1] >> (n++ & 1) * 4 & 15) / 7.5 - 1
    })
  }
  return { channels, shape: lx / ly }
}

export function decode(hash) {
  const { channels, shape } = read(hash)
  const side = part => Math.max(1, Math.round(long * Math.min(part, 1)))
  const width = side(shape), height = side(1 / shape)
  const pixels = new Uint8ClampedArray(width * height * 4)
  const wave = (c, at, size) => Math.cos(Math.PI / size * c * (at + .5))
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i += 4) {
      const [l, p, q, a = 1] = channels.map(({ waves, factors, mean, scale }) =>
        waves.reduce((sum, [cx, cy], n) => sum + 2 * scale * factors[n] * wave(cx, x, width) * wave(cy, y, height), mean))
      const b = l - 2 / 3 * p
      const r = (3 * l - b + q) / 2
      pixels.set([255 * r, 255 * (r - q), 255 * b, 255 * a], i)
    }
  }
  return { width, height, pixels }
}
