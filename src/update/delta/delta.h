// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/digest.h"

// How one compiled database becomes the next: docs/spec/delta.md. Pure; knows
// nothing of what a database holds. What comes out is only worth something if
// its digest is the logged one: that is the caller's to check.
//
// One new rule shifts the numbers that thousands of records refer to. So the
// old file's numbers are first corrected, column by column, by a few steps
// ("from 17,000 on, add 3"); the rest is text that repeats.
namespace vitrine::update {

// Adds to a number what the last step at or before its key says (mod 2^32);
// below the first step, nothing.
struct Renumbering {
  struct Step {
    uint64_t from = 0;
    uint32_t add = 0;
  };
  std::vector<Step> steps;  // By rising `from`.
};

// A 32-bit number in each record that is corrected.
struct Column {
  uint32_t word = 0;         // In the record.
  uint32_t renumbering = 0;  // Index in Delta::renumberings.
  // Its key is the number itself or, with this, this word of the record times
  // 2^32 plus the number; both as they are in the old file.
  std::optional<uint32_t> key_word;
};

// A range of the new file, made from one of the old file.
struct Part {
  uint64_t old_offset = 0;
  uint64_t old_size = 0;
  uint64_t new_size = 0;
  uint32_t record_words = 0;  // 0: no records, nothing to correct.
  std::vector<Column> columns;
  Bytes frame;  // A Zstandard frame; the corrected old range is its prefix.
};

struct Delta {
  uint64_t old_size = 0;
  uint64_t new_size = 0;
  crypto::Sha256Digest old_sha256 = {};
  crypto::Sha256Digest new_sha256 = {};
  std::vector<Renumbering> renumberings;
  std::vector<Part> parts;  // They make up the new file, in order.
};

// Reads a delta file. Frames refer to `bytes`. kInvalid where it breaks the
// grammar; kLimit beyond limits.h.
Result<Delta> ParseDelta(Bytes bytes);

// Makes the new file in `out`, which has delta.new_size bytes. kInvalid where
// `old` has another size, or a frame is damaged; `out` is then worth nothing.
// Neither file's digest is looked at.
Status ApplyDelta(const Delta& delta, Bytes old_file, std::span<uint8_t> out);

// Writes a delta file. Frames, sizes and digests of `plan` are made from the
// files; its parts must cover the new one.
Result<ByteVector> MakeDelta(const Delta& plan, Bytes old_file, Bytes new_file);

}  // namespace vitrine::update
