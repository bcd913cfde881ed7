package s3

import (
	"errors"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"photofit/internal/store"
	"photofit/internal/store/s3/s3test"
)

// refuseFrom is refuse by a bucket that says where it is.
func refuseFrom(region string, status int, code string) fault {
	return func(w http.ResponseWriter, r *http.Request, pass func(http.ResponseWriter, *http.Request)) {
		w.Header().Set("X-Amz-Bucket-Region", region)
		refuse(status, code)(w, r, pass)
	}
}

// What S3 refuses is an error of the right kind, in one line that says what to do.
func TestRefusals(t *testing.T) {
	s := s3test.Fake(t)
	f := newFaulty(t, s.URL)
	c := connect(t, Config{Endpoint: f.url, Region: "us-east-1", timing: hasty})
	bucket := newBucket(t, s)
	photos := c.Photos(Place{Bucket: bucket, Prefix: "album/"}, PhotosConfig{})
	kept := c.Renditions(Place{Bucket: bucket}, RenditionsConfig{})
	for name, test := range map[string]struct {
		wrong fault
		kind  error
		says  string
	}{
		"denied":           {refuse(403, "AccessDenied"), fs.ErrPermission, "access is denied (AccessDenied"},
		"no bucket":        {refuse(404, "NoSuchBucket"), store.ErrUnavailable, "there is no bucket " + bucket},
		"archived":         {refuse(403, "InvalidObjectState"), fs.ErrPermission, "archived"},
		"unknown key":      {refuse(403, "InvalidAccessKeyId"), fs.ErrPermission, "the credentials are not valid"},
		"wrong secret":     {refuse(403, "SignatureDoesNotMatch"), fs.ErrPermission, "aws configure"},
		"expired":          {refuse(400, "ExpiredToken"), fs.ErrPermission, "aws sso login"},
		"wrong clock":      {refuse(403, "RequestTimeTooSkewed"), fs.ErrPermission, "the clock of this machine is wrong"},
		"another region":   {refuseFrom("eu-west-1", 301, "PermanentRedirect"), store.ErrUnavailable, "say --s3-region eu-west-1"},
		"malformed region": {refuseFrom("eu-west-1", 400, "AuthorizationHeaderMalformed"), store.ErrUnavailable, "say --s3-region eu-west-1"},
		"not S3":           {refuse(418, "Teapot"), store.ErrUnavailable, "status 418"},
	} {
		f.fare(func(int, *http.Request) fault { return test.wrong })
		_, openErr := photos.Open(t.Context(), "trip/b.jpg")
		_, statErr := photos.Stat(t.Context(), "trip/b.jpg")
		_, listErr := photos.List(t.Context(), "trip")
		body := []byte("picture")
		putErr := kept.Put(t.Context(), "r1/b.jpg/_w1.auto", body, store.Meta{Size: int64(len(body))})
		_, forgetErr := kept.Forget(t.Context(), "r1/b.jpg/_")
		for op, err := range map[string]error{"open": openErr, "stat": statErr, "list": listErr, "put": putErr, "forget": forgetErr} {
			what := name + ", " + op
			told(t, what, err, test.kind)
			if err != nil && !strings.Contains(err.Error(), test.says) {
				t.Errorf("%s: %v", what, err)
			}
		}
	}
	// What may be done is named by what is missing.
	f.fare(func(int, *http.Request) fault { return refuse(403, "AccessDenied") })
	_, openErr := photos.Open(t.Context(), "b.jpg")
	putErr := kept.Put(t.Context(), "r1/b.jpg/_w1.auto", nil, store.Meta{})
	for right, err := range map[string]error{"s3:GetObject on arn:aws:s3:::" + bucket + "/album/*": openErr, "s3:PutObject on arn:aws:s3:::" + bucket + "/*": putErr} {
		if err == nil || !strings.Contains(err.Error(), right) {
			t.Errorf("%v, want %s", err, right)
		}
	}
	if _, err := photos.Open(t.Context(), "b.jpg"); errors.Is(err, fs.ErrNotExist) {
		t.Error("what is denied is taken for absent")
	}
}

// Credentials come from the files of the AWS command line.
func TestProfiles(t *testing.T) {
	s := s3test.Real(t)
	bucket := newBucket(t, s)
	folder := t.TempDir()
	t.Setenv("HOME", folder)
	for _, name := range []string{"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION"} {
		t.Setenv(name, "")
	}
	write := func(name, text string) {
		file := filepath.Join(folder, name)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		t.Setenv(map[string]string{"config": "AWS_CONFIG_FILE", "credentials": "AWS_SHARED_CREDENTIALS_FILE"}[name], file)
	}
	write("credentials", "[holiday]\naws_access_key_id = photofit\naws_secret_access_key = photofit-secret\n")
	write("config", `[profile holiday]
region = us-east-1
[profile sso]
sso_session = home
sso_account_id = 123456789012
sso_role_name = reader
region = us-east-1
[sso-session home]
sso_region = us-east-1
sso_start_url = http://127.0.0.1:1/start
sso_registration_scopes = sso:account:access
[profile broken]
credential_process = false
region = us-east-1
`)
	c := connect(t, Config{Endpoint: s.URL, Profile: "holiday"})
	if err := c.Photos(Place{Bucket: bucket}, PhotosConfig{}).Check(t.Context()); err != nil {
		t.Error(err)
	}
	t.Setenv("AWS_PROFILE", "holiday")
	c = connect(t, Config{Endpoint: s.URL})
	if err := c.Photos(Place{Bucket: bucket}, PhotosConfig{}).Check(t.Context()); err != nil {
		t.Error("by AWS_PROFILE:", err)
	}
	for profile, says := range map[string]string{
		"sso":    "the AWS session has ended: run aws sso login --profile sso",
		"broken": "the AWS credentials cannot be had: failed",
		"nobody": `there is no profile "nobody"`,
	} {
		_, err := Connect(t.Context(), Config{Endpoint: s.URL, Profile: profile})
		if err == nil || !strings.Contains(err.Error(), says) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v", profile, err)
		}
	}
}
