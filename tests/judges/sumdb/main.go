// SPDX-License-Identifier: Apache-2.0

// Judge holds a log of ours against golang.org/x/mod/sumdb, and makes logs by
// it for ours to be held against.
//
//	judge verify DIR       exit status 1, and why, unless all of it holds
//	judge make DIR SIZE    writes a log with its proofs
//	judge vectors          prints tests/vectors/transparency-log.txt
//
// A folder has: policy (one log, its witnesses), checkpoint, tile/...,
// proof/INDEX.tlog-proof, consistency/OLD (the old root, then the proof). Entry
// i of a log is "entry-i\n".
package main

import (
	"fmt"
	"os"
	"strconv"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "judge:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	switch {
	case len(args) == 2 && args[0] == "verify":
		return verify(args[1])
	case len(args) == 3 && args[0] == "make":
		size, err := strconv.ParseInt(args[2], 10, 64)
		if err != nil {
			return err
		}
		return makeLog(args[1], size)
	case len(args) == 1 && args[0] == "vectors":
		return vectors()
	}
	return fmt.Errorf("usage: judge verify DIR | make DIR SIZE | vectors")
}
