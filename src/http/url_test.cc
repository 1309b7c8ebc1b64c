// SPDX-License-Identifier: Apache-2.0
#include "http/url.h"

#include <gtest/gtest.h>

#include "http/limits.h"

namespace vitrine::http {
namespace {

TEST(Url, TakesApartAndPutsTogether) {
  const Url url = ParseUrl("https://Mirror.example:8443/a/b?c=d").value();
  EXPECT_TRUE(url.tls);
  EXPECT_EQ(url.host, "mirror.example");
  EXPECT_EQ(url.port, 8443);
  EXPECT_EQ(url.target, "/a/b?c=d");
  EXPECT_EQ(url.Text(), "https://mirror.example:8443/a/b?c=d");
}

TEST(Url, LeavesTheSchemesOwnPortOut) {
  EXPECT_EQ(ParseUrl("http://a:80").value().Text(), "http://a/");
  EXPECT_EQ(ParseUrl("https://a:443/x").value().Text(), "https://a/x");
  EXPECT_EQ(ParseUrl("https://a:80/x").value().Authority(), "a:80");
}

TEST(Url, KeepsAddresses) {
  EXPECT_EQ(ParseUrl("http://[::1]:8080/").value().host, "::1");
  EXPECT_EQ(ParseUrl("http://[::1]:8080/").value().Authority(), "[::1]:8080");
  EXPECT_EQ(ParseUrl("http://127.0.0.1:1/").value().port, 1);
}

TEST(Url, RefusesWhatIsNotOurs) {
  for (const char* text :
       {"", "http://", "ftp://a/", "//a/", "http:///x", "http://a:0/",
        "http://a:65536/", "http://a:/", "http://user@a/", "http://a/#f",
        "http://a/ b", "http://a/\r\nX: y", "http://[::1/", "http://[::g]/",
        "http://[::1]x/", "http://-a/", "http://a/\x80", "http://a\\b/"}) {
    EXPECT_FALSE(ParseUrl(text).ok()) << text;
  }
  EXPECT_EQ(ParseUrl("http://a/" + std::string(kUrlMax, 'a')).error().code,
            Code::kLimit);
}

TEST(Url, KnowsTheSameOrigin) {
  const Url a = ParseUrl("https://a/x").value();
  EXPECT_TRUE(a.SameOrigin(ParseUrl("https://A:443/y").value()));
  EXPECT_FALSE(a.SameOrigin(ParseUrl("http://a/x").value()));
  EXPECT_FALSE(a.SameOrigin(ParseUrl("https://b/x").value()));
}

}  // namespace
}  // namespace vitrine::http
