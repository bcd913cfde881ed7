// Samples fills a folder with a dozen painted photos of 4 to 24 megapixels, for trying Photofit without any of one's own:
//
//	go run ./internal/imgtest/samples FOLDER
//
// Files that are there already are left alone. Progress goes to standard error.
package main

import (
	"fmt"
	"os"

	"photofit/internal/imgtest/scene"
)

func main() {
	if len(os.Args) != 2 || os.Args[1] == "" || os.Args[1][0] == '-' {
		fmt.Fprintln(os.Stderr, "usage: samples FOLDER")
		os.Exit(2)
	}
	err := scene.WriteSamples(os.Args[1], 0, func(done, of int, path string) {
		if done < of {
			fmt.Fprintf(os.Stderr, "%2d/%d  %s\n", done+1, of, path)
		}
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, "samples:", err)
		os.Exit(1)
	}
}
