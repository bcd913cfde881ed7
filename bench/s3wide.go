package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"

	awss3 "github.com/aws/aws-sdk-go-v2/service/s3"

	"photofit/internal/store/s3"
)

// connectionRate is what one connection to S3 gives in the next figure, in bytes a
// second: about what Amazon's give within a region.
const connectionRate = 85e6

// s3Wide compares how long a photo of 96 MB takes by the store, which reads it in
// several ranges at a time, with how long it takes by one GET, where connections
// and not the machine are the limit.
func (b *bench) s3Wide(ctx context.Context, endpoint string, photos *bucketAlbum) error {
	target, err := url.Parse(endpoint)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	server := &http.Server{Handler: forwarder(target, func(*http.Request) {})}
	go func() { _ = server.Serve(slowListener{listener}) }()
	defer server.Close()
	client, err := s3.Connect(ctx, s3.Config{Endpoint: "http://" + listener.Addr().String()})
	if err != nil {
		return err
	}
	bucket, key, size := "photos", "large.tif", 96<<20
	if _, err := photos.client.SDK().PutObject(ctx, &awss3.PutObjectInput{Bucket: &bucket, Key: &key, Body: bytes.NewReader(make([]byte, size))}); err != nil {
		return err
	}
	into := make([]byte, size)
	ways := [2]func() error{
		func() error {
			photo, err := client.Photos(s3.Place{Bucket: bucket}, s3.PhotosConfig{}).Open(ctx, key)
			if err != nil {
				return err
			}
			_, err = photo.ReadAt(into, 0)
			return errors.Join(err, photo.Close())
		},
		func() error {
			out, err := client.SDK().GetObject(ctx, &awss3.GetObjectInput{Bucket: &bucket, Key: &key})
			if err != nil {
				return err
			}
			_, err = io.ReadFull(out.Body, into)
			return errors.Join(err, out.Body.Close())
		},
	}
	var ratios []float64
	for round := range pick(b.quick, 2, 5) {
		var took [2]float64
		for i := range ways {
			side := (i + round) % 2
			start := time.Now()
			if err := ways[side](); err != nil {
				return err
			}
			took[side] = time.Since(start).Seconds()
		}
		ratios = append(ratios, took[0]/took[1])
	}
	b.add(figure{Name: "a photo of 96 MB, 85 MB/s a connection, of one GET's time", Unit: "×", AtMost: 0.6, Values: ratios})
	return nil
}

// slowListener gives connections that send no faster than connectionRate.
type slowListener struct{ net.Listener }

func (l slowListener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &slowConn{Conn: c}, nil
}

type slowConn struct {
	net.Conn
	free time.Time // when what was sent has gone by
}

func (c *slowConn) Write(p []byte) (n int, err error) {
	for n < len(p) && err == nil {
		time.Sleep(time.Until(c.free))
		if now := time.Now(); c.free.Before(now) {
			c.free = now
		}
		var m int
		m, err = c.Conn.Write(p[n:min(n+256<<10, len(p))])
		n += m
		c.free = c.free.Add(time.Duration(float64(m) / connectionRate * float64(time.Second)))
	}
	return n, err
}
