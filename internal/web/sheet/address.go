package sheet

import (
	"net/url"
	"strings"

	"photofit"
)

// percent spells a name for a URL's path, byte by byte: all but the unreserved
// characters (RFC 3986, 2.3) and slashes. So the result stands as it is in
// HTML, in a srcset and behind servers that read more into "+" than they should.
func percent(name string) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	for i := 0; i < len(name); i++ {
		c := name[i]
		if 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.IndexByte("-._~/", c) >= 0 {
			b.WriteByte(c)
		} else {
			b.Write([]byte{'%', hex[c>>4], hex[c&15]})
		}
	}
	return b.String()
}

// join is the key of a name in a folder.
func join(folder, name string) string {
	if folder == "" {
		return name
	}
	return folder + "/" + name
}

// folderAddress is where a folder's page is; "" is the top. A top folder "-" is
// written ~2D, since /-/ is the program's own, and so a tilde that starts the
// name of one is written ~7E.
func folderAddress(folder string) string {
	switch top, _, _ := strings.Cut(folder, "/"); {
	case folder == "":
		return "/"
	case top == "-":
		folder = "~2D" + folder[1:]
	case top[0] == '~':
		folder = "~7E" + folder[1:]
	}
	return "/" + percent(folder) + "/"
}

// folderOf is the folder whose page is at a path, percent-decoded: the inverse
// of folderAddress. Empty segments name no folder.
func folderOf(path string) (string, error) {
	if path == "/" {
		return "", nil
	}
	if len(path) < 3 || path[0] != '/' || path[len(path)-1] != '/' || strings.Contains(path, "//") || strings.HasPrefix(path, "/-/") {
		return "", absent("folder", path)
	}
	folder := path[1 : len(path)-1]
	if rest, ok := strings.CutPrefix(folder, "~7E"); ok {
		return "~" + rest, nil
	}
	if rest, ok := strings.CutPrefix(folder, "~2D"); ok && (rest == "" || rest[0] == '/') {
		return "-" + rest, nil
	}
	return folder, nil
}

// viewAddress is where a photo is shown opened.
func viewAddress(folder, name string) string {
	return folderAddress(folder) + "?photo=" + url.QueryEscape(name)
}

// queryForm tells whether the query form reaches a photo: a name like
// "_w800.webp" is taken for a path form there, and a top folder "-" for ours.
func queryForm(key string) bool {
	// What a path means depends on no policy.
	r, err := photofit.Resolve("/"+percent(key), "", "", photofit.Policy{})
	return err == nil && r.Photo == key
}
