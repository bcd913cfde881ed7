package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"photofit"
)

// extensions are the endings of files that render writes, in lower case.
var extensions = map[string]photofit.Format{
	".jpg": photofit.JPEG, ".jpeg": photofit.JPEG, ".webp": photofit.WebP, ".avif": photofit.AVIF, ".png": photofit.PNG,
}

// resolve gives the recipe for a query and the file that it goes to: without fm
// the file's ending names the format, and with fm it must not say another.
// Standard output, pipes and devices have no ending, so there accept decides.
func resolve(query, output, accept string, policy photofit.Policy) (photofit.Recipe, error) {
	// Whatever the photo is named like, it is no path form.
	recipe, err := photofit.Resolve("/photo", query, accept, policy)
	if err != nil {
		return recipe, err
	}
	ending := filepath.Ext(output)
	named, known := extensions[strings.ToLower(ending)]
	switch {
	case !recipe.Format.Negotiated(): // fm says it
		if known && recipe.Format == photofit.InfoJSON {
			return recipe, fmt.Errorf("fm=json makes no picture, as the ending of %s says: end the name in .json", output)
		}
		if known && recipe.Format != named && recipe.Format != photofit.Original {
			return recipe, fmt.Errorf("fm=%s contradicts the ending of %s: end the name in %s, or leave fm out", recipe.Format, output, recipe.Format.Ext())
		}
		return recipe, nil
	case known:
		return photofit.Resolve("/photo", query+"&fm="+named.String(), accept, policy)
	case output == "-":
		return recipe, nil
	}
	if info, err := os.Stat(output); err == nil && !info.Mode().IsRegular() {
		return recipe, nil // where it is a folder, writeOut says so
	}
	return recipe, fmt.Errorf("the ending of %s names no format that is made: end it in .jpg, .webp, .avif or .png, or say fm=jpg and the like", output)
}

// writeOut has a file written, whole or not at all. "-" is standard output; a pipe
// or a device is written to, never replaced.
func writeOut(output string, console *console, write func(io.Writer) error) error {
	switch output {
	case "-":
		return write(console.out)
	case "":
		return errors.New("-o is empty: name the file to write, or - for standard output")
	}
	if resolved, err := filepath.EvalSymlinks(output); err == nil {
		output = resolved // the link stays one
	}
	if info, err := os.Stat(output); err == nil && !info.Mode().IsRegular() {
		if info.IsDir() {
			return fmt.Errorf("%s is a folder: name a file in it", output)
		}
		f, err := os.OpenFile(output, os.O_WRONLY, 0)
		if err != nil {
			return err
		}
		return errors.Join(write(f), f.Close())
	}
	return writeFile(output, write)
}

// writeFile is writeOut for what is a regular file, or nothing yet.
func writeFile(output string, write func(io.Writer) error) error {
	if folder := filepath.Dir(output); !isFolder(folder) {
		return fmt.Errorf("there is no folder %s for %s: make it first", folder, filepath.Base(output))
	}
	f, err := os.CreateTemp(filepath.Dir(output), "."+filepath.Base(output)+".*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // a no-op after the rename
	err = write(f)
	if err == nil {
		err = f.Chmod(0o644)
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return err
	}
	return os.Rename(f.Name(), output)
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}
