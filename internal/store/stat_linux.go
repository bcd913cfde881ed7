package store

import "syscall"

// changeTime is when a file's bytes or attributes last changed, in nanoseconds since
// 1970.
func changeTime(st *syscall.Stat_t) int64 { return st.Ctim.Nano() }

// modTime is when a file's bytes last changed, or what was set as that, in
// nanoseconds since 1970.
func modTime(st *syscall.Stat_t) int64 { return st.Mtim.Nano() }
