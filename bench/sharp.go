package main

import (
	"context"
	_ "embed"
	"fmt"
	"os"
	"path/filepath"
)

// sharpVersion brings libvips 8.18.7 in the very build that photofit is run
// with: @img/sharp-libvips 1.3.4.
const sharpVersion = "0.35.5"

//go:embed sharp.mjs
var sharpScript []byte

// sharp compares with the sharp package in Node.
func (b *bench) sharp(ctx context.Context) error {
	folder, why, err := b.installNode(ctx, "sharp", sharpVersion)
	if err != nil {
		return err
	}
	if why != "" {
		b.skip("against sharp", why)
		return nil
	}
	script := filepath.Join(b.temp, "sharp.mjs")
	if err := os.WriteFile(script, sharpScript, 0o644); err != nil {
		return err
	}
	photos, err := b.album(b.photo.path)
	if err != nil {
		return err
	}
	node, err := startWorker(ctx, folder, "node", script)
	if err != nil {
		return err
	}
	defer node.stop()
	s, err := b.serve(ctx, photos.folder, "--policy", "open")
	if err != nil {
		return err
	}
	defer s.stop()

	b.sayf("photofit (libvips %s) against %s, %d pairs of %d photos each", b.lib.Version(), node.about, b.pairs, perPair)
	for _, w := range workloads {
		if _, err := b.sharpCase(ctx, w, s, node, photos, false); err != nil {
			return fmt.Errorf("%s: %w", w, err)
		}
	}
	ours := make([]float64, b.ownPairs())
	theirs := make([]float64, b.ownPairs())
	for _, w := range workloads {
		o, err := b.sharpCase(ctx, w, s, node, photos, true)
		if err != nil {
			return fmt.Errorf("%s: %w", w, err)
		}
		for i := range ours {
			ours[i] += o.a[i]
			theirs[i] += o.b[i]
		}
	}
	for i := range ours {
		ours[i] /= theirs[i]
	}
	b.add(figure{Name: "all five in sum, by itself", Peer: "sharp", Unit: "×", AtMost: 1, Values: ours})
	return nil
}

// sharpCase compares one workload, once it is sure that both make much the same
// picture of it: with sharp told to leave its scaling as much as is fair, or by
// what it does by itself.
func (b *bench) sharpCase(ctx context.Context, w workload, s *server, node *worker, photos *album, own bool) (outcome, error) {
	t := b.task(w, photos.folder)
	t.Own = own
	ours, err := first(ctx, s, t, photos, filepath.Join(b.temp, "ours"))
	if err != nil {
		return outcome{}, err
	}
	other, err := first(ctx, node, t, photos, filepath.Join(b.temp, "theirs"))
	if err != nil {
		return outcome{}, err
	}
	same, err := b.alike(ours, other, t)
	if err != nil {
		return outcome{}, err
	}
	pairs := b.pairs
	if own {
		pairs = b.ownPairs()
	}
	o, err := compare(ctx, s, node, t, photos, pairs, 1)
	if err != nil {
		return o, err
	}
	f := figure{Name: w.String(), Peer: "sharp", Drawn: "CPU time of a cold render, of the sharp package's", Unit: "×", Values: o.ratios,
		Note: fmt.Sprintf("CPU %.1f ms, sharp %.1f ms; %s", median(o.a), median(o.b), same)}
	if own {
		f.Name += ", by itself"
	}
	b.add(f)
	return o, nil
}

// ownPairs is of how many pairs sharp by itself is judged, which takes its time.
func (b *bench) ownPairs() int { return (b.pairs + 2) / 3 }
