//go:build !linux

package render

// resident is not known: only Linux is a system on which leftovers have to be
// watched.
func resident() int64 { return 0 }
