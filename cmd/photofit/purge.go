package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/alecthomas/kong"
	"github.com/aws/aws-sdk-go-v2/service/cloudfront"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"photofit"
	"photofit/internal/awssdk"
	"photofit/internal/purge"
	"photofit/internal/rendition"
	"photofit/internal/store/s3"
)

// purgeSettings are those of PHOTOFIT_MODE=purge, by the environment only.
// docs/purge.md tells what they are for.
type purgeSettings struct {
	Photos          string
	Cache           string
	Distribution    string
	QueueURL        string `name:"queue-url"`
	FunctionTimeout span
	Warm            []int
	Log             string `enum:"text,json,none" default:"json"`

	s3Flags
	policyFlags
	engineFlags
	masterFlags
}

// readPurgeSettings reads the environment. What is missing is told all at once.
func readPurgeSettings() (*purgeSettings, error) {
	var missing []error
	for _, need := range [][2]string{
		{"PHOTOFIT_PHOTOS", "the place of the photos, s3://bucket/prefix"},
		{"PHOTOFIT_CACHE", "the place of their renditions, s3://bucket/prefix"},
		{"PHOTOFIT_DISTRIBUTION", "the id of the CloudFront distribution that serves them"},
		{"PHOTOFIT_QUEUE_URL", "the URL of the SQS queue that this function reads"},
		{"PHOTOFIT_FUNCTION_TIMEOUT", "the timeout of the function that renders, such as 55s"},
	} {
		if os.Getenv(need[0]) == "" {
			missing = append(missing, fmt.Errorf("%s is missing: %s", need[0], need[1]))
		}
	}
	if len(missing) > 0 {
		return nil, errors.Join(missing...)
	}
	if err := setDefaults(map[string]string{}); err != nil {
		return nil, err
	}
	settings := &purgeSettings{}
	parser, err := kong.New(settings, kong.DefaultEnvars("PHOTOFIT"))
	if err != nil {
		return nil, err
	}
	if _, err := parser.Parse(nil); err != nil {
		return nil, fmt.Errorf("a setting, --name as PHOTOFIT_NAME: %w", err)
	}
	if at, err := url.Parse(settings.QueueURL); err != nil || at.Host == "" || at.Path == "" {
		return nil, fmt.Errorf("PHOTOFIT_QUEUE_URL %s is no URL of a queue: write it as https://sqs.REGION.amazonaws.com/ACCOUNT/NAME", settings.QueueURL)
	}
	return settings, nil
}

// places gives those of the photos and of their renditions. They must be apart,
// or each rendition would be news of a photo.
func (c *purgeSettings) places() (photos, kept s3.Place, err error) {
	for _, p := range []struct {
		variable, value string
		place           *s3.Place
	}{{"PHOTOFIT_PHOTOS", c.Photos, &photos}, {"PHOTOFIT_CACHE", c.Cache, &kept}} {
		if *p.place, err = s3.ParsePlace(p.value); err != nil {
			return photos, kept, fmt.Errorf("%s: %w", p.variable, err)
		}
	}
	return photos, kept, apart(photos, kept)
}

// purgeFunction takes away what was made of photos that have changed: it works
// off the queue that the photos' bucket tells of changes.
func purgeFunction(ctx context.Context, console *console) (any, error) {
	settings, err := readPurgeSettings()
	if err != nil {
		return nil, err
	}
	log := (&serveCmd{Log: settings.Log}).logger(console)
	from, to, err := settings.places()
	if err != nil {
		return nil, err
	}
	client, err := settings.connect(ctx)
	if err != nil {
		return nil, err
	}
	// What is remembered of a photo would be what it was before the event.
	photos := client.Photos(from, s3.PhotosConfig{})
	kept := client.Renditions(to, keptConfig(log))
	warmer, err := settings.warmer(photos, kept, log)
	if err != nil {
		return nil, err
	}
	loaded, err := awssdk.Load(ctx, awssdk.Config{}) // of the function's own role and region
	if err != nil {
		return nil, err
	}
	purges := purge.Config{
		Photos:          photos,
		Renditions:      kept,
		Invalidator:     purge.CloudFront{Client: cloudfront.NewFromConfig(loaded), Distribution: settings.Distribution},
		Queue:           purge.SQS{Client: sqs.NewFromConfig(loaded), URL: settings.QueueURL},
		Bucket:          from.Bucket,
		Prefix:          from.Prefix,
		FunctionTimeout: time.Duration(settings.FunctionTimeout),
		Log:             log,
	}
	if warmer != nil {
		purges.Warm = warmer.warm
	}
	handler, err := purge.New(purges)
	if err != nil {
		return nil, fmt.Errorf("PHOTOFIT_FUNCTION_TIMEOUT: %w", err)
	}
	return func(ctx context.Context, batch purge.Batch) (purge.Report, error) {
		report, err := handler.Handle(ctx, batch)
		if warmer != nil && warmer.service.Busy() {
			// It cannot be stopped, and would go on when the process is thawed,
			// after the pass that looks for what it puts. The messages come again,
			// and make nothing ahead the second time.
			log.Error("a photo's master or rendition could not be made ahead in time, so this process ends")
			os.Exit(1)
		}
		return report, err
	}, nil
}

// warmer makes of a photo what is made ahead: its master, and renditions.
type warmer struct {
	service *rendition.Service
	widths  []int
}

// warmer gives one for what is to be made on upload; nil where that is nothing, and
// then libvips is not needed.
func (c *purgeSettings) warmer(photos *s3.Photos, kept *s3.Renditions, log *slog.Logger) (*warmer, error) {
	if !c.Masters && len(c.Warm) == 0 {
		return nil, nil
	}
	policy, err := c.policy()
	if err != nil {
		return nil, err
	}
	for _, w := range c.Warm {
		if !slices.Contains(policy.Widths, w) && !(policy.Free && w > 0 && w <= photofit.MaxSide) {
			return nil, fmt.Errorf("PHOTOFIT_WARM: nobody can ask for %d px, which is not among the widths %s", w, strings.Trim(fmt.Sprint(policy.Widths), "[]"))
		}
	}
	renderer, _, err := c.renderer()
	if err != nil {
		return nil, fmt.Errorf("making masters and PHOTOFIT_WARM on upload needs libvips, which photofit package puts into its zip: %w", err)
	}
	renderer.Info = c.info(policy)
	config := c.config(renderer, photos, kept, log)
	config.Withdraw = kept.Withdraw
	config.Masters = c.elsewhere(renderer)
	return &warmer{service: rendition.New(config), widths: c.Warm}, nil
}

// warm is purge.Config.Warm: the master, from which each width is made then, as
// browsers of today ask for it, and with them what is known of the photo. Alone that
// would not be worth while: a photo that is replaced before anybody has seen it would
// cost invalidations. If ctx ends, work may go on that cannot be stopped:
// service.Busy tells.
func (w *warmer) warm(ctx context.Context, photo string) error {
	if err := w.service.Master(ctx, photo); err != nil {
		return err
	}
	if len(w.widths) > 0 {
		if err := w.one(ctx, photofit.Recipe{Photo: photo, Format: photofit.InfoJSON}); err != nil {
			return err
		}
	}
	for _, width := range w.widths {
		if err := w.one(ctx, photofit.Recipe{Photo: photo, Width: width, Format: photofit.AutoAVIF}); err != nil {
			return err
		}
	}
	return nil
}

// one returns when the rendition is kept.
func (w *warmer) one(ctx context.Context, r photofit.Recipe) error {
	answer, err := w.service.Get(ctx, r)
	if err != nil {
		return err
	}
	return answer.Close()
}
