package main

// Keeps the module in go.mod until a handler uses it.
import _ "github.com/buraksezer/consistent"
