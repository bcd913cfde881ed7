package photofit

import (
	"net/url"
	"strings"
	"testing"
)

// takesAVIF is what a browser of today sends.
const takesAVIF = "image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8"

// becomes fails unless a URL resolves to the recipe of a path, and the path to that.
func becomes(t *testing.T, ask, accept string, p Policy, want string) {
	t.Helper()
	path, query, _ := strings.Cut(ask, "?")
	r, err := Resolve(path, query, accept, p)
	if err != nil {
		t.Errorf("%s: %v", ask, err)
	} else if r.Path() != want {
		t.Errorf("%s became %s, want %s", ask, r.Path(), want)
	} else if back, err := ParsePath(want); back != r || err != nil {
		t.Errorf("%s became %+v, but its path is %+v, %v", ask, r, back, err)
	}
}

// The query form under the default policy: what is asked, and the path it
// becomes. Without an Accept header, so negotiated ones end in .auto.
func TestResolveQueryForm(t *testing.T) {
	for _, c := range []struct{ ask, want string }{
		// Sizes snap up, to the top at most.
		{"/trip/b.jpg", "/trip/b.jpg/_w3840.auto"},
		{"/trip/b.jpg?", "/trip/b.jpg/_w3840.auto"},
		{"/trip/b.jpg?w=800", "/trip/b.jpg/_w800.auto"},
		{"/b.jpg?w=801", "/b.jpg/_w960.auto"},
		{"/b.jpg?w=1", "/b.jpg/_w32.auto"},
		{"/b.jpg?w=3841", "/b.jpg/_w3840.auto"},
		{"/b.jpg?w=99999999999999999999", "/b.jpg/_w3840.auto"},
		{"/b.jpg?h=600", "/b.jpg/_h640.auto"},
		{"/b.jpg?h=9999", "/b.jpg/_h3840.auto"},
		// Decimals are rounded up.
		{"/b.jpg?w=800.0", "/b.jpg/_w800.auto"},
		{"/b.jpg?w=800.", "/b.jpg/_w800.auto"},
		{"/b.jpg?w=799.5", "/b.jpg/_w800.auto"},
		{"/b.jpg?w=800.0000001", "/b.jpg/_w960.auto"},
		{"/b.jpg?w=0800", "/b.jpg/_w800.auto"},
		// dpr multiplies.
		{"/b.jpg?w=400&dpr=2", "/b.jpg/_w800.auto"},
		{"/b.jpg?dpr=2&w=400.1", "/b.jpg/_w960.auto"},
		{"/b.jpg?w=400.1&dpr=1", "/b.jpg/_w480.auto"},
		{"/b.jpg?w=640&dpr=1.25", "/b.jpg/_w800.auto"},
		{"/b.jpg?w=100&dpr=8", "/b.jpg/_w800.auto"},
		{"/b.jpg?w=800&dpr=.5", "/b.jpg/_w400.auto"},
		{"/b.jpg?w=1&dpr=0.001", "/b.jpg/_w32.auto"},
		{"/b.jpg?h=160&dpr=3", "/b.jpg/_h480.auto"},
		{"/b.jpg?dpr=2", "/b.jpg/_w3840.auto"},
		// A box: the width snaps among those of crops, the ratio to the nearest.
		{"/b.jpg?w=800&h=450", "/b.jpg/_w800-h450.auto"},
		{"/b.jpg?w=800&h=450&fit=clip", "/b.jpg/_w800-h450.auto"},
		{"/b.jpg?w=800&h=450&fit=max", "/b.jpg/_w800-h450.auto"},
		{"/b.jpg?w=800&h=450&fit=crop", "/b.jpg/_w800-h450-crop.auto"},
		{"/b.jpg?w=800&h=450&fit=min", "/b.jpg/_w800-h450-crop.auto"},
		{"/b.jpg?w=790&h=450&fit=crop", "/b.jpg/_w800-h450-crop.auto"},
		{"/b.jpg?w=700&h=700&fit=crop", "/b.jpg/_w800-h800-crop.auto"},
		{"/b.jpg?w=400&h=225&dpr=2&fit=crop", "/b.jpg/_w800-h450-crop.auto"},
		{"/b.jpg?w=9000&h=1&fit=crop", "/b.jpg/_w2560-h1097-crop.auto"},
		{"/b.jpg?w=1&h=9000&fit=crop", "/b.jpg/_w64-h114-crop.auto"},
		{"/b.jpg?w=99999999&h=99999999&dpr=8", "/b.jpg/_w2560-h2560.auto"},
		// The ratio makes the box.
		{"/b.jpg?w=800&ar=16:9&fit=crop", "/b.jpg/_w800-h450-crop.auto"},
		{"/b.jpg?w=800&ar=16%3A9&fit=crop", "/b.jpg/_w800-h450-crop.auto"},
		{"/b.jpg?w=800&ar=1.7778:1&fit=crop", "/b.jpg/_w800-h450-crop.auto"},
		{"/b.jpg?h=450&ar=16:9&fit=crop", "/b.jpg/_w800-h450-crop.auto"},
		{"/b.jpg?h=451&ar=16:9&fit=crop", "/b.jpg/_w1280-h720-crop.auto"},
		{"/b.jpg?ar=1:1&fit=crop", "/b.jpg/_w2560-h2560-crop.auto"},
		{"/b.jpg?ar=1.91:1&w=1200&fit=crop", "/b.jpg/_w1280-h640-crop.auto"},
		{"/b.jpg?w=800&h=800&ar=16:9&fit=crop", "/b.jpg/_w800-h800-crop.auto"},
		{"/b.jpg?w=800&ar=16:9", "/b.jpg/_w800.auto"},
		{"/b.jpg?ar=16:9", "/b.jpg/_w3840.auto"},
		{"/b.jpg?w=800&ar=9999999:1&fit=crop", "/b.jpg/_w800-h343-crop.auto"},
		{"/b.jpg?w=800&ar=1:9999999&fit=crop", "/b.jpg/_w800-h1422-crop.auto"},
		// Nothing to cut.
		{"/b.jpg?w=800&fit=crop", "/b.jpg/_w800.auto"},
		{"/b.jpg?fit=min&auto=format&w=800", "/b.jpg/_w800.auto"},
		{"/b.jpg?h=800&fit=crop&crop=smart", "/b.jpg/_h800.auto"},
		{"/b.jpg?fit=crop&crop=top", "/b.jpg/_w3840.auto"},
		{"/b.jpg?w=800&h=450&crop=top", "/b.jpg/_w800-h450.auto"},
		// What to keep.
		{"/b.jpg?w=800&h=450&fit=crop&crop=center", "/b.jpg/_w800-h450-crop.auto"},
		{"/b.jpg?w=800&h=450&fit=crop&crop=top", "/b.jpg/_w800-h450-fp50-0.auto"},
		{"/b.jpg?w=800&h=450&fit=crop&crop=bottom", "/b.jpg/_w800-h450-fp50-100.auto"},
		{"/b.jpg?w=800&h=450&fit=crop&crop=left", "/b.jpg/_w800-h450-fp0-50.auto"},
		{"/b.jpg?w=800&h=450&fit=crop&crop=right", "/b.jpg/_w800-h450-fp100-50.auto"},
		{"/b.jpg?w=800&h=450&fit=crop&crop=top,left", "/b.jpg/_w800-h450-fp0-0.auto"},
		{"/b.jpg?w=800&h=450&fit=crop&crop=right%2Cbottom", "/b.jpg/_w800-h450-fp100-100.auto"},
		{"/b.jpg?w=800&h=450&fit=crop&crop=center,top", "/b.jpg/_w800-h450-fp50-0.auto"},
		{"/b.jpg?w=800&h=450&fit=crop&crop=top,bottom", "/b.jpg/_w800-h450-fp50-100.auto"},
		{"/b.jpg?w=800&h=450&fit=crop&crop=smart", "/b.jpg/_w800-h450-smart.auto"},
		{"/b.jpg?w=800&h=450&fit=crop&crop=top,smart", "/b.jpg/_w800-h450-smart.auto"},
		{"/b.jpg?w=800&h=450&fit=crop&crop=smart,focalpoint&fp-x=0", "/b.jpg/_w800-h450-smart.auto"},
		{"/b.jpg?w=800&h=450&fit=crop&crop=focalpoint", "/b.jpg/_w800-h450-crop.auto"},
		{"/b.jpg?w=800&h=450&fit=crop&crop=focalpoint&fp-x=0.1", "/b.jpg/_w800-h450-fp0-50.auto"},
		{"/b.jpg?w=800&h=450&fit=crop&crop=focalpoint&fp-x=1&fp-y=1.000", "/b.jpg/_w800-h450-fp100-100.auto"},
		{"/b.jpg?w=800&h=450&fit=crop&fp-y=.2", "/b.jpg/_w800-h450-fp50-0.auto"},
		{"/b.jpg?w=800&h=450&fit=crop&fp-x=0.334&fp-y=0.665", "/b.jpg/_w800-h450-fp0-100.auto"},
		{"/b.jpg?w=800&h=450&fit=crop&fp-x=0.335&fp-y=0.664", "/b.jpg/_w800-h450-crop.auto"},
		{"/b.jpg?w=800&h=450&fit=crop&fp-x=0.28&fp-y=0.72", "/b.jpg/_w800-h450-fp0-100.auto"},
		{"/b.jpg?w=800&h=450&fit=crop&crop=top&fp-x=0", "/b.jpg/_w800-h450-fp50-0.auto"},
		// Quality and format.
		{"/b.jpg?w=800&q=75", "/b.jpg/_w800-q80.auto"},
		{"/b.jpg?w=800&q=70", "/b.jpg/_w800-q80.auto"},
		{"/b.jpg?w=800&q=69.4", "/b.jpg/_w800-q60.auto"},
		{"/b.jpg?w=800&q=69.5", "/b.jpg/_w800-q80.auto"},
		{"/b.jpg?w=800&q=1", "/b.jpg/_w800-q60.auto"},
		{"/b.jpg?w=800&q=100", "/b.jpg/_w800-q80.auto"},
		{"/b.jpg?w=800&fm=jpg", "/b.jpg/_w800.jpg"},
		{"/b.jpg?w=800&fm=webp&q=80", "/b.jpg/_w800-q80.webp"},
		{"/b.jpg?w=800&fm=avif", "/b.jpg/_w800.avif"},
		{"/b.jpg?w=800&fm=png", "/b.jpg/_w800.png"},
		{"/b.jpg?w=800&fm=png&q=80", "/b.jpg/_w800.png"},
		{"/b.jpg?w=800&auto=format", "/b.jpg/_w800.auto"},
		{"/b.jpg?w=800&auto=compress,format", "/b.jpg/_w800.auto"},
		// Of two the first counts, and what we don't know is dropped.
		{"/b.jpg?w=800&w=32", "/b.jpg/_w800.auto"},
		{"/b.jpg?w=800&w=bad&w=%zz", "/b.jpg/_w800.auto"},
		{"/b.jpg?utm_source=x&fbclid=y&w=800&t=1700000000&v=2", "/b.jpg/_w800.auto"},
		{"/b.jpg?W=32&Width=32&w=800", "/b.jpg/_w800.auto"},
		{"/b.jpg?&&w=800&&", "/b.jpg/_w800.auto"},
		{"/b.jpg?junk=%zz&w=800&%zz=1&=&=5&junk;=3&x;w=5&marketing=1&object-fit=2", "/b.jpg/_w800.auto"},
		{"/b.jpg?%77=800", "/b.jpg/_w800.auto"},
		{"/b.jpg?w=%38%30%30", "/b.jpg/_w800.auto"},
	} {
		becomes(t, c.ask, "", Policy{}, c.want)
	}
}

