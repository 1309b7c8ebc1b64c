// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// readPolicy gives the verifiers of a policy's log and witnesses.
func readPolicy(dir string) (note.Verifiers, int, error) {
	content, err := os.ReadFile(filepath.Join(dir, "policy"))
	if err != nil {
		return nil, 0, err
	}
	var all []note.Verifier
	for _, line := range strings.Split(string(content), "\n") {
		words := strings.Fields(line)
		var key note.Verifier
		switch {
		case len(words) > 1 && words[0] == "log":
			key, err = note.NewVerifier(words[1])
		case len(words) > 2 && words[0] == "witness":
			key, err = parseWitness(words[2])
		default:
			continue
		}
		if err != nil {
			return nil, 0, err
		}
		all = append(all, key)
	}
	return note.VerifierList(all...), len(all), nil
}

// openCheckpoint wants the signatures of all keys of the policy.
func openCheckpoint(content []byte, keys note.Verifiers, count int) (tlog.Tree, error) {
	var tree tlog.Tree
	opened, err := note.Open(content, keys)
	if err != nil {
		return tree, err
	}
	if len(opened.Sigs) != count || len(opened.UnverifiedSigs) != 0 {
		return tree, fmt.Errorf("%d of %d signatures verified", len(opened.Sigs), count)
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[3] != "" {
		return tree, fmt.Errorf("no checkpoint")
	}
	if tree.N, err = strconv.ParseInt(lines[1], 10, 64); err != nil {
		return tree, err
	}
	tree.Hash, err = tlog.ParseHash(lines[2])
	return tree, err
}

func parseHashes(lines []string) ([]tlog.Hash, error) {
	var hashes []tlog.Hash
	for _, line := range lines {
		hash, err := tlog.ParseHash(line)
		if err != nil {
			return nil, err
		}
		hashes = append(hashes, hash)
	}
	return hashes, nil
}

func verifyProof(content []byte, keys note.Verifiers, count int) error {
	head, checkpoint, found := bytes.Cut(content, []byte("\n\n"))
	if !found {
		return fmt.Errorf("no proof")
	}
	tree, err := openCheckpoint(checkpoint, keys, count)
	if err != nil {
		return err
	}
	lines := strings.Split(string(head), "\n")
	if len(lines) < 2 || lines[0] != "c2sp.org/tlog-proof@v1" ||
		!strings.HasPrefix(lines[1], "index ") {
		return fmt.Errorf("no proof")
	}
	index, err := strconv.ParseInt(strings.TrimPrefix(lines[1], "index "), 10, 64)
	if err != nil {
		return err
	}
	proof, err := parseHashes(lines[2:])
	if err != nil {
		return err
	}
	return tlog.CheckRecord(proof, tree.N, tree.Hash, index, tlog.RecordHash(entry(index)))
}

func verifyConsistency(content []byte, old int64, tree tlog.Tree) error {
	hashes, err := parseHashes(strings.Split(strings.TrimSuffix(string(content), "\n"), "\n"))
	if err != nil {
		return err
	}
	return tlog.CheckTree(hashes[1:], tree.N, tree.Hash, old, hashes[0])
}

// verifyTiles reads every leaf through the tiles, which x/mod authenticates by
// the root, and holds the bundles against them.
func verifyTiles(dir string, tree tlog.Tree) error {
	var indexes []int64
	for i := int64(0); i < tree.N; i++ {
		indexes = append(indexes, tlog.StoredHashIndex(0, i))
	}
	leaves, err := tlog.TileHashReader(tree, tiles{dir}).ReadHashes(indexes)
	if err != nil {
		return err
	}
	for _, tile := range tlog.NewTiles(tileHeight, 0, tree.N) {
		if _, err := (tiles{dir}).ReadTiles([]tlog.Tile{tile}); err != nil {
			return err
		}
		if tile.L != 0 {
			continue
		}
		tile.L = -1
		got, err := os.ReadFile(filepath.Join(dir, path(tile)))
		if err != nil {
			return err
		}
		first := tile.N << tileHeight
		end := first + int64(tile.W)
		if !bytes.Equal(got, bundle(first, end)) {
			return fmt.Errorf("%s differs", path(tile))
		}
		for i := first; i < end; i++ {
			if tlog.RecordHash(entry(i)) != leaves[i] {
				return fmt.Errorf("entry %d differs", i)
			}
		}
	}
	return nil
}

func verify(dir string) error {
	keys, count, err := readPolicy(dir)
	if err != nil {
		return err
	}
	content, err := os.ReadFile(filepath.Join(dir, "checkpoint"))
	if err != nil {
		return err
	}
	tree, err := openCheckpoint(content, keys, count)
	if err != nil {
		return err
	}
	if err := verifyTiles(dir, tree); err != nil {
		return err
	}
	proofs, _ := filepath.Glob(filepath.Join(dir, "proof", "*.tlog-proof"))
	olds, _ := filepath.Glob(filepath.Join(dir, "consistency", "*"))
	if len(proofs) == 0 || len(olds) == 0 {
		return fmt.Errorf("no proofs")
	}
	for _, name := range append(proofs, olds...) {
		content, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		if filepath.Ext(name) == ".tlog-proof" {
			err = verifyProof(content, keys, count)
		} else {
			var old int64
			if old, err = strconv.ParseInt(filepath.Base(name), 10, 64); err == nil {
				err = verifyConsistency(content, old, tree)
			}
		}
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	fmt.Printf("judge: %d entries, %d signatures, %d proofs of inclusion, %d of consistency hold\n",
		tree.N, count, len(proofs), len(olds))
	return nil
}
