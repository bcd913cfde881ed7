package main

import (
	"archive/zip"
	"debug/elf"
	"io/fs"
	"net"
	"net/http/httptest"
	"os"
	"runtime"
	"sync"

	"github.com/rogpeppe/go-internal/testscript"

	"photofit/internal/awsfake"
	"photofit/internal/rehearsal"
)

// clouds are the accounts of scripts.
var clouds sync.Map

// inCloud starts an account of AWS for a script, or does something to it:
//
//	cloud                starts it, and sets the environment for it
//	cloud whole          starts it, with what is deployed there at work, at its names; $PHOTOFIT_ZIP
//	                     is the real zip, for $CPU
//	cloud zip FILE ARCH  makes a function's zip
//	cloud settle         works off what waits in queues
//	cloud WORDS...       what awsfake.Sayings lists
func inCloud(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) == 0 {
		c := awsfake.New()
		server := httptest.NewServer(c)
		ts.Defer(server.Close)
		clouds.Store(ts, &rehearsal.AWS{Cloud: c})
		dns, err := net.ListenPacket("udp", "127.0.0.1:0")
		ts.Check(err)
		ts.Defer(func() { _ = dns.Close() })
		go c.ServeDNS(dns)
		for name, value := range map[string]string{"PHOTOFIT_DNS": dns.LocalAddr().String(), "AWS_ENDPOINT_URL": server.URL, "AWS_ACCESS_KEY_ID": "AKIAEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_REGION": "eu-central-1"} {
			ts.Setenv(name, value)
		}
		return
	}
	if args[0] == "whole" {
		startWhole(ts)
		return
	}
	found, ok := clouds.Load(ts)
	if !ok {
		ts.Fatalf("no cloud was started")
	}
	aws := found.(*rehearsal.AWS)
	switch args[0] {
	case "zip":
		machine := map[string]elf.Machine{"arm64": elf.EM_AARCH64, "amd64": elf.EM_X86_64}[args[2]]
		ts.Check(makeZip(ts.MkAbs(args[1]), "bootstrap", 0o755, machine))
	case "settle":
		aws.Settle()
	case "upload":
		ts.Check(aws.Cloud.Say("upload", args[1], args[2], ts.MkAbs(args[3])))
	default:
		ts.Check(aws.Cloud.Say(args...))
	}
}

// startWhole starts an account with its sites at work.
func startWhole(ts *testscript.TestScript) {
	zip, err := functionZip()
	ts.Check(err)
	temp := ts.MkAbs("aws")
	ts.Check(os.MkdirAll(temp, 0o755))
	aws, err := rehearsal.Start(rehearsal.Config{Temp: temp, Said: ts.Logf})
	ts.Check(err)
	ts.Defer(aws.Close)
	clouds.Store(ts, aws)
	for _, e := range aws.Environment() {
		ts.Setenv(e[0], e[1])
	}
	ts.Setenv("PHOTOFIT_ZIP", zip)
	ts.Setenv("CPU", runtime.GOARCH)
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
