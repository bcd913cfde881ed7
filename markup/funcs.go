package markup

import (
	"errors"
	"fmt"
	"html/template"
	"net/url"
	"strconv"
	"strings"

	"photofit"
)

// FuncMap are functions for html/template:
//
//	{{photo "trip/b.jpg" "alt" "The summit" "sizes" "50vw"}}
//	{{photo "trip/b.jpg" (photoSource "(max-width: 600px)" "ratio" "1:1") "eager" true}}
//	{{photoURL "trip/b.jpg" 1600}}
//
// photo is Img, or Picture if sources are given. Behind the photo's key come names
// and values: alt, class, sizes, ratio ("16:9"), crop (as in a URL: "top",
// "top,left", "smart"; or a point in percent, "30 60"), quality (a number), eager
// (true or false) and placeholder ("color", "thumb" or "none"). photoSource takes
// a media query, then sizes, ratio and crop. photoURL is URL. What is not known,
// misspelt or of another type ends the template with an error.
//
// info tells of a photo, and is asked once for each call of photo; nil is for
// when nothing is known. Its error ends the template.
func (s Site) FuncMap(info func(photo string) (photofit.Info, error)) template.FuncMap {
	return template.FuncMap{
		"photo": func(photo string, args ...any) (template.HTML, error) {
			i := Image{Photo: photo}
			sources, err := i.set(args)
			if err != nil {
				return "", fmt.Errorf("photo %q: %w", photo, err)
			}
			if info != nil {
				if i.Info, err = info(photo); err != nil {
					return "", err
				}
			}
			if len(sources) > 0 {
				return s.Picture(i, sources...)
			}
			return s.Img(i)
		},
		"photoSource": func(media string, args ...any) (Source, error) {
			var i Image
			for n := 0; n < len(args); n += 2 {
				if name, ok := args[n].(string); ok && name != "sizes" && name != "ratio" && name != "crop" {
					return Source{}, fmt.Errorf("photoSource %q: %q is not sizes, ratio or crop", media, name)
				}
			}
			if _, err := i.set(args); err != nil {
				return Source{}, fmt.Errorf("photoSource %q: %w", media, err)
			}
			return Source{Media: media, Ratio: i.Ratio, Crop: i.Crop, Sizes: i.Sizes}, nil
		},
		"photoURL": func(photo string, width int) (string, error) {
			if _, err := s.offer(Image{Photo: photo}, photofit.Ratio{}, 0); err != nil {
				return "", err
			}
			return s.URL(photo, width), nil
		},
	}
}

// set reads names and values, among which sources may stand.
func (i *Image) set(args []any) (sources []Source, err error) {
	cropped := false
	for len(args) > 0 {
		if from, ok := args[0].(Source); ok {
			sources, args = append(sources, from), args[1:]
			continue
		}
		name, ok := args[0].(string)
		if !ok {
			return nil, fmt.Errorf("%v stands where the name of an option does", args[0])
		}
		if len(args) == 1 {
			return nil, fmt.Errorf("%s has no value", name)
		}
		if err := i.setOne(name, args[1]); err != nil {
			return nil, err
		}
		cropped = cropped || name == "crop"
		args = args[2:]
	}
	if cropped && i.Ratio == (photofit.Ratio{}) {
		return nil, errors.New(`crop cuts nothing without a ratio: add "ratio" "16:9"`)
	}
	return sources, nil
}

func (i *Image) setOne(name string, value any) (err error) {
	switch name {
	case "eager":
		var ok bool
		if i.Eager, ok = value.(bool); !ok {
			return fmt.Errorf("eager is true or false, not %v", value)
		}
		return nil
	case "quality":
		var ok bool
		if i.Quality, ok = value.(int); !ok {
			return fmt.Errorf("quality is a number, not %v", value)
		}
		if i.Quality < 1 || i.Quality > 100 {
			return fmt.Errorf("quality is a number from 1 to 100, not %d", i.Quality)
		}
		return nil
	}
	text, ok := value.(string)
	if !ok {
		return fmt.Errorf("%s: %v is no text", name, value)
	}
	switch name {
	case "alt":
		i.Alt = text
	case "class":
		i.Class = text
	case "sizes":
		i.Sizes = text
	case "ratio":
		i.Ratio, err = parseRatio(text)
	case "crop":
		i.Crop, err = parseCrop(text)
	case "placeholder":
		known := map[string]Placeholder{"none": NoPlaceholder, "color": Color, "thumb": Thumb}
		if i.Placeholder, ok = known[text]; !ok {
			return fmt.Errorf("placeholder is color, thumb or none, not %q", text)
		}
	default:
		return fmt.Errorf("%q is no option: there are alt, class, sizes, ratio, crop, quality, eager and placeholder", name)
	}
	return err
}

func parseRatio(s string) (photofit.Ratio, error) {
	w, h, _ := strings.Cut(s, ":")
	a, errA := strconv.Atoi(w)
	b, errB := strconv.Atoi(h)
	if errA != nil || errB != nil || a < 1 || b < 1 {
		return photofit.Ratio{}, fmt.Errorf("ratio is a width to a height, 16:9, not %q", s)
	}
	return photofit.Ratio{W: a, H: b}, nil
}

// parseCrop reads a crop as URLs have it, or a point in percent.
func parseCrop(s string) (photofit.Crop, error) {
	if left, top, ok := strings.Cut(s, " "); ok {
		x, errX := strconv.Atoi(left)
		y, errY := strconv.Atoi(top)
		if errX != nil || errY != nil || x < 0 || x > 100 || y < 0 || y > 100 {
			return 0, fmt.Errorf("crop: a point is two numbers from 0 to 100, 30 60, not %q", s)
		}
		return photofit.FocalPoint(x, y), nil
	}
	r, err := photofit.Resolve("/a", "w=1&h=1&fit=crop&crop="+url.QueryEscape(s), "", photofit.OpenPolicy())
	return r.Crop, err
}
