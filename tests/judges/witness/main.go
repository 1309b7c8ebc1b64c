// SPDX-License-Identifier: Apache-2.0

// Witnessjudge is a log as others write one: it has its checkpoints cosigned by
// the witness program that it is given, verifies the cosignatures with
// torchwood, and tries to have two histories cosigned.
// usage: witnessjudge PROGRAM FOLDER
package main

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"math/rand"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"

	"filippo.io/torchwood"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const origin = "judge.example.org/log"

func check(err error) {
	if err != nil {
		fmt.Println("FAILED:", err)
		os.Exit(1)
	}
}

func expect(good bool, format string, arguments ...any) {
	if !good {
		check(fmt.Errorf(format, arguments...))
	}
}

// log is a tree in memory.
type log struct {
	signer note.Signer
	hashes []tlog.Hash
	size   int64
}

func (l *log) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	var hashes []tlog.Hash
	for _, index := range indexes {
		hashes = append(hashes, l.hashes[index])
	}
	return hashes, nil
}

// with is a copy of the log, one entry longer.
func (l *log) with(entry string) *log {
	longer := &log{l.signer, append([]tlog.Hash(nil), l.hashes...), l.size + 1}
	hashes, err := tlog.StoredHashes(l.size, []byte(entry), longer)
	check(err)
	longer.hashes = append(longer.hashes, hashes...)
	return longer
}

func (l *log) checkpoint() string {
	root := tlog.Hash(sha256.Sum256(nil))
	var err error
	if l.size > 0 {
		root, err = tlog.TreeHash(l.size, l)
		check(err)
	}
	text := torchwood.Checkpoint{Origin: origin,
		Tree: tlog.Tree{N: l.size, Hash: root}}.String()
	signed, err := note.Sign(&note.Note{Text: text}, l.signer)
	check(err)
	return string(signed)
}

// request is the body of an add-checkpoint.
func (l *log) request(old int64) string {
	body := fmt.Sprintf("old %d\n", old)
	if old > 0 && old < l.size {
		proof, err := tlog.ProveTree(l.size, old, l)
		check(err)
		for _, hash := range proof {
			body += base64.StdEncoding.EncodeToString(hash[:]) + "\n"
		}
	}
	return body + "\n" + l.checkpoint()
}

// answers goes through what tlog-witness asks of a witness.
func answers(w *witness, l *log) *log {
	status := func(body string) int {
		status, _, _, err := w.post(body)
		check(err)
		return status
	}
	for size, old := 0, int64(0); size < 300; size++ {
		if size < 4 || size > 250 && size < 260 || size == 299 {
			signed, answer, _, err := w.post(l.request(old))
			check(err)
			expect(signed == 200, "size %d: %d %s", size, signed, answer)
			w.verify(l.checkpoint(), answer)
			old = l.size
		}
		l = l.with(fmt.Sprint("entry ", size))
	}
	old := l.size - 1
	code, answer, kind, err := w.post(l.request(old - 1))
	check(err)
	expect(code == 409 && kind == "text/x.tlog.size" &&
		answer == fmt.Sprintf("%d\n", old), "409: %d %s %s", code, kind, answer)
	expect(status(l.with("x").request(l.size)) == 409, "from the future")
	expect(status("old 1\n\n"+strings.Replace(l.checkpoint(), origin,
		"judge.example.org/none", 1)) == 404, "unknown log")
	// The line after the empty one is the signature; one of its letters.
	at := strings.LastIndex(l.checkpoint(), " ") + 20
	forged := []byte(l.checkpoint())
	forged[at] ^= 1
	expect(status(fmt.Sprintf("old %d\n\n%s", old, forged)) == 403, "forged")
	expect(status("nonsense") == 400, "nonsense")
	expect(status(l.request(l.size+1)) == 400, "backwards")
	expect(status(strings.Replace(l.request(old), "\n\n",
		"\n"+strings.Repeat("A", 43)+"=\n\n", 1)) == 422, "a wrong proof")
	signed, answer, _, err := w.post(l.request(old))
	check(err)
	expect(signed == 200, "none of this moved it: %d", signed)
	w.verify(l.checkpoint(), answer)
	// The same tree again, for a younger time; another one of that size.
	expect(status(l.request(l.size)) == 200, "the same again")
	return l
}

// races has two histories cosigned at the same time, kills the witness, and
// looks which of them it goes on with.
func races(w *witness, l *log, rounds int) *log {
	// How long it takes on this machine: the kill comes before, within or after.
	start := time.Now()
	status, _, _, err := w.post(l.request(l.size))
	check(err)
	expect(status == 200, "before the races: %d", status)
	took := time.Since(start)
	cosigned := 0
	for round := 0; round < rounds; round++ {
		branches := []*log{l.with(fmt.Sprint("a", round)),
			l.with(fmt.Sprint("b", round))}
		left := make([]bool, 2)
		var group sync.WaitGroup
		for i, branch := range branches {
			group.Add(1)
			go func() {
				defer group.Done()
				status, answer, _, err := w.post(branch.request(l.size))
				if err == nil && status == 200 {
					w.verify(branch.checkpoint(), answer)
					left[i] = true
				}
			}()
		}
		time.Sleep(time.Duration(rand.Int63n(int64(3 * took))))
		w.kill()
		group.Wait()
		w.start()
		expect(!(left[0] && left[1]), "two histories were cosigned")
		winner := -1
		for i, branch := range branches {
			status, _, _, err := w.post(branch.request(l.size))
			check(err)
			if status == 409 {
				status, _, _, err = w.post(branch.request(branch.size))
				check(err)
			}
			if status == 200 {
				expect(winner < 0, "both histories are cosigned")
				winner = i
			}
		}
		expect(winner >= 0, "none is cosigned any more")
		for i := range left {
			if left[i] {
				cosigned++
				expect(winner == i, "a cosigned history was given up")
			}
		}
		l = branches[winner]
	}
	expect(cosigned > 0 && cosigned < rounds, "%d of %d cosigned before the kill",
		cosigned, rounds)
	fmt.Printf("%d rounds, %d cosigned before the kill\n", rounds, cosigned)
	return l
}

func main() {
	skey, vkey, err := note.GenerateKey(nil, origin)
	check(err)
	signer, err := note.NewSigner(skey)
	check(err)
	w := newWitness(os.Args[1], os.Args[2], vkey)
	defer w.kill()
	l := answers(w, &log{signer: signer})
	l = races(w, l, 40)
	// Monitors see what was cosigned last.
	response, err := http.Get(fmt.Sprintf("%s/%x/checkpoint", w.url,
		sha256.Sum256([]byte(origin))))
	check(err)
	w.readNote(response)
	fmt.Println("good, up to size", l.size)
}
