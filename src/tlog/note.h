// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

// Signed notes (C2SP signed-note): text, an empty line, lines of signatures.
// Reading one verifies nothing; that is verifier_key.h's and trust is
// policy.h's.
namespace vitrine::tlog {

// "— example.com/key base64(key ID, signature)".
struct NoteSignature {
  std::string name;
  uint32_t key_id = 0;
  ByteVector bytes;  // 1..kSignatureBytesMax
  bool operator==(const NoteSignature&) const = default;
};

struct Note {
  std::string text;  // What is signed; ends with a line end.
  std::vector<NoteSignature> signatures;  // 1..kSignaturesMax
  bool operator==(const Note&) const = default;
};

// Not empty, UTF-8, at most kKeyNameMax bytes, without spaces of any script,
// control characters and '+'.
bool IsKeyName(std::string_view name);

// UTF-8 without characters below U+0020 but line ends.
bool IsNoteText(std::string_view text);

// The note of exactly these bytes: FormatNote() gives them back. kInvalid for
// what is no note, kLimit for one beyond limits.h.
Result<Note> ParseNote(std::string_view bytes);
std::string FormatNote(const Note& note);

// One or more signature lines by themselves, as witnesses answer them.
Result<std::vector<NoteSignature>> ParseSignatures(std::string_view lines);
std::string FormatSignature(const NoteSignature& signature);

// Adds the signature in place of one by the same name and key ID, if any.
void MergeSignature(NoteSignature signature, Note& note);

}  // namespace vitrine::tlog
