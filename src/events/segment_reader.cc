// SPDX-License-Identifier: Apache-2.0
#include "events/segment_reader.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "events/limits.h"

namespace vitrine::events {

SegmentReader::SegmentReader(UniqueFd file, SegmentHeader header)
    : file_(std::move(file)), header_(std::move(header)) {}

Result<SegmentReader> SegmentReader::Open(UniqueFd file) {
  ByteVector head(kSegmentHeaderSize);
  const ssize_t got = pread(file.get(), head.data(), head.size(), 0);
  if (got < 0) {
    return Error{Code::kUnavailable,
                 std::string("spool segment: ") + std::strerror(errno)};
  }
  head.resize(static_cast<size_t>(got));
  SegmentHeader header = TRY(ParseSegmentHeader(head));
  return SegmentReader(std::move(file), std::move(header));
}

void SegmentReader::Seek(uint64_t offset) {
  start_ = std::max<uint64_t>(offset, kSegmentHeaderSize);
  at_ = 0;
  buffer_.clear();
}

// More bytes behind those in the buffer; false where there are none now.
Result<bool> SegmentReader::Fill() {
  buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<long>(at_));
  start_ += at_;
  at_ = 0;
  const size_t have = buffer_.size();
  const uint64_t from = start_ + have;
  if (from >= kSegmentReadMax) return false;
  buffer_.resize(have + kReadStep);
  ssize_t got;
  do {
    got = pread(file_.get(), buffer_.data() + have, kReadStep,
                static_cast<off_t>(from));
  } while (got < 0 && errno == EINTR);
  buffer_.resize(have + static_cast<size_t>(std::max<ssize_t>(got, 0)));
  if (got < 0) {
    return Error{Code::kUnavailable,
                 std::string("spool segment: ") + std::strerror(errno)};
  }
  return got > 0;
}

// To the next byte that may begin a frame, at least one on; how far that was.
uint64_t SegmentReader::SkipToMagic() {
  const size_t from = at_;
  const auto next = std::find(buffer_.begin() + static_cast<long>(at_) + 1,
                              buffer_.end(), kFrameFirstByte);
  at_ = static_cast<size_t>(next - buffer_.begin());
  return at_ - from;
}

Result<SegmentItem> SegmentReader::Next(Tail tail) {
  SegmentItem damage;
  damage.kind = SegmentItem::Kind::kDamage;
  for (;;) {
    const auto frame = ParseFrame(Unread());
    if (frame.ok()) {
      if (damage.skipped > 0) return damage;  // The frame is next.
      SegmentItem item;
      item.kind = SegmentItem::Kind::kRecord;
      item.sequence = frame.value().sequence;
      item.payload = frame.value().payload;
      at_ += frame.value().size;
      return item;
    }
    if (frame.error().code == Code::kTruncated) {
      const bool more = TRY(Fill());
      if (more) continue;
      // Half a frame may become a whole one, as long as somebody writes.
      if (tail == Tail::kLive || Unread().empty()) {
        return damage.skipped > 0 ? damage : SegmentItem();
      }
    }
    damage.skipped += SkipToMagic();
  }
}

}  // namespace vitrine::events
