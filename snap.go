package photofit

// snap turns a wish into the policy's recipe for it, without the photo. What is
// in the policy stays as it is, so snapping twice is snapping once.
func (p *Policy) snap(w wish, t *trace) Recipe {
	r := Recipe{Fit: w.fit, Crop: w.crop, Quality: w.quality, Format: w.format}
	given := w.ratio.W > 0
	switch {
	case w.fit == Cover && given && (w.w == 0 || w.h == 0):
		// The ratio makes the box: from the height, the width, or neither.
		if w.h > 0 && p.Free {
			w.w = max(roundDiv(w.h*int64(w.ratio.W), int64(w.ratio.H)), 1)
		} else if w.h > 0 {
			w.w, w.h = ceilDiv(w.h*int64(w.ratio.W), int64(w.ratio.H)), 0
		}
		p.box(&r, w.w, w.h, w.ratio, t)
	case w.w > 0 && w.h > 0:
		if given {
			t.drop(paramAR, "w and h make the ratio: no effect")
		}
		p.box(&r, w.w, w.h, newRatio(w.w, w.h), t)
	default:
		if given {
			t.param(paramAR, "", "counts with fit=crop only: no effect")
		}
		p.resize(&r, w, t)
	}
	p.snapCrop(&r, t)
	if r.Quality != 0 && r.Format == PNG {
		t.param(paramQ, "", "PNG is lossless and has no quality: dropped")
	} else if r.Quality != 0 {
		r.Quality = p.snapQuality(r.Quality, t)
	}
	return r.normal()
}

// resize is for at most one side given.
func (p *Policy) resize(r *Recipe, w wish, t *trace) {
	step := func(v int64) int {
		if p.Free {
			return int(min(v, p.freeSide()))
		}
		return int(snapUp(p.widths(), v))
	}
	switch {
	case w.w > 0:
		r.Width = step(w.w)
		t.number(paramW, r.Width, ladderReason(w.w, r.Width))
	case w.h > 0:
		r.Height = step(w.h)
		t.number(paramH, r.Height, ladderReason(w.h, r.Height))
	default:
		r.Width = step(maxInteger)
		t.number(paramW, r.Width, ladderReason(0, r.Width))
	}
	if r.Fit == Cover {
		t.param(paramFit, Clip.String(), "there is no box to fill without both sides")
	} else {
		t.param(paramFit, r.Fit.String(), "the whole photo, not enlarged")
	}
	r.Fit = Clip
}

// box is for a width and a height, or a ratio in place of the height (0) or of
// both.
func (p *Policy) box(r *Recipe, w, h int64, ratio Ratio, t *trace) {
	asked, why := w, "is there as it is"
	switch {
	case p.Free:
		w, h = p.freeBox(w, h, ratio)
		why = "as asked, or as the ratio makes it"
		t.param(paramAR, "taken", "the policy takes any ratio")
	case !p.hasBox(w, h):
		ratio = nearestRatio(p.ratios(), ratio)
		if w == 0 {
			w = maxInteger
		}
		w = snapUp(p.cropWidths(), w)
		h = boxHeight(w, ratio)
		if t != nil {
			why = "from the width and the nearest ratio of the policy, " + ratio.String()
			t.param(paramAR, ratio.String(), "the nearest ratio of the policy")
		}
	}
	r.Width, r.Height = int(w), int(h)
	t.number(paramW, r.Width, ladderReason(asked, r.Width))
	t.number(paramH, r.Height, why)
	if r.Fit == Cover {
		t.param(paramFit, r.Fit.String(), "fill the box and cut the rest")
	} else {
		t.param(paramFit, r.Fit.String(), "the whole photo inside the box, not enlarged")
	}
}

// freeBox completes a box by its ratio, and shrinks it until its sides are
// within the bound.
func (p *Policy) freeBox(w, h int64, ratio Ratio) (int64, int64) {
	limit := p.freeSide()
	if w == 0 {
		w = limit
	}
	if h == 0 {
		h = max(roundDiv(w*int64(ratio.H), int64(ratio.W)), 1)
	}
	switch {
	case w >= h && w > limit:
		return limit, max(roundDiv(h*limit, w), 1)
	case h > limit:
		return max(roundDiv(w*limit, h), 1), limit
	}
	return w, h
}

