package photofit_test

import (
	"errors"
	"fmt"

	"photofit"
)

func ExampleResolve() {
	accept := "image/avif,image/webp,image/*,*/*;q=0.8"
	for _, query := range []string{"w=790", "w=400&dpr=2&utm_source=mail", "w=800&h=450&fit=crop&crop=top&fm=webp&q=80"} {
		r, err := photofit.Resolve("/trip/b.jpg", query, accept, photofit.DefaultPolicy())
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(r.Path())
	}
	// Output:
	// /trip/b.jpg/_w800.auto-avif
	// /trip/b.jpg/_w800.auto-avif
	// /trip/b.jpg/_w800-h450-fp50-0-q80.webp
}

func ExampleResolve_refused() {
	_, err := photofit.Resolve("/trip/b.jpg", "w=800&rot=90", "", photofit.DefaultPolicy())
	var e *photofit.Error
	if errors.As(err, &e) {
		fmt.Println(e.Code, errors.Is(err, photofit.ErrBadRequest))
		fmt.Println(e.Text)
	}
	// Output:
	// unsupported-parameter true
	// rot is a parameter of imgix that Photofit does not have: leave it out
}

func ExampleExplain() {
	e, _ := photofit.Explain("/trip/b.jpg", "w=700&h=400&fit=crop&q=75", "image/webp,*/*", photofit.DefaultPolicy())
	for _, s := range e.Steps {
		fmt.Printf("%-6s %-14s %-10s %s\n", s.Param, s.Given, s.Became, s.Why)
	}
	fmt.Println(e.Path)
	// Output:
	// path   /trip/b.jpg    trip/b.jpg the photo's name
	// Accept image/webp,*/* .auto-webp the client takes WebP
	// w      700            800        up to the next step of the ladder
	// h      400            450        from the width and the nearest ratio of the policy, 16:9
	// fit    crop           crop       fill the box and cut the rest
	// crop                  50-50      around this point of a 3 × 3 grid, in percent
	// q      75             80         the nearest step of the policy
	// /trip/b.jpg/_w800-h450-crop-q80.auto-webp
}

func ExampleParsePath() {
	r, _ := photofit.ParsePath("/trip/b.jpg/_w800-h450-crop-q80.webp")
	fmt.Println(r.Photo, r.Width, r.Height, r.Fit, r.Quality, r.Format.MediaType())
	_, err := photofit.ParsePath("/trip/b.jpg/_q80-w800.webp")
	fmt.Println(err)
	// Output:
	// trip/b.jpg 800 450 crop 80 image/webp
	// not a canonical path, like /trip/b.jpg/_w800.webp
}

func ExampleEscapePhoto() {
	fmt.Println(photofit.EscapePhoto("trip to Málaga/_DSC1 #2.jpg"))
	// Output: trip~20to~20M~C3~A1laga/~5FDSC1~20~232.jpg
}

func ExamplePolicy_WidthsFor() {
	fmt.Println(photofit.DefaultPolicy().WidthsFor(500))
	// Output: [32 48 64 96 128 160 200 256 320 400 480 560]
}

func ExampleSign() {
	key := []byte("sixteen or more random bytes")
	fmt.Println(photofit.Sign(key, "/trip/b.jpg?w=801"))
	// Output: /trip/b.jpg?w=801&s=kOqqGgbBXesyr32K13-1nal4Q6tX4D5mIpWo75k5fdY
}
