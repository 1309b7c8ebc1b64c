// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "crypto/digest.h"
#include "tlog/proof_file.h"
#include "update/trust/trust.h"

// The second look at a database, by whoever has power: no JSON, no TUF, nothing
// but an entry of the log, its proof and a digest. docs/spec/update.md.
namespace vitrine::update {

// A database's name and what the log says of it.
struct DatabaseProof {
  std::string path;  // "db/main/main-7.vdb"
  std::string_view entry;
  std::string_view proof;  // A C2SP tlog-proof.
};

// Whether the log of the trust file holds the entry, its quorum of witnesses
// has seen that, and the entry names these bytes. kDenied names the rule.
Result<tlog::ProvenEntry> CheckProof(const Trust& trust,
                                     const DatabaseProof& proof, uint64_t size,
                                     const crypto::Sha256Digest& sha256);

// The SHA-256 of an open file, and its size.
struct FileDigest {
  uint64_t size = 0;
  crypto::Sha256Digest sha256 = {};
};
Result<FileDigest> DigestFile(int file);

}  // namespace vitrine::update
