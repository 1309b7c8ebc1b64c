// SPDX-License-Identifier: Apache-2.0
#include "http/response_reader.h"

#include <gtest/gtest.h>

#include "http/limits.h"

namespace vitrine::http {
namespace {

struct Read {
  Answer answer;
  std::string body;
  std::string location;
  bool keep_alive = false;
};

// What is made of `text`, cut into pieces of `step` bytes, and then the end.
Read ReadAll(const std::string& text, Request request = {},
             size_t step = SIZE_MAX) {
  TextTaker taker;
  ResponseReader reader(request, taker);
  auto state = ResponseReader::State::kMore;
  for (size_t at = 0; at < text.size() && state == ResponseReader::State::kMore;
       at += std::min(step, text.size() - at)) {
    state = reader.Put(Clip(AsBytes(text), at, step));
  }
  if (state == ResponseReader::State::kMore) state = reader.End();
  EXPECT_EQ(state, ResponseReader::State::kEnded);
  return {reader.answer, taker.text, reader.location, reader.keep_alive};
}

const std::string kGood =
    "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\n"
    "hello";

TEST(ResponseReader, ReadsWholeAndInPieces) {
  for (const size_t step : {size_t{1}, size_t{7}, SIZE_MAX}) {
    const Read read = ReadAll(kGood, {}, step);
    EXPECT_EQ(read.answer.outcome, Outcome::kDone);
    EXPECT_EQ(read.answer.status, 200);
    EXPECT_EQ(read.answer.body_bytes, 5u);
    EXPECT_EQ(read.answer.content_type, "text/plain");
    EXPECT_EQ(read.body, "hello");
    EXPECT_TRUE(read.keep_alive);
  }
}

TEST(ResponseReader, ReadsChunksAndBodiesThatTheEndEnds) {
  EXPECT_EQ(ReadAll("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                    "2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n")
                .body,
            "hello");
  const Read read = ReadAll("HTTP/1.0 200 OK\r\n\r\nhello");
  EXPECT_EQ(read.answer.outcome, Outcome::kDone);
  EXPECT_EQ(read.body, "hello");
  EXPECT_FALSE(read.keep_alive);
}

TEST(ResponseReader, PassesOverInterimResponses) {
  const std::string interim = "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n";
  for (const size_t step : {size_t{1}, SIZE_MAX}) {
    EXPECT_EQ(ReadAll(interim + kGood, {}, step).body, "hello");
  }
  std::string many;
  for (unsigned i = 0; i <= kInterimMax; ++i) many += interim;
  EXPECT_EQ(ReadAll(many + kGood).answer.outcome, Outcome::kProtocol);
}

TEST(ResponseReader, SaysWhereABodyWasCut) {
  EXPECT_EQ(ReadAll("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello")
                .answer.outcome,
            Outcome::kTruncated);
  EXPECT_EQ(ReadAll("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                    "9\r\nhello")
                .answer.outcome,
            Outcome::kTruncated);
  EXPECT_EQ(ReadAll("HTTP/1.1 200 OK\r\nConte").answer.outcome,
            Outcome::kUnreachable);
  EXPECT_EQ(ReadAll("").answer.outcome, Outcome::kUnreachable);
}

TEST(ResponseReader, TakesNoMoreThanAllowed) {
  Request request;
  request.body_max = 4;
  EXPECT_EQ(ReadAll(kGood, request).answer.outcome, Outcome::kTooLarge);
  EXPECT_EQ(ReadAll(kGood, request).body, "");
  const std::string chunked =
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhell\r\n"
      "4\r\nooo!\r\n";
  EXPECT_EQ(ReadAll(chunked, request).answer.outcome, Outcome::kTooLarge);
  EXPECT_LE(ReadAll(chunked, request).body.size(), 4u);
  request.body_max = 5;
  EXPECT_EQ(ReadAll(kGood, request).answer.outcome, Outcome::kDone);
}

TEST(ResponseReader, AConnectionWithMoreThanWasAnnouncedIsGivenUp) {
  const Read read = ReadAll(kGood + "and more");
  EXPECT_EQ(read.answer.outcome, Outcome::kDone);
  EXPECT_EQ(read.body, "hello");
  EXPECT_FALSE(read.keep_alive);
}

TEST(ResponseReader, RefusesWhatIsNotHttp) {
  for (const std::string text :
       {"SSH-2.0-OpenSSH\r\n", "HTTP/2 200 OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 1\r\n"
        "\r\nx"}) {
    EXPECT_EQ(ReadAll(text).answer.outcome, Outcome::kProtocol) << text;
  }
  EXPECT_EQ(ReadAll("HTTP/1.1 200 OK\r\nX: " +
                    std::string(kResponseHeaderMax, 'x') + "\r\n\r\n")
                .answer.outcome,
            Outcome::kProtocol);
}

TEST(ResponseReader, TellsStatusesApart) {
  const auto outcome = [](const std::string& status) {
    return ReadAll("HTTP/1.1 " + status + " X\r\nContent-Length: 0\r\n\r\n")
        .answer.outcome;
  };
  EXPECT_EQ(outcome("404"), Outcome::kNotFound);
  EXPECT_EQ(outcome("410"), Outcome::kNotFound);
  EXPECT_EQ(outcome("403"), Outcome::kRefused);
  EXPECT_EQ(outcome("429"), Outcome::kBusy);
  EXPECT_EQ(outcome("503"), Outcome::kBusy);
  EXPECT_EQ(outcome("206"), Outcome::kBadStatus);
  EXPECT_EQ(outcome("304"), Outcome::kBadStatus);
  EXPECT_EQ(outcome("302"), Outcome::kRedirect);
}

TEST(ResponseReader, KeepsTheBodyOfARefusalApart) {
  const Read read = ReadAll(
      "HTTP/1.1 409 Conflict\r\nContent-Type: text/x.tlog.size\r\n"
      "Content-Length: 3\r\n\r\n17\n");
  EXPECT_EQ(read.answer.outcome, Outcome::kRefused);
  EXPECT_EQ(read.answer.error_body, "17\n");
  EXPECT_EQ(read.body, "");
  EXPECT_TRUE(read.keep_alive);
  const Read large =
      ReadAll("HTTP/1.1 404 X\r\nContent-Length: 999999\r\n\r\n");
  EXPECT_EQ(large.answer.outcome, Outcome::kNotFound);
  EXPECT_FALSE(large.keep_alive);
}

TEST(ResponseReader, ResumesOnlyWhereTheServerDoes) {
  Request request;
  request.resume_from = 10;
  const auto outcome = [&](const std::string& head) {
    return ReadAll("HTTP/1.1 " + head + "\r\nContent-Length: 1\r\n\r\nx",
                   request)
        .answer.outcome;
  };
  EXPECT_EQ(outcome("206 P\r\nContent-Range: bytes 10-10/11"), Outcome::kDone);
  EXPECT_EQ(outcome("206 P\r\nContent-Range: bytes 9-9/11"),
            Outcome::kNoResume);
  EXPECT_EQ(outcome("206 P"), Outcome::kNoResume);
  EXPECT_EQ(outcome("200 OK"), Outcome::kNoResume);
  EXPECT_EQ(outcome("416 R"), Outcome::kNoResume);
}

TEST(ResponseReader, EndsWhereTheTakerDoes) {
  class Full : public BodyTaker {
    bool Take(Bytes) override { return false; }
  } full;
  const Request request;
  ResponseReader reader(request, full);
  EXPECT_EQ(reader.Put(AsBytes(kGood)), ResponseReader::State::kEnded);
  EXPECT_EQ(reader.answer.outcome, Outcome::kNotSent);
}

}  // namespace
}  // namespace vitrine::http
