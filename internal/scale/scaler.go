package scale

import "sync"

// Size is of a picture to be scaled: pixels, and samples in each of them. Of 2
// and 4 bands the last is alpha, by which the others are weighted; 1 and 3 have
// none.
type Size struct{ Width, Height, Bands int }

// Scaler scales one picture. It is for one goroutine.
type Scaler struct {
	across, down axis
	bands        int
	row          int // samples of a source row

	taken int // source rows so far
	made  int // rows of the result so far

	// Light lies in blocks of columns, one after the other, and in a block row
	// after row: kept are the boxes from base on, of which the last may not be full.
	light  []float32
	blocks int
	rows   int // that a block has room for
	base   int

	// lines are rows that are scaled down and not yet across; line is one that is
	// both, still light.
	lines  []float32
	stride int
	line   []float32
	pixels []byte

	memory *[]float32
}

// block is how many columns of samples are worked on at a time, so that all
// rows of a window are in the nearest cache: a multiple of 64, which weigh takes
// at once, and of all numbers of bands but 3, for which nothing needs it.
const block = 128

// mostRows is how many rows are worked on at a time.
const mostRows = 32

// tallest is how many rows there are at least for each row of the result, after
// whole rows are summed up.
const tallest = 4

// slack is by how many samples reading may go beyond a row's end, times a weight
// of 0.
const slack = 32

// New makes a scaler from one size to another of w × h, which is not larger in
// either direction; all are at least 1. The result goes to pixels, which has
// room for just that, bands interleaved and rows from top to bottom. Close must
// be called when it is no longer needed.
func New(from Size, w, h int, pixels []byte) *Scaler {
	if len(pixels) != w*h*from.Bands || from.Bands < 1 || from.Bands > 4 {
		panic("scale: the pixels do not fill the size")
	}
	n := boxOf(from.Height, h)
	s := &Scaler{
		across: newAxis(from.Width, w, 1, 4),
		down:   newAxis(from.Height, h, n, 1),
		bands:  from.Bands,
		row:    from.Width * from.Bands,
		pixels: pixels,
	}
	s.blocks = (s.row + block - 1) / block
	s.rows = s.down.taps + mostRows/n + 2
	s.stride = s.blocks*block + slack
	light, lines := s.blocks*s.rows*block, s.stride*waiting(from.Height, h)
	s.memory = take(light + lines + w*from.Bands + slack)
	all := *s.memory
	s.light, s.lines, s.line = all[:light], all[light:light+lines], all[light+lines:]
	return s
}

// Memory is about how many bytes a scaler holds beside the pixels that it makes.
func Memory(from Size, w, h int) int64 {
	n := boxOf(from.Height, h)
	rows := 2*lobes*(from.Height/h+1)/n + mostRows/n + 4 + waiting(from.Height, h)
	taps := 2*lobes*(from.Width/w+1) + 4
	return 4 * (int64(rows)*int64(from.Width*from.Bands+block+slack) + int64(taps)*int64(w) + int64(rows)*int64(h))
}

// boxOf is how many rows are summed up before they are weighted.
func boxOf(in, out int) int { return max(1, in/(out*tallest)) }

// waiting is how many rows of the result may be ready at once: those that follow
// from the rows of one strip and, at the end, those whose windows go beyond it.
func waiting(in, out int) int { return mostRows*out/in + 2*lobes + 2 }

// Close lets go of the scaler's memory, but for the pixels.
func (s *Scaler) Close() {
	memory.Put(s.memory)
	s.memory = nil
}

// memory is what scalers that are done have left for the next ones. Stale light
// does no harm: where it is read it is multiplied by 0, and it is finite.
var memory sync.Pool

func take(n int) *[]float32 {
	if m, _ := memory.Get().(*[]float32); m != nil {
		if cap(*m) >= n {
			*m = (*m)[:n]
			return m
		}
	}
	m := make([]float32, n)
	return &m
}

// Rows takes the next rows of the source, stride bytes apart. Rows beyond the
// source's height are an error of the caller's, and left out.
func (s *Scaler) Rows(rows []byte, stride int) {
	for n := min((len(rows)-s.row)/stride+1, s.down.in-s.taken); n > 0; n -= mostRows {
		s.strip(rows, stride, min(n, mostRows))
		if n > mostRows {
			rows = rows[mostRows*stride:]
		}
	}
}

// Done tells whether the whole result is there.
func (s *Scaler) Done() bool { return s.made == s.down.out }

// strip takes up to mostRows rows.
func (s *Scaler) strip(rows []byte, stride, n int) {
	d := &s.down
	if s.Done() { // the last rows may be beyond all windows
		s.taken += n
		return
	}
	drop := s.drop()
	until := s.taken + n
	full := until / d.n // boxes
	if until == d.in {
		full = d.boxes
	}
	ready := s.made
	for ready < d.out && int(d.first[ready])+min(d.taps, d.boxes) <= full {
		ready++
	}
	for b := range s.blocks {
		width := min(block, s.row-b*block)
		rest := s.light[b*s.rows*block:][:s.rows*block]
		if drop > 0 {
			copy(rest, rest[drop*block:])
		}
		for i := range n {
			y := s.taken + i
			to := rest[(y/d.n-s.base)*block:][:width]
			s.enlighten(to, rows[i*stride+b*block:][:width], y%d.n > 0)
		}
		for o := s.made; o < ready; o++ {
			weigh(s.lines[(o-s.made)*s.stride+b*block:][:block], rest[(int(d.first[o])-s.base)*block:], d.weights[o*d.taps:][:d.taps])
		}
	}
	for o := s.made; o < ready; o++ {
		across(s.line, s.lines[(o-s.made)*s.stride:][:s.stride], &s.across, s.bands)
		size := s.across.out * s.bands
		s.finish(s.pixels[o*size:][:size])
	}
	s.taken, s.made = until, ready
}

// drop moves base on to the first box that is still needed, and tells by how
// many rows what is kept has to move.
func (s *Scaler) drop() int {
	first := min(int(s.down.first[s.made]), s.taken/s.down.n)
	drop := first - s.base
	s.base = first
	return drop
}

// enlighten turns codes into light, colours weighted by alpha. Light is added to
// what is there if add is set.
func (s *Scaler) enlighten(to []float32, src []byte, add bool) {
	switch {
	case s.bands == 2 || s.bands == 4:
		weighted(to, src, s.bands, add)
	case add:
		brighten(to, src)
	default:
		lighten(to, src)
	}
}

// finish turns the line of light into codes.
func (s *Scaler) finish(out []byte) {
	line := s.line[:len(out)]
	if s.bands == 2 || s.bands == 4 {
		unweighted(out, line, s.bands)
		return
	}
	encode(out, line)
}
