// SPDX-License-Identifier: MIT

// OpenCensus Go and spanlink read the binary form that the other one writes.
//
//	binary PEER      PEER is the program built of tests/interop/format_peer.c
package main

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"math/rand"
	"os"
	"os/exec"
	"strings"

	"go.opencensus.io/trace"
	"go.opencensus.io/trace/propagation"
)

const count = 2000

func fail(format string, values ...interface{}) {
	fmt.Fprintf(os.Stderr, "binary: "+format+"\n", values...)
	os.Exit(1)
}

// peer gives each line to the program and returns its answers.
func peer(command string, lines []string) []string {
	program := exec.Command(os.Args[1], command)
	program.Stdin = bytes.NewBufferString(strings.Join(lines, "\n") + "\n")
	output, err := program.Output()
	if err != nil {
		fail("%s: %v", command, err)
	}
	answers := strings.Split(strings.TrimSuffix(string(output), "\n"), "\n")
	if len(answers) != len(lines) {
		fail("%d answers to %d lines", len(answers), len(lines))
	}
	return answers
}

func describe(sent trace.SpanContext) string {
	return fmt.Sprintf("%x\t%x\t%d", sent.TraceID[:], sent.SpanID[:], sent.TraceOptions)
}

func main() {
	random := rand.New(rand.NewSource(1))
	var contexts, theirs, ours []string
	for i := 0; i < count; i++ {
		var sent trace.SpanContext
		random.Read(sent.TraceID[:])
		random.Read(sent.SpanID[:])
		sent.TraceOptions = trace.TraceOptions(random.Intn(2))
		contexts = append(contexts, describe(sent))
		theirs = append(theirs, "binary\t"+hex.EncodeToString(propagation.Binary(sent)))
		ours = append(ours, "binary\t"+describe(sent))
	}
	for i, answer := range peer("read", theirs) {
		if answer != contexts[i] {
			fail("%s became %s", contexts[i], answer)
		}
	}
	for i, answer := range peer("write", ours) {
		encoded, err := hex.DecodeString(answer)
		read, ok := propagation.FromBinary(encoded)
		if err != nil || !ok || describe(read) != contexts[i] {
			fail("%s written here is %s", contexts[i], describe(read))
		}
	}
	fmt.Printf("OpenCensus Go: %d contexts went round in the binary form\n", count)
}
