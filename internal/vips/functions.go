package vips

import (
	"fmt"
	"strings"
	"unsafe"

	"github.com/ebitengine/purego"
)

// functions are the C functions used, of libvips and of the GLib in it or
// beside it. gboolean is an int32, GType a uintptr.
type functions struct {
	init            func(name string) int32
	version         func(part int32) int32
	setenv          func(name, value string, overwrite int32) int32
	errorBufferCopy func() unsafe.Pointer
	errorClear      func()
	free            func(unsafe.Pointer)
	cacheSetMax     func(int32)
	concurrencySet  func(int32)
	blockSet        func(name string, state int32)
	trackedMem      func() uintptr
	trackedMemHigh  func() uintptr

	operationNew    func(name string) uintptr
	operationBuild  func(op *uintptr) int32
	getArgument     func(object uintptr, name string, pspec *unsafe.Pointer, class, instance *uintptr) int32
	unrefOutputs    func(object uintptr)
	setProperty     func(object uintptr, name string, value *gvalue)
	getProperty     func(object uintptr, name string, value *gvalue)
	objectRef       func(uintptr) uintptr
	objectUnref     func(uintptr)
	typeFromName    func(name string) uintptr
	typeFundamental func(uintptr) uintptr
	validate        func(pspec unsafe.Pointer, value *gvalue) int32

	valueInit      func(*gvalue, uintptr) *gvalue
	valueUnset     func(*gvalue)
	valueSetBool   func(*gvalue, int32)
	valueSetInt    func(*gvalue, int32)
	valueSetUint64 func(*gvalue, uint64)
	valueSetDouble func(*gvalue, float64)
	valueSetEnum   func(*gvalue, int32)
	valueSetFlags  func(*gvalue, uint32)
	valueSetString func(*gvalue, string)
	valueSetObject func(*gvalue, uintptr)
	valueGetObject func(*gvalue) uintptr
	valueGetBoxed  func(*gvalue) unsafe.Pointer
	valueGetDouble func(*gvalue) float64
	valueGetInt    func(*gvalue) int32
	valueSetBlob   func(v *gvalue, free uintptr, data unsafe.Pointer, size uintptr)
	valueSetArray  func(v *gvalue, values *float64, n int32)
	valueSetImages func(v *gvalue, n int32)
	valueGetImages func(v *gvalue, n *int32) unsafe.Pointer
	blobGet        func(blob unsafe.Pointer, size *uintptr) unsafe.Pointer

	imageWidth     func(uintptr) int32
	imageHeight    func(uintptr) int32
	imageBands     func(uintptr) int32
	imageFormat    func(uintptr) int32
	imageInterp    func(uintptr) int32
	imageTypeof    func(image uintptr, name string) uintptr
	imageFields    func(image uintptr) unsafe.Pointer
	imageRemove    func(image uintptr, name string) int32
	imageGetInt    func(image uintptr, name string, out *int32) int32
	imageSetInt    func(image uintptr, name string, value int32)
	imageSetBlob   func(image uintptr, name string, data unsafe.Pointer, size uintptr)
	imageSetKill   func(image uintptr, kill int32)
	imageCopyMem   func(image uintptr) uintptr
	imageNewMemory func(data unsafe.Pointer, size uintptr, width, height, bands, format int32) uintptr
	imageUseMemory func(data unsafe.Pointer, size uintptr, width, height, bands, format int32) uintptr
	imageGet       func(image uintptr, name string, v *gvalue) int32
	imageSet       func(image uintptr, name string, v *gvalue)
	imageToMemory  func(image uintptr, size *uintptr) unsafe.Pointer
	strfreev       func(unsafe.Pointer)

	regionNew     func(image uintptr) uintptr
	regionPrepare func(region uintptr, area *rect) int32
	typeQuery     func(gtype uintptr, query *typeQuery)
}

