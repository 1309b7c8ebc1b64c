// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"crypto"
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"filippo.io/torchwood"
	"golang.org/x/mod/sumdb/note"
)

// witness is the program under judgement, as a process.
type witness struct {
	program, folder, key, logs string
	verifier                   note.Verifier
	process                    *exec.Cmd
	url                        string
}

const name = "witness.example.net/w"

func newWitness(program, folder, logKey string) *witness {
	w := &witness{program: program, folder: folder,
		key:  filepath.Join(folder, "key.pem"),
		logs: filepath.Join(folder, "logs")}
	check(os.WriteFile(w.logs, []byte(logKey+"\n"), 0o600))
	out, err := exec.Command(program, "witness", "--key", w.key, "--name", name,
		"--make-key").Output()
	check(err)
	vkey := strings.TrimSpace(string(out))
	// torchwood makes verifiers of keys only, so its text is compared.
	typed, err := base64.StdEncoding.DecodeString(strings.SplitN(vkey, "+", 3)[2])
	check(err)
	w.verifier = verifierOf(ed25519.PublicKey(typed[1:]))
	expect(fmt.Sprint(w.verifier) == vkey, "%s is not %s", vkey, w.verifier)
	w.start()
	return w
}

// publicOnly lets torchwood make a cosigner of a key that we have half of.
type publicOnly struct{ public ed25519.PublicKey }

func verifierOf(public ed25519.PublicKey) note.Verifier {
	signer, err := torchwood.NewCosignatureSigner(name, publicOnly{public})
	check(err)
	return signer.Verifier()
}

func (w *witness) start() {
	w.process = exec.Command(w.program, "witness", "--key", w.key, "--name",
		name, "--folder", filepath.Join(w.folder, "state"), "--logs", w.logs,
		"--listen", "127.0.0.1:0")
	w.process.Stderr = os.Stderr
	out, err := w.process.StdoutPipe()
	check(err)
	check(w.process.Start())
	line, err := bufio.NewReader(out).ReadString('\n')
	check(err)
	w.url = "http://127.0.0.1:" +
		strings.TrimSpace(line[strings.LastIndex(line, " ")+1:])
}

func (w *witness) kill() {
	w.process.Process.Kill()
	w.process.Wait()
}

func (w *witness) post(body string) (status int, answer, kind string, err error) {
	client := http.Client{Timeout: 10 * time.Second,
		Transport: &http.Transport{DisableKeepAlives: true}}
	response, err := client.Post(w.url+"/add-checkpoint", "text/plain",
		strings.NewReader(body))
	if err != nil {
		return 0, "", "", err
	}
	defer response.Body.Close()
	bytes, err := io.ReadAll(response.Body)
	return response.StatusCode, string(bytes), response.Header.Get("Content-Type"), err
}

// verify is that of torchwood and x/mod, of the witness's line below the note.
func (w *witness) verify(checkpoint, lines string) {
	opened, err := note.Open([]byte(checkpoint+lines), note.VerifierList(w.verifier))
	check(err)
	expect(len(opened.Sigs) == 1, "%d cosignatures", len(opened.Sigs))
	at, err := torchwood.CosignatureTimestamp(opened.Sigs[0])
	check(err)
	age := time.Since(time.Unix(at, 0))
	expect(age > -5*time.Second && age < time.Minute, "cosigned %v ago", age)
}

func (w *witness) readNote(response *http.Response) {
	defer response.Body.Close()
	bytes, err := io.ReadAll(response.Body)
	check(err)
	_, err = note.Open(bytes, note.VerifierList(w.verifier))
	check(err)
}

func (k publicOnly) Public() crypto.PublicKey { return k.public }

func (k publicOnly) Sign(io.Reader, []byte, crypto.SignerOpts) ([]byte, error) {
	return nil, errors.New("we have no private half")
}
