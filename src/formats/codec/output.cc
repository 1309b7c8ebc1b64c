// SPDX-License-Identifier: Apache-2.0
#include "formats/codec/output.h"

#include <algorithm>
#include <cstring>

#include "formats/codec/limits.h"

namespace vitrine::codec {
namespace {

// So that limit + 1 and doubling cannot wrap; no address space holds more.
constexpr uint64_t kLimitMax = uint64_t{1} << 46;

}  // namespace

Output::Output(uint64_t limit) : limit_(std::min(limit, kLimitMax)) {}

Bytes Output::bytes() const { return {memory_.get(), size()}; }

void Output::Reserve(uint64_t bytes) {
  const uint64_t wish = std::min(bytes, limit_ + 1);
  if (wish > capacity_) Grow(wish);
}

std::span<uint8_t> Output::Space() {
  if (!Ensure(1)) return {};
  return {memory_.get() + size_, capacity_ - size_};
}

bool Output::Append(uint8_t byte) {
  if (size_ == capacity_ && !Ensure(1)) return false;
  memory_.get()[size_++] = byte;
  return size_ <= limit_;
}

bool Output::Append(Bytes bytes) {
  const uint64_t room = limit_ + 1 - std::min(size_, limit_ + 1);
  const uint64_t length = std::min<uint64_t>(bytes.size(), room);
  if (length == 0) return bytes.empty() && !overflowed();
  if (!Ensure(length)) return false;
  std::memcpy(memory_.get() + size_, bytes.data(), length);
  size_ += length;
  return length == bytes.size() && !overflowed();
}

bool Output::Copy(uint64_t distance, uint64_t length, bool zeros_before) {
  if (distance == 0 || (distance > size_ && !zeros_before)) return false;
  const uint64_t room = limit_ + 1 - std::min(size_, limit_ + 1);
  const uint64_t take = std::min(length, room);
  if (take == 0) return length == 0 && !overflowed();
  if (!Ensure(take)) return false;
  uint8_t* out = memory_.get() + size_;
  uint64_t done = 0;
  if (distance > size_) {
    done = std::min(take, distance - size_);
    std::memset(out, 0, done);
  }
  if (distance >= length && done < take) {
    std::memcpy(out + done, out + done - distance, take - done);
  } else {
    for (; done < take; ++done) out[done] = *(out + done - distance);
  }
  size_ += take;
  return take == length && !overflowed();
}

bool Output::Ensure(uint64_t more) {
  if (more <= capacity_ - size_) return true;
  if (more > limit_ + 1 - std::min(size_, limit_ + 1)) return false;
  return Grow(std::min(limit_ + 1,
                       std::max({size_ + more, 2 * capacity_, kFirstOutput})));
}

bool Output::Grow(uint64_t capacity) {
  // realloc, because it moves large blocks by remapping and not by copying.
  auto* grown = static_cast<uint8_t*>(std::realloc(memory_.get(), capacity));
  if (grown == nullptr) {
    out_of_memory_ = true;
    return false;
  }
  static_cast<void>(memory_.release());
  memory_.reset(grown);
  capacity_ = capacity;
  return true;
}

}  // namespace vitrine::codec
