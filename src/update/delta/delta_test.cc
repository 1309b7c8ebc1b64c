// SPDX-License-Identifier: Apache-2.0
#include "update/delta/delta.h"

#include <gtest/gtest.h>

#include "base/code.h"
#include "update/delta/renumber.h"

namespace vitrine::update {
namespace {

// Records of two words: a number, and what it is the key of.
ByteVector Records(std::initializer_list<std::pair<uint32_t, uint32_t>> all) {
  CodeWriter out;
  for (const auto& [first, second] : all) {
    out.U32(first);
    out.U32(second);
  }
  return out.Take();
}

Delta PlanFor(Bytes old_file, Bytes new_file) {
  Delta plan;
  plan.old_size = old_file.size();
  plan.new_size = new_file.size();
  plan.renumberings = {{{{10, 1}, {20, 5}}}, {{{uint64_t{7} << 32, 100}}}};
  plan.parts = {
      {0, 4, 4, 0, {}, {}},
      {4, old_file.size() - 4, new_file.size() - 4, 2, {{0, 0, {}}}, {}}};
  return plan;
}

const ByteVector kOld = {1, 2, 3,  4, 9, 0, 0, 0, 1, 0,
                         0, 0, 10, 0, 0, 0, 1, 0, 0, 0};
const ByteVector kNew = {1, 2, 3, 4, 9, 0, 0,  0, 1, 0, 0, 0, 3, 0,
                         0, 0, 3, 0, 0, 0, 11, 0, 0, 0, 1, 0, 0, 0};

TEST(Delta, MakesTheNewFileOfTheOldOne) {
  const ByteVector file = MakeDelta(PlanFor(kOld, kNew), kOld, kNew).value();
  const Delta delta = ParseDelta(file).value();
  EXPECT_EQ(delta.old_sha256, crypto::Sha256(kOld));
  EXPECT_EQ(delta.new_sha256, crypto::Sha256(kNew));
  ByteVector out(delta.new_size);
  ASSERT_TRUE(ApplyDelta(delta, kOld, out).ok());
  EXPECT_EQ(out, kNew);
}

TEST(Delta, RefusesAnOldFileOfAnotherSize) {
  const ByteVector file = MakeDelta(PlanFor(kOld, kNew), kOld, kNew).value();
  const Delta delta = ParseDelta(file).value();
  ByteVector out(delta.new_size);
  ByteVector longer = kOld;
  longer.push_back(0);
  EXPECT_FALSE(ApplyDelta(delta, longer, out).ok());
}

TEST(Delta, OfAnotherFileMakesAnother) {
  ByteVector old_file;
  for (uint32_t i = 0; i < 1000; ++i) {
    old_file.push_back(static_cast<uint8_t>((i * i * 2654435761u) >> 24));
  }
  ByteVector new_file = old_file;
  new_file.push_back(7);
  const ByteVector file =
      MakeDelta(PlanFor(old_file, new_file), old_file, new_file).value();
  const Delta delta = ParseDelta(file).value();
  ByteVector other = old_file;
  for (uint8_t& byte : other) byte ^= 1;
  ByteVector out(delta.new_size);
  const bool applied = ApplyDelta(delta, other, out).ok();
  EXPECT_TRUE(!applied || crypto::Sha256(out) != delta.new_sha256);
}

TEST(Delta, RefusesEveryTruncation) {
  const ByteVector file = MakeDelta(PlanFor(kOld, kNew), kOld, kNew).value();
  for (size_t size = 0; size < file.size(); ++size) {
    EXPECT_FALSE(ParseDelta(Bytes(file).first(size)).ok()) << size;
  }
  ByteVector longer = file;
  longer.push_back(0);
  EXPECT_FALSE(ParseDelta(longer).ok());
}

TEST(Delta, SurvivesEveryWrongByte) {
  const ByteVector file = MakeDelta(PlanFor(kOld, kNew), kOld, kNew).value();
  for (size_t at = 0; at < file.size(); ++at) {
    for (const int change : {0x01, 0x80, 0xff}) {
      ByteVector wrong = file;
      wrong[at] = static_cast<uint8_t>(wrong[at] ^ change);
      const auto delta = ParseDelta(wrong);
      if (!delta.ok() || delta.value().new_size > 1000) continue;
      ByteVector out(delta.value().new_size);
      static_cast<void>(ApplyDelta(delta.value(), kOld, out));
    }
  }
}

TEST(Delta, PlansThatDoNotCoverTheFileAreRefused) {
  Delta plan = PlanFor(kOld, kNew);
  plan.parts.pop_back();
  EXPECT_FALSE(MakeDelta(plan, kOld, kNew).ok());
}

TEST(Renumbered, AddsTheLastStepAtOrBelow) {
  const ByteVector old_file =
      Records({{9, 0}, {10, 0}, {19, 0}, {20, 0}, {~0u, 0}});
  Delta delta = PlanFor(old_file, old_file);
  const Part part = {0, old_file.size(), 0, 2, {{0, 0, {}}}, {}};
  ByteVector room;
  const Bytes out = Renumbered(delta, part, old_file, room);
  EXPECT_EQ(ByteVector(out.begin(), out.end()),
            Records({{9, 0}, {11, 0}, {20, 0}, {25, 0}, {4, 0}}));
}

TEST(Renumbered, TakesTheKeyFromTheOldRecord) {
  const ByteVector old_file = Records({{1, 6}, {1, 7}, {1, 8}});
  Delta delta = PlanFor(old_file, old_file);
  delta.renumberings[0].steps = {{6, 1}, {7, 0}};
  // The key word is corrected as well, but the old one counts.
  const Part part = {0, old_file.size(), 0, 2, {{1, 0, {}}, {0, 1, 1}}, {}};
  ByteVector room;
  const Bytes out = Renumbered(delta, part, old_file, room);
  EXPECT_EQ(ByteVector(out.begin(), out.end()),
            Records({{1, 7}, {101, 7}, {101, 8}}));
}

TEST(Renumbered, LeavesWhatIsNoWholeRecord) {
  ByteVector old_file = Records({{10, 0}});
  old_file.insert(old_file.end(), {10, 0, 0, 0, 0, 0, 0});
  Delta delta = PlanFor(old_file, old_file);
  const Part part = {0, old_file.size(), 0, 2, {{0, 0, {}}}, {}};
  ByteVector room;
  const Bytes out = Renumbered(delta, part, old_file, room);
  EXPECT_EQ(out[0], 11);
  EXPECT_EQ(out[8], 10);
}

}  // namespace
}  // namespace vitrine::update