// Names of photos, as a browser sends them.
func TestResolveNames(t *testing.T) {
	for _, c := range []struct{ ask, photo string }{
		{"/trip/b.jpg?w=8", "trip/b.jpg"},
		{"/a%20b.jpg", "a b.jpg"},
		{"/a+b.jpg", "a+b.jpg"},
		{"/a%2Bb.jpg?w=8", "a+b.jpg"},
		{"/a%23b%3Fc%25d.jpg", "a#b?c%d.jpg"},
		{"/%C3%A9/%E4%B8%96%E7%95%8C/%f0%9f%98%80.jpg", "é/世界/😀.jpg"},
		{"/é.jpg", "é.jpg"},
		{"/%EF%BF%BD.jpg", "\uFFFD.jpg"},
		{"/a%2Fb.jpg", "a/b.jpg"},
		{"/a~20b.jpg", "a~20b.jpg"},
		{"/_DSC1.jpg?w=800", "_DSC1.jpg"},
		{"/trip/_DSC1.jpg", "trip/_DSC1.jpg"},
		{"/trip/_w800", "trip/_w800"},
		{"/trip/_w800.jpeg", "trip/_w800.jpeg"},
		{"/trip/_w0.jpg", "trip/_w0.jpg"},
		{"/trip/_w65536.jpg", "trip/_w65536.jpg"},
		{"/trip/_w0800.jpg", "trip/_w0800.jpg"},
		{"/trip/_w800-h0.jpg", "trip/_w800-h0.jpg"},
		{"/trip/_w800-q0.jpg", "trip/_w800-q0.jpg"},
		{"/trip/_w8-h8-fp50.jpg", "trip/_w8-h8-fp50.jpg"},
		{"/trip/_w8-h8-fp50x50.jpg", "trip/_w8-h8-fp50x50.jpg"},
		{"/trip/_info.jsonx", "trip/_info.jsonx"},
		{"/_w800.jpg/b.jpg", "_w800.jpg/b.jpg"},
		{"/..", ".."},
		{"/a/../b", "a/../b"},
		{"/a//b", "a//b"},
		{"//a", "/a"},
		{"/a/", "a/"},
		{"/a%00b", "a\x00b"},
		{"/-a", "-a"},
		{"/a/-/b", "a/-/b"},
		{"/r1/b.jpg", "r1/b.jpg"},
		// The path form escapes with ~, and is percent-decoded before.
		{"/trip/b.jpg/_w800.webp", "trip/b.jpg"},
		{"/a%20b.jpg/_w800.webp", "a b.jpg"},
		{"/a~20b.jpg/_w800.webp", "a b.jpg"},
		{"/a%7E20b.jpg/_w800.webp", "a b.jpg"},
		{"/%E4%B8%96/_w800%2Ewebp", "世"},
		{"/~e4~b8~96/_w800.webp", "世"},
		{"/trip%2F_w800.webp", "trip"},
		{"/_DSC1.jpg/_w800.webp", "_DSC1.jpg"},
		{"/~5Fw800.webp/_w800.webp", "_w800.webp"},
		{"/a//_w800.webp", "a/"},
		{"/~2D/x/_w800.webp", "-/x"},
		{"/~2E~2E/_w800.webp", ".."},
	} {
		path, query, _ := strings.Cut(c.ask, "?")
		r, err := Resolve(path, query, "", Policy{})
		if err != nil {
			t.Errorf("%s: %v", c.ask, err)
			continue
		}
		if r.Photo != c.photo {
			t.Errorf("%s is the photo %q, want %q", c.ask, r.Photo, c.photo)
		}
		if back, err := ParsePath(r.Path()); back != r || err != nil {
			t.Errorf("%s became %s, which parses as %+v, %v", c.ask, r.Path(), back, err)
		}
	}
	// However it is named, a browser's own escaping of the name gets there.
	for _, c := range names {
		if c.photo == "" || c.photo == "-" || strings.HasPrefix(c.photo, "-/") {
			continue
		}
		sent := (&url.URL{Path: "/" + c.photo}).EscapedPath()
		if r, err := Resolve(sent, "", "", Policy{}); r.Photo != c.photo || err != nil {
			t.Errorf("%s is the photo %q, %v, want %q", sent, r.Photo, err, c.photo)
		}
	}
}

