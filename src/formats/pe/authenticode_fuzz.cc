// SPDX-License-Identifier: Apache-2.0
#include "formats/pe/authenticode.h"
#include "formats/pe/limits.h"
#include "formats/pe/pe.h"

namespace vitrine::pe {
namespace {

void Require(bool condition) {
  if (!condition) __builtin_trap();
}

void Run(Bytes bytes) {
  const auto parsed = Parse(bytes);
  if (!parsed.ok()) return;
  const auto signatures = ReadSignatures(parsed.value());
  Require(signatures.size() <= kSignatureCountMax);
  for (const Signature& signature : signatures) {
    Require(!signature.verified || signature.digest == signature.file_digest);
    Require(!signature.verified || !signature.chain.empty());
    Require(signature.countersignatures.size() <= kCountersignatureCountMax);
  }
}

}  // namespace
}  // namespace vitrine::pe

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  vitrine::pe::Run({data, size});
  return 0;
}
