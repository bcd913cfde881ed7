//go:build !function

package main

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/alecthomas/kong"

	"photofit/internal/stack/deploy"
	"photofit/internal/store/s3"
)

// siteFlags are what a stack is to be like. What is left out stays as the stack has it.
type siteFlags struct {
	Photos    string   `help:"A bucket with photos that is there already, and a folder in it: my-photos/family. Its policy stays as it is. Default: the stack's; for a new one, a new bucket." placeholder:"BUCKET[/FOLDER]" group:"Site"`
	PhotosKey string   `help:"The ARN of the KMS key that the photos are encrypted with, where the bucket doesn't tell it." placeholder:"ARN" group:"Site"`
	Alias     []string `help:"The site's own name, such as media.example.com; more of them by more flags. none: only CloudFront's. A certificate for all of them is requested." placeholder:"NAME" group:"Site"`
	Warm      string   `help:"Widths to make as soon as a photo is uploaded, too, such as 640,1280; none: none." placeholder:"W,..." group:"Site"`
	Masters   *bool    `help:"Make a smaller, near-lossless picture of each photo that is dear to decode as soon as it is uploaded, and its renditions from that; --no-masters makes none. Default: the stack's; for a new one, --masters." negatable:"" group:"Site"`
	Email     string   `help:"Who is told of alarms and of the budget; none: nobody." placeholder:"ADDRESS" group:"Site"`
	Budget    string   `help:"US dollars a month for the whole account, beyond which --email is told; none: no budget." placeholder:"N" group:"Site"`

	FunctionMemory int    `help:"Memory of the function, in MB; docs/lambda.md tells what photos take. Default for a new stack: 1769, a whole core." placeholder:"MB" group:"Site"`
	LogDays        int    `help:"For how many days logs are kept: 1, 3, 5, 7, 14, 30, 60, 90, 180 or 365. Default for a new stack: 30." placeholder:"N" group:"Site"`
	Arch           string `help:"The function's CPU: arm64 or amd64. Default: the stack's, or arm64, which costs less." enum:",arm64,amd64" default:"" placeholder:"CPU" group:"Site"`
	Zip            string `help:"The function's zip, as photofit package makes it. Default: the one beside this program, or one that is built in the checkout." placeholder:"FILE" type:"path" group:"Site"`
	Artifacts      string `help:"The bucket that the function's zip is put into. Default: photofit-artifacts-<account>-<region>." placeholder:"BUCKET" group:"Site"`

	policyFlags
}

// deployment finds the account and makes what the flags say of it. close has to be called.
func (f *siteFlags) deployment(ctx context.Context, a *awsFlags, kctx *kong.Context, console *console, p *progress, ask bool) (d *deploy.Deployer, close func(), err error) {
	if _, err := f.edgePolicy(); err != nil {
		return nil, nil, err
	}
	parameters, err := f.parameters()
	if err != nil {
		return nil, nil, err
	}
	config := deploy.Config{Name: a.Stack, Parameters: parameters, ArtifactBucket: f.Artifacts, Resolver: a.resolver(), Say: p.say, Wait: p.wait}
	if config.Photos, err = f.place(); err != nil {
		return nil, nil, err
	}
	if len(f.Alias) > 0 {
		config.Aliases = f.Alias
		if len(f.Alias) == 1 && f.Alias[0] == "none" {
			config.Aliases = []string{}
		}
	}
	if ask {
		config.Ask = console.ask
	}
	if config.Account, err = a.account(ctx); err != nil {
		return nil, nil, err
	}
	if d, err = deploy.New(config); err != nil {
		return nil, nil, err
	}
	settings, err := d.Settings(ctx)
	if err != nil {
		return nil, nil, err
	}
	f.keep(settings, kctx)
	policy, template, err := f.template()
	if err != nil {
		return nil, nil, err
	}
	d.Template, d.NewSettings = template, f.settings()
	had, err := d.Find(ctx)
	if err != nil {
		return nil, nil, err
	}
	if had == nil {
		had = &deploy.Stack{}
	}
	if err := f.fits(parameters, had.Parameters, policy); err != nil {
		return nil, nil, err
	}
	if parameters["PhotosKeyArn"] != "" && config.Photos == nil && had.Parameters["PhotosBucketName"] == "" {
		return nil, nil, errors.New("--photos-key is the key of a bucket that is there already: name that by --photos; a new one has Amazon's own")
	}
	if policy.Free {
		console.sayf("--policy open: anybody may have any size of each photo made, at your cost; it is for private networks\n")
	}
	zip, remove, err := f.zip(ctx, d, console)
	if err != nil {
		return nil, nil, err
	}
	d.Zip = func() (io.ReadSeekCloser, error) { return os.Open(zip) }
	if d.ZipName, err = hashName(zip); err != nil {
		remove()
		return nil, nil, err
	}
	return d, remove, nil
}

