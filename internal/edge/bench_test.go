package edge

import (
	"strings"
	"testing"

	"photofit"
)

// BenchmarkHandler is the time of a call in goja, an interpreter without a compiler
// to machine code, on a machine of its own. CloudFront's is another: what a call
// takes of the time that it may, its TestFunction tells (ComputeUtilization). This
// is to compare one version of the function with the next, and one request with
// another.
func BenchmarkHandler(b *testing.B) {
	r := newRunner(b, photofit.Policy{})
	for _, c := range []struct{ name, path, query string }{
		{"nothing", "/-/x", ""},
		{"query", "/trip/b.jpg", "w=800&h=450&fit=crop&auto=format&q=75"},
		{"path", "/trip/b.jpg/_w800.auto-avif", ""},
		{"names", "/trip%20to/%E4%B8%96%E7%95%8C.jpg", "w=800"},
		{"trackers", "/trip/b.jpg", "w=800&utm_source=a&utm_medium=b&utm_campaign=c&fbclid=d"},
		{"longest", "/" + strings.Repeat("%E4", 1) + strings.Repeat("%B8%96%E4", 340) + "%B8%96", "w=800"},
	} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				r.run(b, get(c.path, c.query, browser))
			}
		})
	}
}
