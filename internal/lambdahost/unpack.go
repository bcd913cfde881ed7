package lambdahost

import (
	"archive/zip"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// maxUnpacked is how large a function may be when it is unpacked, in bytes.
const maxUnpacked = 250 << 20

// Unpack unpacks a function's zip into a folder, which may be there. As in
// Lambda, a file can be executed only if the zip says so.
func Unpack(file, folder string) error {
	archive, err := zip.OpenReader(file)
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	defer archive.Close()
	total := uint64(0)
	for _, entry := range archive.File {
		if total += entry.UncompressedSize64; total > maxUnpacked {
			return fmt.Errorf("%s: more than %d MB when unpacked, which is what Lambda takes", file, maxUnpacked>>20)
		}
		if err := unpack(entry, folder); err != nil {
			return fmt.Errorf("%s: %s: %w", file, entry.Name, err)
		}
	}
	return nil
}

func unpack(entry *zip.File, folder string) error {
	name := filepath.FromSlash(entry.Name)
	if !filepath.IsLocal(name) {
		return fs.ErrInvalid
	}
	path := filepath.Join(folder, name)
	if entry.Mode().IsDir() {
		return os.MkdirAll(path, 0o755)
	}
	if !entry.Mode().IsRegular() {
		return fmt.Errorf("%w: neither a file nor a folder", fs.ErrInvalid)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	from, err := entry.Open()
	if err != nil {
		return err
	}
	defer from.Close()
	to, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, entry.Mode().Perm())
	if err != nil {
		return err
	}
	_, err = io.Copy(to, io.LimitReader(from, int64(entry.UncompressedSize64)))
	if closed := to.Close(); err == nil {
		err = closed
	}
	return err
}
