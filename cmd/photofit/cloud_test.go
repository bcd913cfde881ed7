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
//	cloud                starts it, and sets the environment for it
//	cloud zip FILE ARCH  makes a function's zip
//	cloud WORDS...       what awsfake.Sayings lists
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
	if args[0] == "zip" {
		machine := map[string]elf.Machine{"arm64": elf.EM_AARCH64, "amd64": elf.EM_X86_64}[args[2]]
		ts.Check(makeZip(ts.MkAbs(args[1]), "bootstrap", 0o755, machine))
		return
	}
	ts.Check(c.(*awsfake.Cloud).Say(args...))
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
