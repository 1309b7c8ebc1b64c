// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "base/bytes.h"
#include "base/result.h"
#include "base/unique_fd.h"
#include "events/spool_format.h"

namespace vitrine::events {

// Whether somebody may still write to a segment.
enum class Tail : uint8_t { kLive, kFinished };

// What comes next in a segment.
struct SegmentItem {
  enum class Kind : uint8_t {
    kEnd,     // Nothing more, or (live) nothing more yet.
    kRecord,  // `sequence` and `payload`.
    kDamage,  // `skipped` bytes that are no frame; reading goes on behind them.
  };
  Kind kind = Kind::kEnd;
  uint64_t sequence = 0;
  Bytes payload;  // Until the next call.
  uint64_t skipped = 0;
};

// Reads the frames of one segment, in order, from a file that a less trusted
// program writes. Memory: some 400 KiB. Looks no further than kSegmentReadMax.
class SegmentReader {
 public:
  // `file` is a regular file opened for reading.
  static Result<SegmentReader> Open(UniqueFd file);

  const SegmentHeader& header() const { return header_; }
  int file() const { return file_.get(); }

  // Where the next frame begins. / Goes on there; only to where a frame began.
  uint64_t offset() const { return start_ + at_; }
  void Seek(uint64_t offset);

  Result<SegmentItem> Next(Tail tail);

 private:
  SegmentReader(UniqueFd file, SegmentHeader header);

  Bytes Unread() const { return Bytes(buffer_).subspan(at_); }
  Result<bool> Fill();
  uint64_t SkipToMagic();

  UniqueFd file_;
  SegmentHeader header_;
  uint64_t start_ = kSegmentHeaderSize;  // Of the buffer, in the file.
  size_t at_ = 0;                        // In the buffer.
  ByteVector buffer_;
};

}  // namespace vitrine::events
