package photofit

import (
	"path"
	"strings"
)

// PhotoName tells whether a name ends like that of a photo which can be scaled:
// .jpg, .jpeg, .png, .webp, .avif, .tif, .tiff or .gif, in any case. It is for
// lists; what a file really is, its first bytes decide.
func PhotoName(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".jpg", ".jpeg", ".png", ".webp", ".avif", ".tif", ".tiff", ".gif":
		return true
	}
	return false
}
