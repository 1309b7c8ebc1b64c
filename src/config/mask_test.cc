// SPDX-License-Identifier: Apache-2.0
#include "config/mask.h"

#include <gtest/gtest.h>

#include <string>

namespace vitrine::config {
namespace {

bool Matches(std::string_view mask, std::string_view name) {
  const auto parsed = Mask::Parse(mask);
  EXPECT_TRUE(parsed.ok()) << mask;
  return parsed.ok() && parsed.value().Matches(name);
}

TEST(Mask, StandsForItselfWhereNothingIsSpecial) {
  EXPECT_TRUE(Matches("/a/b", "/a/b"));
  EXPECT_FALSE(Matches("/a/b", "/a/bc"));
  EXPECT_FALSE(Matches("/a/b", "/a/"));
  EXPECT_FALSE(Matches("/a/b", "/A/b"));
}

TEST(Mask, OneStarStopsAtASlash) {
  EXPECT_TRUE(Matches("/a/*.o", "/a/x.o"));
  EXPECT_TRUE(Matches("/a/*.o", "/a/.o"));
  EXPECT_FALSE(Matches("/a/*.o", "/a/b/x.o"));
  EXPECT_FALSE(Matches("/a/?", "/a//"));
  EXPECT_TRUE(Matches("/a/?", "/a/x"));
}

TEST(Mask, TwoStarsPassSlashes) {
  EXPECT_TRUE(Matches("/a/**", "/a/b/c"));
  EXPECT_TRUE(Matches("/a/**", "/a/"));
  EXPECT_FALSE(Matches("/a/**", "/a"));
  EXPECT_TRUE(Matches("**/node_modules/**", "/x/y/node_modules/z"));
  EXPECT_TRUE(Matches("**.tmp", "/x/y.tmp"));
}

TEST(Mask, ABackslashTakesTheNextByteAsItIs) {
  EXPECT_TRUE(Matches("/a\\*", "/a*"));
  EXPECT_FALSE(Matches("/a\\*", "/ab"));
  EXPECT_TRUE(Matches("/\\\\*", "/\\x"));
}

TEST(Mask, RefusesWhatCannotBeMeant) {
  EXPECT_FALSE(Mask::Parse("").ok());
  EXPECT_FALSE(Mask::Parse("/a\\").ok());
  EXPECT_FALSE(Mask::Parse("/a/***").ok());
  EXPECT_FALSE(Mask::Parse("/*/*/*/*/*/*/*/*/*").ok());
  EXPECT_FALSE(Mask::Parse(std::string(5000, 'a')).ok());
  EXPECT_FALSE(Mask::Parse(std::string_view("/a\0b", 4)).ok());
  EXPECT_FALSE(Mask::ParsePath("home/*").ok());
  EXPECT_TRUE(Mask::ParsePath("**/x").ok());
}

TEST(Mask, ManyStarsDoNotRunAway) {
  EXPECT_FALSE(Matches("**a**a**a**a**a**a**a**b", std::string(4000, 'a')));
}

}  // namespace
}  // namespace vitrine::config
