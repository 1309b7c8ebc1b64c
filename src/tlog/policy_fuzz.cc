// SPDX-License-Identifier: Apache-2.0
// Policies: what is taken comes back from its own spelling, is met by all its
// witnesses, and, unless it wants none, not by nobody.
#include "tlog/policy.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace vitrine::tlog;  // NOLINT(google-build-using-namespace)
  const auto policy = ParsePolicy(vitrine::AsText({data, size}));
  if (!policy.ok()) return 0;
  const std::string text = FormatPolicy(policy.value());
  const auto again = ParsePolicy(text);
  if (!again.ok() || FormatPolicy(again.value()) != text) __builtin_trap();
  std::vector<std::optional<uint64_t>> times(policy.value().witnesses.size());
  if (policy.value().Quorum(times).ok() == policy.value().quorum.has_value()) {
    __builtin_trap();
  }
  for (auto& time : times) time = 7;
  const auto met = policy.value().Quorum(times);
  if (!met.ok()) __builtin_trap();
  if (met.value() && (met.value()->fresh != 7 || met.value()->public_by != 7)) {
    __builtin_trap();
  }
  return 0;
}
