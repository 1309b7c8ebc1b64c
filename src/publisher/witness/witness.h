// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "http/server.h"
#include "publisher/files/durable_files.h"
#include "tlog/add_checkpoint.h"

namespace vitrine::publisher {

// A witness (C2SP tlog-witness): cosigns what logs show it, each log as one
// history for ever. What it cosigns is on the disk, synced, before a
// cosignature exists; so no end of the process, and no start of another one on
// the same folder, makes it cosign two.
//
//   FOLDER/state/HEX      the checkpoint cosigned last; HEX is the SHA-256 of
//                         the log's origin
//   FOLDER/public/HEX/checkpoint   the same with its signatures, for readers
//   FOLDER/lock           one process at a time
//
// Whoever sets FOLDER back to an older copy undoes this. Not thread-safe: one
// request after the other.
class Witness {
 public:
  // For tests, which end the process there.
  enum class Step : uint8_t { kDecided, kStored, kCosigned, kPublished };

  struct Options {
    std::string folder;                 // Made where it is not there.
    std::function<uint64_t()> clock{};  // Seconds; "": the machine's.
    std::function<void(Step)> hook{};
  };

  // `logs` as ParseWatchedLogs() gives them; what was cosigned of them is read
  // from the folder. kUnavailable: another process has it. kInvalid: what lies
  // there is not what a witness leaves; it will not guess.
  static Result<std::unique_ptr<Witness>> Open(
      Options options, tlog::NoteSigner signer,
      std::vector<tlog::WatchedLog> logs);

  // The answer to a request's body.
  http::Reply AddCheckpoint(std::string_view body);

  // What anybody may read: FOLDER/public.
  std::string PublicFolder() const { return options_.folder + "/public"; }

 private:
  Witness(Options options, tlog::NoteSigner signer,
          std::vector<tlog::WatchedLog> logs);
  Status ReadState(tlog::WatchedLog& log);
  Status Store(const tlog::WitnessDecision& decision);
  void Publish(const tlog::AddCheckpoint& request,
               const tlog::NoteSignature& cosignature);
  http::Reply Cosign(const tlog::AddCheckpoint& request,
                     const tlog::WitnessDecision& decision,
                     tlog::WatchedLog& log);
  void At(Step step) const {
    if (options_.hook) options_.hook(step);
  }

  const Options options_;
  const tlog::NoteSigner signer_;
  std::vector<tlog::WatchedLog> logs_;
  std::optional<FileLock> lock_;
};

// "PREFIX/add-checkpoint", and "PREFIX/HEX/checkpoint" for monitors; prefix ""
// or "/…" without a slash at its end. `witness` outlives the server.
Status AttachWitness(Witness& witness, const std::string& prefix,
                     http::Server& server);

}  // namespace vitrine::publisher
