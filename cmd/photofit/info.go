package main

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"photofit"
	"photofit/internal/store/s3"
)

type infoCmd struct {
	Photo  []string `arg:"" help:"The photos: files, or s3://bucket/name; with --photos their names in that place."`
	Photos string   `help:"Where the photos are: a folder, or s3://bucket/prefix." placeholder:"PLACE" env:"-"`
	JSON   bool     `help:"Print JSON, an object on a line for each photo, as _info.json has it." name:"json"`

	policyFlags
	engineFlags
	s3Flags
}

// Run tells of each photo, by the code that serves _info.json. One that fails does
// not keep back the others.
func (c *infoCmd) Run(ctx context.Context, console *console) error {
	policy, err := c.ownPolicy()
	if err != nil {
		return err
	}
	var place photos
	if c.Photos != "" {
		if place, err = c.openPhotos(ctx, c.Photos, s3.DefaultRecheck); err != nil {
			return err
		}
	}
	var failures []error
	for i, name := range c.Photo {
		body, err := c.ask(ctx, policy, place, name)
		if err != nil {
			if ctx.Err() != nil {
				return err
			}
			if len(c.Photo) == 1 {
				return err
			}
			failures = append(failures, err)
			continue
		}
		if c.JSON {
			console.printf("%s\n", strings.TrimSpace(string(body)))
			continue
		}
		var info photofit.Info
		if err := json.Unmarshal(body, &info); err != nil {
			return err
		}
		if i > len(failures) {
			console.printf("\n")
		}
		printInfo(console, name, info)
	}
	for _, err := range failures {
		console.sayf("photofit: %s\n", visibleText(err.Error()))
	}
	if len(failures) > 0 {
		return quiet{errors.Join(failures...)}
	}
	return nil
}

// ask gives the JSON of one photo. What is wrong with that, the error tells with its name.
func (c *infoCmd) ask(ctx context.Context, policy photofit.Policy, place photos, name string) ([]byte, error) {
	from, key := place.Photos, name
	if from == nil {
		var err error
		if from, key, err = (&renderCmd{Photo: name, s3Flags: c.s3Flags}).photo(ctx); err != nil {
			return nil, photoError(name, err)
		}
	}
	service, err := c.service(from, c.info(policy))
	if err != nil {
		return nil, err
	}
	answer, err := service.Get(ctx, photofit.Recipe{Photo: key, Format: photofit.InfoJSON})
	if err != nil {
		return nil, photoError(name, err)
	}
	defer answer.Close()
	return io.ReadAll(answer.Body)
}

// printInfo prints what is known; what is not, has no line.
func printInfo(console *console, name string, info photofit.Info) {
	console.printf("%s\n", console.paint(bold, nameText(name)))
	kind := strings.ToUpper(strings.TrimPrefix(info.Type, "image/"))
	if info.Animated {
		kind += ", animated"
	}
	if info.HDR {
		kind += ", HDR"
	}
	rows := [][2]string{
		{"size", fmt.Sprintf("%d × %d%s", info.Width, info.Height, megapixels(info.Width, info.Height))},
		{"file", bytesText(info.Bytes) + ", " + kind},
		{"taken", takenText(info.Taken)},
		{"caption", info.Caption},
		{"creator", info.Creator},
		{"copyright", info.Copyright},
		{"colour", info.Color},
		{"thumbhash", hashText(info.ThumbHash)},
		{"widths", strings.Trim(fmt.Sprint(info.Widths), "[]")},
	}
	for _, row := range rows {
		if row[1] == "" {
			continue
		}
		before := ""
		if row[0] == "colour" {
			before = console.swatch(info.Color)
		}
		console.printf("  %-9s   %s%s\n", row[0], before, visibleText(row[1]))
	}
}

// megapixels is how many millions of pixels a photo has, where there is a tenth of one.
func megapixels(width, height int) string {
	if n := float64(width) * float64(height) / 1e6; n >= .05 {
		return fmt.Sprintf(", %.1f megapixels", n)
	}
	return ""
}

// swatch is a colour to be seen, on a terminal.
func (c *console) swatch(css string) string {
	n, err := strconv.ParseUint(strings.TrimPrefix(css, "#"), 16, 32)
	if err != nil || !c.colors() {
		return ""
	}
	return fmt.Sprintf("\x1b[48;2;%d;%d;%dm    \x1b[0m ", n>>16, n>>8&255, n&255)
}

// takenText is a date for people: "2024-05-01 14:03:07 +02:00".
func takenText(rfc3339 string) string {
	if t, err := time.Parse(time.RFC3339, rfc3339); err == nil {
		return t.Format("2006-01-02 15:04:05 -07:00")
	}
	return strings.Replace(rfc3339, "T", " ", 1)
}

// hashText is a ThumbHash, and how long it is.
func hashText(hash string) string {
	b, err := base64.StdEncoding.DecodeString(hash)
	if err != nil {
		return hash
	}
	return fmt.Sprintf("%s, %d bytes", hash, len(b))
}
