package main

import (
	"context"
	_ "embed"
	"fmt"
	"strconv"
	"strings"
)

var (
	//go:embed sharpserver.mjs
	sharpServer []byte
	//go:embed ipxserver.mjs
	ipxServer []byte
)

// ipxVersion brings a sharp of its own, an older one.
const ipxVersion = "3.1.1"

// others are the peers that somebody has started: --peer and --peer-pid.
type others struct {
	peers []peer
	pids  map[string]int
}

// add reads name=URL-template.
func (o *others) add(value string) error {
	name, template, _ := strings.Cut(value, "=")
	if name == "" || template == "" {
		return fmt.Errorf("%q is not name=URL-template", value)
	}
	if err := checkTemplate(template); err != nil {
		return err
	}
	for _, p := range o.peers {
		if p.name == name {
			return fmt.Errorf("there are two peers %q", name)
		}
	}
	o.peers = append(o.peers, peer{name: name, keeps: true, start: func(context.Context, string) (*running, error) {
		return &running{template: template, pid: o.pids[name], client: newClient(), end: func() {}}, nil
	}})
	return nil
}

// addPID reads name=PID.
func (o *others) addPID(value string) error {
	name, number, _ := strings.Cut(value, "=")
	pid, err := strconv.Atoi(number)
	if name == "" || err != nil || pid < 1 {
		return fmt.Errorf("%q is not name=PID", value)
	}
	if o.pids == nil {
		o.pids = map[string]int{}
	}
	o.pids[name] = pid
	return nil
}

// check finds pids of peers that there are not.
func (o *others) check() error {
	for name := range o.pids {
		found := false
		for _, p := range o.peers {
			found = found || p.name == name
		}
		if !found {
			return fmt.Errorf("--peer-pid %s: there is no --peer %s", name, name)
		}
	}
	return nil
}

// us is the name of the peer that is measured.
const us = "photofit"

// photofitPeer is photofit serve with some flags, and a cache that is empty at its start.
func (b *bench) photofitPeer(flags ...string) peer {
	return peer{name: us, keeps: true, start: func(ctx context.Context, folder string) (*running, error) {
		s, err := b.serve(ctx, folder, flags...)
		if err != nil {
			return nil, err
		}
		return &running{template: s.base + "/{photo}?w={width}&fm={format}", pid: s.pid(), client: newClient(), end: s.stop}, nil
	}}
}

// peers are photofit, and all that can be measured beside it. What is missing is
// said once in each section, and left out.
func (b *bench) peers(ctx context.Context) ([]peer, error) {
	all := []peer{b.photofitPeer()}
	for _, n := range []struct {
		name, version, template string
		script                  []byte
	}{
		{"sharp", sharpVersion, "/{photo}?w={width}&fm={format}&q={quality}", sharpServer},
		{"ipx", ipxVersion, "/w_{width},quality_{quality},format_{type}/{photo}", ipxServer},
	} {
		packages, why, err := b.installNode(ctx, n.name, n.version)
		if err != nil {
			return nil, err
		}
		if why != "" {
			b.skip("beside "+n.name, why)
			continue
		}
		all = append(all, peer{name: n.name, start: func(ctx context.Context, folder string) (*running, error) {
			return b.startNode(ctx, n.name, n.script, packages, folder, n.template)
		}})
	}
	return append(all, b.others.peers...), nil
}

// beside is what servers are put beside each other by: the peers, and the photos
// that all of them serve.
func (b *bench) beside(ctx context.Context) ([]peer, *gallery, error) {
	peers, err := b.peers(ctx)
	if err != nil {
		return nil, nil, err
	}
	g, err := b.gallery()
	return peers, g, err
}

// start starts peers on a folder. The first is photofit. The caller ends them
// by stopAll, even if not all came up.
func start(ctx context.Context, peers []peer, folder string) (all []*running, err error) {
	for _, p := range peers {
		r, err := p.start(ctx, folder)
		if err != nil {
			return all, fmt.Errorf("%s: %w", p.name, err)
		}
		r.peer = p
		all = append(all, r)
	}
	return all, nil
}

func stopAll(all []*running) {
	for _, r := range all {
		r.stop()
	}
}
