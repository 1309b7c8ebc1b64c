// SPDX-License-Identifier: Apache-2.0
#include "http/request_reader.h"

#include <gtest/gtest.h>

#include "http/limits.h"

namespace vitrine::http {
namespace {

using State = RequestReader::State;

TEST(RequestReader, ReadsAByteAtATime) {
  RequestReader reader(100);
  const std::string text =
      "POST /add HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc";
  for (size_t i = 0; i + 1 < text.size(); ++i) {
    ASSERT_EQ(reader.Put(AsBytes(text).subspan(i, 1)), State::kMore) << i;
  }
  ASSERT_EQ(reader.Put(AsBytes("c")), State::kWhole);
  EXPECT_EQ(reader.request().method, "POST");
  EXPECT_EQ(reader.request().target, "/add");
  EXPECT_EQ(reader.request().body, "abc");
  EXPECT_TRUE(reader.request().keep_alive);
}

TEST(RequestReader, GoesOnToTheNextOne) {
  RequestReader reader(100);
  EXPECT_FALSE(reader.begun());
  ASSERT_EQ(reader.Put(AsBytes("GET /1 HTTP/1.1\r\nHost: a\r\n\r\n"
                               "GET /2 HTTP/1.1\r\nHost: a\r\n\r\nGET")),
            State::kWhole);
  EXPECT_EQ(reader.request().target, "/1");
  ASSERT_EQ(reader.Next(), State::kWhole);
  EXPECT_EQ(reader.request().target, "/2");
  ASSERT_EQ(reader.Next(), State::kMore);
  EXPECT_TRUE(reader.begun());
}

TEST(RequestReader, RefusesWhatIsTooLargeOrNoHttp) {
  const auto status = [](const std::string& text) {
    RequestReader reader(10);
    return reader.Put(AsBytes(text)) == State::kRefused ? reader.status() : 0;
  };
  EXPECT_EQ(status("POST / HTTP/1.1\r\nContent-Length: 11\r\n\r\n"), 413);
  EXPECT_EQ(status("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
                   "b\r\nabcdefghijk\r\n"),
            413);
  EXPECT_EQ(status("GET / HTTP/1.1\r\nX: " +
                   std::string(kRequestHeaderMax, 'a') + "\r\n\r\n"),
            431);
  EXPECT_EQ(
      status("GET / HTTP/1.1\r\nX: " + std::string(kRequestHeaderMax, 'a')),
      431);
  EXPECT_EQ(status("nonsense\r\n\r\n"), 400);
  EXPECT_EQ(status("GET / HTTP/1.1\r\nContent-Length: 1\r\n"
                   "Content-Length: 2\r\n\r\n"),
            400);
  EXPECT_EQ(status("POST / HTTP/1.1\r\nContent-Length: 1\r\n"
                   "Transfer-Encoding: chunked\r\n\r\n"),
            400);
}

}  // namespace
}  // namespace vitrine::http
