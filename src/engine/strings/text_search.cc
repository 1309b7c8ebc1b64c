// SPDX-License-Identifier: Apache-2.0
#include "engine/strings/text_search.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "engine/regex/literal_finder.h"
#include "engine/strings/fullword.h"
#include "engine/strings/limits.h"
#include "engine/strings/text_code.h"
#include "engine/strings/xor_finder.h"

namespace vitrine::engine::strings {
namespace {

using regex::LiteralFinder;

constexpr uint64_t kNowhere = UINT64_MAX;

// Hits between two looks at the clock.
constexpr uint64_t kHitsPerLook = 4096;

// One needle's way through the object.
class Cursor {
 public:
  Cursor(const TextView& text, const TextView::Needle& needle, Bytes object,
         uint64_t from)
      : object_(object),
        wide_(needle.wide),
        fullword_(text.fullword),
        length_(needle.bytes.size()),
        at_(from) {
    if (text.is_xor && text.xor_min != text.xor_max) {
      xor_.emplace(needle.bytes, text.xor_min, text.xor_max);
      return;
    }
    key_ = text.xor_min;
    ByteVector bytes(needle.bytes.begin(), needle.bytes.end());
    for (uint8_t& byte : bytes) byte ^= key_;
    literal_.emplace(bytes, text.nocase);
  }

  uint64_t hit() const { return hit_; }
  uint64_t length() const { return length_; }
  uint8_t Key() const { return xor_ ? xor_->KeyAt(object_, hit_) : key_; }

  // To the next hit after the last one. False if the deadline passed.
  bool Advance(Deadline deadline) {
    for (;;) {
      const uint64_t end =
          std::min<uint64_t>(object_.size(), at_ + kChunkBytes + (length_ - 1));
      const Bytes chunk = object_.first(end);
      const size_t found =
          xor_ ? xor_->Find(chunk, at_) : literal_->Find(chunk, at_);
      if (found != SIZE_MAX) {
        at_ = found + 1;
        if (fullword_ && !IsFullword(object_, found, length_, wide_)) {
          if (++refused_ % kHitsPerLook == 0 && deadline.Passed()) return false;
          continue;
        }
        hit_ = found;
        return true;
      }
      if (end == object_.size()) {
        hit_ = kNowhere;
        return true;
      }
      at_ = end - (length_ - 1);
      if (deadline.Passed()) return false;
    }
  }

 private:
  const Bytes object_;
  const bool wide_;
  const bool fullword_;
  const uint64_t length_;
  uint64_t at_;
  uint64_t hit_ = 0;
  uint64_t refused_ = 0;
  uint8_t key_ = 0;
  std::optional<LiteralFinder> literal_;
  std::optional<XorFinder> xor_;
};

Error Late() { return {Code::kDeadline, "text string"}; }

bool MatchesAt(const TextView& text, const TextView::Needle& needle,
               Bytes object, uint64_t at) {
  const Bytes bytes = needle.bytes;
  if (at > object.size() || bytes.size() > object.size() - at) return false;
  uint8_t key = 0;
  if (text.is_xor) {
    key = static_cast<uint8_t>(object[at] ^ bytes[0]);
    if (key < text.xor_min || key > text.xor_max) return false;
  }
  for (size_t i = 0; i < bytes.size(); ++i) {
    const auto byte = static_cast<uint8_t>(object[at + i] ^ key);
    if (byte == bytes[i]) continue;
    if (!text.nocase || ToLower(byte) != ToLower(bytes[i])) return false;
  }
  return !text.fullword || IsFullword(object, at, bytes.size(), needle.wide);
}

}  // namespace

Status FindText(Bytes code, Bytes object, uint64_t from, MatchSink& sink,
                Deadline deadline) {
  const auto text = ViewText(code);
  if (!text) return Error{Code::kInvalid, "bad text string code"};
  if (from >= object.size()) return Ok();
  std::vector<Cursor> cursors;
  cursors.reserve(text->count);
  for (size_t i = 0; i < text->count; ++i) {
    cursors.emplace_back(*text, text->needles[i], object, from);
    if (!cursors.back().Advance(deadline)) return Late();
  }
  for (uint64_t hits = 1;; ++hits) {
    // Where two needles begin at one place, the shorter is seen first.
    const Cursor* best = &cursors[0];
    for (const Cursor& cursor : cursors) {
      if (std::pair(cursor.hit(), cursor.length()) <
          std::pair(best->hit(), best->length())) {
        best = &cursor;
      }
    }
    const uint64_t at = best->hit();
    if (at == kNowhere) return Ok();
    if (!sink.Add({at, best->length(), best->Key()})) return Ok();
    for (Cursor& cursor : cursors) {
      if (cursor.hit() == at && !cursor.Advance(deadline)) return Late();
    }
    if (hits % kHitsPerLook == 0 && deadline.Passed()) return Late();
  }
}

Candidate CheckText(Bytes code, Bytes object, uint64_t start) {
  const auto text = ViewText(code);
  if (!text) return Candidate::kMaybe;  // FindText() will say what is wrong.
  for (size_t i = 0; i < text->count; ++i) {
    if (MatchesAt(*text, text->needles[i], object, start)) {
      return Candidate::kYes;
    }
  }
  return Candidate::kNo;
}

}  // namespace vitrine::engine::strings
