//go:build function

package main

// setup is empty: a function sets nothing up.
type setup struct{}
