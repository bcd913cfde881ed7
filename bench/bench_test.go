package main

import (
	"image"
	"math"
	"strings"
	"testing"
)

func TestMedian(t *testing.T) {
	for _, tt := range []struct {
		values []float64
		want   float64
	}{
		{nil, 0}, {[]float64{3}, 3}, {[]float64{9, 1, 2}, 2}, {[]float64{4, 1, 9, 2}, 3},
	} {
		if got := median(tt.values); got != tt.want {
			t.Errorf("median(%v) = %v, want %v", tt.values, got, tt.want)
		}
	}
	values := []float64{3, 1, 2}
	if median(values); values[0] != 3 {
		t.Error("median sorted its caller's values")
	}
}

func TestTargets(t *testing.T) {
	for _, tt := range []struct {
		name string
		f    figure
		mark string
	}{
		{"within", figure{AtMost: 1.1, Values: []float64{1, 1.1, 5}}, "✓"},
		{"beyond", figure{AtMost: 1.1, Values: []float64{1, 1.11, 5}}, "✗"},
		{"worst beyond", figure{AtMost: 1.1, Worst: true, Values: []float64{1, 1, 1.2}}, "✗"},
		{"worst within", figure{AtMost: 1.2, Worst: true, Values: []float64{1, 1, 1.2}}, "✓"},
		{"enough", figure{AtLeast: 0.45, Values: []float64{0.1, 0.45, 0.5}}, "✓"},
		{"too little", figure{AtLeast: 0.45, Values: []float64{0.1, 0.44, 9}}, "✗"},
		{"worst too little", figure{AtLeast: 0.45, Worst: true, Values: []float64{0.4, 0.5, 0.5}}, "✗"},
		{"no target", figure{Values: []float64{100}}, "–"},
		{"skipped", figure{AtMost: 1, Note: "skipped: npm is missing"}, "–"},
		{"failed", figure{Failed: true}, "✗"},
	} {
		if got := tt.f.mark(); got != tt.mark {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.mark)
		}
		if missed := tt.f.Missed(); missed != (tt.mark == "✗") {
			t.Errorf("%s: Missed = %t", tt.name, missed)
		}
	}
}

func TestTableIsAligned(t *testing.T) {
	got := table([]figure{
		{Section: "cold", Name: "a × long name", Unit: "×", AtMost: 1.1, Values: []float64{1, 2, 3}, Note: "note"},
		{Section: "cold", Name: "b", Unit: "MB", AtLeast: 100, Values: []float64{99.5}},
	})
	want := "" +
		"      figure             target      min   median      max\n" +
		"cold  a × long name    ≤ 1.10 ×   1.00 ×   2.00 ×   3.00 ×  ✗  note\n" +
		"      b              ≥ 100.0 MB  99.5 MB  99.5 MB  99.5 MB  ✗\n"
	if got != want {
		t.Errorf("table:\n%s\nwant:\n%s", got, want)
	}
}

const wrkOutput = `Running 3s test @ http://127.0.0.1:8080/
  1 threads and 64 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     1.22ms    1.10ms  20.11ms   89.11%
    Req/Sec    19.01k     2.11k   22.15k    70.00%
  Latency Distribution
     50%    1.02ms
     75%    1.60ms
     90%    2.30ms
     99%  950.00us
  56789 requests in 3.00s, 3.20GB read
Requests/sec:  18929.67
Transfer/sec:      1.07GB
`

func TestParseWrk(t *testing.T) {
	got, err := parseWrk(wrkOutput)
	if err != nil || got.rate != 18929.67 || math.Abs(got.p99-0.95) > 1e-9 {
		t.Errorf("parseWrk = %+v, %v", got, err)
	}
	seconds, err := parseWrk(strings.Replace(wrkOutput, "950.00us", "1.25s", 1))
	if err != nil || seconds.p99 != 1250 {
		t.Errorf("1.25s is %v ms, %v", seconds.p99, err)
	}
	for name, out := range map[string]string{
		"errors of sockets": wrkOutput + "  Socket errors: connect 0, read 3, write 0, timeout 1\n",
		"wrong answers":     wrkOutput + "  Non-2xx or 3xx responses: 56789\n",
		"no answers":        strings.Replace(wrkOutput, "18929.67", "0.00", 1),
		"no rate":           strings.Replace(wrkOutput, "Requests/sec", "Requests", 1),
		"no distribution":   strings.Replace(wrkOutput, "99%", "98%", 1),
		"nothing":           "",
	} {
		if got, err := parseWrk(out); err == nil {
			t.Errorf("%s: %+v passed", name, got)
		}
	}
}

func TestParseAdmitted(t *testing.T) {
	page := "# HELP photofit_admitted_bytes Memory.\nphotofit_admitted_bytes 4.8e+07\nphotofit_admitted_bytes_total 3\n"
	if n, err := parseAdmitted(page); n != 48_000_000 || err != nil {
		t.Errorf("parseAdmitted = %d, %v", n, err)
	}
	if n, err := parseAdmitted("photofit_renders_waiting 3\n"); err == nil {
		t.Errorf("without the line: %d", n)
	}
}

func TestTaskShrinks(t *testing.T) {
	b := &bench{photo: source{width: 4000, height: 6000}}
	for _, tt := range []struct{ width, height, shrink int }{
		{200, 300, 8}, {201, 302, 4}, {300, 450, 4}, {400, 600, 4}, {401, 602, 2}, {800, 1200, 2}, {801, 1202, 1}, {1600, 2400, 1},
	} {
		got := b.task(workload{tt.width, "jpg"}, "")
		if got.Width != tt.width || got.Height != tt.height || got.Shrink != tt.shrink {
			t.Errorf("%d px: %d × %d at 1/%d, want %d × %d at 1/%d", tt.width, got.Width, got.Height, got.Shrink, tt.width, tt.height, tt.shrink)
		}
	}
}

func TestNginxRunsAsRootOnlyForRoot(t *testing.T) {
	if config := nginxConfig("/tmp/x", "127.0.0.1:1", 2, false); strings.Contains(config, "user root") {
		t.Errorf("user root for somebody else:\n%s", config)
	}
	config := nginxConfig("/tmp/x", "127.0.0.1:1", 2, true)
	for _, want := range []string{"user root;", "worker_processes 2;", "listen 127.0.0.1:1;", "root /tmp/x/root;", "access_log off;", "sendfile on;"} {
		if !strings.Contains(config, want) {
			t.Errorf("no %q in\n%s", want, config)
		}
	}
}

// TestTiled has each pixel be that of the photo, as often as there is room.
func TestTiled(t *testing.T) {
	for _, ratio := range []image.YCbCrSubsampleRatio{image.YCbCrSubsampleRatio420, image.YCbCrSubsampleRatio444, image.YCbCrSubsampleRatio422} {
		from := image.NewYCbCr(image.Rect(0, 0, 6, 4), ratio)
		for i := range from.Y {
			from.Y[i] = byte(i)
		}
		for i := range from.Cb {
			from.Cb[i], from.Cr[i] = byte(100+i), byte(200+i)
		}
		to := tiled(from, 16, 10)
		for y := range 10 {
			for x := range 16 {
				if got, want := to.YCbCrAt(x, y), from.YCbCrAt(x%6, y%4); got != want {
					t.Fatalf("%v: %v at %d, %d, want %v", ratio, got, x, y, want)
				}
			}
		}
	}
}
