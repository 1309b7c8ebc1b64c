// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "model/scan_report.h"
#include "wire/limits.h"

// The messages between a supervisor (guard, doorman, command) and its
// scanners; docs/spec/wire.md has the grammar. All integers are little-endian.
// A decoder accepts exactly what its encoder writes: unknown versions, unset
// reserved bytes, bytes left over and unprintable names are kInvalid.
namespace vitrine::wire {

inline constexpr uint32_t kMagic = 0x52544956;  // "VITR" as it lies there.
inline constexpr uint16_t kVersion = 1;

enum class Kind : uint16_t {
  kHello = 1,        // Scanner: I am caged, and so well.
  kSetDatabase = 2,  // Supervisor, with a descriptor.
  kReady = 3,        // Scanner: the database is open, or why not.
  kScanRequest = 4,  // Supervisor, with a descriptor.
  kScanReply = 5,    // Scanner; report parts may follow.
  kReportPart = 6,   // Scanner.
};

// The kind of a message; kInvalid if it is none of ours, or of another version.
Result<Kind> KindOf(Bytes message);

struct Hello {
  // sandbox::CageReport in its text form: lines of printable ASCII.
  std::string cage;
};
ByteVector Encode(const Hello& hello);
Result<Hello> DecodeHello(Bytes message);

// Comes with the database's descriptor. `settings` is wire::EncodeSettings().
struct SetDatabase {
  uint64_t generation = 0;  // Counts up; replies belong to the last one.
  Bytes settings;           // Within the message.
};
ByteVector Encode(const SetDatabase& message);
Result<SetDatabase> DecodeSetDatabase(Bytes message);

struct Ready {
  uint64_t generation = 0;
  bool ok = false;
  std::string error;  // Why not; printable ASCII.
};
ByteVector Encode(const Ready& ready);
Result<Ready> DecodeReady(Bytes message);

enum RequestFlags : uint32_t {
  kAllMatch = 1,    // Go on after the first alert.
  kFullReport = 2,  // Send the report after the fixed part.
};

// Comes with the sample's descriptor, opened for reading.
struct ScanRequest {
  uint64_t id = 0;
  uint32_t left_ms = kNoDeadline;  // Until nobody waits for the answer.
  uint32_t flags = 0;              // RequestFlags.
  std::string_view path;           // What rules may see; may be empty.
  std::string_view owner;          // Name of the file's owner; may be empty.

  static constexpr uint32_t kNoDeadline = UINT32_MAX;
};
// Cuts what is longer than the limits.
void Encode(const ScanRequest& request, ByteVector& message);
// The views point into `message`.
Result<ScanRequest> DecodeScanRequest(Bytes message);

// The fixed part: all that a privileged process ever reads of an answer.
struct ScanReply {
  uint64_t id = 0;
  Verdict verdict = Verdict::kError;
  uint32_t alerts = 0;       // How many.
  uint64_t bytes = 0;        // Looked at, members included.
  uint64_t size = 0;         // Of the sample itself.
  uint64_t nanoseconds = 0;  // Spent on it by the scanner.
  uint32_t report_size = 0;  // Of the full report: that many bytes follow,
                             // first in this message, then in report parts.
                             // 0: verdict and bytes say it all.
  std::string first_alert;   // <= kNameMax, printable ASCII.
};
inline constexpr size_t kScanReplySize = 184;
std::array<uint8_t, kScanReplySize> Encode(const ScanReply& reply);
// Reads the first kScanReplySize bytes; what follows them is report.
Result<ScanReply> DecodeScanReply(Bytes message);

// A piece of a report that did not fit into the reply's message.
inline constexpr size_t kReportPartHeadSize = 16;
std::array<uint8_t, kReportPartHeadSize> EncodeReportPartHead(uint64_t id);
struct ReportPart {
  uint64_t id = 0;
  Bytes bytes;  // Within the message; not empty.
};
Result<ReportPart> DecodeReportPart(Bytes message);

}  // namespace vitrine::wire
