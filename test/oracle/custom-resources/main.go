// This oracle answers with prometheus-operator's own selector and generator, given the options that the Go allocator
// gives them (cmd/otel-allocator/internal/watcher/promOperator.go).
package main

import (
	"log"

	"target-allocator.test/oracle/protocol"
)

func main() {
	protocol.Register("custom_resource", protocol.On(answer))
	if err := protocol.Serve(); err != nil {
		log.Fatal(err)
	}
}
