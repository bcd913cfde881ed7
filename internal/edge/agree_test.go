package edge

import (
	"errors"
	"strings"
	"testing"

	"photofit"
)

// policies are those that the function must agree with Resolve under.
func policies() []photofit.Policy {
	public := photofit.DefaultPolicy()
	public.OriginalsPublic = true
	return []photofit.Policy{
		{},
		public,
		{Widths: []int{1, 2, 3}, CropWidths: []int{1, 2, 65535}, Ratios: []photofit.Ratio{{W: 1, H: 1000}, {W: 99, H: 100}, {W: 1, H: 1}, {W: 1000, H: 1}}, Qualities: []int{}, OriginalsPublic: true},
		{CropWidths: []int{10}, Ratios: []photofit.Ratio{{W: 1000, H: 552}, {W: 20, H: 9}}, Qualities: []int{1, 50, 51, 100}},
		photofit.OpenPolicy(),
		{Free: true, FreeSide: photofit.MaxSide, OriginalsPublic: true},
		{Free: true, FreeSide: 1},
		{Widths: []int{100}, CropWidths: []int{100}, Ratios: []photofit.Ratio{{W: 1, H: 4}, {W: 1, H: 1}, {W: 4, H: 1}}, Qualities: []int{40, 60}},
	}
}

func runners(t testing.TB) []*runner {
	var all []*runner
	for _, p := range policies() {
		all = append(all, newRunner(t, p))
	}
	return all
}

// agree fails unless the function does with a request what the server does.
func (r *runner) agree(t testing.TB, v viewed) {
	t.Helper()
	got, want := r.run(t, v), r.expect(v)
	switch {
	case got.uri != want.uri || got.status != want.status || got.body != want.body || got.hasBody != want.hasBody:
		t.Fatalf("%s %q?%q, Accept %q, policy %+v:\nthe edge  %+v\nResolve   %+v", v.method, v.path, v.query, v.accepts, r.policy, got, want)
	case got.status == 0:
	case got.headers["photofit-error"] != want.headers["photofit-error"] || got.headers["cache-control"] != want.headers["cache-control"] ||
		got.headers["access-control-allow-origin"] != "*" || got.headers["content-type"] != "text/plain; charset=utf-8" || got.headers["x-content-type-options"] != "nosniff":
		t.Fatalf("%s %q?%q: headers %q, want %q", v.method, v.path, v.query, got.headers, want.headers)
	}
}

// expect is what the server does with a request, and for what is not a photo's
// path, what it does where it has no pages and no probes.
func (r *runner) expect(v viewed) outcome {
	refuse := func(status int, code, text, cache string) outcome {
		o := outcome{status: status, headers: map[string]string{"photofit-error": code, "cache-control": cache}}
		if v.method != "HEAD" {
			o.body, o.hasBody = text+"\n", true
		}
		return o
	}
	if strings.HasSuffix(v.path, "/") || strings.HasPrefix(v.path, "/-/") {
		return refuse(404, "page-not-found", "There is no such page.", "public, max-age=10")
	}
	recipe, err := photofit.Resolve(v.path, v.query, strings.Join(v.accepts, ","), r.policy)
	var e *photofit.Error
	if errors.As(err, &e) {
		status := 400
		if errors.Is(err, photofit.ErrForbidden) {
			status = 403
		}
		return refuse(status, e.Code, e.Text, "no-store")
	}
	return outcome{uri: "/" + recipe.Key()}
}

const browser = "image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8"

