// SPDX-License-Identifier: Apache-2.0
#include "engine/compile/heads.h"

#include <gtest/gtest.h>

namespace vitrine::engine::compile {
namespace {

using vdb::FilterClass;

TEST(Heads, TakesTheFirstWordAtOffsetZero) {
  ir::Rule rule;
  EXPECT_EQ(FirstWord(rule), nullptr);
  rule.precheck.words = {{4, 2, 1}, {0, 2, 0x5a4d}, {0, 4, 3}};
  EXPECT_EQ(FirstWord(rule)->value, 0x5a4du);
}

TEST(Heads, TellsTypesByTheirFirstBytes) {
  const struct {
    ir::Precheck::Word word;
    bool pe, elf, text, raw;
  } cases[] = {
      {{0, 2, 0x5a4d}, false, true, true, true},
      {{0, 1, 'M'}, false, true, false, false},
      {{0, 4, 0x00905a4d}, false, true, true, true},
      {{0, 4, 0x464c457f}, true, false, false, false},
      {{0, 2, 0x457f}, true, false, false, false},
      {{0, 2, 0x4b50}, true, true, false, false},
      {{0, 4, 0x04034b50}, true, true, true, false},
      {{0, 4, 0xe011cfd0}, true, true, true, false},
      {{0, 2, 0xfeff}, true, true, false, false},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(IsForeignTo(FilterClass::kPe, c.word), c.pe) << c.word.value;
    EXPECT_EQ(IsForeignTo(FilterClass::kElf, c.word), c.elf) << c.word.value;
    EXPECT_EQ(IsForeignTo(FilterClass::kText, c.word), c.text) << c.word.value;
    EXPECT_EQ(IsForeignTo(FilterClass::kRaw, c.word), c.raw) << c.word.value;
    EXPECT_FALSE(IsForeignTo(FilterClass::kNormalised, c.word));
  }
}

}  // namespace
}  // namespace vitrine::engine::compile
