package site

import "testing"

// What is loaded twice counts once, and what a page asked for already is no saving.
func TestBytesOfAPage(t *testing.T) {
	r := newRewriter(t, Config{Links: true, Backgrounds: true})
	bytes := func(page string) (before, after int64) {
		return rewrite(t, r, "index.html", page).Bytes(Desktop)
	}
	const whole = 4_000_000
	before, one := bytes(`<img src="a.jpg" sizes="800px">`)
	if before != whole || one <= 0 || one > whole/10 {
		t.Fatalf("%d, %d", before, one)
	}
	for page, want := range map[string][2]int64{
		``:                     {0, 0},
		`<a href="a.jpg">`:     {0, 0},
		`<img src="none.jpg">`: {0, 0},
		`<img src="a.jpg" sizes="800px"><img src="a.jpg" sizes="800px">`:                                       {whole, one},
		`<img src="a.jpg" sizes="800px"><img src="b.jpg" sizes="800px">`:                                       {2 * whole, 2 * one},
		`<link rel=preload as=image href="a.jpg"><a href="a.jpg"><img src="a.jpg" sizes="800px"></a>`:          {whole, one},
		`<img src="https://m.example/a.jpg?w=800" sizes="800px">`:                                              {one, one},
		string(rewrite(t, r, "index.html", `<img src="a.jpg" sizes="800px"><img src="b.jpg" sizes=1px>`).HTML): {one + small(t, r), one + small(t, r)},
	} {
		if before, after := bytes(page); before != want[0] || after != want[1] {
			t.Errorf("%s: %d, %d, want %d", page, before, after, want)
		}
	}
	before, after := bytes(`<p style="background:url(a.jpg)">`)
	if before != whole || after <= one || after > whole/2 {
		t.Errorf("a background: %d, %d", before, after)
	}
	if again, same := bytes(string(rewrite(t, r, "index.html", `<p style="background:url(a.jpg)">`).HTML)); again != after || same != after {
		t.Errorf("a background of a finished page: %d, %d, want %d", again, same, after)
	}
}

// small is what the least step weighs.
func small(t *testing.T, r *Rewriter) int64 {
	_, after := rewrite(t, r, "index.html", `<img src="a.jpg" sizes="1px">`).Bytes(Desktop)
	return after
}
