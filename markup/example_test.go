package markup_test

import (
	"fmt"
	"html/template"
	"os"

	"photofit"
	"photofit/markup"
)

// A site that serves few sizes, so that the examples are short.
var site = markup.Site{
	Base:   "https://media.example.com",
	Policy: photofit.Policy{Widths: []int{400, 800, 1600}, CropWidths: []int{320, 640}},
}

func ExampleSite_Img() {
	tag, err := site.Img(markup.Image{Photo: "trip/b.jpg", Info: photofit.Info{Width: 1500, Height: 1000}, Alt: "The summit"})
	fmt.Println(tag, err)
	// Output:
	// <img alt="The summit" src="https://media.example.com/trip/b.jpg?w=1600" srcset="https://media.example.com/trip/b.jpg?w=400 400w, https://media.example.com/trip/b.jpg?w=800 800w, https://media.example.com/trip/b.jpg?w=1600 1500w" sizes="auto, 100vw" width="1500" height="1000" loading="lazy" decoding="async"> <nil>
}

func ExampleSite_FuncMap() {
	// What `photofit info` or /trip/b.jpg/_info.json says of each photo.
	infos := map[string]photofit.Info{"trip/b.jpg": {Width: 1500, Height: 1000, Color: "#8a6f4d"}}
	info := func(photo string) (photofit.Info, error) {
		if i, ok := infos[photo]; ok {
			return i, nil
		}
		return photofit.Info{}, fmt.Errorf("%s: no such photo", photo)
	}
	page := template.Must(template.New("page").Funcs(site.FuncMap(info)).Parse(
		`<a href="{{photoURL .Photo 1600}}">{{photo .Photo "alt" .Title "ratio" "1:1" "sizes" "20rem" "placeholder" "color"}}</a>`))
	if err := page.Execute(os.Stdout, map[string]string{"Photo": "trip/b.jpg", "Title": `"The" summit`}); err != nil {
		fmt.Println(err)
	}
	// Output:
	// <a href="https://media.example.com/trip/b.jpg?w=1600"><img alt="&#34;The&#34; summit" src="https://media.example.com/trip/b.jpg?w=640&amp;h=640&amp;fit=crop" srcset="https://media.example.com/trip/b.jpg?w=320&amp;h=320&amp;fit=crop 320w, https://media.example.com/trip/b.jpg?w=640&amp;h=640&amp;fit=crop 640w" sizes="20rem" width="640" height="640" loading="lazy" decoding="async" style="background-image:linear-gradient(#8a6f4d 0 0),none;background-clip:content-box,border-box"></a>
}

func ExampleSite_Attrs() {
	attrs, err := site.Attrs(markup.Image{Photo: "trip/b.jpg", Ratio: photofit.Ratio{W: 16, H: 9}, Eager: true})
	for _, a := range attrs {
		fmt.Println(a.Name, "=", a.Value)
	}
	fmt.Println(err)
	// Output:
	// src = https://media.example.com/trip/b.jpg?w=640&h=360&fit=crop
	// srcset = https://media.example.com/trip/b.jpg?w=320&h=180&fit=crop 320w, https://media.example.com/trip/b.jpg?w=640&h=360&fit=crop 640w
	// sizes = 100vw
	// width = 640
	// height = 360
	// loading = eager
	// decoding = async
	// fetchpriority = high
	// <nil>
}
