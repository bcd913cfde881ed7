package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"golang.org/x/sync/errgroup"

	"photofit"
	"photofit/internal/rendition"
	"photofit/internal/store"
	"photofit/internal/store/s3"
)

type measureCmd struct {
	Place  string `arg:"" help:"Where the photos are: a folder, or s3://bucket/prefix. It is only read."`
	Phone  count  `help:"Width in pixels that a phone asks for: 390 at a density of 3 by default." default:"1170" placeholder:"W"`
	Desk   count  `name:"desktop" help:"Width in pixels that a desktop asks for." default:"1920" placeholder:"W"`
	Accept string `help:"What the client takes." default:"image/avif,image/webp,*/*" placeholder:"TYPES"`
	Most   count  `help:"How many photos to measure at most." default:"100" placeholder:"N"`
	JSON   bool   `help:"Print JSON." name:"json"`

	policyFlags
	engineFlags
	s3Flags
}

// measured is what became of one photo, in bytes.
type measured struct {
	Photo    string `json:"photo"`
	Original int64  `json:"original"`
	Phone    int64  `json:"phone"`
	Desktop  int64  `json:"desktop"`
	Error    string `json:"error,omitempty"`
}

// Run makes what a phone and a desktop would get, and tells the bytes.
func (c *measureCmd) Run(ctx context.Context, console *console) error {
	policy, err := c.ownPolicy()
	if err != nil {
		return err
	}
	photos, err := c.openPhotos(ctx, c.Place, s3.DefaultRecheck)
	if err != nil {
		return err
	}
	service, err := c.service(photos.Photos, c.info(policy))
	if err != nil {
		return err
	}
	rows, more, err := list(ctx, photos.Photos, int(c.Most))
	if err != nil {
		return err
	}
	if len(rows) == 0 {
		return fmt.Errorf("there are no photos in %s", c.Place)
	}

	group, groupCtx := errgroup.WithContext(ctx)
	group.SetLimit(int(c.Renders))
	done := make(chan struct{}, len(rows))
	for i := range rows {
		group.Go(func() error {
			row := &rows[i]
			if row.Error != "" {
				return nil
			}
			var err error
			row.Phone, row.Desktop, err = c.both(groupCtx, service, policy, row.Photo)
			if errors.Is(err, context.Canceled) {
				return err
			}
			if err != nil {
				row.Error = err.Error()
			}
			done <- struct{}{}
			if console.terminal() {
				console.sayf("\r%d of %d photos", len(done), len(rows))
			}
			return nil
		})
	}
	err = group.Wait()
	if console.terminal() {
		console.sayf("\r\x1b[K")
	}
	if err != nil {
		return err
	}
	if c.JSON {
		return console.json(rows)
	}
	printMeasured(console, rows)
	if more > 0 {
		console.printf("\n%d more photos are there: --most measures them, too.\n", more)
	}
	return nil
}

// both gives the bytes of a photo as a phone and as a desktop gets it.
func (c *measureCmd) both(ctx context.Context, service *rendition.Service, policy photofit.Policy, photo string) (phone, desktop int64, err error) {
	for _, one := range []struct {
		width count
		bytes *int64
	}{{c.Phone, &phone}, {c.Desk, &desktop}} {
		recipe, err := photofit.Resolve("/photo", fmt.Sprintf("w=%d", one.width), c.Accept, policy)
		if err != nil {
			return 0, 0, err
		}
		recipe.Photo = photo
		answer, err := service.Get(ctx, recipe)
		if err != nil {
			return 0, 0, err
		}
		*one.bytes = answer.Size
		if err := answer.Close(); err != nil {
			return 0, 0, err
		}
	}
	return phone, desktop, nil
}

// list walks a place, and gives up to most photos and how many more there are. A
// folder that may not be read has a row that says so.
func list(ctx context.Context, photos store.Photos, most int) (rows []measured, more int, err error) {
	folders := []string{""}
	for len(folders) > 0 {
		folder := folders[0]
		folders = folders[1:]
		entries, err := photos.List(ctx, folder)
		if folder != "" && errors.Is(err, fs.ErrPermission) {
			rows = append(rows, measured{Photo: folder + "/", Error: "this folder may not be read: check its permissions"})
			continue
		}
		if folder != "" && errors.Is(err, fs.ErrNotExist) {
			continue // it has gone meanwhile
		}
		if err != nil {
			return nil, 0, err
		}
		for _, e := range entries {
			key := strings.TrimPrefix(folder+"/"+e.Name, "/")
			switch {
			case e.Folder:
				folders = append(folders, key)
			case !photofit.PhotoName(e.Name):
			case len(rows) < most:
				rows = append(rows, measured{Photo: key, Original: e.Photo.Size})
			default:
				more++
			}
		}
	}
	return rows, more, nil
}

func printMeasured(console *console, rows []measured) {
	var total measured
	table := make([][]string, 0, len(rows)+1)
	for _, r := range rows {
		if r.Error != "" {
			table = append(table, []string{nameText(r.Photo), bytesText(r.Original), "–", "–", r.Error})
			continue
		}
		table = append(table, []string{nameText(r.Photo), bytesText(r.Original), bytesText(r.Phone), bytesText(r.Desktop), ""})
		total.Original += r.Original
		total.Phone += r.Phone
		total.Desktop += r.Desktop
	}
	table = append(table, []string{"all", bytesText(total.Original), bytesText(total.Phone), bytesText(total.Desktop), ""})
	console.table([]string{"photo", ">original", ">phone", ">desktop", ""}, table)
	if total.Phone > 0 && total.Desktop > 0 {
		console.printf("\nA phone gets %.0f times fewer bytes, a desktop %.0f times.\n",
			float64(total.Original)/float64(total.Phone), float64(total.Original)/float64(total.Desktop))
	}
}
