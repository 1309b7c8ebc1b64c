// SPDX-License-Identifier: Apache-2.0
// Notes and checkpoints: what is taken has one spelling, and no key that did
// not sign it verifies it.
#include "tlog/checkpoint.h"
#include "tlog/test_keys.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace vitrine::tlog;  // NOLINT(google-build-using-namespace)
  const std::string_view bytes = vitrine::AsText({data, size});
  if (const auto checkpoint = ParseCheckpoint(bytes); checkpoint.ok()) {
    if (FormatCheckpoint(checkpoint.value()) != bytes) __builtin_trap();
  }
  const auto note = ParseNote(bytes);
  if (!note.ok()) return 0;
  if (FormatNote(note.value()) != bytes) __builtin_trap();
  static const NoteSigner kStranger = TestSigner("s", KeyKind::kLog, 0xfe);
  for (NoteSignature signature : note.value().signatures) {
    signature.name = kStranger.verifier().name();
    signature.key_id = kStranger.verifier().key_id();
    if (kStranger.verifier().Verify(note.value().text, signature)) {
      __builtin_trap();
    }
  }
  return 0;
}
