// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "base/check.h"
#include "doorman/fake_scanning.h"
#include "doorman/server.h"

namespace vitrine::doorman {

// One chunk of INSTREAM; an empty one ends the stream.
inline std::string Chunk(std::string_view content) {
  const auto size = static_cast<uint32_t>(content.size());
  std::string chunk;
  for (const unsigned shift : {24u, 16u, 8u, 0u}) {
    chunk += static_cast<char>(size >> shift & 0xff);
  }
  return chunk + std::string(content);
}

// The other end of one connection.
class Client {
 public:
  explicit Client(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    memcpy(address.sun_path, path.c_str(), path.size() + 1);
    socket_.Reset(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    CHECK(connect(socket_.get(), reinterpret_cast<const sockaddr*>(&address),
                  sizeof address) == 0);
  }

  bool Send(std::string_view text) {
    while (!text.empty()) {
      const ssize_t sent =
          send(socket_.get(), text.data(), text.size(), MSG_NOSIGNAL);
      if (sent < 0) return false;
      text.remove_prefix(static_cast<size_t>(sent));
    }
    return true;
  }
  void SendDescriptors(std::string_view text, std::vector<int> descriptors) {
    alignas(cmsghdr) std::array<char, 256> control{};
    iovec piece{const_cast<char*>(text.data()), text.size()};
    msghdr message{};
    message.msg_iov = &piece;
    message.msg_iovlen = 1;
    const size_t size = descriptors.size() * sizeof(int);
    message.msg_control = control.data();
    message.msg_controllen = CMSG_SPACE(size);
    cmsghdr* head = CMSG_FIRSTHDR(&message);
    head->cmsg_level = SOL_SOCKET;
    head->cmsg_type = SCM_RIGHTS;
    head->cmsg_len = CMSG_LEN(size);
    memcpy(CMSG_DATA(head), descriptors.data(), size);
    CHECK(sendmsg(socket_.get(), &message, MSG_NOSIGNAL) ==
          static_cast<ssize_t>(text.size()));
  }
  void HalfClose() { shutdown(socket_.get(), SHUT_WR); }

  // All until the server closes; "<reset>" is added if it does so rudely, and
  // "<open>" if it does not within the time.
  std::string ReadAll(int wait_ms = 10000) {
    std::string text;
    while (Wait(wait_ms)) {
      std::array<char, 65536> buffer;
      const ssize_t size = recv(socket_.get(), buffer.data(), buffer.size(), 0);
      if (size == 0) return text;
      if (size < 0) return text + "<reset>";
      text.append(buffer.data(), static_cast<size_t>(size));
    }
    return text + "<open>";
  }
  // What comes until `terminator`, it included.
  std::string ReadTo(char terminator) {
    std::string text;
    char c;
    while (Wait(10000) && recv(socket_.get(), &c, 1, 0) == 1) {
      text += c;
      if (c == terminator) break;
    }
    return text;
  }
  bool Quiet(int wait_ms = 100) { return !Wait(wait_ms); }
  int socket() const { return socket_.get(); }

 private:
  static int socket(int domain, int type, int protocol) {
    return ::socket(domain, type, protocol);
  }
  bool Wait(int wait_ms) {
    pollfd waiting{socket_.get(), POLLIN, 0};
    return poll(&waiting, 1, wait_ms) == 1;
  }

  UniqueFd socket_;
};

// A server over a FakeScanning, with an empty folder for sockets and samples.
class ServerRoom {
 protected:
  ServerRoom() {
    std::string name =
        (std::filesystem::temp_directory_path() / "doorman.XXXXXX").string();
    folder_ = mkdtemp(name.data());
    chmod(folder_.c_str(), 0755);
    settings_.unix_socket = folder_ + "/socket";
    settings_.spool_folder = folder_;
    settings_.stream_max_length = 100 << 10;
  }
  ~ServerRoom() {
    Stop();
    std::filesystem::remove_all(folder_);
  }

  void Start() {
    auto listeners = OpenListeners(settings_);
    CHECK(listeners.ok());
    scanning_ = std::make_unique<FakeScanning>();
    auto server = Server::Create(settings_, std::move(listeners).value(),
                                 UniqueFd(), *scanning_);
    CHECK(server.ok());
    server_ = std::move(server).value();
    thread_ = std::jthread([this] { CHECK(server_->Run().ok()); });
  }
  void Stop() {
    if (!server_) return;
    server_->Stop();
    if (thread_.joinable()) thread_.join();
    scanning_.reset();
    server_.reset();
  }

  Client Connect() { return Client(settings_.unix_socket); }
  // Everything that comes back for one packet, until the server closes.
  std::string Ask(std::string_view text) {
    Client client = Connect();
    client.Send(text);
    return client.ReadAll();
  }
  std::string MakeFile(const std::string& name, std::string_view content) {
    const std::filesystem::path path = folder_ + "/" + name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << content;
    return path.string();
  }

  Settings settings_;
  std::string folder_;
  std::unique_ptr<Server> server_;
  std::unique_ptr<FakeScanning> scanning_;
  std::jthread thread_;
};

}  // namespace vitrine::doorman
