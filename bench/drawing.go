package main

func drawing([]figure) []byte { return nil }
