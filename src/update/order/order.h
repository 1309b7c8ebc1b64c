// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace vitrine::update {

// What a verifier is to look for. The first letter it gets; one line:
// "order CHANNEL current N pin N clock N min-age N bundle|mirrors take|look"
struct Order {
  std::string channel = "main";
  uint64_t current = 0;  // The channel's release in use; 0: none.
  uint64_t pin = 0;      // The release wanted; 0: the newest.
  uint64_t clock = 0;    // This machine's, seconds since 1970.
  uint64_t min_age = 0;  // For db, where that is more than the trust file's.
  bool bundle = false;   // Files come out of "load bundle".
  bool look = false;     // Say what there is, and take nothing.

  bool operator==(const Order&) const = default;
};
Result<Order> ParseOrder(std::string_view text);
std::string FormatOrder(const Order& order);

// How it ends, the last letter:
// "verdict none|offered|taken VERSION INDEX SIZE WIRE delta|full", or
// "refused CODE" with the message as its body.
struct Verdict {
  enum class What : uint8_t {
    kNone,     // The release in use is the one.
    kOffered,  // There is another one; it was only looked at.
    kTaken,    // It is in the room.
  };
  What what = What::kNone;
  uint64_t version = 0;
  uint64_t index = 0;  // Of its entry in the log.
  uint64_t size = 0;
  uint64_t wire = 0;  // Bytes that were fetched for it.
  bool delta = false;

  bool operator==(const Verdict&) const = default;
};
Result<Verdict> ParseVerdict(std::string_view text);
std::string FormatVerdict(const Verdict& verdict);

// A release's channel: lower-case letters, digits and '-'.
bool IsChannel(std::string_view name);

}  // namespace vitrine::update
