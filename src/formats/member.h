// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "formats/file_type.h"

namespace vitrine {

// One thing found inside another: an archive's file, a document's stream.
struct Member {
  std::string name;  // As stored; any bytes; may be empty.
  uint64_t packed_size = 0;
  uint64_t size = 0;      // As claimed by the container.
  uint32_t crc = 0;       // As claimed; 0 where the format has none.
  uint64_t position = 0;  // From 1, in the order of the container.
  bool encrypted = false;
};

enum class Continue : uint8_t { kYes, kStop };

// What an unpacker reports to. Implemented by the engine, which scans members
// as they come and keeps the budgets; unpackers own no policy. Single-threaded.
class MemberSink {
 public:
  // Called before a member is unpacked. How many of its bytes may be made: 0
  // means skip it. An unpacker never holds more than this and, on reaching it
  // with more to come, hands over what it has with `whole` false.
  virtual uint64_t Allowance(const Member& member) = 0;

  // The member's bytes; valid during the call only. `whole` is false where
  // data is missing: cut by the allowance, truncated, damaged.
  virtual Continue OnMember(const Member& member, Bytes bytes, bool whole) = 0;

  // Something that could not be looked at. `reason` is a stable kebab-case
  // word: "encrypted", "truncated", "damaged", "unsupported-method", ...
  // `member` may be empty: the container itself.
  virtual void OnSkipped(std::string_view member, std::string_view reason) = 0;

  // The container breaks its format's rules in a way that ClamAV has a
  // heuristic alert for; `alert` is that name ("Heuristics.Encrypted.Zip").
  // The engine's options decide whether it is shown.
  virtual void OnHeuristic(std::string_view alert) = 0;

 protected:
  ~MemberSink() = default;
};

}  // namespace vitrine
