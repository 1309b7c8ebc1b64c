// SPDX-License-Identifier: Apache-2.0
#include "wire/message.h"

#include <gtest/gtest.h>

#include <functional>

namespace vitrine::wire {
namespace {

ByteVector Vector(Bytes bytes) { return {bytes.begin(), bytes.end()}; }

ByteVector Message(const ScanRequest& request) {
  ByteVector message;
  Encode(request, message);
  return message;
}

ScanReply FoundReply() {
  ScanReply reply;
  reply.id = 0x0102030405060708;
  reply.verdict = Verdict::kFound;
  reply.alerts = 3;
  reply.bytes = uint64_t{1} << 40;
  reply.size = 77;
  reply.nanoseconds = 123456789;
  reply.report_size = 1000;
  reply.first_alert = "Win.Test.A";
  return reply;
}

// One message of each kind, and the decoder that is to take it.
struct Sample {
  const char* name;
  ByteVector message;
  std::function<bool(Bytes)> decode;
};

std::vector<Sample> Samples() {
  ScanRequest request;
  request.id = 7;
  request.left_ms = 500;
  request.flags = kAllMatch | kFullReport;
  request.path = "/tmp/a b";
  request.owner = "root";
  ByteVector part = Vector(EncodeReportPartHead(7));
  part.push_back(1);
  return {
      {"Hello", Encode(Hello{"landlock full ABI 7\n"}),
       [](Bytes b) { return DecodeHello(b).ok(); }},
      {"SetDatabase", Encode(SetDatabase{3, AsBytes("settings")}),
       [](Bytes b) { return DecodeSetDatabase(b).ok(); }},
      {"Ready", Encode(Ready{3, false, "damaged"}),
       [](Bytes b) { return DecodeReady(b).ok(); }},
      {"ScanRequest", Message(request),
       [](Bytes b) { return DecodeScanRequest(b).ok(); }},
      {"ScanReply", Vector(Encode(FoundReply())),
       [](Bytes b) { return DecodeScanReply(b).ok(); }},
      {"ReportPart", part, [](Bytes b) { return DecodeReportPart(b).ok(); }},
  };
}

TEST(Message, EachDecoderTakesItsOwnKindAndNoOther) {
  const auto samples = Samples();
  for (size_t i = 0; i < samples.size(); ++i) {
    const auto kind = KindOf(samples[i].message);
    ASSERT_TRUE(kind.ok()) << samples[i].name;
    EXPECT_EQ(static_cast<size_t>(kind.value()), i + 1);
    for (size_t j = 0; j < samples.size(); ++j) {
      EXPECT_EQ(samples[j].decode(samples[i].message), i == j)
          << samples[i].name << " as " << samples[j].name;
    }
  }
}

TEST(Message, IsRefusedWithAnotherMagicOrVersion) {
  for (const Sample& sample : Samples()) {
    for (const size_t at : {0u, 3u, 4u, 5u, 7u}) {
      ByteVector changed = sample.message;
      changed[at] ^= 0x40;
      EXPECT_FALSE(KindOf(changed).ok()) << sample.name << " at " << at;
      EXPECT_FALSE(sample.decode(changed)) << sample.name << " at " << at;
    }
  }
}

TEST(Message, IsRefusedWhereverItIsCut) {
  // The end of settings and parts is the end of the message.
  const std::vector<size_t> shortest = {0, 16, 0, 0, 0, 17};
  const auto samples = Samples();
  for (size_t i = 0; i < samples.size(); ++i) {
    const ByteVector& whole = samples[i].message;
    const size_t least = shortest[i] == 0 ? whole.size() : shortest[i];
    for (size_t size = 0; size < whole.size(); ++size) {
      EXPECT_EQ(samples[i].decode(Clip(whole, 0, size)), size >= least)
          << samples[i].name << " of " << size;
    }
  }
}

TEST(Message, IsRefusedWithBytesLeftOver) {
  for (const Sample& sample : Samples()) {
    ByteVector longer = sample.message;
    longer.push_back(0);
    const std::string name = sample.name;
    const bool open_ended =
        name == "SetDatabase" || name == "ReportPart" || name == "ScanReply";
    EXPECT_EQ(sample.decode(longer), open_ended) << name;
  }
}

TEST(ScanRequest, ComesBackAsItWas) {
  ScanRequest request;
  request.id = UINT64_MAX;
  request.left_ms = 0;
  request.flags = kFullReport;
  request.path = "/srv/\xff\n";
  request.owner = "1000";
  const ByteVector message = Message(request);
  const auto back = DecodeScanRequest(message);
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(back.value().id, request.id);
  EXPECT_EQ(back.value().left_ms, 0u);
  EXPECT_EQ(back.value().flags, request.flags);
  EXPECT_EQ(back.value().path, request.path);
  EXPECT_EQ(back.value().owner, request.owner);
}

TEST(ScanRequest, KeepsTheEndOfALongPath) {
  const std::string path = std::string(kPathMax, 'a') + "/name.exe";
  ScanRequest request;
  request.path = path;
  const ByteVector message = Message(request);
  EXPECT_LE(message.size(), kMessageMax);
  const auto back = DecodeScanRequest(message);
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(back.value().path.size(), kPathMax);
  EXPECT_TRUE(back.value().path.ends_with("/name.exe"));
}

TEST(ScanRequest, RefusesUnknownFlags) {
  ScanRequest request;
  request.flags = 4;
  EXPECT_FALSE(DecodeScanRequest(Message(request)).ok());
}

TEST(ScanReply, ComesBackAsItWas) {
  const ScanReply reply = FoundReply();
  const auto back = DecodeScanReply(Encode(reply));
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(back.value().id, reply.id);
  EXPECT_EQ(back.value().verdict, reply.verdict);
  EXPECT_EQ(back.value().alerts, reply.alerts);
  EXPECT_EQ(back.value().bytes, reply.bytes);
  EXPECT_EQ(back.value().size, reply.size);
  EXPECT_EQ(back.value().nanoseconds, reply.nanoseconds);
  EXPECT_EQ(back.value().report_size, reply.report_size);
  EXPECT_EQ(back.value().first_alert, reply.first_alert);
}

TEST(ScanReply, CutsAndCleansTheNameThatItSends) {
  ScanReply reply = FoundReply();
  reply.first_alert = "a\x1b[2J\xff" + std::string(200, 'x');
  const auto back = DecodeScanReply(Encode(reply));
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(back.value().first_alert.size(), kNameMax);
  EXPECT_TRUE(back.value().first_alert.starts_with("a?[2J?xxx"));
}

TEST(ScanReply, IsRefusedWhereAFieldIsWrong) {
  struct Change {
    const char* what;
    size_t at;
    uint8_t value;
  };
  const Change changes[] = {
      {"verdict", 16, 4},           {"name too long", 17, 128},
      {"name shorter", 17, 3},      {"reserved", 18, 1},
      {"reserved", 53, 1},          {"report too long", 51, 0x11},
      {"name control", 56, 7},      {"name high", 57, 0x80},
      {"after the name", 183, 1},   {"found without alerts", 20, 0},
      {"clean with alerts", 16, 0},
  };
  for (const Change& change : changes) {
    auto message = Encode(FoundReply());
    message[change.at] = change.value;
    EXPECT_FALSE(DecodeScanReply(message).ok()) << change.what;
  }
}

TEST(Hello, RefusesWhatATerminalWouldObey) {
  EXPECT_TRUE(DecodeHello(Encode(Hello{"a full\nb absent\n"})).ok());
  EXPECT_FALSE(DecodeHello(Encode(Hello{"a\x1b[2J"})).ok());
  EXPECT_TRUE(
      DecodeHello(Encode(Hello{std::string(kCageTextMax + 1, 'a')})).ok());
}

TEST(Ready, HasAnErrorThatCanBeShown) {
  const auto back = DecodeReady(Encode(Ready{9, false, "bad\nline\x9b"}));
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(back.value().generation, 9u);
  EXPECT_EQ(back.value().error, "bad?line?");
}

}  // namespace
}  // namespace vitrine::wire
