// SPDX-License-Identifier: Apache-2.0

package main

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

// Key is an Ed25519 key of a log (0x01) or of a witness (0x04). x/mod knows the
// first kind only; a cosigner is both a note.Verifier and a note.Signer here.
type Key struct {
	name    string
	kind    byte
	public  ed25519.PublicKey
	private ed25519.PrivateKey
	time    uint64
}

const (
	kindLog     = 0x01
	kindWitness = 0x04
)

// newKey has the seed of one byte, repeated.
func newKey(name string, kind, seed byte) *Key {
	private := ed25519.NewKeyFromSeed([]byte(strings.Repeat(string(rune(seed)), 32)))
	return &Key{name: name, kind: kind, private: private,
		public: private.Public().(ed25519.PublicKey)}
}

func (k *Key) typed() []byte { return append([]byte{k.kind}, k.public...) }

func (k *Key) Name() string { return k.name }

func (k *Key) KeyHash() uint32 {
	sum := sha256.Sum256(append([]byte(k.name+"\n"), k.typed()...))
	return binary.BigEndian.Uint32(sum[:])
}

func (k *Key) vkey() string {
	return fmt.Sprintf("%s+%08x+%s", k.name, k.KeyHash(),
		base64.StdEncoding.EncodeToString(k.typed()))
}

func cosigned(time uint64, text []byte) []byte {
	return append([]byte(fmt.Sprintf("cosignature/v1\ntime %d\n", time)), text...)
}

func (k *Key) Sign(text []byte) ([]byte, error) {
	if k.kind == kindLog {
		return ed25519.Sign(k.private, text), nil
	}
	blob := make([]byte, 8)
	binary.BigEndian.PutUint64(blob, k.time)
	return append(blob, ed25519.Sign(k.private, cosigned(k.time, text))...), nil
}

func (k *Key) Verify(text, signature []byte) bool {
	if k.kind != kindWitness || len(signature) != 8+ed25519.SignatureSize {
		return false
	}
	time := binary.BigEndian.Uint64(signature)
	return ed25519.Verify(k.public, cosigned(time, text), signature[8:])
}

// parseWitness reads a vkey of kind 0x04.
func parseWitness(vkey string) (note.Verifier, error) {
	parts := strings.SplitN(vkey, "+", 3)
	if len(parts) != 3 {
		return nil, fmt.Errorf("no vkey: %s", vkey)
	}
	typed, err := base64.StdEncoding.DecodeString(parts[2])
	if err != nil {
		return nil, err
	}
	if len(typed) != 1+ed25519.PublicKeySize || typed[0] != kindWitness {
		return nil, fmt.Errorf("no key of a witness: %s", vkey)
	}
	key := &Key{name: parts[0], kind: kindWitness, public: typed[1:]}
	if key.vkey() != vkey {
		return nil, fmt.Errorf("key ID of %s is not its own", vkey)
	}
	return key, nil
}
