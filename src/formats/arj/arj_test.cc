// SPDX-License-Identifier: Apache-2.0
#include "formats/arj/arj.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "formats/codec/checksum.h"
#include "formats/recording_sink.h"

namespace vitrine::arj {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::string Le(uint64_t value, int bytes) {
  std::string out;
  for (int i = 0; i < bytes; ++i, value >>= 8) {
    out += static_cast<char>(value);
  }
  return out;
}

struct File {
  std::string name = "a.txt";
  std::string data;  // As it is stored.
  std::string plain;
  uint8_t method = 0;
  uint8_t flags = 0;
  uint8_t type = 0;
};

std::string HeaderOf(const File& file) {
  const std::string header =
      Le(30, 1) + Le(11, 1) + Le(1, 1) + Le(0, 1) + Le(file.flags, 1) +
      Le(file.method, 1) + Le(file.type, 1) + Le(0, 1) + Le(0, 4) +
      Le(file.data.size(), 4) + Le(file.plain.size(), 4) +
      Le(codec::Crc32(AsBytes(file.plain)), 4) + Le(0, 6) + file.name +
      std::string(2, '\0');
  return "\x60\xea" + Le(header.size(), 2) + header +
         Le(codec::Crc32(AsBytes(header)), 4) + Le(0, 2);
}

std::string Archive(const std::vector<File>& files) {
  File main;
  main.type = 2;
  std::string out = HeaderOf(main);
  for (const File& file : files) out += HeaderOf(file) + file.data;
  return out + "\x60\xea" + Le(0, 2);
}

File Stored(std::string name, const std::string& plain) {
  return {std::move(name), plain, plain};
}

RecordingSink Read(const std::string& bytes, uint64_t allowance = 1 << 20) {
  RecordingSink sink(allowance);
  EXPECT_TRUE(Unpack(AsBytes(bytes), Deadline::Never(), sink).ok());
  EXPECT_FALSE(sink.broke_contract);
  return sink;
}

// Bits, highest first.
std::string Pack(const std::string& digits) {
  std::string out;
  for (size_t i = 0; i < digits.size(); i += 8) {
    std::string byte = digits.substr(i, 8);
    byte.resize(8, '0');
    out += static_cast<char>(std::stoi(byte, nullptr, 2));
  }
  return out;
}

std::string Bits(uint32_t value, int count) {
  std::string out;
  while (count-- > 0) out += (value >> count) & 1 ? '1' : '0';
  return out;
}

TEST(Arj, ReadsMembers) {
  const RecordingSink sink =
      Read(Archive({Stored("one", "first"), Stored("two", "second")}));
  EXPECT_EQ(sink.Find("one"), "first");
  EXPECT_EQ(sink.Find("two"), "second");
  EXPECT_TRUE(sink.seen[0].whole && sink.seen[1].whole);
  EXPECT_THAT(sink.skipped, IsEmpty());
}

TEST(Arj, ReadsMethodFour) {
  File file = Stored("a", "abababab");
  // Literals "a" and "b" (a zero length, then the byte), then six bytes from
  // two back: number 4 = 1+2 (two ones), 2 bits of 1; number 1 in 9 bits.
  file.method = 4;
  file.data = Pack("0" + Bits('a', 8) + "0" + Bits('b', 8) + "110" +
                   Bits(1, 2) + "0" + Bits(1, 9));
  const RecordingSink sink = Read(Archive({file}));
  EXPECT_EQ(sink.Find("a"), "abababab");
  EXPECT_THAT(sink.skipped, IsEmpty());
}

TEST(Arj, ReadsMethodOne) {
  File file = Stored("a", "aaaaaaa");
  // A block of two symbols. Literals: 'a' and 256+1 (length 4), one bit each,
  // by a small code that has but the symbols 2 and 3: a run of zeros, and a
  // length of one. Distances: always slot 0.
  file.method = 1;
  std::string bits = Bits(3, 16);  // Symbols in the block.
  bits += Bits(4, 5);              // Four lengths of the small code:
  bits +=
      "000"
      "000"
      "001"
      "00"
      "001";                                   // 2 and 3 have one bit each.
  bits += Bits(258, 9);                        // Lengths of 258 literals:
  bits += "0" + Bits('a' - 20, 9) + "1";       // 97 zeros, one
  bits += "0" + Bits(257 - 98 - 20, 9) + "1";  // 159 zeros, one
  bits += Bits(0, 5) + Bits(0, 5);             // Distances: slot 0 only.
  bits +=
      "0"
      "1"
      "0";  // a, four from one back, a
  file.plain = "aaaaaa";
  file.data = Pack(bits);
  const RecordingSink sink = Read(Archive({file}));
  EXPECT_EQ(sink.Find("a"), "aaaaaa");
  EXPECT_THAT(sink.skipped, IsEmpty());
}

TEST(Arj, ReportsWhatItCannotRead) {
  File encrypted = Stored("e", "text");
  encrypted.flags = 1;
  File unknown = Stored("u", "text");
  unknown.method = 9;
  File wrong = Stored("w", "text");
  wrong.data = "tExt";
  const RecordingSink sink =
      Read(Archive({encrypted, unknown, wrong, Stored("good", "text")}));
  EXPECT_THAT(sink.skipped,
              ElementsAre("e:encrypted", "u:unsupported-method", "w:checksum"));
  EXPECT_EQ(sink.Find("w"), "tExt");
  EXPECT_EQ(sink.Find("good"), "text");
}

TEST(Arj, ReadsEveryPrefixOfAnArchive) {
  File fast = Stored("f", "abababab");
  fast.method = 4;
  fast.data = Pack("0" + Bits('a', 8) + "0" + Bits('b', 8) + "110" +
                   Bits(1, 2) + "0" + Bits(1, 9));
  const std::string archive = Archive({Stored("s", "stored"), fast});
  for (size_t size = 0; size < archive.size(); ++size) {
    RecordingSink sink;
    const Status status =
        Unpack(AsBytes(archive.substr(0, size)), Deadline::Never(), sink);
    EXPECT_TRUE(!status.ok() || !sink.skipped.empty()) << size;
  }
}

TEST(Arj, KeepsToTheAllowance) {
  const std::string archive = Archive({Stored("s", "stored")});
  EXPECT_THAT(Read(archive, 0).seen, IsEmpty());
  const RecordingSink some = Read(archive, 3);
  EXPECT_EQ(some.Find("s"), "sto");
  EXPECT_FALSE(some.seen[0].whole);
  EXPECT_THAT(some.skipped, IsEmpty());
}

TEST(Arj, RefusesWhatIsNone) {
  RecordingSink sink;
  EXPECT_FALSE(Unpack({}, Deadline::Never(), sink).ok());
  EXPECT_FALSE(Unpack(AsBytes("no arj"), Deadline::Never(), sink).ok());
}

}  // namespace
}  // namespace vitrine::arj
