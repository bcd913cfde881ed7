package lambdahost

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// The test's own program is the function, too.
func TestMain(m *testing.M) {
	if api := os.Getenv("AWS_LAMBDA_RUNTIME_API"); api != "" {
		toy("http://" + api + "/2018-06-01/runtime/")
		return
	}
	os.Exit(m.Run())
}

// toy is a function that does what its event says, in "do" or as a path.
func toy(api string) {
	post := func(path, mediaType string, body io.Reader, trailer http.Header) int {
		r, err := http.NewRequest(http.MethodPost, api+path, body)
		if err != nil {
			panic(err)
		}
		r.Header.Set("Content-Type", mediaType)
		if mediaType != "application/json" {
			r.Header.Set(headerMode, "streaming")
		}
		r.Trailer = trailer
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			panic(err)
		}
		_ = answer.Body.Close()
		return answer.StatusCode
	}
	switch os.Getenv("TOY") {
	case "init-error":
		post("init/error", "application/json", strings.NewReader(`{"errorType": "Toy.Broken", "errorMessage": "the toy is broken"}`), nil)
		os.Exit(1)
	case "exit":
		os.Exit(3)
	case "hang":
		hang()
	}
	for {
		next, err := http.Get(api + "invocation/next")
		if err != nil {
			panic(err)
		}
		body, err := io.ReadAll(next.Body)
		if err != nil {
			panic(err)
		}
		var e struct{ Do, RawPath, RawQueryString string }
		if err := json.Unmarshal(body, &e); err != nil {
			panic(err)
		}
		id := next.Header.Get("Lambda-Runtime-Aws-Request-Id")
		play(strings.TrimPrefix(e.Do+e.RawPath, "/"), e.RawQueryString, body, func(kind, mediaType string, body io.Reader, trailer http.Header) int {
			return post("invocation/"+id+"/"+kind, mediaType, body, trailer)
		})
	}
}

// fine is the header of an answer.
const fine = `{"statusCode": 201, "headers": {"content-type": "text/x-toy", "content-length": "11"}, "cookies": ["a=1", "b=2"]}` + "\x00\x00\x00\x00\x00\x00\x00\x00"

// last is the time between two signs of life of what was left behind, at most.
var last, longest atomic.Int64

func play(what, query string, event []byte, answer func(kind, mediaType string, body io.Reader, trailer http.Header) int) {
	switch what {
	case "echo":
		answer("response", "application/json", bytes.NewReader(event), nil)
	case "environment":
		words, _ := json.Marshal(os.Environ())
		answer("response", "application/json", bytes.NewReader(words), nil)
	case "hello":
		answer("response", httpResponse, strings.NewReader(fine+"hello world"), nil)
	case "plain":
		answer("response", "text/plain", strings.NewReader("plain"), nil)
	case "slow", "cut": // until the file in the query is there
		r, w := io.Pipe()
		sent := make(chan int)
		go func() { sent <- answer("response", httpResponse, r, nil) }()
		fmt.Fprint(w, fine+"first ")
		for {
			if _, err := os.Stat(query); err == nil {
				break
			}
			time.Sleep(time.Millisecond)
		}
		if what == "cut" {
			os.Exit(1)
		}
		fmt.Fprint(w, "last")
		_ = w.Close()
		<-sent
	case "trailer":
		message := base64.StdEncoding.EncodeToString([]byte(`{"errorMessage": "half way"}`))
		answer("response", httpResponse, io.MultiReader(strings.NewReader(fine+"hel")), http.Header{headerErrorType: {"Toy.Half"}, headerErrorBody: {message}})
	case "error":
		answer("error", "application/json", strings.NewReader(`{"errorType": "Toy.Sad", "errorMessage": "no"}`), nil)
	case "exit":
		os.Exit(1)
	case "panic":
		panic("the toy has a fault")
	case "silent":
		hang()
	case "nothing": // asks for more at once
	case "headless":
		answer("response", httpResponse, strings.NewReader("hello"), nil)
	case "eat":
		for food := [][]byte{}; ; {
			food = append(food, bytes.Repeat([]byte{1}, 1<<20))
		}
	case "large":
		answer("response", httpResponse, strings.NewReader(fine+strings.Repeat("x", 4<<20)), nil)
	case "twice":
		first := answer("response", "application/json", strings.NewReader(`"one"`), nil)
		second := answer("response", "application/json", strings.NewReader(`"two"`), nil)
		fmt.Printf("twice: %d %d\n", first, second)
	case "leave": // work for afterwards
		go func() {
			for {
				now := time.Now().UnixNano()
				if before := last.Swap(now); before > 0 {
					longest.Store(max(longest.Load(), now-before))
				}
				time.Sleep(time.Millisecond)
			}
		}()
		answer("response", "application/json", strings.NewReader(`"left"`), nil)
	case "longest": // how long that stood still, in nanoseconds
		before := last.Load()
		for last.Load() == before {
			time.Sleep(time.Millisecond)
		}
		answer("response", "application/json", strings.NewReader(fmt.Sprint(longest.Load())), nil)
	default:
		panic("the toy cannot " + what)
	}
}

// hang does nothing for longer than any test. A timer keeps Go from calling that a
// deadlock, which it does where nothing else could ever wake up.
func hang() {
	time.AfterFunc(time.Hour, func() {})
	select {}
}