func TestResolvePathForm(t *testing.T) {
	public := DefaultPolicy()
	public.OriginalsPublic = true
	for _, c := range []struct{ ask, want string }{
		{"/b.jpg/_w800.webp", "/b.jpg/_w800.webp"},
		{"/b.jpg/_w801.webp", "/b.jpg/_w960.webp"},
		{"/b.jpg/_h801.webp", "/b.jpg/_h960.webp"},
		{"/b.jpg/_w700-h400-crop.webp", "/b.jpg/_w800-h450-crop.webp"},
		{"/b.jpg/_w800-h450-fp50-50.webp", "/b.jpg/_w800-h450-crop.webp"},
		{"/b.jpg/_w800-h450-fp10-90.webp", "/b.jpg/_w800-h450-fp0-100.webp"},
		{"/b.jpg/_w800-h450-smart-q75.webp", "/b.jpg/_w800-h450-smart-q80.webp"},
		{"/b.jpg/_w800-smart.webp", "/b.jpg/_w800.webp"},
		{"/b.jpg/_w800-q50.png", "/b.jpg/_w800.png"},
		{"/b.jpg/_original", "/b.jpg/_original"},
		{"/b.jpg/_info.json", "/b.jpg/_info.json"},
		{"/b.jpg?fm=json", "/b.jpg/_info.json"},
		{"/b.jpg?fm=json&w=800&h=3&fit=crop&q=5", "/b.jpg/_info.json"},
		{"/b.jpg?fm=original", "/b.jpg/_original"},
		{"/b.jpg?fm=original&w=800&h=3&fit=crop&q=5", "/b.jpg/_original"},
		{"/b.jpg/_w800.webp?utm_source=x", "/b.jpg/_w800.webp"},
		// What was negotiated stays, whatever this Accept says.
		{"/b.jpg/_w800.auto", "/b.jpg/_w800.auto"},
		{"/b.jpg/_w800.auto-webp", "/b.jpg/_w800.auto-webp"},
		{"/b.jpg/_w800.auto-avif", "/b.jpg/_w800.auto-avif"},
		{"/b.jpg?w=800", "/b.jpg/_w800.auto-avif"},
		{"/b.jpg?w=800&fm=jpg", "/b.jpg/_w800.jpg"},
	} {
		becomes(t, c.ask, takesAVIF, public, c.want)
	}
}

