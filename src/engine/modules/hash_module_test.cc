// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cstdint>
#include <string>

#include "engine/modules/all_modules.h"
#include "engine/modules/limits.h"
#include "engine/modules/module_tester.h"

namespace vitrine::engine::modules {
namespace {

Value I(int64_t value) { return value; }
Value S(std::string_view value) { return value; }

class HashTest : public testing::Test {
 protected:
  const std::string data_ = "--abc--";
  ModuleTester hash_{kHashModule, AsBytes(data_)};
};

struct Case {
  const char* function;
  const char* of_abc;
  const char* of_nothing;
};

const Case kCases[] = {
    {"md5", "900150983cd24fb0d6963f7d28e17f72",
     "d41d8cd98f00b204e9800998ecf8427e"},
    {"sha1", "a9993e364706816aba3e25717850c26c9cd0d89d",
     "da39a3ee5e6b4b0d3255bfef95601890afd80709"},
    {"sha256",
     "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
     "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
};

TEST_F(HashTest, DigestsAreLowerCase) {
  for (const Case& c : kCases) {
    EXPECT_EQ(Text(hash_.Call(c.function, {I(2), I(3)})), c.of_abc);
    EXPECT_EQ(Text(hash_.Call(c.function, {I(2), I(0)})), c.of_nothing);
    EXPECT_EQ(Text(hash_.Call(c.function, {S("abc")})), c.of_abc);
    EXPECT_EQ(Text(hash_.Call(c.function, {S("")})), c.of_nothing);
  }
}

TEST_F(HashTest, Sums) {
  EXPECT_EQ(Int(hash_.Call("crc32", {S("123456789")})), 3421780262);
  EXPECT_EQ(Int(hash_.Call("crc32", {I(2), I(3)})), 0x352441c2);
  EXPECT_EQ(Int(hash_.Call("checksum32", {I(2), I(3)})), 97 + 98 + 99);
  EXPECT_EQ(Int(hash_.Call("checksum32", {S("\xff\xff")})), 510);
}

TEST_F(HashTest, RangesBeginInsideAndAreCutAtTheEnd) {
  for (const char* name : {"md5", "sha1", "sha256", "crc32", "checksum32"}) {
    EXPECT_TRUE(IsUndefined(hash_.Call(name, {I(7), I(0)}))) << name;
    EXPECT_TRUE(IsUndefined(hash_.Call(name, {I(-1), I(1)}))) << name;
    EXPECT_TRUE(IsUndefined(hash_.Call(name, {I(0), I(-1)}))) << name;
  }
  EXPECT_EQ(Int(hash_.Call("checksum32", {I(6), I(INT64_MAX)})), '-');
}

TEST_F(HashTest, RemembersAndForgets) {
  const Value first = hash_.Call("md5", {I(2), I(3)});
  const Value second = hash_.Call("md5", {I(2), I(3)});
  EXPECT_EQ(Text(first).data(), Text(second).data());
  const std::string data(2 * kDigestsRemembered, 'x');
  ModuleTester many(kHashModule, AsBytes(data));
  for (size_t i = 0; i < data.size(); ++i) {
    EXPECT_EQ(Int(many.Call("checksum32", {I(0), I(static_cast<int64_t>(i))})),
              static_cast<int64_t>(i) * 'x');
  }
}

}  // namespace
}  // namespace vitrine::engine::modules
