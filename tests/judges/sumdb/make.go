// SPDX-License-Identifier: Apache-2.0

package main

import (
	"crypto/sha256"
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const origin = "judge.example.org/log"

func keys() (*Key, []*Key) {
	one := newKey("one.example.net", kindWitness, 0x31)
	two := newKey("two.example.net/witness", kindWitness, 0x32)
	one.time = 1_780_000_000
	two.time = 1_780_000_123
	return newKey(origin, kindLog, 0x30), []*Key{one, two}
}

func policy() string {
	logKey, witnesses := keys()
	text := "log " + logKey.vkey() + "\n"
	names := ""
	for i, witness := range witnesses {
		text += fmt.Sprintf("witness w%d %s\n", i, witness.vkey())
		names += fmt.Sprintf(" w%d", i)
	}
	return text + "group all-of-them all" + names + "\nquorum all-of-them\n"
}

func checkpoint(size int64, root tlog.Hash) ([]byte, error) {
	logKey, witnesses := keys()
	signers := []note.Signer{logKey}
	for _, witness := range witnesses {
		signers = append(signers, witness)
	}
	text := fmt.Sprintf("%s\n%d\n%s\n", origin, size, root)
	return note.Sign(&note.Note{Text: text}, signers...)
}

func lines(hashes []tlog.Hash) string {
	var text strings.Builder
	for _, hash := range hashes {
		text.WriteString(hash.String() + "\n")
	}
	return text.String()
}

func proofFile(l *log, size, index int64, signed []byte) ([]byte, error) {
	proof, err := tlog.ProveRecord(size, index, l)
	if err != nil {
		return nil, err
	}
	return []byte(fmt.Sprintf("c2sp.org/tlog-proof@v1\nindex %d\n%s\n%s", index,
		lines(proof), signed)), nil
}

// samples are numbers up to size, around what is special in trees and tiles.
func samples(size int64) []int64 {
	var all []int64
	for _, i := range []int64{0, 1, 2, 3, 7, 8, 200, 255, 256, 257, 511, 512, size / 2, size - 2, size - 1} {
		if i >= 0 && i < size {
			all = append(all, i)
		}
	}
	return all
}

func makeLog(dir string, size int64) error {
	l, err := newLog(size)
	if err != nil {
		return err
	}
	root, err := tlog.TreeHash(size, l)
	if err != nil {
		return err
	}
	signed, err := checkpoint(size, root)
	if err != nil {
		return err
	}
	files := map[string][]byte{"policy": []byte(policy()), "checkpoint": signed}
	for _, tile := range tlog.NewTiles(tileHeight, 0, size) {
		if files[path(tile)], err = tlog.ReadTileData(tile, l); err != nil {
			return err
		}
		if tile.L == 0 {
			tile.L = -1
			first := tile.N << tileHeight
			files[path(tile)] = bundle(first, first+int64(tile.W))
		}
	}
	for _, i := range samples(size) {
		name := fmt.Sprintf("proof/%d.tlog-proof", i)
		if files[name], err = proofFile(l, size, i, signed); err != nil {
			return err
		}
		if i == 0 {
			continue
		}
		proof, err := tlog.ProveTree(size, i, l)
		if err != nil {
			return err
		}
		old, err := tlog.TreeHash(i, l)
		if err != nil {
			return err
		}
		files[fmt.Sprintf("consistency/%d", i)] = []byte(old.String() + "\n" + lines(proof))
	}
	for name, content := range files {
		if err := write(dir, name, content); err != nil {
			return err
		}
	}
	return nil
}

const vectorsHead = `# SPDX-License-Identifier: Apache-2.0
# A tree of "entry-I\n", its proofs and tiles, a checkpoint cosigned by two
# witnesses and a proof file. Made by golang.org/x/mod/sumdb v0.17.0:
# tests/judges/sumdb, judge vectors. Keys are toys: seeds of one byte,
# repeated (log 0x30, witnesses 0x31 and 0x32).
`

func vectors() error {
	fmt.Print(vectorsHead)
	const size = 600
	l, err := newLog(size)
	if err != nil {
		return err
	}
	for i := int64(0); i < 4; i++ {
		fmt.Printf("leafhash %d %s\n", i, tlog.RecordHash(entry(i)))
	}
	roots := map[int64]tlog.Hash{}
	for _, n := range []int64{0, 1, 2, 3, 4, 5, 6, 7, 8, 100, 255, 256, 257, 511, 512, 513, size} {
		if roots[n], err = tlog.TreeHash(n, l); err != nil {
			return err
		}
		if n == 0 {
			// x/mod has zeros there; RFC 6962 the hash of nothing.
			roots[n] = sha256.Sum256(nil)
		}
		fmt.Printf("root size %d %s\n", n, roots[n])
	}
	for _, n := range []int64{7, size} {
		for _, i := range samples(n) {
			proof, err := tlog.ProveRecord(n, i, l)
			if err != nil {
				return err
			}
			fmt.Printf("inclusion size=%d index=%d\n%s", n, i, lines(proof))
		}
	}
	for _, pair := range [][2]int64{{1, 7}, {3, 7}, {4, 7}, {6, 7}, {256, size}, {257, size}, {513, size}} {
		proof, err := tlog.ProveTree(pair[1], pair[0], l)
		if err != nil {
			return err
		}
		fmt.Printf("consistency old=%d new=%d\n%s", pair[0], pair[1], lines(proof))
	}
	for _, tile := range tlog.NewTiles(tileHeight, 0, size) {
		content, err := tlog.ReadTileData(tile, l)
		if err != nil {
			return err
		}
		fmt.Printf("tile %s len=%d sha256=%x\n", path(tile), len(content), sha256.Sum256(content))
		if tile.L == 0 {
			tile.L = -1
			content = bundle(tile.N<<tileHeight, tile.N<<tileHeight+int64(tile.W))
			fmt.Printf("tile %s len=%d sha256=%x\n", path(tile), len(content), sha256.Sum256(content))
		}
	}
	logKey, witnesses := keys()
	fmt.Printf("vkey %s\n", logKey.vkey())
	for _, witness := range witnesses {
		fmt.Printf("vkey %s t=%d\n", witness.vkey(), witness.time)
	}
	signed, err := checkpoint(size, roots[size])
	if err != nil {
		return err
	}
	file, err := proofFile(l, size, 255, signed)
	if err != nil {
		return err
	}
	fmt.Printf("----- checkpoint\n%s-----\n----- x.tlog-proof (index 255)\n%s-----\n", signed, file)
	return nil
}
