package main

import (
	"context"
	"log/slog"
	"strings"

	"photofit"
	"photofit/internal/store"
	"photofit/internal/store/s3"
)

// objectCacheControl is what the objects in the bucket tell who serves them from
// there. An edge may hold them for a year, as it is told by tag when to let go.
const objectCacheControl = "public, max-age=3600, s-maxage=31536000, stale-while-revalidate=86400"

// functionPlaces opens what a function reads photos from and keeps renditions in;
// nil where none are kept. S3 is asked for nothing: that would be work before the
// first request. The photos are looked at anew at each request: what a sandbox
// remembers of one outlives the event that tells of its replacement.
func (c *serveCmd) functionPlaces(ctx context.Context, log *slog.Logger) (store.Photos, store.Renditions, error) {
	var photos store.Photos
	var from s3.Place
	if s3.IsPlace(c.Place) {
		place, client, err := c.bucket(ctx, c.Place)
		if err != nil {
			return nil, nil, err
		}
		from, photos = place, client.Photos(place, s3.PhotosConfig{})
	} else {
		folder, err := c.openPhotos(ctx, c.Place, 0)
		if err != nil {
			return nil, nil, err
		}
		photos = folder.Photos
	}
	if s3.IsPlace(c.Cache) {
		place, client, err := c.bucket(ctx, c.Cache)
		if err != nil {
			return nil, nil, err
		}
		return photos, client.Renditions(place, keptConfig(log)), apart(from, place)
	}
	kept, _, err := c.open(ctx, &c.s3Flags, c.Place, "", log)
	return photos, kept, err
}

// keptConfig is how functions keep renditions, for an edge to serve.
func keptConfig(log *slog.Logger) s3.RenditionsConfig {
	return s3.RenditionsConfig{CacheControl: objectCacheControl, Tag: tagOf, Unseen: photofit.IsMasterKey, Once: true, Log: log}
}

// tagOf is the cache tag of what is kept under a key; empty for what is none of
// this version's.
func tagOf(key string) string {
	recipe, err := photofit.ParseKey(key)
	if err != nil {
		return ""
	}
	return photofit.CacheTag(recipe.Photo)
}

// withdraw is rendition.Config.Withdraw for a place. One that cannot withdraw a
// single rendition forgets all that was made of the photo.
func withdraw(kept store.Renditions) func(context.Context, string) error {
	switch kept := kept.(type) {
	case nil:
		return nil
	case interface {
		Withdraw(ctx context.Context, key string) error
	}:
		return kept.Withdraw
	}
	return func(ctx context.Context, key string) error {
		_, err := kept.Forget(ctx, key[:strings.LastIndexByte(key, '/')+1]+"_")
		return err
	}
}
