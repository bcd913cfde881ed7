package photofit

import (
	"errors"
	"net/url"
	"strings"
	"testing"
)

func FuzzResolve(f *testing.F) {
	f.Add("/trip/b.jpg", "w=800&h=450&fit=crop&crop=top,left&q=80&fm=webp&dpr=2&auto=format", takesAVIF)
	f.Add("/a%20b.jpg", "ar=16:9&fit=min&h=33.3&fp-x=0.1&fp-y=1", "image/webp;q=0.5")
	f.Add("/~5Fa~2F/_w801-h7-fp1-99-q3.auto-avif", "utm=1", "")
	f.Add("/b/_original", "", "")
	f.Add("/../a//-/_w800", "w=1&w=2;3&%zz", "*/*")
	public := DefaultPolicy()
	public.OriginalsPublic = true
	odd := Policy{Widths: []int{1, 2, 3}, CropWidths: []int{1, 2, 65535}, Ratios: []Ratio{{1, 1000}, {99, 100}, {1, 1}, {1000, 1}}, Qualities: []int{}, OriginalsPublic: true}
	tight := Policy{CropWidths: []int{10}, Ratios: []Ratio{{1000, 552}, {20, 9}}}
	signed := SignedPolicy([]byte("0123456789abcdef"))
	policies := []Policy{public, odd, tight, OpenPolicy(), {Free: true, FreeSide: MaxSide}, signed}
	f.Fuzz(func(t *testing.T, path, query, accept string) {
		for i, p := range policies {
			sign := func(path, query string) (string, string) {
				if !p.signed() {
					return path, query
				}
				cut := len(path)
				return path, Sign(p.Key, path+"?"+query)[cut+1:]
			}
			if p.signed() && strings.Contains(path, "?") {
				continue
			}
			signedPath, signedQuery := sign(path, query)
			r, err := Resolve(signedPath, signedQuery, accept, p)
			if err != nil {
				if errors.Is(err, ErrBadRequest) == errors.Is(err, ErrForbidden) || r != (Recipe{}) {
					t.Fatalf("policy %d, %q?%q: %+v, %v", i, path, query, r, err)
				}
				continue
			}
			if back, err := ParsePath(r.Path()); back != r || err != nil {
				t.Fatalf("policy %d, %q?%q became %+v, whose path %q is %+v, %v", i, path, query, r, r.Path(), back, err)
			}
			againPath, againQuery := sign(r.Path(), "")
			if again, err := Resolve(againPath, againQuery, "", p); again != r || err != nil {
				t.Fatalf("policy %d, %q?%q became %s, and that %s, %v", i, path, query, r.Path(), again.Path(), err)
			}
			if !p.Allows(r) {
				t.Fatalf("policy %d, %q?%q became %s, which it does not allow", i, path, query, r.Path())
			}
			if i == 0 {
				shape := r
				shape.Photo = "b"
				if !ladder[shape] {
					t.Fatalf("%q?%q became %s, which is not on the ladder", path, query, r.Path())
				}
			}
		}
	})
}

// The query is read as net/url reads it, where it is well-formed.
func FuzzQuery(f *testing.F) {
	for _, s := range []string{"w=800&h=1+2&q=%20", "w=1&w=2", "a;b=1&w=3", "%77=%38", "=&&w", "junk=%zz&q=1=2", "w=1;2"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, rawQuery string) {
		got, err := parseQuery(rawQuery, false, false, nil)
		if err != nil {
			return
		}
		want, _ := url.ParseQuery(rawQuery)
		for p, name := range paramNames {
			values, given := want[name]
			if given != got.given[p] || given && values[0] != got.value[p] {
				t.Fatalf("%q: %s is %q, net/url has %q", rawQuery, name, got.value[p], values)
			}
		}
	})
}

func BenchmarkResolve(b *testing.B) {
	p := DefaultPolicy()
	for name, c := range map[string][2]string{
		"query": {"/trip/b.jpg", "w=800&h=450&fit=crop&auto=format&q=75"},
		"path":  {"/trip/b.jpg/_w800.auto-avif", ""},
		"names": {"/trip%20to/%E4%B8%96%E7%95%8C.jpg", "w=800"},
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Resolve(c[0], c[1], takesAVIF, p); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("Key", func(b *testing.B) {
		b.ReportAllocs()
		r := Recipe{Photo: "trip/b.jpg", Width: 800, Height: 450, Fit: Cover, Quality: 80, Format: AutoAVIF}
		for b.Loop() {
			_ = r.Key()
		}
	})
}
