// SPDX-License-Identifier: Apache-2.0
#include "doorman/peer.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>

#include "base/unique_fd.h"
#include "gtest/gtest.h"

namespace vitrine::doorman {
namespace {

TEST(Peer, OfAUnixSocketIsItsUser) {
  int ends[2];
  ASSERT_EQ(0, socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
  const UniqueFd here(ends[0]);
  const UniqueFd there(ends[1]);
  const auto peer = IdentifyPeer(here.get());
  ASSERT_TRUE(peer.ok()) << peer.error().message;
  EXPECT_EQ(Peer::Kind::kLocal, peer.value().kind);
  EXPECT_EQ(geteuid(), peer.value().uid);
  const auto& groups = peer.value().groups;
  EXPECT_NE(groups.end(), std::find(groups.begin(), groups.end(), getegid()));
  EXPECT_EQ(KeyOf(here.get()), KeyOf(there.get()));
  EXPECT_EQ(1, KeyOf(here.get())[0]);
}

TEST(Peer, OfATcpSocketOwnsNothing) {
  const UniqueFd listener(socket(AF_INET, SOCK_STREAM, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ASSERT_EQ(0, bind(listener.get(), reinterpret_cast<sockaddr*>(&address),
                    sizeof address));
  ASSERT_EQ(0, listen(listener.get(), 1));
  ASSERT_EQ(0, getsockname(listener.get(),
                           reinterpret_cast<sockaddr*>(&address), &size));
  const UniqueFd client(socket(AF_INET, SOCK_STREAM, 0));
  ASSERT_EQ(0, connect(client.get(), reinterpret_cast<sockaddr*>(&address),
                       sizeof address));
  const UniqueFd accepted(accept(listener.get(), nullptr, nullptr));
  const auto peer = IdentifyPeer(accepted.get());
  ASSERT_TRUE(peer.ok());
  EXPECT_EQ(Peer::Kind::kRemote, peer.value().kind);
  EXPECT_EQ(Peer::kNobody, peer.value().uid);
  EXPECT_EQ(4, KeyOf(accepted.get())[0]);
}

}  // namespace
}  // namespace vitrine::doorman
