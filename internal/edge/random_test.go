package edge

import (
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
)

// The pieces of which requests are made at random: few enough that they meet.
var (
	paramNames = strings.Fields("w h ar fit crop fp-x fp-y q fm auto dpr w h w h q cs hdr frame s expires rot txt-size w64 utm_source v W %77 f%69t txt-%zz")
	words      = strings.Fields("clip max crop min center top bottom left right smart focalpoint faces edges jpg webp avif png original jpeg auto format compress 16:9 1:1 1.91:1 9:16 3:2 21:9 0:1 % ; + %20 %31 %FF x")
	pathParts  = []string{"a", "b.jpg", "/", "/", "//", ".", "..", "-", "_", "~", "~2F", "~5F", "~C3", "~A9", "%", "%2F", "%C3%A9", "%E4%B8%96", "%25", "%7E", "%FF", "é", "😀", "\xff", "\xc3", "+", " ", "'", "_w800.webp", "/_w801-h33", "-crop", "-smart", "-fp0-50", "-q77", ".auto", ".auto-avif", ".png", "_original", "_info.json"}
	mediaParts = []string{"image/avif", "image/webp", "image/jpeg", "IMAGE/WebP", "image/*", "*/*", ",", ",", ", ", ";", "; ", "q=0", "q=0.5", "q=0.500", "q=1", "Q=0.501", "q=1.001", "q=", "\t", `"`, `\`, `x="`, "v=1"}
)

func pick(r *rand.Rand, list []string) string { return list[r.IntN(len(list))] }

func join(r *rand.Rand, list []string, most int) string {
	var b strings.Builder
	for range r.IntN(most + 1) {
		b.WriteString(pick(r, list))
	}
	return b.String()
}

// randomNumber is of any length, and near what matters as often as not.
func randomNumber(r *rand.Rand) string {
	switch r.IntN(6) {
	case 0:
		return strconv.Itoa(r.IntN(4000))
	case 1:
		return strconv.FormatFloat(r.Float64()*1.2, 'f', r.IntN(7), 64)
	case 2:
		return strconv.FormatFloat(r.Float64()*5000, 'f', r.IntN(6), 64)
	case 3:
		return strconv.Itoa(r.IntN(110))
	case 4:
		return strconv.FormatUint(r.Uint64(), 10)
	}
	return join(r, []string{"0", "1", "9", ".", "00", "5"}, 8)
}

func randomQuery(r *rand.Rand) string {
	var pairs []string
	for range r.IntN(7) {
		value := randomNumber(r)
		switch r.IntN(5) {
		case 0, 1:
			value = pick(r, words)
		case 2:
			value += ":" + randomNumber(r)
		case 3:
			if r.IntN(3) == 0 {
				value = pick(r, words) + "," + pick(r, words)
			}
		}
		pairs = append(pairs, pick(r, paramNames)+"="+value)
	}
	return strings.Join(pairs, "&")
}

// Sound queries only, so that all of them get as far as the arithmetic.
func soundQuery(r *rand.Rand) string {
	var pairs []string
	add := func(name string, values ...string) {
		if r.IntN(3) > 0 {
			pairs = append(pairs, name+"="+pick(r, values))
		}
	}
	side := strconv.FormatFloat(1+r.Float64()*float64([]int{100, 3000, 70000, 2000000}[r.IntN(4)]), 'f', r.IntN(5), 64)
	add("w", strconv.Itoa(1+r.IntN(4000)), side)
	add("h", strconv.Itoa(1+r.IntN(4000)), side, "450")
	add("ar", "16:9", "1:1", "9999999:1", "1:9999999", strconv.Itoa(1+r.IntN(99))+":"+strconv.Itoa(1+r.IntN(99)), "1."+strconv.Itoa(r.IntN(9999))+":1")
	add("fit", "crop", "min", "crop", "clip")
	add("dpr", "1", "2", "1.5", "0."+strconv.Itoa(1+r.IntN(999)), "8")
	add("q", strconv.Itoa(1+r.IntN(100)), "69.5", "55.499")
	if r.IntN(2) == 0 {
		add("crop", "top,left", "smart", "focalpoint", "bottom", "center,right")
	}
	add("fp-x", "0."+strconv.Itoa(r.IntN(9999)), "1")
	add("fp-y", "0."+strconv.Itoa(r.IntN(9999)), "0")
	if r.IntN(3) == 0 {
		add("fm", "jpg", "webp", "avif", "png")
	}
	r.Shuffle(len(pairs), func(i, j int) { pairs[i], pairs[j] = pairs[j], pairs[i] })
	return strings.Join(pairs, "&")
}

// Whatever is asked, the function does what Resolve does.
func TestAgreesAtRandom(t *testing.T) {
	rounds := 300
	if testing.Short() {
		rounds = 60
	}
	r := rand.New(rand.NewPCG(4, 2026))
	for _, run := range runners(t) {
		rewritten := 0
		for range rounds {
			sound := get("/trip/b.jpg", soundQuery(r), join(r, mediaParts, 9))
			run.agree(t, sound)
			if run.expect(sound).status == 0 {
				rewritten++
			}
			run.agree(t, get("/a.jpg", randomQuery(r), join(r, mediaParts, 9), join(r, mediaParts, 4)))
			run.agree(t, viewed{pick(r, []string{"GET", "HEAD"}), "/" + join(r, pathParts, 8), randomQuery(r), false, nil})
			run.agree(t, get("/"+join(r, pathParts, 8), ""))
			run.agree(t, get("/"+join(r, pathParts, 5)+"/_w801-h600-fp12-88-q71.auto-webp", ""))
		}
		if rewritten < rounds*9/10 {
			t.Errorf("only %d of %d sound queries were", rewritten, rounds)
		}
	}
}

// FuzzEdge looks for a request that the edge and the server take differently.
func FuzzEdge(f *testing.F) {
	f.Add("/trip/b.jpg", "w=800&h=450&fit=crop&crop=top,left&q=80&fm=webp&dpr=2&auto=format", browser)
	f.Add("/a%20b.jpg", "ar=16:9&fit=min&h=33.3&fp-x=0.1&fp-y=1", "image/webp;q=0.5")
	f.Add("/~5Fa~2F/_w801-h7-fp1-99-q3.auto-avif", "utm=1", "")
	f.Add("/b/_original", "s=1&s", `image/webp;x="\";q=0`)
	f.Add("/../a//-/_w800", "w=1&w=2;3&%zz", "*/*")
	f.Add("/\xc3%A9~C3~A9\uFFFD/_h1.png", "txt-64=1&object-removal64", ",;=\"")
	all := runners(f)
	f.Fuzz(func(t *testing.T, path, query, accept string) {
		first, second, _ := strings.Cut(accept, "|")
		for _, r := range all {
			r.agree(t, viewed{"GET", path, query, false, []string{first, second}})
			r.agree(t, get("/"+path, query, accept))
		}
	})
}
