// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

const tileHeight = 8

func entry(i int64) []byte { return []byte(fmt.Sprintf("entry-%d\n", i)) }

// path is a tile's as tlog-tiles has it: x/mod's own says the height too, and
// calls entries data.
func path(tile tlog.Tile) string {
	rest := strings.TrimPrefix(tile.Path(), fmt.Sprintf("tile/%d/", tileHeight))
	return "tile/" + strings.Replace(rest, "data/", "entries/", 1)
}

func write(dir, name string, content []byte) error {
	whole := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(whole), 0o777); err != nil {
		return err
	}
	return os.WriteFile(whole, content, 0o666)
}

// tiles reads a folder's tiles; it is a tlog.TileReader.
type tiles struct{ dir string }

func (t tiles) Height() int { return tileHeight }

func (t tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, tile := range wanted {
		content, err := os.ReadFile(filepath.Join(t.dir, path(tile)))
		if err != nil {
			return nil, err
		}
		all = append(all, content)
	}
	return all, nil
}

func (t tiles) SaveTiles([]tlog.Tile, [][]byte) {}

func bundle(first, end int64) []byte {
	var content []byte
	for i := first; i < end; i++ {
		one := entry(i)
		size := make([]byte, 2)
		binary.BigEndian.PutUint16(size, uint16(len(one)))
		content = append(append(content, size...), one...)
	}
	return content
}

// log holds all hashes of a tree, as tlog.StoredHashes gives them.
type log struct{ hashes []tlog.Hash }

func newLog(size int64) (*log, error) {
	l := &log{}
	for i := int64(0); i < size; i++ {
		hashes, err := tlog.StoredHashes(i, entry(i), l)
		if err != nil {
			return nil, err
		}
		l.hashes = append(l.hashes, hashes...)
	}
	return l, nil
}

func (l *log) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	var found []tlog.Hash
	for _, i := range indexes {
		if i >= int64(len(l.hashes)) {
			return nil, fmt.Errorf("no hash %d", i)
		}
		found = append(found, l.hashes[i])
	}
	return found, nil
}
