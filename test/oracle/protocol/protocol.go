// Package protocol is how an oracle is asked. It reads JSON lines {"name": handler, "inputs": […]} and writes for each
// one JSON line, the outputs in the same order: {"outputs": […]}, or {"error": text} when there is no such handler.
package protocol

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
)

// Handler answers one input; whatever it returns is rendered as JSON.
type Handler func(input json.RawMessage) any

var handlers = map[string]Handler{}

// Register adds a handler under a name of its own.
func Register(name string, answer Handler) {
	if _, known := handlers[name]; known {
		panic("two handlers are named " + name)
	}
	handlers[name] = answer
}

// On decodes the input for a handler of a typed input.
func On[T any](answer func(T) any) Handler {
	return func(raw json.RawMessage) any {
		var input T
		if err := json.Unmarshal(raw, &input); err != nil {
			return map[string]string{"oracle_error": err.Error()}
		}
		return answer(input)
	}
}

type request struct {
	Name   string            `json:"name"`
	Inputs []json.RawMessage `json:"inputs"`
}

func respond(line []byte) any {
	var asked request
	if err := json.Unmarshal(line, &asked); err != nil {
		return map[string]string{"error": err.Error()}
	}
	answer, known := handlers[asked.Name]
	if !known {
		return map[string]string{"error": fmt.Sprintf("no handler is named %q", asked.Name)}
	}
	outputs := make([]any, len(asked.Inputs))
	for i, input := range asked.Inputs {
		outputs[i] = answer(input)
	}
	return map[string]any{"outputs": outputs}
}

// Serve answers what standard input asks until it ends.
func Serve() error {
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	out := bufio.NewWriterSize(os.Stdout, 1<<20)
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	for {
		line, err := in.ReadBytes('\n')
		if len(line) > 0 {
			if err := encoder.Encode(respond(line)); err != nil {
				return err
			}
			if err := out.Flush(); err != nil {
				return err
			}
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}
