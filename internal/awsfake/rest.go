package awsfake

import (
	"net/url"
	"slices"
	"strings"
)

// route is a method and path of a service that is told by them. A part of the path in
// braces is any text without a slash.
type route struct {
	method, path string
	operation    string
	query        string // parameters there may be
}

// restName is the operation that one of the routes is for.
func restName(routes []route) func(*call) string {
	return func(q *call) string {
		given, err := url.ParseQuery(q.URL.RawQuery)
		if err != nil {
			return ""
		}
		for _, r := range routes {
			parts, ok := match(r.path, q.URL.EscapedPath())
			if !ok || r.method != q.Method {
				continue
			}
			for name := range given {
				if !slices.Contains(strings.Fields(r.query), name) {
					return ""
				}
			}
			q.path = parts
			return r.operation
		}
		return ""
	}
}

func match(pattern, path string) (map[string]string, bool) {
	wanted, there := strings.Split(pattern, "/"), strings.Split(path, "/")
	if len(wanted) != len(there) {
		return nil, false
	}
	parts := map[string]string{}
	for i, w := range wanted {
		if !strings.HasPrefix(w, "{") {
			if w != there[i] {
				return nil, false
			}
			continue
		}
		value, err := url.PathUnescape(there[i])
		if err != nil || value == "" {
			return nil, false
		}
		parts[strings.Trim(w, "{}")] = value
	}
	return parts, true
}
