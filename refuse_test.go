package photofit

import (
	"errors"
	"strings"
	"testing"
)

func TestResolveRefuses(t *testing.T) {
	for _, c := range []struct{ ask, code, param string }{
		{"", CodeBadPath, ""},
		{"b.jpg", CodeBadPath, ""},
		{"*", CodeBadPath, ""},
		{"/", CodeBadPath, ""},
		{"/?w=800", CodeBadPath, ""},
		{"/_w800.webp", CodeBadPath, ""},
		{"//_w800.webp", CodeBadPath, ""},
		{"/a%", CodeBadPath, ""},
		{"/a%2", CodeBadPath, ""},
		{"/a%zz.jpg", CodeBadPath, ""},
		{"/a%FF.jpg", CodeBadPath, ""},
		{"/a\xff.jpg", CodeBadPath, ""},
		{"/%ED%A0%80.jpg", CodeBadPath, ""},
		{"/\xc3%A9.jpg", CodeBadPath, ""},
		{"/\uFFFD.jpg", CodeBadPath, ""},
		{"/-", CodeBadPath, ""},
		{"/-/metrics", CodeBadPath, ""},
		{"/%2D/b.jpg", CodeBadPath, ""},
		{"/-/b.jpg/_w800.webp", CodeBadPath, ""},
		{"/a~.jpg/_w800.webp", CodeBadPath, ""},
		{"/a~zz/_w800.webp", CodeBadPath, ""},
		{"/a~FF/_w800.webp", CodeBadPath, ""},
		{"/b.jpg/_w800.webp?w=800", CodeMixedForms, "w"},
		{"/b.jpg/_w800.webp?auto=format", CodeMixedForms, "auto"},
		{"/b.jpg/_w800.webp?rot=90", CodeMixedForms, "rot"},
		{"/b.jpg/_w800.webp?cs=srgb", CodeMixedForms, "cs"},
		{"/b.jpg/_w800.webp?s=abc", CodeMixedForms, "s"},
		{"/b.jpg/_original?w=1", CodeMixedForms, "w"},
		{"/b.jpg/_info.json?w=1", CodeMixedForms, "w"},
		{"/_info.json", CodeBadPath, ""},
		{"/b.jpg?cs=srgb", CodeReservedParameter, "cs"},
		{"/b.jpg?hdr", CodeReservedParameter, "hdr"},
		{"/b.jpg?frame=1", CodeReservedParameter, "frame"},
		{"/b.jpg?s=abc", CodeReservedParameter, "s"},
		{"/b.jpg?expires=1", CodeReservedParameter, "expires"},
		{"/b.jpg?rot=90", CodeUnsupportedParameter, "rot"},
		{"/b.jpg?flip=h", CodeUnsupportedParameter, "flip"},
		{"/b.jpg?rect=0,0,1,1", CodeUnsupportedParameter, "rect"},
		{"/b.jpg?txt=hi", CodeUnsupportedParameter, "txt"},
		{"/b.jpg?txt-size=3", CodeUnsupportedParameter, "txt-size"},
		{"/b.jpg?mark64=aGk", CodeUnsupportedParameter, "mark64"},
		{"/b.jpg?w64=ODAw", CodeUnsupportedParameter, "w64"},
		{"/b.jpg?bg-remove=true", CodeUnsupportedParameter, "bg-remove"},
		{"/b.jpg?object-removal-rect=1", CodeUnsupportedParameter, "object-removal-rect"},
		{"/b.jpg?width=800", CodeUnsupportedParameter, "width"},
		{"/b.jpg?%72ot=90", CodeUnsupportedParameter, "rot"},
		{"/b.jpg?fm=original", CodeOriginalsPrivate, "fm"},
		{"/b.jpg/_original", CodeOriginalsPrivate, "fm"},
		{"/b.jpg?w", CodeBadParameter, "w"},
		{"/b.jpg?w=", CodeBadParameter, "w"},
		{"/b.jpg?w=&w=800", CodeBadParameter, "w"},
		{"/b.jpg?w=0", CodeBadParameter, "w"},
		{"/b.jpg?w=0.5", CodeBadParameter, "w"},
		{"/b.jpg?w=-1", CodeBadParameter, "w"},
		{"/b.jpg?w=%2B800", CodeBadParameter, "w"},
		{"/b.jpg?w=+800", CodeBadParameter, "w"},
		{"/b.jpg?w=800px", CodeBadParameter, "w"},
		{"/b.jpg?w=1e3", CodeBadParameter, "w"},
		{"/b.jpg?w=NaN", CodeBadParameter, "w"},
		{"/b.jpg?w=1,5", CodeBadParameter, "w"},
		{"/b.jpg?w=1.2.3", CodeBadParameter, "w"},
		{"/b.jpg?w=.", CodeBadParameter, "w"},
		{"/b.jpg?w=１", CodeBadParameter, "w"},
		{"/b.jpg?w=800;h=600", CodeBadParameter, "w"},
		{"/b.jpg?w=8%", CodeBadParameter, "w"},
		{"/b.jpg?w=%FF", CodeBadParameter, "w"},
		{"/b.jpg?h=0", CodeBadParameter, "h"},
		{"/b.jpg?h=auto", CodeBadParameter, "h"},
		{"/b.jpg?w=" + strings.Repeat("1", 33), CodeBadParameter, "w"},
		{"/b.jpg?w=1&dpr=0", CodeBadParameter, "dpr"},
		{"/b.jpg?w=1&dpr=0.0001", CodeBadParameter, "dpr"},
		{"/b.jpg?w=1&dpr=8.0001", CodeBadParameter, "dpr"},
		{"/b.jpg?w=1&dpr=9", CodeBadParameter, "dpr"},
		{"/b.jpg?dpr=x", CodeBadParameter, "dpr"},
		{"/b.jpg?ar=16", CodeBadParameter, "ar"},
		{"/b.jpg?ar=16:", CodeBadParameter, "ar"},
		{"/b.jpg?ar=16:0", CodeBadParameter, "ar"},
		{"/b.jpg?ar=0.0001:1", CodeBadParameter, "ar"},
		{"/b.jpg?ar=16:9:1", CodeBadParameter, "ar"},
		{"/b.jpg?ar=16/9", CodeBadParameter, "ar"},
		{"/b.jpg?fit=scale", CodeBadParameter, "fit"},
		{"/b.jpg?fit=fill", CodeBadParameter, "fit"},
		{"/b.jpg?fit=facearea", CodeBadParameter, "fit"},
		{"/b.jpg?fit=cover", CodeBadParameter, "fit"},
		{"/b.jpg?fit=Crop", CodeBadParameter, "fit"},
		{"/b.jpg?fit=", CodeBadParameter, "fit"},
		{"/b.jpg?crop=faces", CodeBadParameter, "crop"},
		{"/b.jpg?crop=smart,entropy", CodeBadParameter, "crop"},
		{"/b.jpg?crop=edges", CodeBadParameter, "crop"},
		{"/b.jpg?crop=middle", CodeBadParameter, "crop"},
		{"/b.jpg?crop=top,", CodeBadParameter, "crop"},
		{"/b.jpg?crop=", CodeBadParameter, "crop"},
		{"/b.jpg?crop=top, left", CodeBadParameter, "crop"},
		{"/b.jpg?fp-x=1.0001", CodeBadParameter, "fp-x"},
		{"/b.jpg?fp-x=50", CodeBadParameter, "fp-x"},
		{"/b.jpg?fp-y=-0.1", CodeBadParameter, "fp-y"},
		{"/b.jpg?q=0", CodeBadParameter, "q"},
		{"/b.jpg?q=0.8", CodeBadParameter, "q"},
		{"/b.jpg?q=101", CodeBadParameter, "q"},
		{"/b.jpg?q=auto", CodeBadParameter, "q"},
		{"/b.jpg?fm=jpeg", CodeBadParameter, "fm"},
		{"/b.jpg?fm=gif", CodeBadParameter, "fm"},
		{"/b.jpg?fm=auto", CodeBadParameter, "fm"},
		{"/b.jpg?fm=", CodeBadParameter, "fm"},
		{"/b.jpg?auto=enhance", CodeBadParameter, "auto"},
		{"/b.jpg?auto=format,redeye", CodeBadParameter, "auto"},
		{"/b.jpg?auto=", CodeBadParameter, "auto"},
	} {
		path, query, _ := strings.Cut(c.ask, "?")
		r, err := Resolve(path, query, "", Policy{})
		var e *Error
		if !errors.As(err, &e) {
			t.Errorf("%q became %+v, %v, want %s", c.ask, r, err, c.code)
			continue
		}
		if e.Code != c.code || e.Param != c.param || r != (Recipe{}) {
			t.Errorf("%q is refused by %s %q, want %s %q", c.ask, e.Code, e.Param, c.code, c.param)
		}
		if e.Text == "" || strings.ContainsAny(e.Text, "\r\n") || !strings.Contains(e.Text, e.Param) {
			t.Errorf("%q is refused with %q", c.ask, e.Text)
		}
		forbidden := c.code == CodeOriginalsPrivate
		if errors.Is(err, ErrForbidden) != forbidden || errors.Is(err, ErrBadRequest) == forbidden {
			t.Errorf("%q: %s is of the wrong kind", c.ask, e.Code)
		}
	}
}
