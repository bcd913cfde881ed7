package s3

import (
	"context"
	"errors"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"photofit/internal/store"
)

// mostDeleted is how many objects one request deletes at most.
const mostDeleted = 1000

// headsAtATime is how many objects ForgetStale looks at at a time.
const headsAtATime = 8

// Forget is store.Renditions.Forget. It costs two requests for each thousand
// renditions, one where there are none.
func (r *Renditions) Forget(ctx context.Context, prefix string) (int, error) {
	return r.forget(ctx, prefix, func(_ context.Context, keys []string) ([]string, error) { return keys, nil })
}

// ForgetStale is Forget for all renditions but those that were made of the
// version source, at a request more for each. A mark that Withdraw has left goes
// and is counted.
func (r *Renditions) ForgetStale(ctx context.Context, prefix, source string) (int, error) {
	return r.forget(ctx, prefix, func(ctx context.Context, keys []string) ([]string, error) { return r.stale(ctx, keys, source) })
}

// forget removes what choose leaves of each page of keys.
func (r *Renditions) forget(ctx context.Context, prefix string, choose func(context.Context, []string) ([]string, error)) (int, error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	if _, err := store.CheckPrefix(prefix); err != nil {
		return 0, err
	}
	if len(r.place.Prefix+prefix) > maxKey {
		return 0, nil
	}
	n := 0
	for page, err := range r.c.list(ctx, r.place, r.place.Prefix+prefix, "") {
		if err != nil {
			return n, err
		}
		var keys []string
		for _, o := range page.Contents {
			keys = append(keys, value(o.Key))
		}
		keys, err = choose(ctx, keys)
		removed, failed := r.remove(ctx, keys)
		n += min(removed, r.seen(keys)) // if one was gone already, it is taken for an unseen one
		if err := errors.Join(err, failed); err != nil {
			return n, err
		}
	}
	return n, nil
}

// seen is how many of the keys count.
func (r *Renditions) seen(keys []string) (n int) {
	for _, key := range keys {
		if r.config.Unseen == nil || !r.config.Unseen(strings.TrimPrefix(key, r.place.Prefix)) {
			n++
		}
	}
	return n
}

// remove deletes objects, up to a thousand, by their whole keys, and tells how
// many have gone. Those that could not be are in the error, and all others have
// gone.
func (r *Renditions) remove(ctx context.Context, keys []string) (n int, err error) {
	limited, cancel := context.WithTimeout(ctx, r.c.call)
	defer cancel()
	for batch := range slices.Chunk(keys, mostDeleted) {
		if len(batch) == 1 { // needs no body, and every server knows it
			_, err := r.c.api.DeleteObject(limited, &s3.DeleteObjectInput{Bucket: &r.place.Bucket, Key: &batch[0]})
			if err != nil {
				err = r.c.fault(ctx, "delete", Place{Bucket: r.place.Bucket}, batch[0], err)
			}
			switch {
			case err == nil:
				n++
			case !errors.Is(err, fs.ErrNotExist): // some servers tell when it was gone
				return n, err
			}
			continue
		}
		objects := make([]types.ObjectIdentifier, len(batch))
		for i := range batch {
			objects[i].Key = &batch[i]
		}
		out, err := r.c.api.DeleteObjects(limited, &s3.DeleteObjectsInput{Bucket: &r.place.Bucket, Delete: &types.Delete{Objects: objects, Quiet: ptr(true)}})
		if err != nil {
			return n, r.c.fault(ctx, "delete", Place{Bucket: r.place.Bucket}, batch[0], err)
		}
		n += len(batch) - len(out.Errors)
		failed := slices.DeleteFunc(out.Errors, func(e types.Error) bool { return value(e.Code) == "NoSuchKey" })
		for _, e := range failed {
			r.config.Log.Warn("a rendition could not be removed", "bucket", r.place.Bucket, "key", value(e.Key), "code", value(e.Code), "err", value(e.Message))
		}
		if len(failed) > 0 {
			return n, r.refused(failed)
		}
	}
	return n, nil
}

// refused is the error of a request of which single deletions were refused.
func (r *Renditions) refused(all []types.Error) error {
	first := all[0]
	kind := store.ErrUnavailable
	switch code := value(first.Code); {
	case code == "AccessDenied":
		kind = fs.ErrPermission
	case throttled(answer{code: code}):
		kind = store.ErrThrottled
	}
	return troublef(kind, "delete %s%s: refused (%s), and so are %d others", scheme+r.place.Bucket+"/", value(first.Key), value(first.Code), len(all)-1)
}

// stale gives those of the keys whose source is another one, as far as it could
// find out.
func (r *Renditions) stale(ctx context.Context, keys []string, source string) ([]string, error) {
	var mu sync.Mutex
	var stale []string
	var errs []error
	var all sync.WaitGroup
	turns := make(chan struct{}, headsAtATime)
	for _, key := range keys {
		turns <- struct{}{}
		all.Go(func() {
			defer func() { <-turns }()
			was, err := r.source(ctx, key)
			mu.Lock()
			defer mu.Unlock()
			switch {
			case errors.Is(err, fs.ErrNotExist): // gone meanwhile
			case err != nil:
				errs = append(errs, err)
			case was != source:
				stale = append(stale, key)
			}
		})
	}
	all.Wait()
	return stale, errors.Join(errs...)
}

// source tells of which version of its photo an object was made; "" of a mark.
func (r *Renditions) source(ctx context.Context, key string) (string, error) {
	limited, cancel := context.WithTimeout(ctx, r.c.call)
	defer cancel()
	out, err := r.c.api.HeadObject(limited, &s3.HeadObjectInput{Bucket: &r.place.Bucket, Key: &key})
	if err != nil {
		return "", r.c.fault(ctx, "get", Place{Bucket: r.place.Bucket}, key, err)
	}
	return out.Metadata[metaSource], nil
}

// Shelves gives the version shelves that there are, "r1" and "r2", in their order.
func (r *Renditions) Shelves(ctx context.Context) ([]string, error) {
	numbers := []int{}
	for page, err := range r.c.list(ctx, r.place, r.place.Prefix, "/") {
		if err != nil {
			return nil, err
		}
		for _, p := range page.CommonPrefixes {
			name := strings.TrimPrefix(strings.TrimSuffix(value(p.Prefix), "/"), r.place.Prefix)
			number, err := strconv.Atoi(strings.TrimPrefix(name, "r"))
			if err == nil && name == "r"+strconv.Itoa(number) {
				numbers = append(numbers, number)
			}
		}
	}
	slices.Sort(numbers)
	shelves := make([]string, len(numbers))
	for i, n := range numbers {
		shelves[i] = "r" + strconv.Itoa(n)
	}
	return shelves, nil
}
