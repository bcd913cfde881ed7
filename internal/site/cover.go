package site

import (
	"cmp"
	"container/heap"
	"slices"
	"strings"
)

// measuredImage is one whose layout was measured.
type measuredImage struct {
	page  string // as an address has it
	chain chain
	says  string // the declarations of its rule
}

// chosen is a selector that holds only for images of which the same is said: on some
// pages, or on all if page is empty.
type chosen struct{ page, selector, says string }

// cover chooses selectors so that each image has one that holds for it, and no
// selector holds for images of which something else is said.
//
// The general comes first: few short selectors that hold all over the site, which will
// fit the next page of the same layout, too. What these can't tell apart is told by
// counting siblings, then by its page, and at last by its very place there.
func cover(images []measuredImage) []chosen {
	var all []chosen
	left := images
	for _, w := range []way{byName, byPlace} {
		var some []chosen
		if len(left) > 0 {
			some, left = coverBy(images, left, w)
		}
		all = append(all, some...)
	}
	byPage := map[string][]measuredImage{}
	for _, image := range images {
		byPage[image.page] = append(byPage[image.page], image)
	}
	for len(left) > 0 {
		page := left[0].page
		end := slices.IndexFunc(left, func(i measuredImage) bool { return i.page != page })
		if end < 0 {
			end = len(left)
		}
		here := left[:end]
		left = left[end:]
		for _, w := range []way{byName, byPlace, byVeryPlace} {
			var some []chosen
			some, here = coverBy(byPage[page], here, w)
			for i := range some {
				some[i].page = page
			}
			all = append(all, some...)
		}
	}
	return all
}

// way is one to tell images apart: by which selectors, and by what of a chain these are
// known.
type way struct {
	selectors func(chain) []string
	key       func(chain) string
}

var (
	byName      = way{chain.selectors, chain.names}
	byPlace     = way{chain.placed, func(c chain) string { return c.names() + c.String() }}
	byVeryPlace = way{func(c chain) []string { return []string{c.String()} }, chain.String}
)

// coverBy chooses among the selectors of images, again and again the one that covers
// the most of those that are left, and gives what is left then, in its order.
func coverBy(images, left []measuredImage, w way) ([]chosen, []measuredImage) {
	kinds := map[string]int{} // images of the same selectors and declarations are one
	var queue candidateQueue
	bySelector := map[string]*candidate{}
	counts := []int{} // images left, by kind
	kindOf := make([]int, 0, len(left))
	for i, image := range slices.Concat(images, left) {
		key := image.says + "\n" + w.key(image.chain)
		kind, known := kinds[key]
		if !known {
			kind = len(counts)
			kinds[key] = kind
			counts = append(counts, 0)
			for _, selector := range w.selectors(image.chain) {
				c := bySelector[selector]
				if c == nil {
					c = &candidate{selector: selector, says: image.says}
					bySelector[selector] = c
				}
				c.mixed = c.mixed || c.says != image.says
				c.kinds = append(c.kinds, kind)
			}
		}
		if i >= len(images) {
			counts[kind]++
			kindOf = append(kindOf, kind)
		}
	}
	for _, c := range bySelector {
		if c.count(counts); !c.mixed && c.gain > 0 {
			queue = append(queue, c)
		}
	}
	heap.Init(&queue)
	var some []chosen
	for len(queue) > 0 {
		c := queue[0]
		before := c.gain
		if c.count(counts); c.gain == 0 {
			heap.Pop(&queue)
			continue
		}
		if c.gain < before {
			heap.Fix(&queue, 0)
			continue
		}
		some = append(some, chosen{selector: c.selector, says: c.says})
		for _, kind := range c.kinds {
			counts[kind] = 0
		}
	}
	var rest []measuredImage
	for i, image := range left {
		if counts[kindOf[i]] > 0 {
			rest = append(rest, image)
		}
	}
	return some, rest
}

// candidate is a selector that might be chosen.
type candidate struct {
	selector, says string
	mixed          bool // holds for images of which something else is said, too
	kinds          []int
	gain           int // images left that it holds for
}

func (c *candidate) count(counts []int) {
	c.gain = 0
	for _, kind := range c.kinds {
		c.gain += counts[kind]
	}
}

// candidateQueue is a heap: the greatest gain first, of several the shortest selector.
type candidateQueue []*candidate

func (q candidateQueue) Len() int { return len(q) }
func (q candidateQueue) Less(i, j int) bool {
	a, b := q[i], q[j]
	return cmp.Or(b.gain-a.gain, len(a.selector)-len(b.selector), strings.Compare(a.selector, b.selector)) < 0
}
func (q candidateQueue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q *candidateQueue) Push(any)     {} // nothing comes in later
func (q *candidateQueue) Pop() any {
	old := *q
	last := old[len(old)-1]
	*q = old[:len(old)-1]
	return last
}