// The examples that the words themselves are tested with: whatever is written in
// their tables is asked as a URL, as a name, as a parameter and as an Accept header.
func TestAgreesOnTheTables(t *testing.T) {
	all := runners(t)
	for _, s := range literals(t, "../../resolve_test.go", "../../refuse_test.go", "../../negotiate_test.go", "../../escape_test.go",
		"../../params_test.go", "../../recipe_test.go", "../../policy_test.go", "../../resolve_fuzz_test.go") {
		path, query, found := strings.Cut(s, "?")
		for i, r := range all {
			r.agree(t, viewed{"GET", path, query, !found, []string{browser}})
			if i > 0 {
				continue // the rest doesn't depend on the policy
			}
			r.agree(t, viewed{"HEAD", path, query, !found, nil})
			r.agree(t, get("/"+s, ""))
			r.agree(t, get("/"+s+"/_w801.webp", ""))
			r.agree(t, get("/a.jpg", s))
			r.agree(t, get("/a.jpg", s+"=1"))
			r.agree(t, get("/a.jpg/_h33.auto", s+"=1"))
			r.agree(t, get("/a.jpg", "w=800&h=450&fit=crop&"+s))
			r.agree(t, get("/a.jpg", "w=800", s))
			r.agree(t, get("/a.jpg", "w=800", "text/html", s, browser))
		}
	}
}

