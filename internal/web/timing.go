package web

import (
	"strconv"
	"time"

	"photofit/internal/rendition"
)

// stage is a part of the time that an answer took.
type stage struct {
	name  string
	spent time.Duration
}

// stages are all there are, in their order.
func stages(t rendition.Timing) [5]stage {
	return [...]stage{{"lookup", t.Lookup}, {"queue", t.Queue}, {"fetch", t.Fetch}, {"render", t.Render}, {"store", t.Store}}
}

// serverTiming is the Server-Timing header (W3C Server Timing): where the time
// went, in milliseconds. Keeping the rendition goes on beside the answer, so how
// long that takes is known to the log only. A render that took the photo's master
// says so.
func serverTiming(how rendition.How, t rendition.Timing, master bool) string {
	b := append(make([]byte, 0, 128), "cache;desc="...)
	b = append(b, how...)
	for _, s := range stages(t) {
		if s.spent > 0 {
			b = append(append(append(b, ", "...), s.name...), ";dur="...)
			b = strconv.AppendFloat(b, ms(s.spent), 'f', 3, 64)
			if master && s.name == "render" {
				b = append(b, ";desc=master"...)
			}
		}
	}
	if how == rendition.Miss || how == rendition.Shared {
		b = append(b, `, store;desc="beside the answer"`...)
	}
	return string(b)
}

// ms is a time in milliseconds, to the microsecond.
func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
