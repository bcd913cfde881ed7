package markup

import (
	"errors"
	"html/template"
	"strings"
	"testing"

	"photofit"
)

func run(t *testing.T, text string) (string, error) {
	t.Helper()
	s := Site{Policy: photofit.Policy{Widths: []int{400, 800}, CropWidths: []int{200, 600}}}
	info := func(photo string) (photofit.Info, error) {
		if photo == "gone.jpg" {
			return photofit.Info{}, errors.New("no such photo")
		}
		return photofit.Info{Width: 600, Height: 400, Color: "#8a6f4d"}, nil
	}
	page, err := template.New("").Funcs(s.FuncMap(info)).Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	err = page.Execute(&b, map[string]string{"Photo": `a "b".jpg`, "Alt": `<"quoted">`})
	return b.String(), err
}

func TestFuncs(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{`{{photo .Photo "alt" .Alt "class" "c" "sizes" "50vw" "placeholder" "color" "eager" true}}`,
			`<img alt="&lt;&#34;quoted&#34;&gt;" class="c" src="/a%20%22b%22.jpg?w=800" srcset="/a%20%22b%22.jpg?w=400 400w, /a%20%22b%22.jpg?w=800 600w" ` +
				`sizes="50vw" width="600" height="400" loading="eager" decoding="async" fetchpriority="high" style="background-image:linear-gradient(#8a6f4d 0 0),none;background-clip:content-box,border-box">`},
		{`{{photo "b.jpg" "ratio" "1:1" "crop" "top,left" "quality" 60 "placeholder" "none"}}`,
			`<img alt="" src="/b.jpg?w=600&amp;h=600&amp;fit=crop&amp;fp-x=0&amp;fp-y=0&amp;q=60" ` +
				`srcset="/b.jpg?w=200&amp;h=200&amp;fit=crop&amp;fp-x=0&amp;fp-y=0&amp;q=60 200w, /b.jpg?w=600&amp;h=600&amp;fit=crop&amp;fp-x=0&amp;fp-y=0&amp;q=60 400w" ` +
				`sizes="auto, 100vw" width="400" height="400" loading="lazy" decoding="async">`},
		{`{{photo "b.jpg" (photoSource "(max-width: 600px)" "ratio" "1:1" "crop" "90 60" "sizes" "9vw") "sizes" "8vw"}}`,
			`<picture><source media="(max-width: 600px)" srcset="/b.jpg?w=200&amp;h=200&amp;fit=crop&amp;fp-x=1&amp;fp-y=0.5 200w, /b.jpg?w=600&amp;h=600&amp;fit=crop&amp;fp-x=1&amp;fp-y=0.5 400w" ` +
				`sizes="9vw" width="400" height="400"><img alt="" src="/b.jpg?w=800" srcset="/b.jpg?w=400 400w, /b.jpg?w=800 600w" sizes="8vw" width="600" height="400" loading="lazy" decoding="async"></picture>`},
		{`<a href="{{photoURL .Photo 500}}">x</a>`, `<a href="/a%20%22b%22.jpg?w=800">x</a>`},
		{`<p style="background-image: url('{{photoURL "b.jpg" 300}}')">`, `<p style="background-image: url('/b.jpg?w=400')">`},
	} {
		got, err := run(t, c.text)
		if err != nil || got != c.want {
			t.Errorf("%s:\n%s\nwant\n%s\n%v", c.text, got, c.want, err)
		}
	}
}

func TestFuncsRefuse(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{`{{photo "gone.jpg"}}`, "no such photo"},
		{`{{photo "b.jpg" "alt"}}`, "alt has no value"},
		{`{{photo "b.jpg" "size" "1px"}}`, `"size" is no option: there are alt, class`},
		{`{{photo "b.jpg" "alt" 5}}`, "alt: 5 is no text"},
		{`{{photo "b.jpg" 5 "alt"}}`, "5 stands where"},
		{`{{photo "b.jpg" "eager" "yes"}}`, "eager is true or false"},
		{`{{photo "b.jpg" "quality" "60"}}`, "quality is a number"},
		{`{{photo "b.jpg" "quality" 900}}`, "quality is a number from 1 to 100, not 900"},
		{`{{photo "b.jpg" "quality" 0}}`, "quality is a number from 1 to 100, not 0"},
		{`{{photo "b.jpg" "sizes" "50%"}}`, "50vw is of the window's width"},
		{`{{photo "b.jpg" (photoSource "print" "sizes" "banana")}}`, `"banana" is no length`},
		{`{{photo "b.jpg" "crop" "top"}}`, "cuts nothing without a ratio"},
		{`{{photo "b.jpg" (photoSource "print" "crop" "top")}}`, "cuts nothing without a ratio"},
		{`{{photo "b.jpg" "ratio" "16x9"}}`, "ratio is a width to a height"},
		{`{{photo "b.jpg" "ratio" "0:1"}}`, "ratio is a width to a height"},
		{`{{photo "b.jpg" "crop" "faces"}}`, "crop=faces"},
		{`{{photo "b.jpg" "crop" "101 5"}}`, "a point is two numbers"},
		{`{{photo "b.jpg" "placeholder" "blur"}}`, "placeholder is color, thumb or none"},
		{`{{photo "b.jpg" (photoSource "print" "alt" "x")}}`, `"alt" is not sizes, ratio or crop`},
		{`{{photo "b.jpg" (photoSource "print" "ratio")}}`, "ratio has no value"},
		{`{{photo "b.jpg" (photoSource "")}}`, "without a media query"},
		{`{{photoURL "" 5}}`, "not the key of a photo"},
	} {
		if got, err := run(t, c.text); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %s %v", c.text, got, err)
		}
	}
}
