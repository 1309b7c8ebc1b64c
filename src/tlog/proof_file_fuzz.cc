// SPDX-License-Identifier: Apache-2.0
// Proof files and requests to witnesses: what is taken has one spelling, and
// shows nothing about an entry that is in no log.
#include "tlog/add_checkpoint.h"
#include "tlog/proof_file.h"
#include "tlog/test_keys.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace vitrine::tlog;  // NOLINT(google-build-using-namespace)
  const std::string_view bytes = vitrine::AsText({data, size});
  if (const auto request = ParseAddCheckpoint(bytes); request.ok()) {
    if (FormatAddCheckpoint(request.value()) != bytes) __builtin_trap();
    WatchedLog log;
    log.origin = TestLog().verifier().name();
    log.keys = {TestLog().verifier()};
    const auto decision = DecideAddCheckpoint(request.value(), &log);
    if (decision.status == WitnessStatus::kCosigned &&
        request.value().old_size != 0) {
      __builtin_trap();
    }
  }
  const auto file = ParseProofFile(bytes);
  if (!file.ok()) return 0;
  if (FormatProofFile(file.value()) != bytes) __builtin_trap();
  Policy policy;
  policy.logs = {{TestLog().verifier(), ""}};
  const Hash stranger = LeafHash(vitrine::AsBytes("in no log"));
  if (VerifyProofFile(bytes, stranger, policy).ok()) __builtin_trap();
  return 0;
}
