// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "tlog/checkpoint.h"
#include "tlog/note.h"
#include "tlog/proof.h"
#include "tlog/verifier_key.h"

// What a log and a witness say to each other (C2SP tlog-witness,
// add-checkpoint), and how a witness decides; not how the bytes travel.
namespace vitrine::tlog {

// A request's body.
struct AddCheckpoint {
  uint64_t old_size = 0;   // That the log takes for the witness's last.
  Proof proof;             // From there to the checkpoint.
  std::string checkpoint;  // A signed note.
  bool operator==(const AddCheckpoint&) const = default;
};

// The request of exactly this body: FormatAddCheckpoint() gives it back. An
// error is answered 400.
Result<AddCheckpoint> ParseAddCheckpoint(std::string_view body);
std::string FormatAddCheckpoint(const AddCheckpoint& request);

// A log that a witness watches, and what it cosigned of it last.
struct WatchedLog {
  std::string origin;
  std::vector<VerifierKey> keys;  // kLog
  uint64_t size = 0;              // 0 before the first time.
  Hash root = EmptyRoot();
};

// The HTTP status of an answer.
enum class WitnessStatus : uint16_t {
  kCosigned = 200,
  kBadRequest = 400,
  kForbidden = 403,  // Not signed by the log.
  kUnknownLog = 404,
  kConflict = 409,       // The body is FormatSize() of the last size.
  kUnprocessable = 422,  // Not consistent.
};

struct WitnessDecision {
  WitnessStatus status = WitnessStatus::kBadRequest;
  std::string reason;  // For people; empty if cosigned.
  // If kCosigned: what to make durable as the log's last, and then to cosign,
  // before anything is answered and before another request for this log is
  // decided.
  Checkpoint checkpoint;
  std::string text;
};

// Whether the log may be cosigned anew. `log`: the one of the request's origin,
// or null. Pure: the caller holds the log's lock from reading `log` until the
// new state is on the disk.
WitnessDecision DecideAddCheckpoint(const AddCheckpoint& request,
                                    const WatchedLog* log);

// The origin that a request names. kInvalid where it holds no checkpoint.
Result<std::string> OriginOf(const AddCheckpoint& request);

// The body of 409, of type text/x.tlog.size.
std::string FormatSize(uint64_t size);
Result<uint64_t> ParseSize(std::string_view body);

// Takes the cosignature of `witness` out of the body of 200, verifies it, and
// merges it into `note`, the checkpoint that was submitted. Gives its time.
// Lines of other keys are ignored.
Result<uint64_t> TakeCosignature(std::string_view body,
                                 const VerifierKey& witness, Note& note);

}  // namespace vitrine::tlog
