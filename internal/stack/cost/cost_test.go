package cost

import (
	"math"
	"testing"
)

// The worked example of the documentation: about $1.69 in the first month and $1.32 in
// each later one.
func TestExample(t *testing.T) {
	first, later := Example()
	for _, c := range []struct {
		name string
		use  Use
		want float64
	}{{"first", first, 1.694}, {"later", later, 1.319}} {
		lines := Of(c.use)
		if got := Sum(lines); math.Abs(got-c.want) > 0.01 {
			t.Errorf("the %s month costs %.2f, not %.2f: %+v", c.name, got, c.want, lines)
		}
	}
}

func TestOf(t *testing.T) {
	for _, c := range []struct {
		name string
		use  Use
		want float64
	}{
		{"nothing", Use{}, 0},
		{"one TB kept", Use{PhotosGB: 1000}, 23},
		{"within what is free", Use{GBSeconds: 400_000, Renders: 1e6, Views: 2e6, DeliveredGB: 1000, Purges: 1000, LogsGB: 5}, 0},
		{"2 TB delivered", Use{DeliveredGB: 2000}, 85},
		{"twenty million views", Use{Views: 20e6}, 11 + 1.8},
		{"a thousand invalidations too many", Use{Purges: 2000}, 5},
		{"a million GB-s", Use{GBSeconds: 1_400_000}, 13.3334},
		{"the same on Intel", Use{GBSeconds: 1_400_000, Intel: true}, 16.6667},
		{"a million puts and gets", Use{Puts: 1e6, Gets: 1e6}, 5.4},
	} {
		if got := Sum(Of(c.use)); math.Abs(got-c.want) > 1e-6 {
			t.Errorf("%s costs %v, not %v", c.name, got, c.want)
		}
	}
}

func TestFree(t *testing.T) {
	for _, l := range Of(Use{Renders: 1000, GBSeconds: 500, PhotosGB: 1}) {
		if want := l.What == "renders and masters by Lambda"; l.Free != want {
			t.Errorf("%s (%s): free is %v", l.What, l.Amount, l.Free)
		}
	}
}

func TestAmounts(t *testing.T) {
	for n, want := range map[float64]string{0: "0 GB", 0.004: "0.004 GB", 0.25: "0.2 GB", 9.94: "9.9 GB", 114: "114 GB", 12345: "12,345 GB"} {
		if got := gigabytes(n); got != want {
			t.Errorf("%v is %q, not %q", n, got, want)
		}
	}
}
