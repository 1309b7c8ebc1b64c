// SPDX-License-Identifier: Apache-2.0
#include "base/code.h"

#include <gtest/gtest.h>

#include <limits>

namespace vitrine {
namespace {

ByteVector Sample() {
  CodeWriter out;
  out.U8(0xab);
  out.U16(0x1234);
  out.U32(0xdeadbeef);
  out.U64(UINT64_MAX - 1);
  out.F64(-0.5);
  out.Varint(300);
  out.Counted("text");
  return out.Take();
}

TEST(Code, ReadsWhatWasWritten) {
  const ByteVector code = Sample();
  CodeReader in(code);
  EXPECT_EQ(in.U8(), 0xab);
  EXPECT_EQ(in.U16(), 0x1234);
  EXPECT_EQ(in.U32(), 0xdeadbeef);
  EXPECT_EQ(in.U64(), UINT64_MAX - 1);
  EXPECT_EQ(in.F64(), -0.5);
  EXPECT_EQ(in.Varint(), 300u);
  EXPECT_EQ(in.CountedText(), "text");
  EXPECT_TRUE(in.ok());
  EXPECT_TRUE(in.AtEnd());
}

// The bytes themselves are the format: they are stored in databases.
TEST(Code, WritesLittleEndian) {
  CodeWriter out;
  out.U16(0x0102);
  out.Varint(0x80);
  out.Counted("a");
  EXPECT_EQ(out.Take(), (ByteVector{2, 1, 0x80, 1, 1, 'a'}));
}

TEST(Code, EveryPrefixFailsWithoutReadingOn) {
  const ByteVector code = Sample();
  for (size_t size = 0; size < code.size(); ++size) {
    CodeReader in(Bytes(code).first(size));
    in.U8(), in.U16(), in.U32(), in.U64(), in.F64(), in.Varint();
    in.Counted();
    EXPECT_FALSE(in.ok()) << size;
    EXPECT_EQ(in.U8(), 0) << size;
  }
}

TEST(Code, VarintsKeepAllValues) {
  for (unsigned bit = 0; bit < 64; ++bit) {
    for (const uint64_t value :
         {uint64_t{1} << bit, (uint64_t{1} << bit) - 1, UINT64_MAX >> bit}) {
      CodeWriter out;
      out.Varint(value);
      const ByteVector code = out.Take();
      CodeReader in(code);
      EXPECT_EQ(in.Varint(), value);
      EXPECT_TRUE(in.ok() && in.AtEnd());
    }
  }
}

TEST(Code, VarintsThatDoNotEndAreRefused) {
  const ByteVector code(20, 0xff);
  CodeReader in(code);
  EXPECT_EQ(in.Varint(), 0u);
  EXPECT_FALSE(in.ok());
}

TEST(Code, CountsBeyondTheEndAreRefused) {
  CodeWriter out;
  out.Varint(std::numeric_limits<uint64_t>::max());
  out.U8(1);
  const ByteVector code = out.Take();
  CodeReader in(code);
  EXPECT_TRUE(in.Counted().empty());
  EXPECT_FALSE(in.ok());
}

TEST(Code, SeeksInsideAndNotBeyond) {
  const ByteVector code = {1, 2, 3};
  CodeReader in(code, 2);
  EXPECT_EQ(in.U8(), 3);
  in.Seek(0);
  EXPECT_EQ(in.U8(), 1);
  EXPECT_EQ(in.at(), 1u);
  in.Seek(3);
  EXPECT_TRUE(in.ok() && in.AtEnd());
  in.Seek(4);
  EXPECT_FALSE(in.ok());
  EXPECT_FALSE(CodeReader(code, 4).ok());
}

TEST(Code, PatchesForwardJumps) {
  CodeWriter out;
  out.U8(9);
  out.U32(0);
  out.PatchU32(1, 0x01020304);
  EXPECT_EQ(out.size(), 5u);
  EXPECT_EQ(out.Take(), (ByteVector{9, 4, 3, 2, 1}));
}

}  // namespace
}  // namespace vitrine
