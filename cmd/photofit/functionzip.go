package main

import (
	"archive/zip"
	"compress/flate"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
	"time"
)

// zipped is a file that goes into a zip.
type zipped struct {
	name string // in the zip
	file string
	mode fs.FileMode
}

// zipTime is when all that is zipped was written: the first time that a zip can
// hold. So the same files make the same zip, byte for byte.
var zipTime = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)

// zipComment tells which program a zip was made by, and holds.
func zipComment() string { return "photofit " + version }

// writeZip writes the files as they come, compressed at a level of
// compress/flate.
func writeZip(w io.Writer, files []zipped, level int) error {
	archive := zip.NewWriter(w)
	if err := archive.SetComment(zipComment()); err != nil {
		return err
	}
	archive.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) {
		return flate.NewWriter(w, level)
	})
	for _, f := range files {
		if err := addFile(archive, f); err != nil {
			return err
		}
	}
	return archive.Close()
}

func addFile(archive *zip.Writer, f zipped) error {
	from, err := os.Open(f.file)
	if err != nil {
		return err
	}
	defer from.Close()
	header := &zip.FileHeader{Name: f.name, Method: zip.Deflate, Modified: zipTime}
	header.SetMode(f.mode)
	to, err := archive.CreateHeader(header)
	if err != nil {
		return err
	}
	_, err = io.Copy(to, from)
	return err
}

// holds tells whether a zip that writeZip made is of these files already: they
// are the same by size and checksum. No such zip is none of them.
func holds(file string, files []zipped) (bool, error) {
	if info, err := os.Stat(file); err != nil || !info.Mode().IsRegular() {
		return false, nil // whoever writes it will say what is wrong
	}
	archive, err := zip.OpenReader(file)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, zip.ErrFormat) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	defer archive.Close()
	if archive.Comment != zipComment() || len(archive.File) != len(files) {
		return false, nil
	}
	for i, entry := range archive.File {
		f := files[i]
		if entry.Name != f.name || entry.Mode() != f.mode || !entry.Modified.Equal(zipTime) {
			return false, nil
		}
		content, err := os.ReadFile(f.file)
		if err != nil {
			return false, err
		}
		if uint64(len(content)) != entry.UncompressedSize64 || crc32.ChecksumIEEE(content) != entry.CRC32 {
			return false, nil
		}
	}
	return true, nil
}

// checkZip tells whether a zip is of the same version as this program: one that
// was left over would deploy an old function.
func checkZip(file string) error {
	archive, err := zip.OpenReader(file)
	if errors.Is(err, zip.ErrFormat) {
		return fmt.Errorf("%s is no whole zip: take it from the release again, or make build makes it anew (--fresh builds one without it)", file)
	}
	if err != nil {
		return err
	}
	defer archive.Close()
	if archive.Comment != zipComment() {
		return fmt.Errorf("%s is of %q, and this program is %q: take both from one release, or make build makes both (--fresh builds it anew)", file, archive.Comment, zipComment())
	}
	return nil
}
