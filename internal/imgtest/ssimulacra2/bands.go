package ssimulacra2

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// bandRows is the height of a band. It is fixed, so that sums are added up in the same order on any number of cores.
const bandRows = 128

// bandsOf is how many bands h rows have.
func bandsOf(h int) int { return (h + bandRows - 1) / bandRows }

// inBands does work on all rows in bands, on all cores. Each worker calls start for a function of its own, with buffers of its own, and
// that for one band b after another, of rows y0 to y1.
func inBands(h int, start func() func(b, y0, y1 int)) {
	bands := bandsOf(h)
	var next atomic.Int64
	var all sync.WaitGroup
	for range min(bands, runtime.GOMAXPROCS(0)) {
		all.Go(func() {
			work := start()
			for b := int(next.Add(1)) - 1; b < bands; b = int(next.Add(1)) - 1 {
				work(b, b*bandRows, min((b+1)*bandRows, h))
			}
		})
	}
	all.Wait()
}
