package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"photofit/internal/store"
	"photofit/internal/store/s3"
)

type renderCmd struct {
	Photo  string `arg:"" help:"The photo: a file, or s3://bucket/name."`
	Query  string `arg:"" optional:"" help:"What to make of it, as in a URL: 'w=800&fm=webp'."`
	Output string `short:"o" required:"" help:"The file to write: its ending (.jpg, .webp, .avif, .png) says the format where fm is left out. - is standard output." placeholder:"OUT" env:"-"`
	Accept string `help:"What the client takes, where neither fm nor OUT says the format." default:"image/avif,image/webp,*/*" placeholder:"TYPES"`
	JSON   bool   `help:"Tell what was made as JSON, on standard error." name:"json"`

	policyFlags
	engineFlags
	s3Flags
}

// Run makes one rendition.
func (c *renderCmd) Run(ctx context.Context, console *console) error {
	policy, err := c.ownPolicy()
	if err != nil {
		return err
	}
	photos, name, err := c.photo(ctx)
	if err != nil {
		return photoError(c.Photo, err)
	}
	recipe, err := resolve(strings.TrimPrefix(c.Query, "?"), c.Output, c.Accept, policy)
	if err != nil {
		return err
	}
	recipe.Photo = name
	service, err := c.service(photos, c.info(policy))
	if err != nil {
		return err
	}
	start := time.Now()
	original, err := photos.Stat(ctx, name)
	if err != nil {
		return photoError(c.Photo, err)
	}
	answer, err := service.Get(ctx, recipe)
	if err != nil {
		return photoError(c.Photo, err)
	}
	defer answer.Close()
	err = writeOut(c.Output, console, func(w io.Writer) error {
		_, err := io.Copy(w, answer.Body)
		return err
	})
	if err != nil {
		return err
	}
	kind, _, _ := strings.Cut(answer.Type, ";") // what follows is for who keeps it
	if c.JSON {
		return json.NewEncoder(console.err).Encode(map[string]any{
			"recipe": recipe.Path(), "type": kind, "bytes": answer.Size, "photoBytes": original.Size, "output": c.Output})
	}
	if kind == "" {
		kind = "the original"
	}
	console.sayf("%s   %s, %s instead of %s, in %d ms\n", nameText(c.Output), kind, bytesText(answer.Size), bytesText(original.Size), time.Since(start).Milliseconds())
	return nil
}

// photo gives the place where the photo is, and its name there.
func (c *renderCmd) photo(ctx context.Context) (store.Photos, string, error) {
	if s3.IsPlace(c.Photo) {
		bucket, key, err := s3.ParseObject(c.Photo)
		if err != nil {
			return nil, "", err
		}
		client, err := c.connect(ctx)
		if err != nil {
			return nil, "", err
		}
		return client.Photos(bucket, s3.PhotosConfig{Recheck: s3.DefaultRecheck}), key, nil
	}
	info, err := os.Stat(c.Photo)
	if err != nil {
		return nil, "", err
	}
	switch {
	case info.IsDir():
		return nil, "", fmt.Errorf("%s is a folder: name a photo in it", nameText(c.Photo))
	case !info.Mode().IsRegular():
		return nil, "", fmt.Errorf("%s is no file but a pipe or a device: save what comes from it first", nameText(c.Photo))
	}
	folder, name := filepath.Split(filepath.Clean(c.Photo))
	if folder == "" {
		folder = "."
	}
	photos, err := store.OpenFolder(folder)
	return photos, name, err
}
