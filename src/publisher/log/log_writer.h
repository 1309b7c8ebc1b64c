// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "publisher/files/durable_files.h"
#include "tlog/add_checkpoint.h"
#include "tlog/edge.h"
#include "tlog/policy.h"
#include "tlog/verifier_key.h"

namespace vitrine::publisher {

// Carries a request to a witness: the status and the body of its answer, or why
// there is none.
struct WitnessAnswer {
  int status = 0;
  std::string body;
};
using AskWitness = std::function<Result<WitnessAnswer>(
    const tlog::PolicyWitness& witness, const std::string& request)>;

// What came of asking for cosignatures.
struct Publication {
  uint64_t size = 0;
  bool has_quorum = false;
  std::vector<std::string> cosigned;  // By the policy's names.
  std::vector<std::string> failed;    // "NAME: why"
};

// The one writer of a log of static files. What it signs it has on the disk
// first, so that no two trees of one size can leave it:
//
//   1. tiles and bundles of the larger tree          (no checkpoint knows them)
//   2. STATE/signed: the checkpoint, signed          (the tree is what it is
//   now)
//   3. witnesses cosign
//   4. LOG/proof/N for each entry that has none, LOG/checkpoint
//
// Ended at any point, the next Open() goes on from the last of these that was
// done: entries that are in the tree are found again, not appended twice, and
// what was signed is published.
class LogWriter {
 public:
  // `log`: the folder that is served. `state`: a folder that is not. A log that
  // is not there yet is begun. kUnavailable: another process writes it;
  // kDenied: what is there was not signed with this key, or the tiles do not
  // make what was signed.
  static Result<LogWriter> Open(const std::string& log,
                                const std::string& state,
                                const tlog::NoteSigner& signer,
                                const DurableFiles& files);

  uint64_t size() const { return edge_.size(); }

  // The index of an entry that is in the log.
  std::optional<uint64_t> Find(Bytes entry) const;

  // The index of each entry; those that are not in the log are appended, and
  // the new tree is signed, all or none.
  Result<std::vector<uint64_t>> Append(std::span<const Bytes> entries);

  // Asks the policy's witnesses that have a URL to cosign what was signed last,
  // and publishes it when the policy's quorum is met, or with `force`.
  // `cosignatures`: lines that were made elsewhere.
  enum class Force : uint8_t { kNo, kYes };
  Result<Publication> Publish(const tlog::Policy& policy, const AskWitness& ask,
                              const std::string& cosignatures, Force force);

  // The checkpoint that was signed last, without cosignatures; empty before the
  // first.
  const std::string& signed_note() const { return signed_note_; }

 private:
  LogWriter(std::string log, std::string state, const tlog::NoteSigner& signer,
            const DurableFiles& files, FileLock lock)
      : log_(std::move(log)),
        state_(std::move(state)),
        signer_(signer),
        files_(files),
        lock_(std::move(lock)) {}

  Status ReadState();
  Status Sign();
  Result<tlog::Proof> ProveFrom(uint64_t old_size) const;
  Status AskOne(const tlog::PolicyWitness& witness, const AskWitness& ask,
                tlog::Note& note);
  Status WriteProofs(const std::string& note);

  std::string log_;
  std::string state_;
  tlog::NoteSigner signer_;
  DurableFiles files_;
  FileLock lock_;
  tlog::Edge edge_;
  std::string signed_note_;
  std::unordered_map<std::string, uint64_t> indices_;  // By leaf hash.
};

}  // namespace vitrine::publisher
