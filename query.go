package photofit

import "strings"

// query is the parameters that count, decoded. Of one given twice, the first.
type query struct {
	value [paramCount]string
	given [paramCount]bool
}

// parseQuery reads a query as Go's net/url does: pairs are parted by "&", names
// and values are percent-decoded and a "+" is a space, a pair with a bare ";"
// is malformed. What is malformed and not a name we know is dropped with the
// rest of what we don't know. On a path form no known name may stand but a
// signature's.
func parseQuery(rawQuery string, form, signed bool, t *trace) (query, error) {
	var q query
	for rawQuery != "" {
		var pair string
		pair, rawQuery, _ = strings.Cut(rawQuery, "&")
		rawName, rawValue, _ := strings.Cut(pair, "=")
		name, _ := unescape(rawName, '%', true) // "" if malformed, which is unknown
		what, p := classify(name)
		switch {
		case what == unknown:
			if pair != "" {
				t.note(rawName, rawValue, "", "not a parameter of ours: dropped")
			}
			continue
		case signed && (p == paramS || p == paramExpires):
			what = ours
		case form:
			return q, &Error{CodeMixedForms, name, "a path like /trip/b.jpg/_w800.webp says it all: leave out " + name + ", or ask for /trip/b.jpg?w=800"}
		}
		switch {
		case what == reserved && (p == paramS || p == paramExpires):
			return q, &Error{CodeReservedParameter, name, name + " belongs to signed URLs, which this server does not use: leave it out"}
		case what == reserved:
			return q, &Error{CodeReservedParameter, name, name + " is reserved for a later version: leave it out"}
		case what == unsupported:
			return q, &Error{CodeUnsupportedParameter, name, name + " is a parameter of imgix that Photofit does not have: leave it out" + instead(name)}
		case q.given[p]:
			t.note(name, rawValue, "", "given before: the first counts")
			continue
		}
		value, ok := unescape(rawValue, '%', true)
		t.give(p, value)
		if !ok || strings.IndexByte(rawValue, ';') >= 0 {
			return q, badParam(name, name+" is not readable: a % is followed by two hexadecimal digits, a ; is %3B")
		}
		q.value[p], q.given[p] = value, true
	}
	return q, nil
}

// instead names what to write for an imgix parameter that we have otherwise.
func instead(name string) string {
	switch name {
	case "width", "max-w", "max-width":
		return " (the width is w)"
	case "height", "max-h", "max-height":
		return " (the height is h)"
	case "or", "orient":
		return " (photos are turned upright anyway)"
	}
	return ""
}

// wish is what is asked for, before a policy.
type wish struct {
	w, h    int64 // pixels, 0 to maxInteger; 0 is not given
	ratio   Ratio // zero is not given
	fit     Fit
	crop    Crop
	quality int // 0 is auto
	format  Format
}

// wish reads all values. Each is checked, whether it has an effect or not.
func (q *query) wish(accept string, t *trace) (wish, error) {
	var w wish
	var err error
	dpr := int64(thousand)
	if q.given[paramDPR] {
		var more, ok bool
		dpr, more, ok = parseDecimal(q.value[paramDPR])
		if !ok || dpr < 1 || dpr > 8*thousand || dpr == 8*thousand && more {
			return w, badParam("dpr", "dpr is how many pixels the screen has to a CSS pixel, above 0 and up to 8: dpr=2")
		}
		if q.given[paramW] || q.given[paramH] {
			t.param(paramDPR, "", "w and h are multiplied by it")
		} else {
			t.param(paramDPR, "", "there is no w or h to multiply: no effect")
		}
	}
	if w.w, err = q.side(paramW, dpr); err != nil {
		return w, err
	}
	if w.h, err = q.side(paramH, dpr); err != nil {
		return w, err
	}
	if q.given[paramAR] {
		if w.ratio, err = parseRatio(q.value[paramAR]); err != nil {
			return w, err
		}
	}
	if q.given[paramFit] {
		switch q.value[paramFit] {
		case "clip", "max":
		case "crop", "min":
			w.fit = Cover
		default:
			return w, badParam("fit", "fit is clip (the whole photo inside the box) or crop (fill the box); max is clip and min is crop, since nothing is enlarged")
		}
	}
	if w.crop, err = q.position(t); err != nil {
		return w, err
	}
	if q.given[paramQ] {
		milli, _, ok := parseDecimal(q.value[paramQ])
		if !ok || milli < thousand || milli > 100*thousand {
			return w, badParam("q", "q is a quality from 1 to 100: q=80; left out, it is chosen for the format")
		}
		w.quality = int(roundDiv(milli, thousand))
	}
	if err = q.format(&w, accept, t); err != nil {
		return w, err
	}
	return w, nil
}