func (f *functions) bind(handle uintptr) error {
	var missing []string
	for _, b := range []struct {
		name string
		fn   any
	}{
		{"vips_init", &f.init},
		{"vips_version", &f.version},
		{"g_setenv", &f.setenv},
		{"vips_error_buffer_copy", &f.errorBufferCopy},
		{"vips_error_clear", &f.errorClear},
		{"g_free", &f.free},
		{"vips_cache_set_max", &f.cacheSetMax},
		{"vips_concurrency_set", &f.concurrencySet},
		{"vips_operation_block_set", &f.blockSet},
		{"vips_tracked_get_mem", &f.trackedMem},
		{"vips_tracked_get_mem_highwater", &f.trackedMemHigh},

		{"vips_operation_new", &f.operationNew},
		{"vips_cache_operation_buildp", &f.operationBuild},
		{"vips_object_get_argument", &f.getArgument},
		{"vips_object_unref_outputs", &f.unrefOutputs},
		{"g_object_set_property", &f.setProperty},
		{"g_object_get_property", &f.getProperty},
		{"g_object_ref", &f.objectRef},
		{"g_object_unref", &f.objectUnref},
		{"g_type_from_name", &f.typeFromName},
		{"g_type_fundamental", &f.typeFundamental},
		{"g_param_value_validate", &f.validate},

		{"g_value_init", &f.valueInit},
		{"g_value_unset", &f.valueUnset},
		{"g_value_set_boolean", &f.valueSetBool},
		{"g_value_set_int", &f.valueSetInt},
		{"g_value_set_uint64", &f.valueSetUint64},
		{"g_value_set_double", &f.valueSetDouble},
		{"g_value_set_enum", &f.valueSetEnum},
		{"g_value_set_flags", &f.valueSetFlags},
		{"g_value_set_string", &f.valueSetString},
		{"g_value_set_object", &f.valueSetObject},
		{"g_value_get_object", &f.valueGetObject},
		{"g_value_get_boxed", &f.valueGetBoxed},
		{"g_value_get_double", &f.valueGetDouble},
		{"g_value_get_int", &f.valueGetInt},
		{"vips_value_set_blob", &f.valueSetBlob},
		{"vips_value_set_array_double", &f.valueSetArray},
		{"vips_value_set_array_image", &f.valueSetImages},
		{"vips_value_get_array_image", &f.valueGetImages},
		{"vips_blob_get", &f.blobGet},

		{"vips_image_get_width", &f.imageWidth},
		{"vips_image_get_height", &f.imageHeight},
		{"vips_image_get_bands", &f.imageBands},
		{"vips_image_get_format", &f.imageFormat},
		{"vips_image_get_interpretation", &f.imageInterp},
		{"vips_image_get_typeof", &f.imageTypeof},
		{"vips_image_get_fields", &f.imageFields},
		{"vips_image_remove", &f.imageRemove},
		{"vips_image_get_int", &f.imageGetInt},
		{"vips_image_set_int", &f.imageSetInt},
		{"vips_image_set_blob_copy", &f.imageSetBlob},
		{"vips_image_set_kill", &f.imageSetKill},
		{"vips_image_copy_memory", &f.imageCopyMem},
		{"vips_image_new_from_memory_copy", &f.imageNewMemory},
		{"vips_image_new_from_memory", &f.imageUseMemory},
		{"vips_image_get", &f.imageGet},
		{"vips_image_set", &f.imageSet},
		{"vips_image_write_to_memory", &f.imageToMemory},
		{"g_strfreev", &f.strfreev},

		{"vips_region_new", &f.regionNew},
		{"vips_region_prepare", &f.regionPrepare},
		{"g_type_query", &f.typeQuery},
	} {
		address, err := lookUp(handle, b.name)
		if err != nil {
			missing = append(missing, b.name)
			continue
		}
		purego.RegisterFunc(b.fn, address)
	}
	if missing != nil {
		return fmt.Errorf("it lacks %s", strings.Join(missing, ", "))
	}
	return nil
}

// lookUp finds a function of libvips or of its GLib.
func lookUp(handle uintptr, name string) (uintptr, error) {
	address, err := purego.Dlsym(handle, name)
	if err != nil && strings.HasPrefix(name, "g_") {
		// A system's libvips brings GLib as a library of its own, which the loader
		// has put into the global scope by now.
		return purego.Dlsym(purego.RTLD_DEFAULT, name)
	}
	return address, err
}
