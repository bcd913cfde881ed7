//go:build !amd64 && !arm64

package scale

func lighten(to []float32, src []byte)               { lightenGo(to, src) }
func brighten(to []float32, src []byte)              { brightenGo(to, src) }
func weigh(out, rows, weights []float32)             { weighGo(out, rows, weights) }
func across(out, line []float32, a *axis, bands int) { acrossGo(out, line, a, bands) }
func encode(out []byte, line []float32)              { encodeGo(out, line) }
