package vips

// Format is VipsBandFormat: the type of a sample.
type Format int

// Sample types that photos have.
const (
	UChar  Format = 0
	UShort Format = 2
	Float  Format = 6
	Double Format = 8
)

// Interpretation is VipsInterpretation: what samples mean.
type Interpretation int

// Interpretations that photos have.
const (
	Multiband Interpretation = 0
	BW        Interpretation = 1
	XYZ       Interpretation = 12
	Lab       Interpretation = 13
	CMYK      Interpretation = 15
	SRGB      Interpretation = 22
	RGB16     Interpretation = 25
	Grey16    Interpretation = 26
	ScRGB     Interpretation = 28
)

// Values of libvips's enums and flags, as its headers number them.
const (
	accessSequential = 1 // VipsAccess
	failOnTruncated  = 1 // VipsFailOn
	failOnError      = 2
	kernelLanczos3   = 5 // VipsKernel
	directionAcross  = 0 // VipsDirection: mirrors left and right
	attention        = 3 // VipsInteresting
	intentRelative   = 1 // VipsIntent
	subsampleOn      = 1 // VipsForeignSubsample: 4:2:0
	subsampleOff     = 2 // 4:4:4
	tableMSSIM       = 2 // of mozjpeg's quantisation tables, the one tuned for MS-SSIM on Kodak's photos
	heifAV1          = 4 // VipsForeignHeifCompression
	keepExif         = 1 // VipsForeignKeep
	keepXMP          = 2
	keepICC          = 8
	metaICC          = "icc-profile-data"
	metaExif         = "exif-data"
	metaXMP          = "xmp-data"
	metaPageHeight   = "page-height"
	metaPages        = "n-pages"
	metaDelay        = "delay"
	metaLoop         = "loop"
	profileSRGB      = "srgb"
	profileDisplayP3 = "p3"
	pngFilterAll     = 0xF8
)
