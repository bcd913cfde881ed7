package render

import (
	"encoding/binary"
	"hash/crc32"
	"slices"
)

// addXMP puts an XMP packet into a PNG where readers look for it: in an iTXt
// chunk that is not deflated (XMP part 3, 1.1.5). libvips would write a zTXt
// chunk, which is Latin-1 by definition and which few read.
func addXMP(png, packet []byte) []byte {
	const header = 8 + 4 + 4 + 13 + 4 // signature, and IHDR with length, type and checksum
	if len(packet) == 0 || len(png) < header {
		return png
	}
	// Keyword, not deflated, no method, no language, no translated keyword.
	const head = "iTXt" + "XML:com.adobe.xmp" + "\x00" + "\x00" + "\x00" + "\x00" + "\x00"
	chunk := binary.BigEndian.AppendUint32(nil, uint32(len(head)-4+len(packet)))
	chunk = append(append(chunk, head...), packet...)
	chunk = binary.BigEndian.AppendUint32(chunk, crc32.ChecksumIEEE(chunk[4:]))
	return slices.Insert(png, header, chunk...)
}
