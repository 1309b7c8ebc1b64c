// SPDX-License-Identifier: Apache-2.0
#include "update/proof_check/proof_check.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/system_error.h"
#include "update/accept/judge.h"
#include "update/release/release_path.h"

namespace vitrine::update {
namespace {

constexpr size_t kPiece = size_t{1} << 20;

}  // namespace

Result<tlog::ProvenEntry> CheckProof(const Trust& trust,
                                     const DatabaseProof& proof, uint64_t size,
                                     const crypto::Sha256Digest& sha256) {
  auto proven = tlog::VerifyProofFile(
      proof.proof, tlog::LeafHash(AsBytes(proof.entry)), trust.policy);
  if (!proven.ok()) {
    return Refused(Rule::kWitnessed,
                   "the kept proof: " + proven.error().message);
  }
  const Leaf leaf = TRY(ParseLeaf(proof.entry));
  if (leaf.type != LeafType::kTuf || leaf.role != kDatabaseRole) {
    return Refused(Rule::kContent, "the entry is not one of a database");
  }
  TRY(CheckContent(leaf, proof.path, size, sha256));
  return proven;
}

Result<FileDigest> DigestFile(int file) {
  crypto::Hasher hasher(crypto::Algorithm::kSha256);
  FileDigest digest;
  ByteVector piece(kPiece);
  for (;;) {
    const ssize_t got = pread(file, piece.data(), piece.size(),
                              static_cast<off_t>(digest.size));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return SystemError("pread", errno);
    if (got == 0) break;
    hasher.Update(Bytes(piece).first(static_cast<size_t>(got)));
    digest.size += static_cast<uint64_t>(got);
  }
  const ByteVector bytes = hasher.Finish();
  std::copy(bytes.begin(), bytes.end(), digest.sha256.begin());
  return digest;
}

}  // namespace vitrine::update