func TestResolveOpen(t *testing.T) {
	for _, c := range []struct{ ask, want string }{
		{"/b.jpg", "/b.jpg/_w8192.auto"},
		{"/b.jpg?w=801", "/b.jpg/_w801.auto"},
		{"/b.jpg?w=1", "/b.jpg/_w1.auto"},
		{"/b.jpg?w=8193", "/b.jpg/_w8192.auto"},
		{"/b.jpg?h=12345", "/b.jpg/_h8192.auto"},
		{"/b.jpg?w=801&h=299&fit=crop&q=33&fp-x=.333&fp-y=0.125", "/b.jpg/_w801-h299-fp33-13-q33.auto"},
		{"/b.jpg?w=801&h=299", "/b.jpg/_w801-h299.auto"},
		{"/b.jpg?w=1000&ar=1.91:1&fit=crop", "/b.jpg/_w1000-h524-crop.auto"},
		{"/b.jpg?h=100&ar=9:16&fit=crop", "/b.jpg/_w56-h100-crop.auto"},
		{"/b.jpg?h=1&ar=1:100&fit=crop", "/b.jpg/_w1-h1-crop.auto"},
		{"/b.jpg?ar=2:1&fit=crop", "/b.jpg/_w8192-h4096-crop.auto"},
		{"/b.jpg?ar=1:2&fit=crop", "/b.jpg/_w4096-h8192-crop.auto"},
		{"/b.jpg?w=16384&h=100&fit=crop", "/b.jpg/_w8192-h50-crop.auto"},
		{"/b.jpg?w=100&h=16384&fit=crop", "/b.jpg/_w50-h8192-crop.auto"},
		{"/b.jpg?w=999999&h=1&fit=crop", "/b.jpg/_w8192-h1-crop.auto"},
		{"/b.jpg?h=999999999&ar=65535:1&fit=crop&dpr=8", "/b.jpg/_w8192-h1-crop.auto"},
		{"/b.jpg?w=999999999&ar=1:65535&fit=crop&dpr=8", "/b.jpg/_w1-h8192-crop.auto"},
		{"/b.jpg/_w801-h299-fp33-13-q33.webp", "/b.jpg/_w801-h299-fp33-13-q33.webp"},
		{"/b.jpg/_w9000.webp", "/b.jpg/_w8192.webp"},
	} {
		becomes(t, c.ask, "", OpenPolicy(), c.want)
	}
}

// Any two names that differ by what a browser may do to them are one recipe,
// so they are one entry of a cache.
func TestParametersInAnyOrder(t *testing.T) {
	want, _ := Resolve("/b.jpg", "w=800&h=450&fit=crop&crop=top&q=80&fm=webp&dpr=1", "", Policy{})
	for _, query := range []string{
		"dpr=1&fm=webp&q=80&crop=top&fit=crop&h=450&w=800",
		"fit=min&w=400&h=225&dpr=2&q=77&fm=webp&fp-y=0",
		"ar=16:9&fit=crop&w=800&crop=focalpoint&fp-x=.5&fp-y=.01&q=90&fm=webp&fbclid=1",
	} {
		if got, err := Resolve("/b.jpg", query, takesAVIF, Policy{}); got != want || err != nil {
			t.Errorf("%s became %+v, %v, want %+v", query, got, err, want)
		}
	}
}
