package photofit

// Resolve turns what a browser asks into what is made. The path is as it was
// sent (percent-encoded, with a leading slash: http.Request.URL.EscapedPath),
// the query too, and accept is the Accept header's value. The error is an
// *Error, of the kind ErrBadRequest or ErrForbidden.
//
// There are two forms. The query form is for people, and a subset of imgix's:
//
//	/trip/b.jpg?w=800          width in pixels; decimals are rounded up
//	h=600                      height
//	ar=16:9                    with fit=crop and at most one of w and h: the box's ratio
//	fit=clip, max              the whole photo inside the box; the default
//	fit=crop, min              fill the box and cut the rest
//	crop=center, top, bottom, left, right, smart, focalpoint
//	                           what to keep; edges may be joined: crop=top,left
//	fp-x=0.3  fp-y=0           the focal point, from 0 (left, top) to 1; crop may be left out
//	q=80                       quality, 1 to 100; auto if left out
//	fm=jpg, webp, avif, png    format; negotiated by Accept if left out
//	fm=original                the photo's own bytes, where the policy has them public
//	fm=json                    what there is to know of the photo: an Info
//	auto=format,compress       taken, and done anyway
//	dpr=2                      above 0 and up to 8: multiplies w and h
//
// Nothing is enlarged. Without a size, the photo comes within the top of the
// ladder. A parameter that will mean something later (cs, hdr, frame), one of
// imgix's that would change the picture and that Photofit lacks, and a known
// one with a bad value are refused; any other is dropped. Of one given twice
// the first counts.
//
// The path form is what Recipe.Path writes, with no query. A last segment that
// starts with "_" and follows that grammar is one; any other is a photo's name,
// so /trip/_DSC1.jpg?w=800 is a query form. A photo that is named like a form
// is reached by its path form only: /trip/~5Fw800.webp/_w800.auto. Sizes that
// the policy doesn't have snap as in the query form.
//
// Resolving the result's Path gives the result again (under a signed policy,
// once it is signed).
func Resolve(path, rawQuery, accept string, p Policy) (Recipe, error) {
	return resolve(path, rawQuery, accept, &p, nil)
}

// resolve is Resolve and Explain: t is nil, or keeps the steps.
func resolve(path, rawQuery, accept string, p *Policy, t *trace) (Recipe, error) {
	signed := p.signed()
	if signed {
		// First, so that nobody learns or costs anything without a signature.
		if err := p.verify(path, rawQuery); err != nil {
			return Recipe{}, err
		}
	}
	at, err := readPath(path)
	if err != nil {
		return Recipe{}, err
	}
	t.note("path", path, at.photo, "the photo's name")
	q, err := parseQuery(rawQuery, at.form, signed, t)
	if err != nil {
		return Recipe{}, err
	}
	t.param(paramS, "", "the signature is right")
	if q.given[paramExpires] {
		if err := p.checkExpiry(q.value[paramExpires]); err != nil {
			return Recipe{}, err
		}
		t.param(paramExpires, "", "not expired")
	}
	w := at.wish
	if at.form {
		t.giveForm(w)
	} else if w, err = q.wish(accept, t); err != nil {
		return Recipe{}, err
	}
	switch w.format {
	case Original:
		if !p.OriginalsPublic {
			return Recipe{}, &Error{CodeOriginalsPrivate, "fm", "originals are private here: fm is jpg, webp, avif or png"}
		}
		t.dropSizes("an original is as it is: no effect")
		return Recipe{Photo: at.photo, Format: Original}, nil
	case InfoJSON:
		t.dropSizes("what is known of a photo is of no size: no effect")
		return Recipe{Photo: at.photo, Format: InfoJSON}, nil
	}
	r := p.snap(w, t)
	r.Photo = at.photo
	return r, nil
}
