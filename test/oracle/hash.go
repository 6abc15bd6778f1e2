package main

import (
	"strconv"

	"github.com/cespare/xxhash/v2"
)

func init() {
	// The decimal xxhash64 of a text.
	register("xxhash64", on(func(text string) any {
		return strconv.FormatUint(xxhash.Sum64String(text), 10)
	}))
}