func ladderReason(asked int64, became int) string {
	switch {
	case asked == 0:
		return "no width is asked for: the greatest there is"
	case asked == int64(became):
		return "is there as it is"
	case asked > int64(became):
		return "the greatest there is"
	}
	return "up to the next step of the ladder"
}

// hasBox tells whether the policy has a box of exactly that size.
func (p *Policy) hasBox(w, h int64) bool {
	if h == 0 || snapUp(p.cropWidths(), w) != w {
		return false
	}
	for _, r := range p.ratios() {
		if boxHeight(w, r) == h {
			return true
		}
	}
	return false
}

// boxHeight is the height of the policy's box of that width and ratio.
func boxHeight(w int64, r Ratio) int64 {
	return min(max(roundDiv(w*int64(r.H), int64(r.W)), 1), MaxSide)
}

// snapCrop brings the crop's point to that of the 3 × 3 grid which keeps it in
// the picture.
func (p *Policy) snapCrop(r *Recipe, t *trace) {
	if r.Fit == Clip {
		for _, q := range []param{paramCrop, paramFPX, paramFPY} {
			t.drop(q, "nothing is cut: no effect")
		}
		return
	}
	why := "what matters most, found in the photo"
	if !r.Crop.Smart() {
		why = "around this point, in percent"
		if x, y := r.Crop.Point(); !p.Free {
			r.Crop = FocalPoint(snapPoint(x), snapPoint(y))
			why = "around this point of a 3 × 3 grid, in percent"
		}
	}
	t.crop(r.Crop, why)
}

// snapPoint is 0, 50 or 100 for one coordinate of a point, in percent.
//
// How much of the photo the window spans that way is not known here. Say it is s
// percent: then x, if left of the middle, is in the window at 0 for s ≥ x, in the
// one at 50 for s ≥ 100-2x, and in the one at 100 for more than both. The least
// wins, so if any of the three windows has the point, this one has; and from a
// third of the photo on one always has.
func snapPoint(x int) int {
	switch {
	case x <= 100-2*x:
		return 0
	case 100-x <= 2*x-100:
		return 100
	}
	return 50
}

// snapQuality is the nearest step, the higher of two.
func (p *Policy) snapQuality(q int, t *trace) int {
	if p.Free {
		t.number(paramQ, q, "taken as it is")
		return q
	}
	steps := p.qualities()
	if len(steps) == 0 {
		t.param(paramQ, "auto", "the policy has no other")
		return 0
	}
	i := 0
	for i+1 < len(steps) && 2*q >= steps[i]+steps[i+1] {
		i++
	}
	t.number(paramQ, steps[i], "the nearest step of the policy")
	return steps[i]
}

// snapUp is the first step that is not below v, or the last.
func snapUp(steps []int, v int64) int64 {
	for _, s := range steps {
		if int64(s) >= v {
			return int64(s)
		}
	}
	return int64(steps[len(steps)-1])
}

// newRatio is a to b, both positive, with terms halved until they are below
// 2^16: so products of their squares with a policy's ratios stay exact.
func newRatio(a, b int64) Ratio {
	for a > 1<<16-1 || b > 1<<16-1 {
		a, b = max(a/2, 1), max(b/2, 1)
	}
	return Ratio{int(a), int(b)}
}

// nearestRatio is that of the list, ascending, whose quotient with r is nearest
// to 1; the wider of two. Between neighbours x < y the border is the geometric
// mean: r is nearer to y when r² ≥ xy.
func nearestRatio(list []Ratio, r Ratio) Ratio {
	a, b := int64(r.W)*int64(r.W), int64(r.H)*int64(r.H)
	i := 0
	for i+1 < len(list) && a*int64(list[i].H*list[i+1].H) >= b*int64(list[i].W*list[i+1].W) {
		i++
	}
	return list[i]
}
