// SPDX-License-Identifier: Apache-2.0
#include "doorman/listeners.h"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "gtest/gtest.h"

namespace vitrine::doorman {
namespace {

class ListenersTest : public testing::Test {
 protected:
  ListenersTest() {
    std::string name =
        (std::filesystem::temp_directory_path() / "listen.XXXXXX").string();
    folder_ = mkdtemp(name.data());
    socket_ = folder_ + "/socket";
  }
  ~ListenersTest() override { std::filesystem::remove_all(folder_); }

  std::string folder_;
  std::string socket_;
};

TEST_F(ListenersTest, HaveTheModeAskedForAndLeaveNothingBehind) {
  {
    const auto listener = ListenUnix(socket_, 0620);
    ASSERT_TRUE(listener.ok()) << listener.error().message;
    struct stat status {};
    ASSERT_EQ(0, stat(socket_.c_str(), &status));
    EXPECT_EQ(0620u, status.st_mode & 0777);
  }
  EXPECT_FALSE(std::filesystem::exists(socket_));
}

TEST_F(ListenersTest, TakeTheNameOfADeadSocketOnly) {
  const auto first = ListenUnix(socket_, 0600);
  ASSERT_TRUE(first.ok());
  EXPECT_FALSE(ListenUnix(socket_, 0600).ok());
  EXPECT_TRUE(std::filesystem::exists(socket_));
  const std::string dead = folder_ + "/dead";
  {
    auto listener = ListenUnix(dead, 0600);
    ASSERT_TRUE(listener.ok());
    std::filesystem::rename(dead, dead + "2");
  }
  std::filesystem::rename(dead + "2", dead);
  EXPECT_TRUE(ListenUnix(dead, 0600).ok());
}

TEST_F(ListenersTest, NeverReplaceAFile) {
  std::ofstream(socket_) << "precious";
  EXPECT_FALSE(ListenUnix(socket_, 0600).ok());
  EXPECT_EQ(8u, std::filesystem::file_size(socket_));
}

TEST(ListenTcp, TakesNumbersOnly) {
  for (const char* address :
       {"", "3310", "localhost:3310", "127.0.0.1:", "127.0.0.1:0",
        "127.0.0.1:70000", "127.0.0.1:x", "[::1:3310", "::1:3310"}) {
    EXPECT_FALSE(ListenTcp(address).ok()) << address;
  }
}

// As a program that systemd has passed `listener` to: how many sockets it has
// in the end, and whether it has made `settings.unix_socket`; 100 for an error.
int ListenersOf(const Listener& listener, const Settings& settings) {
  constexpr int kFirstPassed = 3;
  dup2(listener.socket(), kFirstPassed);
  setenv("LISTEN_FDS", "1", 1);
  setenv("LISTEN_PID", std::to_string(getpid()).c_str(), 1);
  const auto opened = OpenListeners(settings);
  if (!opened.ok()) return 100;
  const bool made = std::filesystem::exists(settings.unix_socket);
  return static_cast<int>(opened.value().size()) + (made ? 10 : 0);
}

TEST_F(ListenersTest, PassedOnesStandForThoseOfTheirKindAlone) {
  auto passed_unix = ListenUnix(socket_, 0600);
  ASSERT_TRUE(passed_unix.ok());
  Result<Listener> passed_tcp = ListenTcp("127.0.0.1:29310");
  if (!passed_tcp.ok()) GTEST_SKIP() << passed_tcp.error().message;
  Settings settings;
  settings.unix_socket = folder_ + "/ours";
  settings.tcp = {"127.0.0.1:29311"};
  EXPECT_EXIT(exit(ListenersOf(passed_unix.value(), settings)),
              testing::ExitedWithCode(2), "");
  EXPECT_EXIT(exit(ListenersOf(passed_tcp.value(), settings)),
              testing::ExitedWithCode(12), "");
}

TEST(OpenListeners, WantsOneAtLeast) {
  EXPECT_FALSE(OpenListeners(Settings()).ok());
}

}  // namespace
}  // namespace vitrine::doorman
