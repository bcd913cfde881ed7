package render

// gifWhole tells whether a GIF's blocks are all there (GIF89a, sections 15 to
// 27). libvips plays a film up to where its file breaks off, which would then be
// kept as if it were all. A missing trailer cuts nothing off; and where no block
// begins, the film ends for every reader.
func gifWhole(b []byte) bool {
	const header, descriptor = 13, 10
	if len(b) < header {
		return false
	}
	at := header + tableSize(b[10])
	for at < len(b) {
		switch b[at] {
		case 0x21: // an extension: its label, and sub-blocks
			at += 2
		case 0x2C: // a picture: descriptor, table, code size, and sub-blocks
			if at+descriptor > len(b) {
				return false
			}
			at += descriptor + tableSize(b[at+descriptor-1]) + 1
		default:
			return true
		}
		for more := true; more; {
			if at >= len(b) {
				return false
			}
			more = b[at] != 0
			at += 1 + int(b[at])
		}
	}
	return at == len(b)
}

// tableSize is how many bytes of colours follow, by a packed field.
func tableSize(packed byte) int {
	if packed&0x80 == 0 {
		return 0
	}
	return 3 << (packed&7 + 1)
}
