// SPDX-License-Identifier: Apache-2.0
#include "update/state/kept_proof.h"

#include <unistd.h>

#include "tlog/limits.h"
#include "update/accept/refusal.h"
#include "update/proof_check/proof_check.h"

namespace vitrine::update {
Result<KeptProof> CheckKept(const UpdateState& state,
                            const KeptDatabase& database) {
  KeptProof kept;
  kept.trust = TRY(state.ReadTrust());
  const UniqueFd file =
      TRY(state.OpenKept(database.Kept(database.Name() + ".vdb")));
  const ByteVector leaf =
      TRY(state.ReadKept(database.Kept("leaf"), tlog::kEntryMax));
  const ByteVector proof = TRY(state.ReadKept(database.Kept("leaf.tlog-proof"),
                                              tlog::kProofFileBytesMax));
  const FileDigest digest = TRY(DigestFile(file.get()));
  kept.entry = TRY(CheckProof(
      kept.trust, {database.TargetPath(), AsText(leaf), AsText(proof)},
      digest.size, digest.sha256));
  kept.leaf = TRY(ParseLeaf(AsText(leaf)));
  return kept;
}

Status CheckActive(const config::Paths& paths) {
  const UpdateState state = UpdateState::Look(paths);
  if (access(state.TrustFile().c_str(), F_OK) != 0) return Ok();
  const auto active = state.Active();
  if (!active) {
    return Refused(Rule::kLogged,
                   "there is a trust file, and no update brought this "
                   "database");
  }
  TRY(CheckKept(state, *active));
  return Ok();
}

}  // namespace vitrine::update
