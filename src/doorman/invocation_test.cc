// SPDX-License-Identifier: Apache-2.0
#include "doorman/invocation.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace vitrine::doorman {
namespace {

Result<Invocation> Read(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {"--root", "/nonexistent"});
  return ReadInvocation(arguments, "/nowhere");
}

TEST(Invocation, HasDefaults) {
  const auto read = Read({});
  ASSERT_TRUE(read.ok()) << read.error().message;
  const Invocation& invocation = read.value();
  EXPECT_EQ("/nonexistent/run/vitrine/clamd.ctl",
            invocation.settings.unix_socket);
  EXPECT_EQ("/nonexistent/var/lib/vitrine/database/active.vdb",
            invocation.database);
  EXPECT_EQ("/nowhere/vitrine-scanner", invocation.scanner_program);
  EXPECT_FALSE(invocation.settings.allow_shutdown);
  EXPECT_LE(1u, invocation.scanners);
}

TEST(Invocation, TakesOptionsInBothSpellings) {
  const auto read =
      Read({"--socket=/s", "--tcp", "127.0.0.1:3310", "--tcp=[::1]:3310",
            "--stream-max-length", "25M", "--read-timeout=5", "--follow-links",
            "--limited", "found", "--socket-mode", "0660"});
  ASSERT_TRUE(read.ok()) << read.error().message;
  const Settings& settings = read.value().settings;
  EXPECT_EQ("/s", settings.unix_socket);
  EXPECT_EQ(2u, settings.tcp.size());
  EXPECT_EQ(uint64_t{25} << 20, settings.stream_max_length);
  EXPECT_EQ(std::chrono::seconds(5), settings.read_timeout);
  EXPECT_TRUE(settings.follow_links);
  EXPECT_EQ(Limited::kFound, settings.limited);
  EXPECT_EQ(0660u, settings.unix_mode);
}

TEST(Invocation, RefusesWhatItDoesNotKnow) {
  EXPECT_FALSE(Read({"--bogus"}).ok());
  EXPECT_FALSE(Read({"--socket"}).ok());
  EXPECT_FALSE(Read({"--follow-links=yes"}).ok());
  EXPECT_FALSE(Read({"--read-timeout", "0"}).ok());
  EXPECT_FALSE(Read({"--stream-max-length", "M"}).ok());
  EXPECT_FALSE(Read({"--stream-max-length", "99999999999999G"}).ok());
  EXPECT_FALSE(Read({"--limited", "ok"}).ok());
  EXPECT_FALSE(Read({"--socket-mode", "888"}).ok());
}

}  // namespace
}  // namespace vitrine::doorman
