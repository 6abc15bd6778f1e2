// The oracle answers with the code that defines the truth: Prometheus, the consistent hashing library and xxhash of the
// Go allocator.
//
// A handler is added by a file of its own that calls register in its init.
package main

import (
	"log"

	"target-allocator.test/oracle/protocol"
)

var register = protocol.Register

func on[T any](answer func(T) any) protocol.Handler {
	return protocol.On(answer)
}

func main() {
	if err := protocol.Serve(); err != nil {
		log.Fatal(err)
	}
}
