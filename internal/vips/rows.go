package vips

import (
	"runtime"
	"strconv"
	"unsafe"

	"github.com/ebitengine/purego"
)

// rowsAtATime is how many rows of a picture libvips computes at a time, and how
// many it keeps between two steps is a few times that. Its own values are 16 and
// 128. With 32 for both, a 24-MP photo to 800 px takes 20 MB less, and a hundredth
// less CPU time; with 8 the CPU time rises.
const rowsAtATime = 32

// setRows sets rowsAtATime. libvips has no function for it, only options of a
// command line, so it is given one. Where that fails its own values stay: they
// cost memory, and change no pixel.
func setRows(handle uintptr) {
	var (
		newContext func(about string) uintptr
		newGroup   func(name, about, help string, data, destroy uintptr) uintptr
		setGroup   func(context, group uintptr)
		parse      func(context uintptr, argc *int32, argv *unsafe.Pointer, err unsafe.Pointer) int32
		free       func(context uintptr)
		add        func(group uintptr)
	)
	for name, into := range map[string]any{
		"g_option_context_new":            &newContext,
		"g_option_group_new":              &newGroup,
		"g_option_context_set_main_group": &setGroup,
		"g_option_context_parse":          &parse,
		"g_option_context_free":           &free,
		"vips_add_option_entries":         &add,
	} {
		address, err := lookUp(handle, name)
		if err != nil {
			return
		}
		purego.RegisterFunc(into, address)
	}
	group := newGroup("vips", "libvips", "libvips", 0, 0)
	add(group)
	context := newContext("")
	defer free(context)
	setGroup(context, group) // which is the context's from here on

	rows := strconv.Itoa(rowsAtATime)
	var pin runtime.Pinner
	defer pin.Unpin()
	var argv []*byte
	for _, arg := range []string{"photofit", "--vips-tile-height=" + rows, "--vips-fatstrip-height=" + rows} {
		text := append([]byte(arg), 0)
		pin.Pin(&text[0])
		argv = append(argv, &text[0])
	}
	argc := int32(len(argv))
	argv = append(argv, nil)
	pin.Pin(&argv[0])
	first := unsafe.Pointer(&argv[0])
	parse(context, &argc, &first, nil)
}
