// SPDX-License-Identifier: Apache-2.0
#include "update/delta/renumber.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace vitrine::update {
namespace {

static_assert(std::endian::native == std::endian::little);

// Remembers the last step: neighbours mostly need the same.
class Steps {
 public:
  explicit Steps(const Renumbering& renumbering) : steps_(renumbering.steps) {}

  uint32_t At(uint64_t key) {
    if (key < low_ || key > high_) Find(key);
    return add_;
  }

 private:
  void Find(uint64_t key) {
    const auto next =
        std::upper_bound(steps_.begin(), steps_.end(), key,
                         [](uint64_t k, const Renumbering::Step& step) {
                           return k < step.from;
                         });
    const bool is_first = next == steps_.begin();
    add_ = is_first ? 0 : std::prev(next)->add;
    low_ = is_first ? 0 : std::prev(next)->from;
    high_ = next == steps_.end() ? UINT64_MAX : next->from - 1;
  }

  std::span<const Renumbering::Step> steps_;
  uint64_t low_ = 1;
  uint64_t high_ = 0;  // Nothing is found yet.
  uint32_t add_ = 0;
};

uint32_t Word(const uint8_t* at) {
  uint32_t word;
  std::memcpy(&word, at, sizeof word);
  return word;
}

void Correct(const Renumbering& renumbering, const Column& column,
             uint64_t record_size, Bytes from, uint8_t* to) {
  Steps steps(renumbering);
  const uint64_t at = uint64_t{column.word} * 4;
  const uint64_t key_at = uint64_t{column.key_word.value_or(0)} * 4;
  for (uint64_t record = 0; from.size() - record >= record_size;
       record += record_size) {
    const uint32_t word = Word(from.data() + record + at);
    uint64_t key = word;
    if (column.key_word) {
      key |= uint64_t{Word(from.data() + record + key_at)} << 32;
    }
    const uint32_t corrected = word + steps.At(key);
    std::memcpy(to + record + at, &corrected, sizeof corrected);
  }
}

}  // namespace

Bytes Renumbered(const Delta& delta, const Part& part, Bytes old_range,
                 ByteVector& room) {
  if (part.columns.empty()) return old_range;
  room.assign(old_range.begin(), old_range.end());
  const uint64_t record_size = uint64_t{part.record_words} * 4;
  for (const Column& column : part.columns) {
    Correct(delta.renumberings[column.renumbering], column, record_size,
            old_range, room.data());
  }
  return room;
}

}  // namespace vitrine::update
