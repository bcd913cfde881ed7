package imgtest

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/png"
)

// Chunk is one chunk of a PNG, without length and checksum.
type Chunk struct {
	Type string // four letters
	Data []byte
}

const pngHead = "\x89PNG\r\n\x1a\n"

// PNG encodes a picture with the chunks right after IHDR.
func PNG(img image.Image, chunks ...Chunk) []byte {
	var b bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&b, img); err != nil {
		panic("imgtest: " + err.Error())
	}
	return InsertChunks(b.Bytes(), chunks...)
}

// InsertChunks puts chunks right after IHDR, where all of iCCP, eXIf, tEXt and iTXt may stand.
func InsertChunks(file []byte, chunks ...Chunk) []byte {
	const start = len(pngHead) + 8 + 13 + 4
	if len(file) < start || string(file[:len(pngHead)]) != pngHead {
		panic("imgtest: not a PNG")
	}
	out := bytes.Clone(file[:start])
	for _, c := range chunks {
		out = appendChunk(out, c.Type, c.Data)
	}
	return append(out, file[start:]...)
}

func appendChunk(out []byte, kind string, data []byte) []byte {
	out = binary.BigEndian.AppendUint32(out, uint32(len(data)))
	sum := crc32.Update(crc32.ChecksumIEEE([]byte(kind)), crc32.IEEETable, data)
	out = append(append(out, kind...), data...)
	return binary.BigEndian.AppendUint32(out, sum)
}

// Chunks lists the chunks of a PNG, whose checksums must be right. The data belongs to file.
func Chunks(file []byte) (list []Chunk, err error) {
	if !bytes.HasPrefix(file, []byte(pngHead)) {
		return nil, errors.New("imgtest: not a PNG")
	}
	for at := len(pngHead); at < len(file); {
		if at+12 > len(file) {
			return list, errors.New("imgtest: PNG ends inside a chunk")
		}
		n := int(binary.BigEndian.Uint32(file[at:]))
		if n > len(file)-at-12 {
			return list, errors.New("imgtest: PNG ends inside a chunk")
		}
		body := file[at+4 : at+8+n]
		if crc32.ChecksumIEEE(body) != binary.BigEndian.Uint32(file[at+8+n:]) {
			return list, errors.New("imgtest: PNG chunk " + string(body[:4]) + " has a wrong checksum")
		}
		list = append(list, Chunk{string(body[:4]), body[4:]})
		at += 12 + n
	}
	return list, nil
}

// ICCPChunk holds a colour profile under a name of 1 to 79 Latin-1 characters.
func ICCPChunk(name string, profile []byte) Chunk {
	return Chunk{"iCCP", append([]byte(name+"\x00\x00"), deflated(profile)...)}
}

// EXIFChunk holds an EXIF block as [EXIF.Bytes] makes it.
func EXIFChunk(exif []byte) Chunk { return Chunk{"eXIf", exif} }

// TextChunk holds Latin-1 text under a keyword such as "Comment".
func TextChunk(keyword, text string) Chunk { return Chunk{"tEXt", []byte(keyword + "\x00" + text)} }

// XMPChunk holds an XMP packet, uncompressed.
func XMPChunk(packet string) Chunk {
	return Chunk{"iTXt", []byte("XML:com.adobe.xmp\x00\x00\x00\x00\x00" + packet)}
}

func deflated(b []byte) []byte {
	var out bytes.Buffer
	z := zlib.NewWriter(&out)
	_, _ = z.Write(b) // a Buffer never fails
	_ = z.Close()
	return out.Bytes()
}
