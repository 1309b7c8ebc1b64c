// SPDX-License-Identifier: Apache-2.0
#include "formats/zip/zip.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "formats/recording_sink.h"
#include "formats/zip/crypto.h"
#include "formats/zip/zip_builder.h"

namespace vitrine::zip {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

RecordingSink Read(const std::string& archive, const Options& options = {},
                   uint64_t allowance = uint64_t{64} << 20) {
  RecordingSink sink(allowance);
  EXPECT_TRUE(Unpack(AsBytes(archive), options, sink).ok());
  EXPECT_FALSE(sink.broke_contract);
  return sink;
}

TEST(Zip, ReadsMembersInTheDirectorysOrder) {
  const std::string archive = Builder()
                                  .Add(Stored("one", "first"))
                                  .Add(Stored("folder/", ""))
                                  .Add(Deflated("two", "second"))
                                  .Finish("a comment");
  for (const std::string before : {"", "junk before it"}) {
    for (const std::string after : {"", "junk after it"}) {
      const RecordingSink sink = Read(before + archive + after);
      ASSERT_EQ(sink.seen.size(), 2U);
      EXPECT_EQ(sink.seen[0].bytes, "first");
      EXPECT_EQ(sink.seen[0].member.position, 1U);
      EXPECT_EQ(sink.seen[1].bytes, "second");
      EXPECT_EQ(sink.seen[1].member.position, 3U);
      EXPECT_EQ(sink.seen[1].member.packed_size, 11U);
      EXPECT_EQ(sink.seen[1].member.size, 6U);
      EXPECT_TRUE(sink.seen[0].whole && sink.seen[1].whole);
      EXPECT_THAT(sink.skipped, IsEmpty());
      EXPECT_THAT(sink.heuristics, IsEmpty());
    }
  }
}

TEST(Zip, RefusesWhatIsNone) {
  RecordingSink sink;
  EXPECT_EQ(Unpack(AsBytes("no zip"), {}, sink).error().code, Code::kInvalid);
  EXPECT_EQ(Unpack({}, {}, sink).error().code, Code::kInvalid);
}

TEST(Zip, ReadsMembersThatTheDirectoryLeavesOut) {
  const std::string archive = Builder()
                                  .AddStray(Stored("before", "hidden 1"))
                                  .Add(Stored("one", "first"))
                                  .AddBytes("some gap PK\3\4 that is none")
                                  .AddStray(Deflated("between", "hidden 2"))
                                  .Add(Stored("two", "second"))
                                  .AddStray(Stored("after", "hidden 3"))
                                  .Finish();
  const RecordingSink sink = Read(archive);
  EXPECT_EQ(sink.seen.size(), 5U);
  EXPECT_EQ(sink.Find("before"), "hidden 1");
  EXPECT_EQ(sink.Find("between"), "hidden 2");
  EXPECT_EQ(sink.Find("after"), "hidden 3");
  EXPECT_THAT(sink.skipped, IsEmpty());
  Options options;
  options.beyond_clamav = false;
  EXPECT_EQ(Read(archive, options).seen.size(), 2U);
}

TEST(Zip, ReadsAnArchiveWithoutItsDirectory) {
  const std::string body = Builder()
                               .Add(Deflated("one", "first"))
                               .Add(Stored("two", "second"))
                               .body();
  const RecordingSink sink = Read(body);
  EXPECT_EQ(sink.Find("one"), "first");
  EXPECT_EQ(sink.Find("two"), "second");
  EXPECT_THAT(sink.skipped, ElementsAre(":truncated"));
  const RecordingSink cut = Read(body.substr(0, body.size() - 2));
  EXPECT_EQ(cut.Find("two"), "seco");
  EXPECT_FALSE(cut.seen.back().whole);
  EXPECT_THAT(cut.skipped, ElementsAre(":truncated", "two:truncated"));
}

TEST(Zip, ReadsBothWaysWhereHeadersDisagree) {
  // The directory: 5 stored bytes. The local header: a DEFLATE stream.
  Fields local = Deflated("a", "as others see it");
  Fields central = local;
  central.method = 0;
  central.packed_size = central.size = 5;
  central.crc = codec::Crc32(AsBytes(local.data.substr(0, 5)));
  const RecordingSink sink = Read(Builder().Add(local, central).Finish());
  ASSERT_EQ(sink.seen.size(), 2U);
  EXPECT_EQ(sink.seen[0].bytes, local.data.substr(0, 5));
  EXPECT_EQ(sink.seen[1].bytes, "as others see it");
  EXPECT_EQ(sink.seen[1].member.position, 1U);
}

TEST(Zip, ReadsOnceWhereOnlyTheSizeOfAStreamDiffers) {
  const Fields local = Deflated("a", "text");
  Fields central = local;
  for (const uint32_t size : {0U, 3U, 1000U}) {
    central.packed_size = size;
    const RecordingSink sink = Read(Builder().Add(local, central).Finish());
    ASSERT_EQ(sink.seen.size(), 1U) << size;
    EXPECT_EQ(sink.seen[0].bytes, "text") << size;
  }
}

TEST(Zip, ReadsDescriptors) {
  Fields local = Deflated("a", "first");
  Fields central = local;
  local.flags = central.flags = kFlagDescriptor;
  local.crc = local.size = local.packed_size = 0;
  const std::string descriptor = "PK\7\10" + Le(central.crc, 4) +
                                 Le(central.packed_size, 4) +
                                 Le(central.size, 4);
  const std::string archive = Builder()
                                  .Add(local, central)
                                  .AddBytes(descriptor)
                                  .Add(Stored("b", "second"))
                                  .Finish();
  EXPECT_EQ(Read(archive).Find("a"), "first");
  EXPECT_THAT(Read(archive).skipped, IsEmpty());

  // Without a directory the stream's own end is what there is; stored data
  // ends at its descriptor.
  Fields stored = Stored("s", "stored data");
  stored.flags = kFlagDescriptor;
  stored.crc = stored.size = stored.packed_size = 0;
  const RecordingSink sink = Read(Builder()
                                      .AddStray(local)
                                      .AddBytes(descriptor)
                                      .AddStray(stored)
                                      .AddBytes(descriptor)
                                      .body());
  EXPECT_EQ(sink.Find("a"), "first");
  EXPECT_EQ(sink.Find("s"), "stored data");
}

TEST(Zip, ReadsZip64) {
  Fields fields = Stored("big", "64-bit sizes");
  Fields central = fields;
  const uint64_t size = fields.size;
  fields.extra = Le(1, 2) + Le(16, 2) + Le(size, 8) + Le(size, 8);
  central.extra = fields.extra;
  for (Fields* f : {&fields, &central}) f->size = f->packed_size = 0xffffffff;
  const std::string body = LocalPart(fields);
  const std::string directory = CentralPart(central, 0);
  const std::string end64 = "PK\6\6" + Le(44, 8) + Le(45, 2) + Le(45, 2) +
                            Le(0, 8) + Le(1, 8) + Le(1, 8) +
                            Le(directory.size(), 8) + Le(body.size(), 8);
  const std::string locator =
      "PK\6\7" + Le(0, 4) + Le(body.size() + directory.size(), 8) + Le(1, 4);
  const std::string archive =
      body + directory + end64 + locator + EndPart(0xffff, ~0U, ~0U);
  for (const std::string before : {"", "junk"}) {
    const RecordingSink sink = Read(before + archive);
    ASSERT_EQ(sink.seen.size(), 1U);
    EXPECT_EQ(sink.seen[0].bytes, "64-bit sizes");
    EXPECT_EQ(sink.seen[0].member.size, size);
    EXPECT_THAT(sink.skipped, IsEmpty());
  }
}

TEST(Zip, SaysThatAChecksumIsWrongAndGivesTheBytes) {
  Fields fields = Deflated("a", "text");
  fields.crc ^= 1;
  const RecordingSink sink = Read(Builder().Add(fields).Finish());
  EXPECT_EQ(sink.Find("a"), "text");
  EXPECT_FALSE(sink.seen[0].whole);
  EXPECT_THAT(sink.skipped, ElementsAre("a:checksum"));
}

TEST(Zip, ReportsMethodsItDoesNotKnow) {
  Fields fields = Stored("a", "text");
  fields.method = 97;
  EXPECT_THAT(Read(Builder().Add(fields).Finish()).skipped,
              ElementsAre("a:unsupported-method"));
}

TEST(Zip, ReportsEntriesThatPointNowhere) {
  const std::string archive = Builder()
                                  .Add(Stored("a", "text"))
                                  .AddCentral(Stored("b", "gone"), 5)
                                  .Finish();
  EXPECT_THAT(Read(archive).skipped, ElementsAre("b:damaged"));
  EXPECT_EQ(Read(archive).seen.size(), 1U);
}

// The cipher turned around: it only knows how to decrypt.
std::string Encrypt(const std::string& password, const std::string& plain) {
  std::string out;
  for (const char c : plain) {
    // A copy tells what the next mask is.
    Cipher cipher(password);
    for (const char done : out) cipher.Decrypt(static_cast<uint8_t>(done));
    const uint8_t mask = cipher.Decrypt(0);
    out += static_cast<char>(static_cast<uint8_t>(c) ^ mask);
  }
  return out;
}

Fields Encrypted(const std::string& password, Fields fields) {
  fields.flags = kFlagEncrypted;
  const std::string header =
      "elevenbytes" + std::string(1, static_cast<char>(fields.crc >> 24));
  fields.data = Encrypt(password, header + fields.data);
  fields.packed_size = static_cast<uint32_t>(fields.data.size());
  return fields;
}

TEST(Zip, OpensWhatAPasswordFits) {
  const std::string archive =
      Builder()
          .Add(Encrypted("infected", Deflated("a", "secret")))
          .Add(Encrypted("other", Stored("b", "more")))
          .Finish();
  const RecordingSink closed = Read(archive);
  EXPECT_THAT(closed.seen, IsEmpty());
  ASSERT_EQ(closed.asked.size(), 2U);
  EXPECT_TRUE(closed.asked[0].encrypted);
  EXPECT_THAT(closed.skipped, ElementsAre("a:encrypted", "b:encrypted"));
  EXPECT_THAT(closed.heuristics, ElementsAre("Heuristics.Encrypted.Zip"));

  const std::vector<std::string> passwords = {"wrong", "infected"};
  Options options;
  options.passwords = passwords;
  const RecordingSink open = Read(archive, options);
  EXPECT_EQ(open.Find("a"), "secret");
  EXPECT_TRUE(open.seen[0].whole);
  EXPECT_THAT(open.skipped, ElementsAre("b:encrypted"));
}

TEST(Zip, BelievesTheLocalHeaderOnEncryption) {
  Fields plain = Deflated("a", "text");
  Fields flagged = plain;
  flagged.flags = kFlagEncrypted;
  EXPECT_EQ(Read(Builder().Add(plain, flagged).Finish()).Find("a"), "text");
  // Flagged, but not encrypted: the flag is a lie to be seen through.
  const RecordingSink lie = Read(Builder().Add(flagged, plain).Finish());
  EXPECT_EQ(lie.Find("a"), "text");
  EXPECT_THAT(lie.skipped, IsEmpty());
  Options options;
  options.beyond_clamav = false;
  EXPECT_THAT(Read(Builder().Add(flagged).Finish(), options).heuristics,
              ElementsAre("Heuristics.Encrypted.Zip"));
}

// Each member's data starts with the next member's header.
std::string Nested(int count) {
  std::string body = "the innermost";
  std::vector<Fields> fields;
  for (int i = 0; i < count; ++i) {
    fields.push_back(Stored("f" + std::to_string(i), body));
    body = LocalPart(fields.back());
  }
  Builder builder;
  builder.AddBytes(body);
  uint64_t offset = 0;
  for (int i = count - 1; i >= 0; --i) {
    const Fields& f = fields[static_cast<size_t>(i)];
    builder.AddCentral(f, offset);
    offset += 30 + f.name.size();
  }
  return builder.Finish();
}

TEST(Zip, AlertsAboutMoreThanFiveOverlappingMembers) {
  EXPECT_THAT(Read(Nested(6)).heuristics, IsEmpty());
  EXPECT_EQ(Read(Nested(6)).seen.size(), 6U);
  const RecordingSink seven = Read(Nested(7));
  EXPECT_THAT(seven.heuristics, ElementsAre("Heuristics.Zip.OverlappingFiles"));
  EXPECT_EQ(seven.Find("f0"), "the innermost");
}

TEST(Zip, BoundsTheWorkOnOverlappingMembers) {
  // 2,000 members that share one megabyte.
  Builder builder;
  const std::string shared(1 << 20, 'x');
  std::vector<Fields> fields;
  std::string headers;
  for (int i = 0; i < 2000; ++i) {
    Fields f = Stored("n" + std::to_string(i), shared);
    f.data.clear();
    builder.AddCentral(f, headers.size());
    headers += LocalPart(f);
  }
  builder.AddBytes(headers + shared);
  const RecordingSink sink = Read(builder.Finish());
  EXPECT_LT(sink.seen.size(), 20U);
  EXPECT_THAT(sink.skipped, ::testing::Contains("n1999:overlapping"));
  EXPECT_THAT(sink.heuristics, ElementsAre("Heuristics.Zip.OverlappingFiles"));
}

TEST(Zip, KeepsToTheAllowance) {
  const std::string archive = Builder()
                                  .Add(Stored("a", "stored text"))
                                  .Add(Deflated("b", "deflated text"))
                                  .Finish();
  const RecordingSink none = Read(archive, {}, 0);
  EXPECT_THAT(none.seen, IsEmpty());
  EXPECT_EQ(none.asked.size(), 2U);
  const RecordingSink some = Read(archive, {}, 4);
  EXPECT_EQ(some.Find("a"), "stor");
  EXPECT_EQ(some.Find("b"), "defl");
  EXPECT_FALSE(some.seen[0].whole || some.seen[1].whole);
  EXPECT_THAT(some.skipped, IsEmpty());
}

TEST(Zip, StopsWhenToldAndWhenLate) {
  const std::string archive =
      Builder().Add(Stored("a", "1")).Add(Stored("b", "2")).Finish();
  RecordingSink sink;
  sink.stop_after = 1;
  EXPECT_TRUE(Unpack(AsBytes(archive), {}, sink).ok());
  EXPECT_EQ(sink.seen.size(), 1U);
  Options options;
  options.deadline = Deadline{Deadline::Clock::now()};
  RecordingSink late;
  EXPECT_EQ(Unpack(AsBytes(archive), options, late).error().code,
            Code::kDeadline);
}

TEST(Zip, ReadsEveryPrefixOfAnArchive) {
  const std::string archive = Builder()
                                  .Add(Stored("a", "stored text"))
                                  .Add(Deflated("b", "deflated text"))
                                  .Finish();
  for (size_t size = 0; size < archive.size(); ++size) {
    RecordingSink sink;
    // Ended or refused; never silent about what is missing.
    const Status status = Unpack(AsBytes(archive.substr(0, size)), {}, sink);
    EXPECT_TRUE(!status.ok() || !sink.skipped.empty()) << size;
  }
}

}  // namespace
}  // namespace vitrine::zip
