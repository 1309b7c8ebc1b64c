// SPDX-License-Identifier: Apache-2.0
#include "ledger/record.h"

#include <gtest/gtest.h>

#include "base/text.h"
#include "ledger/limits.h"

namespace vitrine::ledger {
namespace {

Record Request() {
  Record record;
  record.number = 7;
  record.time_ns = 1'790'000'000'123'456'789;
  record.request = {
      "https://mirror.example",         "", "GET", "/a b", "update",
      {'G', 'E', 'T', '\r', '\n', 0xff}};
  return record;
}

Record Result() {
  Record record;
  record.number = 8;
  record.kind = Record::Kind::kResult;
  record.result = {7, "done", 200, 12345};
  return record;
}

std::string_view Whole(const Line& line) {
  return std::string_view(line.text).substr(0, line.text.size() - 1);
}

TEST(LedgerRecord, IsALineOfWords) {
  const Line line = FormatRecord(Request(), Chain{});
  EXPECT_EQ(line.text,
            "7 1790000000123456789 request https://mirror.example % GET "
            "/a%20b update " +
                ToHex(crypto::Sha256(Request().request.bytes)) +
                " GET%0d%0a%ff " + ToHex(line.chain) + "\n");
  // Anybody can compute the chain: of the one before, a blank and the words.
  const std::string words = line.text.substr(0, line.text.rfind(' '));
  const std::string hashed = std::string(64, '0') + " " + words + "\n";
  EXPECT_EQ(ToHex(crypto::Sha256(AsBytes(hashed))), ToHex(line.chain));
}

TEST(LedgerRecord, ComesBackAsItWas) {
  Record repaired;
  repaired.number = 9;
  repaired.kind = Record::Kind::kRepaired;
  repaired.repaired.bytes = 17;
  for (const Record& record : {Request(), Result(), repaired}) {
    const Line line = FormatRecord(record, Chain{});
    const auto parsed = ParseRecord(Whole(line), Chain{});
    ASSERT_TRUE(parsed.ok()) << parsed.error().message;
    EXPECT_EQ(parsed.value().record, record);
    EXPECT_EQ(parsed.value().chain, line.chain);
    EXPECT_TRUE(parsed.value().unbroken);
  }
}

TEST(LedgerRecord, EveryChangedByteIsSeen) {
  const Line line = FormatRecord(Request(), Chain{});
  for (size_t i = 0; i < Whole(line).size(); ++i) {
    std::string changed(Whole(line));
    changed[i] = changed[i] == '1' ? '2' : '1';
    const auto parsed = ParseRecord(changed, Chain{});
    EXPECT_FALSE(parsed.ok() && parsed.value().unbroken) << i;
  }
  Chain other{};
  other[0] = 1;
  EXPECT_FALSE(ParseRecord(Whole(line), other).value().unbroken);
}

TEST(LedgerRecord, HasOneSpelling) {
  const std::string good(Whole(FormatRecord(Result(), Chain{})));
  EXPECT_FALSE(ParseRecord("0" + good, Chain{}).ok());
  EXPECT_FALSE(ParseRecord(good + " ", Chain{}).ok());
  EXPECT_FALSE(ParseRecord(good + "\r", Chain{}).ok());
  EXPECT_FALSE(ParseRecord("", Chain{}).ok());
  EXPECT_FALSE(ParseRecord("7 1 other", Chain{}).ok());
  EXPECT_FALSE(ParseRecord(std::string(kLineMax, 'a'), Chain{}).ok());
}

TEST(LedgerRecord, HeadsAndNamesHaveOneSpelling) {
  SegmentHead head;
  head.first = 12;
  head.before[31] = 1;
  const std::string text = FormatHead(head);
  EXPECT_EQ(ParseHead(text.substr(0, text.size() - 1)).value(), head);
  EXPECT_FALSE(ParseHead(text).ok());
  EXPECT_FALSE(ParseHead("vitrine-ledger 2 1 " + std::string(64, '0')).ok());
  EXPECT_FALSE(ParseHead("vitrine-ledger 1 0 " + std::string(64, '0')).ok());
  EXPECT_EQ(SegmentName(12), "00000012.ledger");
  EXPECT_EQ(SegmentIndex("00000012.ledger"), 12u);
  EXPECT_EQ(SegmentIndex("123456789.ledger"), 123456789u);
  for (const char* name : {"lock", "12.ledger", "000000012.ledger", ".ledger",
                           "00000000.ledger", "00000012.ledger.damaged-1"}) {
    EXPECT_EQ(SegmentIndex(name), 0u) << name;
  }
}

}  // namespace
}  // namespace vitrine::ledger
