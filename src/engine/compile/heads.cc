// SPDX-License-Identifier: Apache-2.0
#include "engine/compile/heads.h"

#include <algorithm>

namespace vitrine::engine::compile {
namespace {

using Word = ir::Precheck::Word;

constexpr uint32_t kMzHead = 0x5a4d;
constexpr uint32_t kElfHead = 0x464c457f;

// The first `size` bytes of `value` as a number.
uint32_t Begin(uint32_t value, uint32_t size) {
  return size >= 4 ? value : value & ((1u << (8 * size)) - 1);
}

// Whether what begins with `word` may begin with `head` of `size` bytes.
bool MayBegin(const Word& word, uint32_t head, uint32_t size) {
  const uint32_t common = std::min<uint32_t>(size, word.width);
  return Begin(word.value, common) == Begin(head, common);
}

// No text holds it, whatever its encoding: UTF-16 may have zeros and what is
// above 0x7f is a letter to many.
bool IsBinary(uint8_t byte) {
  return byte != 0 && byte < 0x20 && (byte < '\t' || byte > '\r') &&
         byte != 0x1b;
}

bool HasBinary(const Word& word) {
  for (uint32_t i = 0; i < word.width; ++i) {
    if (IsBinary(static_cast<uint8_t>(word.value >> (8 * i)))) return true;
  }
  return false;
}

}  // namespace

const Word* FirstWord(const ir::Rule& rule) {
  for (const Word& word : rule.precheck.words) {
    if (word.offset == 0) return &word;
  }
  return nullptr;
}

bool IsForeignTo(vdb::FilterClass filter_class, const Word& word) {
  using vdb::FilterClass;
  const bool is_mz = word.width >= 2 && MayBegin(word, kMzHead, 2);
  switch (filter_class) {
    case FilterClass::kPe:
      return !MayBegin(word, kMzHead, 2);
    case FilterClass::kElf:
      return !MayBegin(word, kElfHead, 4);
    case FilterClass::kText:
      return is_mz || HasBinary(word);
    case FilterClass::kRaw:
      return is_mz;
    case FilterClass::kNormalised:
      return false;
  }
  return false;
}

}  // namespace vitrine::engine::compile
