package main

import (
	"context"
	"time"
)

// start measures from the process's beginning to its first answer.
func (b *bench) start(ctx context.Context) error {
	photos, err := b.album(b.photo.path)
	if err != nil {
		return err
	}
	var took []float64
	for range 10 {
		began := time.Now()
		s, err := b.serve(ctx, photos.folder)
		if err != nil {
			return err
		}
		took = append(took, float64(time.Since(began))/float64(time.Millisecond))
		s.stop()
	}
	b.add(figure{Name: "process start to first answer", Unit: "ms", AtMost: 100, Values: took})
	return nil
}
