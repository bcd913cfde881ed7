//go:build !linux

package vips

// tuneMalloc does nothing: what it mends is glibc's.
func (l *Library) tuneMalloc() {}
