// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "tlog/judgement.h"
#include "tlog/proof.h"

// One file that shows offline that an entry is in a log (C2SP tlog-proof).
namespace vitrine::tlog {

struct ProofFile {
  std::optional<ByteVector> extra;  // Proven by nothing. Not empty if there.
  uint64_t index = 0;
  Proof proof;
  std::string checkpoint;  // The signed note, byte for byte.
  bool operator==(const ProofFile&) const = default;
};

// The file of exactly these bytes: FormatProofFile() gives them back. What
// follows the empty line is a signed note; nothing is verified.
Result<ProofFile> ParseProofFile(std::string_view bytes);
std::string FormatProofFile(const ProofFile& file);

struct ProvenEntry {
  uint64_t index = 0;
  Judgement judgement;
};

// Whether the log holds the entry, by the policy: JudgeCheckpoint(), and the
// entry's hash (LeafHash()) leads to its root.
Result<ProvenEntry> VerifyProofFile(std::string_view bytes, const Hash& leaf,
                                    const Policy& policy,
                                    uint64_t latest = kTimeMax);

}  // namespace vitrine::tlog