// What CloudFront makes of bytes that no browser sends.
func TestAgreesOnBytes(t *testing.T) {
	r := newRunner(t, photofit.Policy{})
	for _, path := range []string{
		"", "*", "a", "/", "//", "/a/", "/-", "/-/", "/-/health", "/-/../a", "/a/-/", "/%2F", "/%2f/", "/a%2F", "/-%2Fa", "/%2D/a", "/.", "/..", "/../a", "/%2e%2E/a", "//a", "///",
		"/é.jpg", "/\xe9.jpg", "/\xc3%A9.jpg", "/%C3\xa9.jpg", "/a\xff%zz", "/\uFFFD", "/%EF%BF%BD", "/世界/😀.jpg", "/😀", "/😀/_w800.webp", "/a😀b/_w8.auto",
		"/%F0%9F%98%80", "/%F0%9F%98", "/%C0%80", "/%C0%AF", "/%E0%80%AF", "/%ED%A0%80", "/%ED%9F%BF", "/%EE%80%80", "/%F4%8F%BF%BF", "/%F4%90%80%80", "/%F8%88%80%80%80", "/%80",
		"/%FE", "/~C3~A9/_w8.auto", "/~C3%A9/_w8.auto", "/%C3~A9/_w8.auto", "/~c3/_w8.auto", "/~/_w8.auto", "/a~zz/_w8.auto", "/a%7e41/_w8.auto", "/~25~37~45/_w8.auto",
		"/~2525/_w8.auto", "/%2541/_w8.auto", "/a%0A", "/a/_w800.webp%0A", "/a/_w800.webp\n", "/a/_w800.webp%00", "/%00", "/a\x00", "/a\x01\x7f", "/+", "/%2B", "/a b", "/a'()*!\",;:@&=$",
		"/_", "/a/_", "/__proto__", "/constructor", "/a/_original", "/a/_info.json", "/_info.json", "/a%5Fb/%5Fw800.webp", "/r1/a.jpg/_w800.auto", "/a/_w0.auto", "/a/_w65535.png", "/a/_w65536.png",
		"/a/_w99999999999999999999.png", "/a/_h1-w1.png", "/a/_w1-h1-fp100-100-q100.jpg", "/a/_w1-h1-fp101-0.jpg", "/a/_w1-fp0-100.jpg", "/a/_w1-q101.jpg", "/a/_w1-q0.jpg", "/a/_w1-q01.jpg",
		"/a/_w1.original", "/a/_w1.auto-", "/a/_w1.auto-webpx", "/a/_w1-crop-smart.auto", "/a/_w1-h2-cropq3.auto", "/" + strings.Repeat("é", 2000), "/" + strings.Repeat("a", 8000),
		"/" + strings.Repeat("%E4%B8%96", 800) + "/_w8.auto", "/" + strings.Repeat("/", 3000) + "a",
	} {
		r.agree(t, get(path, "", browser))
		r.agree(t, viewed{"HEAD", path, "", false, nil})
	}
	for _, query := range []string{
		"", "&", "=", "w", "w=", "=w", "w=8&w=9", "W=8", "w=8%0A", "w=%0A8", "w=8\n", "w=%", "w=%8", "w=%zz", "%=1", "%zz=1", "w%=1", "%77=8", "w=8;", "w;=8", "x;w=8", "w=8+", "+w=8", "w=８", "w=\xff", "\xff=1",
		"w=\xc3%A9", "w=1e3", "w=0x10", "w=Infinity", "w=NaN", "w=-0", "w=1_0", "w=.", "w=..", "w=1..2", "w=00000000000000000000000000000800", "w=000000000000000000000000000000800",
		"w=1000000&dpr=8", "w=0.9999999", "w=0.001&dpr=8", "w=1.0000000001", "w=1.00000000000000000000000000000001", "dpr=8.0000", "dpr=8.0001&w=1", "dpr=0.0009&w=1", "dpr=.001&w=1", "q=100.0001", "q=100.001", "q=0.9999", "q=99.5",
		"fp-x=1.0000", "fp-x=1.0001", "fp-x=.005&fp-y=.995&fit=crop&w=9&h=9", "ar=1:1:1", "ar=:", "ar=1:", "ar=.001:1000000&fit=crop", "ar=0.0009:1", "ar=1%3A2&fit=crop", "ar=1000000:.001&fit=crop&h=1000000&dpr=8",
		"__proto__=1", "constructor=1&toString=2", "hasOwnProperty=1&w=8", "crop=__proto__", "fm=constructor", "fm=auto-webp", "fm=auto", "fm=original", "auto=format,format", "auto=", "auto=format,", "crop=center,center", "crop=,", "crop=faces,smart",
		"object=1", "object-removal=1", "object-removal-x=1", "object-removalx=1", "background=1", "background-x=1", "txt-=1", "txt-A=1", "txt-%0A=1", "txt-" + strings.Repeat("a", 32) + "=1", "txt-" + strings.Repeat("a", 33) + "=1",
		"64=1", "w64=1", "txt64=1", "s64=1", "cs64=1", "txt-a64=1", "face64=1", "w6464=1", "s=1", "expires=1", "cs", "hdr=", "frame&w=bad", "w=bad&frame", "utm=1&s",
		strings.Repeat("w=8&", 1500), strings.Repeat("x=%zz&", 1000) + "w=9",
	} {
		for _, path := range []string{"/a.jpg", "/a.jpg/_w800-h3.webp", "/a.jpg/_original"} {
			r.agree(t, viewed{"GET", path, query, false, []string{browser}})
		}
	}
	for _, accepts := range [][]string{
		nil, {""}, {"", ""}, {"image/webp"}, {"image/avif", "image/webp"}, {"image/avif", "image/webp;q=0.5"}, {`text/x;a="`, `image/webp,image/avif`}, {`text/x;a="`, `",image/webp`},
		{"image/webp;q=1\n"}, {"image/webp;q=0.\n"}, {"IMAGE/WEBP;Q=0.001"}, {"image/webp;q=01"}, {"image/webp;q=1.0000"}, {"image/webp;q=0.9999"}, {"image/webp;q=.5"}, {"image/webp;q=5"}, {"image/webp;q= 1"}, {"image/webp;q =1"},
		{"image/webp;q=1.1"}, {"image/webp;q"}, {"image/webp;"}, {"image/webp;;q=0"}, {"\u00a0image/webp"}, {"ımage/webp"}, {"İmage/webp"}, {"\xffimage/webp,\xff"}, {"constructor;q=1"}, {"image/avif,image/webp;q=1"}, {"image/webp,image/jpeg;q=1"}, {"image/webp;x=\"\\\";q=0\""},
		{strings.Repeat(" ", 4000) + "image/webp" + strings.Repeat("\t", 4000)}, {strings.Repeat(",;", 2000) + "image/webp"},
	} {
		r.agree(t, get("/a.jpg", "w=800", accepts...))
	}
}

