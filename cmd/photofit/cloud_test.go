package main

import (
	"archive/zip"
	"debug/elf"
	"io/fs"
	"net/http/httptest"
	"os"
	"sync"

	"github.com/rogpeppe/go-internal/testscript"

	"photofit/internal/awsfake"
)

// clouds are the accounts of scripts.
var clouds sync.Map

// inCloud starts an account of AWS for a script, or does something to it:
//
//	cloud                    starts it, and sets the environment for it
//	cloud zip FILE ARCH      makes a function's zip
//	cloud zone DOMAIN        Route 53 has a domain
//	cloud bucket NAME REGION there is a bucket
//	cloud fail RESOURCE WHY  a resource of a stack fails, once
//	cloud put BUCKET KEY     puts something into a bucket
//	cloud faults             fails if AWS would not have understood something
func inCloud(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) == 0 {
		c := awsfake.New()
		server := httptest.NewServer(c)
		ts.Defer(server.Close)
		clouds.Store(ts, c)
		for name, value := range map[string]string{"AWS_ENDPOINT_URL": server.URL, "AWS_ACCESS_KEY_ID": "AKIAEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_REGION": "eu-central-1"} {
			ts.Setenv(name, value)
		}
		return
	}
	c, ok := clouds.Load(ts)
	if !ok {
		ts.Fatalf("no cloud was started")
	}
	account := c.(*awsfake.Cloud)
	switch args[0] {
	case "zip":
		machine := map[string]elf.Machine{"arm64": elf.EM_AARCH64, "amd64": elf.EM_X86_64}[args[2]]
		ts.Check(makeZip(ts.MkAbs(args[1]), "bootstrap", 0o755, machine))
	case "zone":
		account.AddZone(args[1])
	case "bucket":
		account.AddBucket(args[1], args[2])
	case "fail":
		account.FailResource(args[1], args[2])
	case "put":
		account.PutObject(args[1], args[2], []byte("something"))
	case "faults":
		for _, fault := range account.Faults() {
			ts.Fatalf("AWS would not have understood: %s", fault)
		}
	default:
		ts.Fatalf("cloud does not know %s", args[0])
	}
}

// makeZip writes a function's zip whose bootstrap is of no use but has the header of a
// program for a machine.
func makeZip(file, name string, mode fs.FileMode, machine elf.Machine) error {
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	defer f.Close()
	archive := zip.NewWriter(f)
	if err := archive.SetComment(zipComment()); err != nil {
		return err
	}
	header := &zip.FileHeader{Name: name}
	header.SetMode(mode)
	to, err := archive.CreateHeader(header)
	if err != nil {
		return err
	}
	program := make([]byte, 64)
	copy(program, elf.ELFMAG+"\x02\x01\x01")
	program[16], program[18], program[19] = 2, byte(machine), byte(machine>>8)
	if _, err := to.Write(program); err != nil {
		return err
	}
	return archive.Close()
}
