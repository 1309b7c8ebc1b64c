// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/digest.h"

// The ledger's lines. docs/spec/ledger.md is the specification.
namespace vitrine::ledger {

using Chain = crypto::Sha256Digest;

// What is about to leave this machine.
struct Outbound {
  std::string destination;  // "https://mirror.example"
  std::string via;          // A proxy's "host:port"; "": none.
  std::string method;       // "GET"
  std::string target;       // "/tuf/timestamp.json"
  std::string reason;       // "update": why it is sent.
  ByteVector bytes;         // All of it, as it goes into the connection.

  bool operator==(const Outbound&) const = default;
};

// How it ended.
struct Ended {
  uint64_t request = 0;   // The number of its record.
  std::string outcome;    // A stable word: "done", "timeout", ...
  uint32_t status = 0;    // Of HTTP; 0: none came.
  uint64_t received = 0;  // Bytes of the answer's body.

  bool operator==(const Ended&) const = default;
};

// Bytes behind the last good line were cut off, by a writer that found them
// when it began.
struct Repaired {
  uint64_t bytes = 0;
  crypto::Sha256Digest sha256{};  // Of what was cut off.

  bool operator==(const Repaired&) const = default;
};

struct Record {
  enum class Kind : uint8_t { kRequest, kResult, kRepaired };
  uint64_t number = 0;  // From 1, without gaps.
  int64_t time_ns = 0;  // Since 1970, UTC, as the machine's clock said.
  Kind kind = Kind::kRequest;
  Outbound request;  // Of kRequest; the others likewise.
  Ended result;
  Repaired repaired;

  bool operator==(const Record&) const = default;
};

// The line with its end, and the chain behind it.
struct Line {
  std::string text;
  Chain chain{};
};
Line FormatRecord(const Record& record, const Chain& before);

struct Parsed {
  Record record;
  Chain chain{};          // As the line claims.
  bool unbroken = false;  // It is the one that follows from `before`.
};
// `line` without its end. kInvalid for whatever FormatRecord() does not write,
// and where the digest of a request is not that of its bytes.
Result<Parsed> ParseRecord(std::string_view line, const Chain& before);

// A segment's first line.
struct SegmentHead {
  uint64_t first = 1;  // The number of its first record.
  Chain before{};      // The chain up to there; zeros at the beginning of all.

  bool operator==(const SegmentHead&) const = default;
};
std::string FormatHead(const SegmentHead& head);  // With its end.
Result<SegmentHead> ParseHead(std::string_view line);

// "00000001.ledger"
std::string SegmentName(uint64_t index);
// 0 for other names.
uint64_t SegmentIndex(std::string_view name);

}  // namespace vitrine::ledger
