package store

import "syscall"

// changeTime is when a file's bytes or attributes last changed, in nanoseconds since
// 1970.
func changeTime(st *syscall.Stat_t) int64 { return st.Ctimespec.Nano() }