// side reads w or h: pixels times dpr, rounded up.
func (q *query) side(p param, dpr int64) (int64, error) {
	if !q.given[p] {
		return 0, nil
	}
	milli, more, ok := parseDecimal(q.value[p])
	if !ok || milli < thousand {
		name := paramNames[p]
		return 0, badParam(name, name+" is a number of pixels, 1 or more: "+name+"=800")
	}
	if more {
		milli++
	}
	return min(ceilDiv(milli*dpr, thousand*thousand), maxInteger), nil
}

// parseRatio reads "16:9" or "1.91:1".
func parseRatio(s string) (Ratio, error) {
	width, height, _ := strings.Cut(s, ":")
	a, _, okA := parseDecimal(width)
	b, _, okB := parseDecimal(height)
	if !okA || !okB || a < 1 || b < 1 {
		return Ratio{}, badParam("ar", "ar is a ratio of width to height: ar=16:9")
	}
	return newRatio(a, b), nil
}

// position reads crop, fp-x and fp-y.
func (q *query) position(t *trace) (Crop, error) {
	x, err := q.share(paramFPX)
	if err != nil {
		return 0, err
	}
	y, err := q.share(paramFPY)
	if err != nil {
		return 0, err
	}
	focal := q.given[paramFPX] || q.given[paramFPY]
	if !q.given[paramCrop] {
		if focal {
			return FocalPoint(x, y), nil
		}
		return 0, nil
	}
	// Words that leave nothing to the rest of the list decide alone, the first
	// of them; of two opposite edges the last counts.
	decided := ""
	edgeX, edgeY := 50, 50
	for list, more := q.value[paramCrop], true; more; {
		var word string
		word, list, more = strings.Cut(list, ",")
		switch word {
		case "center":
		case "left":
			edgeX = 0
		case "right":
			edgeX = 100
		case "top":
			edgeY = 0
		case "bottom":
			edgeY = 100
		case "smart", "focalpoint":
			if decided == "" {
				decided = word
			}
		case "faces", "entropy", "edges":
			return 0, badParam("crop", "crop="+word+" is not one of Photofit's: crop=smart finds what matters in the photo")
		default:
			return 0, badParam("crop", "crop is center, top, bottom, left, right, smart or focalpoint (with fp-x and fp-y), or edges with a comma: crop=top,left")
		}
	}
	if focal && decided != "focalpoint" {
		t.drop(paramFPX, "counts with crop=focalpoint only: no effect")
		t.drop(paramFPY, "counts with crop=focalpoint only: no effect")
	}
	switch decided {
	case "smart":
		return SmartCrop, nil
	case "focalpoint":
		return FocalPoint(x, y), nil
	}
	return FocalPoint(edgeX, edgeY), nil
}

// share reads fp-x or fp-y, 0 to 1, as percent; 50 if it is not given.
func (q *query) share(p param) (int, error) {
	if !q.given[p] {
		return 50, nil
	}
	milli, more, ok := parseDecimal(q.value[p])
	if !ok || milli > thousand || milli == thousand && more {
		name := paramNames[p]
		return 0, badParam(name, name+" is a share of the photo from 0 (left, top) to 1 (right, bottom): "+name+"=0.5")
	}
	return int(roundDiv(milli, 10)), nil
}

// format reads fm, or else Accept; and auto, which asks for what we do anyway.
func (q *query) format(w *wish, accept string, t *trace) error {
	if q.given[paramAuto] {
		for list, more := q.value[paramAuto], true; more; {
			var word string
			word, list, more = strings.Cut(list, ",")
			if word != "format" && word != "compress" {
				return badParam("auto", "auto is format, compress or both with a comma; neither is needed")
			}
		}
		t.param(paramAuto, "", "is what is done anyway")
	}
	if !q.given[paramFM] {
		w.format = Negotiate(accept)
		t.note("Accept", accept, w.format.Ext(), acceptReasons[w.format])
		return nil
	}
	switch q.value[paramFM] {
	case "jpg":
		w.format = JPEG
	case "webp":
		w.format = WebP
	case "avif":
		w.format = AVIF
	case "png":
		w.format = PNG
	case "original":
		w.format = Original
	case "json":
		w.format = InfoJSON
	default:
		return badParam("fm", "fm is jpg, webp, avif, png or json; left out, the best that the browser takes is chosen")
	}
	t.param(paramFM, w.format.String(), "as asked, whatever Accept says")
	return nil
}

var acceptReasons = [...]string{
	Auto:     "the client takes neither WebP nor AVIF",
	AutoWebP: "the client takes WebP",
	AutoAVIF: "the client takes WebP and AVIF",
}
