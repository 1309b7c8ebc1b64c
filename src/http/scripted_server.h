// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/check.h"
#include "base/unique_fd.h"

// For tests: servers that misbehave.
namespace vitrine::http {

// Listens on the loopback; each connection's requests (up to their empty line)
// are kept as they came, and the script does with the socket what it likes.
// Connections are served one after the other.
class ScriptedServer {
 public:
  // False ends the connection; true waits for its next request.
  using Script = std::function<bool(int socket, const std::string& request)>;

  explicit ScriptedServer(Script script) : script_(std::move(script)) {
    listener_ = UniqueFd(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in where = {};
    where.sin_family = AF_INET;
    where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof where;
    CHECK(bind(listener_.get(), reinterpret_cast<sockaddr*>(&where), size) ==
          0);
    CHECK(listen(listener_.get(), 16) == 0);
    CHECK(getsockname(listener_.get(), reinterpret_cast<sockaddr*>(&where),
                      &size) == 0);
    port_ = ntohs(where.sin_port);
    thread_ = std::jthread([this](const std::stop_token& stop) { Run(stop); });
  }
  // Ends after the connection in hand; scripts look at stopping().
  ~ScriptedServer() { thread_.request_stop(); }

  bool stopping() { return thread_.get_stop_token().stop_requested(); }
  std::string Url(const std::string& target = "/") const {
    return "http://127.0.0.1:" + std::to_string(port_) + target;
  }
  uint16_t port() const { return port_; }
  std::vector<std::string> requests() {
    const std::lock_guard lock(mutex_);
    return requests_;
  }

  static bool Say(int socket, std::string_view text) {
    return send(socket, text.data(), text.size(), MSG_NOSIGNAL) ==
           static_cast<ssize_t>(text.size());
  }

 private:
  static bool Readable(int socket, const std::stop_token& stop) {
    for (pollfd wanted = {socket, POLLIN, 0}; !stop.stop_requested();) {
      if (poll(&wanted, 1, 20) > 0) return true;
    }
    return false;
  }

  void Run(const std::stop_token& stop) {
    while (Readable(listener_.get(), stop)) {
      const UniqueFd peer(
          accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
      while (peer && Serve(peer.get(), stop)) {
      }
    }
  }

  bool Serve(int socket, const std::stop_token& stop) {
    std::string request;
    char c;
    while (!request.ends_with("\r\n\r\n")) {
      if (!Readable(socket, stop) || recv(socket, &c, 1, 0) != 1) return false;
      request += c;
    }
    {
      const std::lock_guard lock(mutex_);
      requests_.push_back(request);
    }
    return script_(socket, request);
  }

  Script script_;
  UniqueFd listener_;
  uint16_t port_ = 0;
  std::mutex mutex_;
  std::vector<std::string> requests_;
  std::jthread thread_;
};

}  // namespace vitrine::http
