// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <string>
#include <string_view>

#include "base/check.h"
#include "base/unique_fd.h"

// For tests: a client that sends what it is told, well formed or not.
namespace vitrine::http {

class RawPeer {
 public:
  explicit RawPeer(uint16_t port)
      : socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const timeval patience = {10, 0};
    setsockopt(socket_.get(), SOL_SOCKET, SO_RCVTIMEO, &patience,
               sizeof patience);
    sockaddr_in where = {};
    where.sin_family = AF_INET;
    where.sin_port = htons(port);
    where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    CHECK(connect(socket_.get(), reinterpret_cast<sockaddr*>(&where),
                  sizeof where) == 0);
  }

  bool Say(std::string_view text) {
    return send(socket_.get(), text.data(), text.size(), MSG_NOSIGNAL) ==
           static_cast<ssize_t>(text.size());
  }
  // Up to the first `end`, or "" where the connection ends before.
  std::string Hear(std::string_view end) {
    std::string text;
    char c;
    while (!text.ends_with(end)) {
      if (recv(socket_.get(), &c, 1, 0) != 1) return "";
      text += c;
    }
    return text;
  }
  // Whether the other side ends the connection within ten seconds.
  bool Ends() {
    char room[4096];
    for (;;) {
      const ssize_t got = recv(socket_.get(), room, sizeof room, 0);
      if (got == 0) return true;
      if (got < 0) return errno == ECONNRESET;
    }
  }
  uint64_t CountToTheEnd() {
    uint64_t count = 0;
    char room[65536];
    for (ssize_t got; (got = recv(socket_.get(), room, sizeof room, 0)) > 0;) {
      count += static_cast<uint64_t>(got);
    }
    return count;
  }

 private:
  UniqueFd socket_;
};

}  // namespace vitrine::http
