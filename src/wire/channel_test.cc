// SPDX-License-Identifier: Apache-2.0
#include "wire/channel.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstring>

namespace vitrine::wire {
namespace {

using State = Channel::State;

class ChannelTest : public testing::Test {
 protected:
  void SetUp() override {
    auto pair = Channel::Pair();
    ASSERT_TRUE(pair.ok());
    std::tie(a_, b_) = std::move(pair).value();
  }
  Result<Channel::Received> Receive(Descriptors descriptors) {
    return b_.Receive(buffer_, descriptors, Wait::kNo);
  }
  // As a hostile peer would: `count` descriptors in one message.
  void SendDescriptors(size_t count) {
    char byte = 1;
    iovec piece = {&byte, 1};
    alignas(cmsghdr) char control[CMSG_SPACE(8 * sizeof(int))] = {};
    msghdr message = {};
    message.msg_iov = &piece;
    message.msg_iovlen = 1;
    message.msg_control = control;
    message.msg_controllen = CMSG_SPACE(count * sizeof(int));
    cmsghdr* const head = CMSG_FIRSTHDR(&message);
    head->cmsg_level = SOL_SOCKET;
    head->cmsg_type = SCM_RIGHTS;
    head->cmsg_len = CMSG_LEN(count * sizeof(int));
    for (size_t i = 0; i < count; ++i) {
      const int fd = STDIN_FILENO;
      std::memcpy(CMSG_DATA(head) + i * sizeof fd, &fd, sizeof fd);
    }
    ASSERT_EQ(sendmsg(a_.get(), &message, 0), 1);
  }
  static int OpenDescriptors() {
    int count = 0;
    for (int fd = 0; fd < 256; ++fd) count += fcntl(fd, F_GETFD) >= 0 ? 1 : 0;
    return count;
  }

  Channel a_;
  Channel b_;
  ByteVector buffer_ = ByteVector(64);
};

TEST_F(ChannelTest, KeepsMessagesApart) {
  ASSERT_TRUE(a_.Send(AsBytes("one"), AsBytes("+"), -1, Wait::kNo).ok());
  ASSERT_TRUE(a_.Send(AsBytes("two"), Wait::kNo).ok());
  EXPECT_EQ(AsText(Receive(Descriptors::kTaken).value().message), "one+");
  EXPECT_EQ(AsText(Receive(Descriptors::kTaken).value().message), "two");
  EXPECT_EQ(Receive(Descriptors::kTaken).value().state, State::kWouldBlock);
}

TEST_F(ChannelTest, TellsTheEnd) {
  ASSERT_TRUE(a_.Send(AsBytes("last"), Wait::kNo).ok());
  a_.Close();
  EXPECT_EQ(AsText(Receive(Descriptors::kTaken).value().message), "last");
  EXPECT_EQ(Receive(Descriptors::kTaken).value().state, State::kClosed);
  EXPECT_EQ(b_.Send(AsBytes("x"), Wait::kNo).value(), State::kClosed);
}

TEST_F(ChannelTest, LosesNothingOfAPeerThatEndsWithoutListening) {
  ASSERT_TRUE(b_.Send(AsBytes("unread"), Wait::kNo).ok());
  ASSERT_TRUE(a_.Send(AsBytes("one"), Wait::kNo).ok());
  ASSERT_TRUE(a_.Send(AsBytes("two"), Wait::kNo).ok());
  a_.Close();
  EXPECT_EQ(AsText(Receive(Descriptors::kRefused).value().message), "one");
  EXPECT_EQ(AsText(Receive(Descriptors::kRefused).value().message), "two");
  EXPECT_EQ(Receive(Descriptors::kRefused).value().state, State::kClosed);
}

TEST_F(ChannelTest, FillsUp) {
  const ByteVector message(1 << 14);
  State state = State::kDone;
  int sent = 0;
  while (state == State::kDone && sent < 1000) {
    state = a_.Send(message, Wait::kNo).value();
    ++sent;
  }
  EXPECT_EQ(state, State::kWouldBlock);
}

TEST_F(ChannelTest, PassesADescriptorOn) {
  ASSERT_TRUE(a_.Send(AsBytes("x"), {}, STDIN_FILENO, Wait::kNo).ok());
  const auto received = Receive(Descriptors::kTaken);
  ASSERT_TRUE(received.ok());
  ASSERT_TRUE(received.value().descriptor);
  EXPECT_NE(fcntl(received.value().descriptor.get(), F_GETFD) & FD_CLOEXEC, 0);
}

TEST_F(ChannelTest, RefusesALongMessage) {
  ASSERT_TRUE(a_.Send(ByteVector(65), Wait::kNo).ok());
  EXPECT_FALSE(Receive(Descriptors::kTaken).ok());
  ASSERT_TRUE(a_.Send(ByteVector(64), Wait::kNo).ok());
  EXPECT_TRUE(Receive(Descriptors::kTaken).ok());
}

TEST_F(ChannelTest, RefusesSeveralDescriptorsAndClosesThem) {
  const int before = OpenDescriptors();
  for (const size_t count : {2, 3, 8}) {
    SendDescriptors(count);
    EXPECT_FALSE(Receive(Descriptors::kTaken).ok()) << count;
    EXPECT_EQ(OpenDescriptors(), before) << count;
  }
}

TEST_F(ChannelTest, RefusesAnyDescriptorWhereNoneIsTaken) {
  const int before = OpenDescriptors();
  SendDescriptors(1);
  EXPECT_FALSE(Receive(Descriptors::kRefused).ok());
  EXPECT_EQ(OpenDescriptors(), before);
}

}  // namespace
}  // namespace vitrine::wire
