package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"photofit"
	"photofit/internal/rendition"
	"photofit/internal/store"
)

type renderCmd struct {
	Photo  string `arg:"" help:"The photo: a file."`
	Query  string `arg:"" optional:"" help:"What to make of it, as in a URL: 'w=800&fm=webp'."`
	Output string `short:"o" required:"" help:"The file to write; - is standard output." placeholder:"OUT" env:"-"`
	Accept string `help:"What the client takes, where fm is left out." default:"image/avif,image/webp,*/*" placeholder:"TYPES"`
	JSON   bool   `help:"Tell what was made as JSON, on standard error." name:"json"`

	policyFlags
	engineFlags
}

// Run makes one rendition.
func (c *renderCmd) Run(ctx context.Context, console *console) error {
	policy, err := c.policy()
	if err != nil {
		return err
	}
	folder, name := filepath.Split(filepath.Clean(c.Photo))
	if folder == "" {
		folder = "."
	}
	info, err := os.Stat(c.Photo)
	if err != nil {
		return err
	}
	if info.IsDir() {
		return fmt.Errorf("%s is a folder: name a photo in it", c.Photo)
	}
	photos, err := store.OpenFolder(folder)
	if err != nil {
		return err
	}
	// The name is the user's own: whatever it looks like, it is no path form.
	recipe, err := photofit.Resolve("/photo", strings.TrimPrefix(c.Query, "?"), c.Accept, policy)
	if err != nil {
		return err
	}
	recipe.Photo = name
	service, _, err := c.service(photos, nil, nil)
	if err != nil {
		return err
	}
	start := time.Now()
	answer, err := service.Get(ctx, recipe)
	if err != nil {
		return err
	}
	defer answer.Close()
	if err := writeOut(c.Output, answer, console); err != nil {
		return err
	}
	if c.JSON {
		return json.NewEncoder(console.err).Encode(map[string]any{
			"recipe": recipe.Path(), "type": answer.Type, "bytes": answer.Size, "photoBytes": info.Size(), "output": c.Output})
	}
	console.sayf("%s   %s, %s instead of %s, in %d ms\n", c.Output, answer.Type, bytesText(answer.Size), bytesText(info.Size()), time.Since(start).Milliseconds())
	return nil
}

// writeOut writes an answer to a file, whole or not at all, or to standard
// output.
func writeOut(output string, answer *rendition.Answer, console *console) error {
	if output == "-" {
		_, err := io.Copy(console.out, answer.Body)
		return err
	}
	if resolved, err := filepath.EvalSymlinks(output); err == nil {
		output = resolved // the link stays one
	}
	if info, err := os.Stat(output); err == nil && !info.Mode().IsRegular() {
		if info.IsDir() {
			return fmt.Errorf("%s is a folder: name a file in it", output)
		}
		f, err := os.OpenFile(output, os.O_WRONLY, 0) // a pipe or a device: written to, never replaced
		if err != nil {
			return err
		}
		_, err = io.Copy(f, answer.Body)
		return errors.Join(err, f.Close())
	}
	return writeFile(output, func(w io.Writer) error {
		_, err := io.Copy(w, answer.Body)
		return err
	})
}

// writeFile writes a file, whole or not at all.
func writeFile(output string, write func(io.Writer) error) error {
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