// Where one answer ends and the next begins, under every policy.
func TestAgreesAtBorders(t *testing.T) {
	all := runners(t)
	for _, ask := range []string{
		"/a/_w65535.png", "/a/_w65536.png", "/a/_h65535.png", "/a/_h65536.png", "/a/_w1-h65535-fp100-100-q100.jpg", "/a/_w1-h1-fp0-101.jpg", "/a/_w2-h2-fp33-67.jpg", "/a/_w2-h2-fp34-66.jpg", "/a/_w2-h2-crop.jpg", "/a/_w2-h2-smart.jpg",
		"/a?w=65535&h=65535", "/a?w=65536&h=65535&fit=crop", "/a?w=8192&h=8192", "/a?w=8193&h=8192", "/a?w=8192&h=8193", "/a?w=1&h=1", "/a?w=2560&h=1097", "/a?w=2560&h=1098", "/a?w=2561&h=1097",
		"/a?w=2&h=1", "/a?w=200&h=100", "/a?w=200&h=101", "/a?w=100&h=200", "/a?w=101&h=200", "/a?w=100&h=400", "/a?w=100&h=25&fit=crop", "/a?w=100&h=26&fit=crop",
		"/a?fit=crop&ar=2:1", "/a?fit=crop&ar=1:2", "/a?fit=crop&ar=2.001:1", "/a?fit=crop&ar=.001:1&w=9", "/a?fit=crop&ar=1:.001&w=9", "/a?fit=crop&ar=65.535:1&h=7", "/a?fit=crop&ar=65.536:1&h=7", "/a?fit=crop&ar=65.535:32.767&h=65535", "/a?fit=crop&ar=32.767:65.535&w=65535",
		"/a?fit=crop&ar=131.071:131.072&h=99999", "/a?fit=crop&ar=1:65.536&h=7", "/a?fit=crop&ar=1:1&h=0.9999", "/a?w=1000000&h=1000000&dpr=8", "/a?w=999999.999&h=3", "/a?w=1000000.001",
		"/a?w=1&q=1", "/a?w=1&q=0.9999", "/a?w=1&q=49.999", "/a?w=1&q=50", "/a?w=1&q=50.5", "/a?w=1&q=50.4999", "/a?w=1&q=69.5", "/a?w=1&q=70", "/a?w=1&q=100.0009", "/a?w=1&q=100.001", "/a?w=1&q=80&fm=png",
		"/a?w=1000&dpr=1.1209", "/a?w=800&dpr=1.2009", "/a?w=1&q=69.49999", "/a?fit=crop&ar=1.9999999:1", "/a?fit=crop&ar=1:.4999999&w=3", "/a?w=1&dpr=0.001", "/a?w=1&dpr=0.00099", "/a?w=1&dpr=8", "/a?w=1&dpr=8.00000", "/a?w=1&dpr=8.00001", "/a?w=1.00000", "/a?w=1.0000000001", "/a?w=32.0001", "/a?w=3840", "/a?w=3841", "/a?h=3840.0001",
		"/a?w=9&h=9&fit=crop&fp-x=.33499&fp-y=.335", "/a?w=9&h=9&fit=crop&fp-x=.66499&fp-y=.665", "/a?w=9&h=9&fit=crop&fp-x=1&fp-y=0", "/a?fp-x=1.00001", "/a?fp-x=1.00000", "/a?fp-y=.0049", "/a?w=9&h=9&fit=crop&fp-y=.005",
		"/a?w=" + strings.Repeat("0", 29) + "800", "/a?w=" + strings.Repeat("0", 30) + "800", "/a?txt-" + strings.Repeat("b", 32), "/a?txt-" + strings.Repeat("b", 33),
	} {
		path, query, _ := strings.Cut(ask, "?")
		for _, r := range all {
			r.agree(t, get(path, query, `text/x\,image/webp;a="b"`))
			r.agree(t, get(path, query, browser))
		}
	}
}
