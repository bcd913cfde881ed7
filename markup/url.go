package markup

import (
	"errors"
	"strconv"
	"strings"

	"photofit"
)

var (
	errName = errors.New("not the key of a photo: it is empty or not UTF-8")
	errBase = errors.New("the base is a scheme and a host, https://media.example.com, or empty")
)

// URL is the photo at the policy's step for that width, in pixels: in the type
// that suits who asks. It is for links and for CSS; a width of 0 is the top of
// the ladder. It is empty where Attrs has an error: for a key that is not UTF-8,
// a Base or a policy that cannot be.
func (s Site) URL(photo string, width int) string {
	return s.ImageURL(Image{Photo: photo}, width)
}

// ImageURL is URL for an image: cut by its Ratio and Crop to the policy's nearest
// ratio, at the step nearest to its Quality. Its other fields don't count. It is
// empty, too, for a Quality that cannot be.
func (s Site) ImageURL(i Image, width int) string {
	if s.check() != nil {
		return ""
	}
	if width <= 0 {
		width = photofit.MaxSide
	}
	r, err := s.recipe(i.Photo, width, i.Ratio, i.Crop, i.Quality)
	if err != nil {
		return ""
	}
	return s.url(r)
}

// url spells a recipe: as the query form, in which types are negotiated. A name
// that form can't reach has the path form, whose type every browser takes.
func (s Site) url(r photofit.Recipe) string {
	address := r.Path()
	if queryForm(r.Photo) {
		address = "/" + percent(r.Photo) + "?w=" + strconv.Itoa(r.Width)
		if r.Height > 0 {
			address += "&h=" + strconv.Itoa(r.Height) + "&fit=crop" + cropQuery(r.Crop)
		}
		if r.Quality > 0 {
			address += "&q=" + strconv.Itoa(r.Quality)
		}
	}
	if len(s.Policy.Key) > 0 {
		address = photofit.Sign(s.Policy.Key, address)
	}
	return strings.TrimSuffix(s.Base, "/") + address
}

// queryForm tells whether the query form reaches a photo, whatever is between a
// page and the server. Browsers resolve segments of dots, percent-encoded or not,
// and take "//" at the start for a host (WHATWG URL, 4.4); some proxies make one
// slash of two; a slash at the end is a folder's page; and a name like a path form
// means that.
func queryForm(photo string) bool {
	for segment := range strings.SplitSeq(photo, "/") {
		if segment == "" || segment == "." || segment == ".." {
			return false
		}
	}
	// What a path means depends on no policy.
	r, err := photofit.Resolve("/"+percent(photo), "", "", photofit.Policy{})
	return err == nil && r.Photo == photo
}

// percent spells a name for a URL's path, byte by byte: all but the unreserved
// characters (RFC 3986, 2.3) and slashes. So the result stands as it is in a
// srcset, where commas and spaces part, and in CSS.
func percent(name string) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	for i := range len(name) {
		c := name[i]
		if 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.IndexByte("-._~/", c) >= 0 {
			b.WriteByte(c)
		} else {
			b.Write([]byte{'%', hex[c>>4], hex[c&15]})
		}
	}
	return b.String()
}

// check tells what is wrong with the site.
func (s Site) check() error {
	if err := s.Policy.Check(); err != nil {
		return err
	}
	if s.Base == "" {
		return nil
	}
	host, ok := strings.CutPrefix(s.Base, "https://")
	if !ok {
		host, ok = strings.CutPrefix(s.Base, "http://")
	}
	if !ok {
		host, ok = strings.CutPrefix(s.Base, "//")
	}
	// What parts a srcset or ends an attribute or a url() is in no host or path.
	if !ok || host == "" || host[0] == '/' || strings.ContainsAny(host, " \t\r\n\f,;?#\\\"'<>()") {
		return errBase
	}
	for i := range len(host) {
		if host[i] < ' ' || host[i] > '~' {
			return errBase
		}
	}
	return nil
}