// zip is the function's zip, for the CPU that was asked for or that the stack has; remove has to be called.
func (f *siteFlags) zip(ctx context.Context, d *deploy.Deployer, console *console) (file string, remove func(), err error) {
	arch, err := f.arch(ctx, d)
	if err != nil {
		return "", nil, err
	}
	file, remove = f.Zip, func() {}
	if file == "" {
		file, remove, err = findZip(ctx, arch, false, "", console)
	} else {
		err = checkZip(file)
	}
	if err != nil {
		return "", nil, err
	}
	switch is, err := zipArch(file); {
	case err != nil:
		remove()
		return "", nil, err
	case is != arch:
		remove()
		return "", nil, fmt.Errorf("%s is for %s, and the function runs on %s: say --arch %s, or take another zip", nameText(file), is, arch, is)
	}
	return file, remove, nil
}

// arch is the CPU that was asked for, or that the stack has.
func (f *siteFlags) arch(ctx context.Context, d *deploy.Deployer) (string, error) {
	if f.Arch != "" {
		return f.Arch, nil
	}
	s, err := d.Find(ctx)
	if err != nil {
		return "", err
	}
	if s != nil && s.Parameters["Architecture"] == "x86_64" {
		return "amd64", nil
	}
	return "arm64", nil
}

// place is the bucket that --photos names.
func (f *siteFlags) place() (*deploy.Place, error) {
	if f.Photos == "" {
		return nil, nil
	}
	name := f.Photos
	if !s3.IsPlace(name) {
		name = "s3://" + name
	}
	place, err := s3.ParsePlace(name)
	if err != nil {
		return nil, fmt.Errorf("--photos %s: %w", visibleText(f.Photos), err)
	}
	if folder := strings.TrimSuffix(place.Prefix, "/"); !prefix.MatchString(folder) {
		return nil, fmt.Errorf("--photos %s: the folder's name may have letters, digits and !_.'()- only, since rules of EventBridge and IAM name it", visibleText(f.Photos))
	}
	return &deploy.Place{Bucket: place.Bucket, Prefix: strings.TrimSuffix(place.Prefix, "/")}, nil
}

// keep takes from the stack's settings what no flag says otherwise.
func (f *policyFlags) keep(settings map[string]string, kctx *kong.Context) {
	if settings == nil {
		return
	}
	given := func(names ...string) bool {
		for _, flag := range kctx.Flags() {
			for _, name := range names {
				if flag.Name == name && (fromCommand(kctx, flag) || fromEnvironment(flag)) {
					return true
				}
			}
		}
		return false
	}
	if !given("policy", "widths") {
		f.Policy = cmp.Or(settings["PHOTOFIT_POLICY"], "ladder")
		f.Widths = nil
		for width := range strings.SplitSeq(settings["PHOTOFIT_WIDTHS"], ",") {
			if w, err := strconv.Atoi(width); err == nil {
				f.Widths = append(f.Widths, w)
			}
		}
	}
	if !given("info") {
		f.Info = cmp.Or(settings["PHOTOFIT_INFO"], "full")
	}
	if !given("originals") {
		f.Originals = cmp.Or(settings["PHOTOFIT_ORIGINALS"], "private")
	}
}

func fromCommand(kctx *kong.Context, flag *kong.Flag) bool {
	for _, step := range kctx.Path {
		if step.Flag == flag {
			return true
		}
	}
	return false
}

func fromEnvironment(flag *kong.Flag) bool {
	for _, name := range flag.Envs {
		if _, ok := os.LookupEnv(name); ok {
			return true
		}
	}
	return false
}

// hashName is what a zip is called by its content.
func hashName(file string) (string, error) {
	f, err := os.Open(file)
	if err != nil {
		return "", err
	}
	defer f.Close()
	hash := sha256.New()
	if _, err := io.Copy(hash, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(hash.Sum(nil))[:32] + ".zip", nil
}
