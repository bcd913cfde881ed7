package probe

// maxRecords bounds the loops over Photoshop resources and IIM data sets.
const maxRecords = 4096

// readPhotoshop finds the IPTC block among Photoshop's image resources
// ("8BIM", number 0x0404) and reads it.
func readPhotoshop(b []byte) iptcFacts {
	for range maxRecords {
		// Signature, number, a Pascal string padded to even, length, data
		// padded to even.
		if len(b) < 12 || string(b[:4]) != "8BIM" {
			break
		}
		id := be16(b[4:])
		name := 1 + int(b[6])
		name += name % 2
		if len(b) < 6+name+4 {
			break
		}
		n := be32(b[6+name:])
		b = b[6+name+4:]
		if int64(n) > int64(len(b)) {
			break
		}
		if id == 0x0404 {
			return readIIM(b[:n])
		}
		b = b[min(int(n+n%2), len(b)):]
	}
	return iptcFacts{}
}

// iptcFacts is what we take from IPTC IIM.
type iptcFacts struct {
	rights  Rights
	caption string
}

// readIIM reads the data sets of IPTC IIM 4.2: 2:80 By-line, 2:110 Credit,
// 2:116 CopyrightNotice, 2:120 Caption/Abstract; 1:90 may say that texts are UTF-8.
func readIIM(b []byte) iptcFacts {
	var f iptcFacts
	r := &f.rights
	var bylines []string
	isUTF8 := false
	for range maxRecords {
		if len(b) < 5 || b[0] != 0x1C {
			break
		}
		record, set, n := b[1], b[2], be16(b[3:])
		b = b[5:]
		if n&0x8000 != 0 { // the length of the length follows; none of ours is that long
			break
		}
		if n > len(b) {
			break
		}
		v := b[:n]
		b = b[n:]
		switch {
		case record == 1 && set == 90:
			isUTF8 = string(v) == "\x1b%G"
		case record == 2 && set == 80 && len(bylines) < maxXMPList:
			bylines = append(bylines, decodeIIM(v, isUTF8))
		case record == 2 && set == 110:
			fill(&r.Credit, decodeIIM(v, isUTF8))
		case record == 2 && set == 116:
			fill(&r.Copyright, decodeIIM(v, isUTF8))
		case record == 2 && set == 120:
			fill(&f.caption, decodeIIM(v, isUTF8))
		}
	}
	r.Creator = joinTexts(bylines...)
	return f
}

// decodeIIM believes in UTF-8 that is told only as far as the bytes are that.
func decodeIIM(v []byte, isUTF8 bool) string {
	return decodeText(v, isUTF8 && validUTF8(v))
}
